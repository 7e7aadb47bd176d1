//! What a playbook that is still to be written shall say: plain data, no text and no places in one. `report::draft`
//! writes it, [`super::parse`] reads that again.
//!
//! An endpoint is `host` or `host:port`. A path is as the playbook's folder sees it. What is `None` or empty is not
//! written, so the default of `playbooks/reference.yaml` holds.

use std::collections::BTreeMap;

use super::account::SecretSource;
use super::certificates::{Correction, ImportWay, TrustMode};
use super::deployment::{
    Cell, FilledBy, Limits, Manage, PasswordChange, SqlWrites, SubscriptionKind, Unlisted,
};
use super::product::Product;
use super::provisioning::{
    ApplyHow, ApplyWhen, BetweenNodes, Busy, ExceptedPhones, Overrides, RestartWhen, RmcmDevices,
    Scope, SettingsMode,
};

/// How an editor is told the keys. No address of the schema holds for every site, so the file is made where it is wanted.
pub const EDITOR: [&str; 3] = [
    "",
    "For an editor: `ippactl schema playbook > ippactl.schema.json`, and as the first line",
    "  # yaml-language-server: $schema=ippactl.schema.json",
];

/// One playbook and its rosters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Comment lines above everything else.
    pub heading: Vec<String>,
    /// `deployment`.
    pub deployment: String,
    /// `cucm`.
    pub cucm: CucmDraft,
    /// `finesse`.
    pub finesse: FinesseDraft,
    /// `credentials`.
    pub credentials: CredentialsDraft,
    /// `tls`; not written when it says nothing.
    pub tls: TlsDraft,
    /// `ssh.known_hosts`.
    pub known_hosts: Option<String>,
    /// `application_user`.
    pub application_user: ApplicationUserDraft,
    /// `phone_settings`.
    pub phone_settings: Option<PhoneSettingsDraft>,
    /// `phone_apply`.
    pub phone_apply: Option<PhoneApplyDraft>,
    /// `phone_services`.
    pub phone_services: PhoneServicesDraft,
    /// `one_button_sign_in`.
    pub one_button_sign_in: Option<SignInDraft>,
    /// `agents`.
    pub agents: Option<AgentsDraft>,
    /// `finesse_settings`.
    pub finesse_settings: Option<FinesseSettingsDraft>,
    /// `self_care`.
    pub self_care: Option<SelfCareDraft>,
    /// `certificates`.
    pub certificates: Option<CertificatesDraft>,
    /// `restart`.
    pub restart: Option<RestartDraft>,
    /// `limits`; what is the default is not written.
    pub limits: Limits,
    /// Comments by the path of what they are about: `phone_services`, `phone_services.primary`. That of a top-level key
    /// stands above it, also where the section itself is not written; any other above its key, or behind it where it is
    /// one line and fits. A comment on what is not written is not written either.
    pub notes: BTreeMap<String, Vec<String>>,
    /// What was found and is in no playbook: comments at the end, one item each.
    pub left_out: Vec<String>,
}

impl Draft {
    /// Adds a line to the comment on what stands at `path`.
    pub fn note(&mut self, path: &str, line: impl Into<String>) {
        self.notes.entry(path.to_owned()).or_default().push(line.into());
    }
}

/// `cucm`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CucmDraft {
    /// `publisher`.
    pub publisher: String,
    /// `axl_version`.
    pub axl_version: Option<String>,
    /// `platform_ssh`.
    pub platform_ssh: Option<String>,
    /// `platform_port`.
    pub platform_port: Option<u16>,
    /// `nodes`, by name.
    pub nodes: Vec<(String, Correction)>,
}

/// `finesse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinesseDraft {
    /// `product`.
    pub product: Product,
    /// `release`.
    pub release: String,
    /// `language_packs`.
    pub language_packs: Option<Vec<String>>,
    /// `primary`.
    pub primary: NodeDraft,
    /// `secondary`.
    pub secondary: Option<NodeDraft>,
}

/// A Finesse node; written in the short form where `host` and `api_port` are all it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeDraft {
    /// `host`.
    pub host: String,
    /// `api_port`.
    pub api_port: Option<u16>,
    /// `platform_port`.
    pub platform_port: Option<u16>,
    /// `ssh_port`.
    pub ssh_port: Option<u16>,
    /// `service_host`.
    pub service_host: Option<String>,
}

/// `credentials`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsDraft {
    /// `axl`.
    pub axl: AccountDraft,
    /// `finesse`.
    pub finesse: Option<AccountDraft>,
    /// `finesse_platform`.
    pub finesse_platform: Option<AccountDraft>,
    /// `cucm_platform`.
    pub cucm_platform: Option<AccountDraft>,
    /// `serviceability`.
    pub serviceability: Option<AccountDraft>,
}

/// A user, and where the password is; never the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDraft {
    /// `user`.
    pub user: String,
    /// `password`.
    pub password: SecretSource,
}

/// `tls`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsDraft {
    /// `ca_files`.
    pub ca_files: Vec<String>,
    /// `pins`: `host:port` and fingerprints as `trust show` prints them, `sha256:…`.
    pub pins: BTreeMap<String, Vec<String>>,
}

/// `application_user`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationUserDraft {
    /// `id`.
    pub id: String,
    /// `password`.
    pub password: SecretSource,
    /// `password_change`.
    pub password_change: Option<PasswordChange>,
    /// `shared`; not written when false.
    pub shared: bool,
    /// `uccx_rmcm`: user and devices.
    pub uccx_rmcm: Option<(String, Option<RmcmDevices>)>,
}

/// `phone_settings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSettingsDraft {
    /// `scope`.
    pub scope: Scope,
    /// `overrides`.
    pub overrides: Option<Overrides>,
    /// `except`, each with its reason.
    pub except: Vec<(ExceptedPhones, String)>,
}

/// `phone_apply`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneApplyDraft {
    /// `when`.
    pub when: ApplyWhen,
    /// `how`.
    pub how: Option<ApplyHow>,
    /// `busy`.
    pub busy: Option<Busy>,
    /// `per_minute`.
    pub per_minute: Option<u32>,
}

/// `phone_services`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneServicesDraft {
    /// `subscription`.
    pub subscription: Option<SubscriptionKind>,
    /// `primary`.
    pub primary: ServiceDraft,
    /// `secondary`; exactly where Finesse has a secondary node.
    pub secondary: Option<ServiceDraft>,
    /// `retire`.
    pub retire: Vec<String>,
    /// `sql_writes`.
    pub sql_writes: Option<SqlWrites>,
}

/// A declared phone service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceDraft {
    /// `name`.
    pub name: String,
    /// `adopt`.
    pub adopt: Option<String>,
}

/// `one_button_sign_in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInDraft {
    /// `id`.
    pub id: FilledBy,
    /// `extension`.
    pub extension: FilledBy,
    /// `password`.
    pub password: FilledBy,
}

/// `agents`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentsDraft {
    /// `roster`: a CSV file.
    pub roster: Option<RosterDraft>,
    /// `phones`: a CSV file of rows without values.
    pub phones: Option<RosterDraft>,
    /// `passwords`.
    pub passwords: Option<PasswordsDraft>,
    /// `unlisted`.
    pub unlisted: Option<Unlisted>,
}

/// `agents.passwords`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordsDraft {
    /// `keep`: those that are stored stay.
    Keep,
    /// Where they are.
    At(SecretSource),
}

/// A roster in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RosterDraft {
    /// The file's path.
    pub path: String,
    /// Its rows; none is a file with a header only.
    pub rows: Vec<RowDraft>,
}

/// A row of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDraft {
    /// `device`.
    pub device: Option<String>,
    /// `device_profile`.
    pub device_profile: Option<String>,
    /// `id`.
    pub id: Cell,
    /// `extension`.
    pub extension: Cell,
    /// `user`.
    pub user: Option<String>,
    /// `manage`.
    pub manage: Manage,
}

impl Default for RowDraft {
    fn default() -> Self {
        Self {
            device: None,
            device_profile: None,
            id: Cell::Empty,
            extension: Cell::Empty,
            user: None,
            manage: Manage::All,
        }
    }
}

/// Whether a roster's cell can hold this text as a value. It cannot say `keep`, nothing, or blanks at either end: who
/// finds one of these stored lists it in [`Draft::left_out`], and writes [`Cell::Keep`].
pub fn fits_a_cell(text: &str) -> bool {
    !text.is_empty() && text != "keep" && text.trim() == text && !text.chars().any(char::is_control)
}

/// Whether a key of the playbook can hold this text: one line, not blank.
pub fn fits_a_key(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// `finesse_settings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinesseSettingsDraft {
    /// `mode`.
    pub mode: SettingsMode,
    /// `site`.
    pub site: Option<String>,
}

/// `self_care`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelfCareDraft {
    /// `default_server`.
    pub default_server: Option<String>,
}

/// `certificates`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatesDraft {
    /// `finesse_tomcat_trust`.
    pub finesse_tomcat_trust: TrustMode,
    /// `cucm_phone_trust`.
    pub cucm_phone_trust: TrustMode,
    /// `via`; not written when empty.
    pub via: Vec<ImportWay>,
}

/// `restart`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartDraft {
    /// `finesse_tomcat`.
    pub finesse_tomcat: RestartWhen,
    /// `between_nodes`.
    pub between_nodes: Option<BetweenNodes>,
}
