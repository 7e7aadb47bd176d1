//! The flags of `completions` and `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A shell that can be made to complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// For ~/.local/share/bash-completion/completions/ippactl
    Bash,
    /// For a folder of $fpath, as `_ippactl`
    Zsh,
    /// For ~/.config/fish/completions/ippactl.fish
    Fish,
    /// For $PROFILE
    Powershell,
    /// For ~/.config/elvish/rc.elv
    Elvish,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The command, as in `sso login`; without it ippactl itself
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Write files into this folder instead, each as `ippactl-COMMAND.1`: that of the command, or of all without one
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
