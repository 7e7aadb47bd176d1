//! The soak tests: the real binary, a sandbox in a process of its own, and between them a program that kills the binary,
//! resets its connections and disturbs its answers.
//!
//! `just soak` runs them at full size and writes `target/soak/report.json`; plain `cargo test` runs them small.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "outside #[test] bodies too, a test stops at the first thing it did not expect"
)]

#[path = "../lab.rs"]
#[expect(dead_code, reason = "other test binaries use the rest of the laboratory")]
mod lab;
mod size;
mod proxy;
mod stage;
mod dumps;
mod workers;
mod report;
mod random;
mod kills;
mod storm;
mod chaos;
