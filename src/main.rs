//! The `ippactl` binary: parse, run, exit code.

fn main() {}
