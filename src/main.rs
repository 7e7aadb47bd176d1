//! The `ippactl` binary: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ippactl::cli::main()
}
