//! Switches of a shell: what releases do differently, and what no source tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::algorithms::{Narrowed, Profile};
use super::looks::{InactivityLook, PropertyLook};
use super::web::knobs::WebKnobs;

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

/// Who may switch the pager off (section 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagingOff {
    /// Accounts of level 1 and higher, as CUCM's reference has it.
    Level1,
    /// Everybody.
    Anybody,
    /// Nobody: Finesse does not list the command among the qualified ones.
    Nobody,
}

/// Where `set commandcount enable` puts the count (section 2.1: its form is in no source).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandCount {
    /// It was not given.
    Off,
    /// `3 admin:`.
    Before,
    /// `admin(3):`.
    Inside,
}

impl CommandCount {
    /// The prompt with the count in it.
    pub fn prompt(self, prompt: &str, count: usize) -> String {
        match self {
            Self::Off => prompt.to_owned(),
            Self::Before => format!("{count} {prompt}"),
            Self::Inside => format!("{}({count}):", prompt.trim_end_matches(':')),
        }
    }
}

/// What `utils dbreplication runtimestate` shows where there is one server (section 2.7: not seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SingleServer {
    /// Its row, as with several.
    Row,
    /// The head of the table, `(1 Server)`, and no row.
    NoRow,
    /// A sentence, and no table.
    Sentence,
}

/// The look of `show myself` and `show account` (section 12: not seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountLook {
    /// `name : value`.
    Pairs,
    /// A row under a head.
    Table,
    /// A sentence.
    Sentence,
}

/// What UCCX says to `show uccx dbreplication servers` (facts/finesse.md section 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UccxServers {
    /// The documented table.
    Table,
    /// That there is no such command.
    Unknown,
    /// The table's head and nothing else.
    HeadOnly,
}

/// How `set cert import` ends (facts/vos.md sections 2.7, 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateImport {
    /// As CUCM's reference has it.
    Works,
    /// With a refusal, in words that are in no source.
    Refused,
    /// Without a word, and nothing is imported.
    Silent,
    /// With one question more, as from 15SU5; only *yes* and *no* are answers.
    Asks,
    /// There is no such command: Finesse does not list it among the qualified ones.
    Unknown,
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
    /// Releases from 12.5 have what their guides call the defaults, not what the guides' table lists.
    pub contradicting_defaults: bool,
    /// What an administrator has left of them.
    pub narrowed: Narrowed,
    /// Which commands page.
    pub pager: Pager,
    /// Lines of a page.
    pub pager_lines: usize,
    /// A page is as high as the client's terminal instead.
    pub pager_follows_rows: bool,
    /// Who may switch the pager off.
    pub paging_off: PagingOff,
    /// Factor of the documented times until the first prompt.
    pub start_scale: f64,
    /// Waits so long before each prompt, milliseconds.
    pub prompt_delay_ms: u64,
    /// The prompt.
    pub prompt: String,
    /// The prompt counts commands.
    pub command_count: CommandCount,
    /// An empty line is answered with two prompts.
    pub double_prompt: bool,
    /// So many first characters of the first command are lost.
    pub lost_characters: usize,
    /// The greeting says that DNS is unreachable.
    pub dns_warning: bool,
    /// Layout of the replication table.
    pub layout: Layout,
    /// What a single server shows of replication.
    pub single_server: SingleServer,
    /// What UCCX says about the servers of its datastore.
    pub uccx_servers: UccxServers,
    /// The look of `show myself` and `show account`.
    pub account_look: AccountLook,
    /// How `set cert import` ends.
    pub certificate_import: CertificateImport,
    /// The unit name of Phone-trust in commands; none: it cannot be named.
    pub phone_trust_unit: Option<String>,
    /// What is typed so soon after the question for a certificate is lost, milliseconds.
    pub paste_ready_ms: u64,
    /// What `show version active` lists as installed.
    pub software_options: Vec<String>,
    /// After how many seconds on another screen an IPPA agent is signed out; none: never.
    pub inactivity_seconds: Option<u32>,
    /// What the status of that says.
    pub inactivity_look: InactivityLook,
    /// Finesse's properties, as `object name`.
    pub properties: BTreeMap<String, String>,
    /// What `show_property` says.
    pub property_look: PropertyLook,
    /// How long a reboot takes, milliseconds; a real node is away for 10 to 30 minutes.
    pub reboot_ms: u64,
    /// What `utils system restart` says before its question.
    pub reboot_warning: bool,
    /// How far the node's clock is ahead of the right time, seconds.
    pub clock_ahead_s: i64,
    /// The node's clock is synchronised.
    pub ntp_synchronised: bool,
    /// State of CUCM's replication, whatever happens, at the publisher; none: as it is.
    pub cucm_replication: Option<u8>,
    /// `utils service restart` takes Cisco Trust Verification Service.
    pub tvs_restart: bool,
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
    /// A recorded session that is played instead of everything else; empty: none.
    pub transcript: String,
    /// The node's web services on the platform port.
    pub web: WebKnobs,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            auth: Auth::Both,
            algorithms: Profile::Release12_5,
            contradicting_defaults: false,
            narrowed: Narrowed::default(),
            pager: Pager::Usual,
            pager_lines: 20,
            pager_follows_rows: false,
            paging_off: PagingOff::Level1,
            start_scale: 0.02,
            prompt_delay_ms: 0,
            prompt: "admin:".to_owned(),
            command_count: CommandCount::Off,
            double_prompt: true,
            lost_characters: 0,
            dns_warning: false,
            layout: Layout::Current,
            single_server: SingleServer::Row,
            uccx_servers: UccxServers::Table,
            account_look: AccountLook::Pairs,
            certificate_import: CertificateImport::Works,
            phone_trust_unit: None,
            paste_ready_ms: 100,
            software_options: Vec::new(),
            inactivity_seconds: None,
            inactivity_look: InactivityLook::Sentence,
            properties: [
                ("webservices trustAllCertificates", "false"),
                ("webservices maxMMTimeSec", "3600"),
                ("fippa logCallVariables", "false"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            property_look: PropertyLook::Equals,
            reboot_ms: 1_500,
            reboot_warning: true,
            clock_ahead_s: 0,
            ntp_synchronised: true,
            cucm_replication: None,
            tvs_restart: true,
            wording: Wording::Old,
            prompt_after_starting: false,
            drop_during_restart: 0,
            decoys: false,
            locking: true,
            lock_after: 3,
            lock_ms: 300 * 1000,
            transcript: String::new(),
            web: WebKnobs::default(),
        }
    }
}

impl Knobs {
    /// The algorithms after all.
    pub fn profile(&self) -> Profile {
        if self.contradicting_defaults && self.algorithms != Profile::Release11_5 {
            Profile::CipherStringDefaults
        } else {
            self.algorithms
        }
    }

    /// The factor of documented times, made harmless.
    pub fn scale(&self) -> f64 {
        if self.start_scale.is_finite() { self.start_scale.max(0.0) } else { 0.0 }
    }
}
