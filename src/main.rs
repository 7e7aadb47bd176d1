//! The `ippactl` binary: parse, run, exit code.

use std::process::ExitCode;

use ippactl::cli;

fn main() -> ExitCode {
    cli::main(&cli::pipeline::Engine)
}
