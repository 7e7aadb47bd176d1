//! Opens an address in the browser of whoever sits here.

use std::process::{Command, Stdio};

/// Asks the system for it, without waiting for the browser's end.
///
/// # Errors
/// Why it cannot be asked.
pub fn open(address: &str) -> Result<(), String> {
    let (program, before): (&str, &[&str]) = if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop).map_err(|error| format!("{program}: {error}"))
}
