//! The table of checks, and the rules that are decided offline.
