//! Switches of a shell: what releases do differently, and what no source tells.

use serde::{Deserialize, Serialize};

use super::algorithms::Profile;

/// Ways to log in (facts/vos.md section 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// `keyboard-interactive` alone.
    KeyboardInteractive,
    /// `password` alone.
    Password,
    /// Both.
    Both,
    /// Both, but `keyboard-interactive` fails before it has asked anything.
    SilentInteractive,
}

/// Which commands page (section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pager {
    /// All but those where paging is an option of the command.
    Usual,
    /// All.
    Everything,
    /// None.
    Off,
}

/// Row layouts of `utils dbreplication runtimestate` (section 2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// 10.5 to 15.
    Current,
    /// 10.x guide.
    Short,
    /// 8.6 and 9.x.
    Oldest,
}

/// Wording of the warning of `utils service restart`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wording {
    /// As transcripts of 12.5 have it.
    Old,
    /// As newer documents have it.
    New,
}

/// All switches of one shell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Knobs {
    /// Ways to log in.
    pub auth: Auth,
    /// Algorithms of the SSH server.
    pub algorithms: Profile,
    /// Which commands page.
    pub pager: Pager,
    /// Lines of a page.
    pub pager_lines: usize,
    /// Factor of the documented times until the first prompt.
    pub start_scale: f64,
    /// Waits so long before each prompt, milliseconds.
    pub prompt_delay_ms: u64,
    /// The prompt.
    pub prompt: String,
    /// An empty line is answered with two prompts.
    pub double_prompt: bool,
    /// So many first characters of the first command are lost.
    pub lost_characters: usize,
    /// The greeting says that DNS is unreachable.
    pub dns_warning: bool,
    /// Layout of the replication table.
    pub layout: Layout,
    /// Wording of the restart's warning.
    pub wording: Wording,
    /// The prompt comes back after `[STARTING]`.
    pub prompt_after_starting: bool,
    /// So many restarts drop the session while they go on.
    pub drop_during_restart: u32,
    /// Outputs have lines that look like questions and prompts.
    pub decoys: bool,
    /// Accounts are locked at all.
    pub locking: bool,
    /// Wrong passwords that lock an account.
    pub lock_after: u32,
    /// How long a lock lasts, milliseconds.
    pub lock_ms: u64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            auth: Auth::Both,
            algorithms: Profile::Release12_5,
            pager: Pager::Usual,
            pager_lines: 20,
            start_scale: 0.02,
            prompt_delay_ms: 0,
            prompt: "admin:".to_owned(),
            double_prompt: true,
            lost_characters: 0,
            dns_warning: false,
            layout: Layout::Current,
            wording: Wording::Old,
            prompt_after_starting: false,
            drop_during_restart: 0,
            decoys: false,
            locking: true,
            lock_after: 3,
            lock_ms: 300 * 1000,
        }
    }
}
