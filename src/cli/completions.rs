//! `completions`: the script that makes a shell complete the command line of ippactl.
//!
//! The scripts hold nothing of the command line: they ask `ippactl __complete` (`cli/complete`), so that they need not be
//! renewed with a new version. They are files of their own, for packages to take.

use super::args::Shell;

/// The script of a shell.
pub fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../completions/ippactl.bash"),
        Shell::Zsh => include_str!("../../completions/_ippactl"),
        Shell::Fish => include_str!("../../completions/ippactl.fish"),
        Shell::Powershell => include_str!("../../completions/_ippactl.ps1"),
        Shell::Elvish => include_str!("../../completions/ippactl.elv"),
    }
}
