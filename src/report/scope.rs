//! What a report speaks of: the deployment, its nodes and devices, and the accounts that looked at them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Section;
use crate::plan::{ObjectKind, Severity};
use crate::playbook::{Cell, Credential, Deployment, Product, SqlWrites};

/// What was looked at, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Scope {
    /// The playbook's path, as on the command line.
    pub playbook: String,
    /// `uccx`, `ucce` or `pcce`.
    pub product: String,
    /// Finesse's release, as the playbook says.
    pub release: String,
    /// How direct database writes are treated: `never`, `ask`, `allow`.
    pub sql_writes: String,
    /// How long the deployment took, in milliseconds. Not kept: two looks at the same give the same document.
    #[serde(skip)]
    pub milliseconds: u64,
    /// Part of the devices that this report is about; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Where what is in this part stands in the whole report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Places>,
    /// CUCM's and Finesse's nodes.
    pub nodes: Vec<Node>,
    /// The phone services that are declared.
    pub services: Vec<Service>,
    /// Accounts that the playbook names, by interface.
    pub accounts: Vec<Account>,
    /// Certificates that nodes presented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<CertificateShown>,
    /// Every device of the roster.
    pub devices: Vec<Device>,
}

/// Part `index` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

/// Places in the whole report, from 0: one for each entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Places {
    /// Of steps.
    pub steps: Vec<usize>,
    /// Of findings that are not about the playbook itself.
    pub findings: Vec<usize>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// What it is.
    pub role: Role,
    /// Its host.
    pub host: String,
    /// Why it could not be looked at; absent: nothing kept it from being looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// CUCM's publisher.
    CucmPublisher,
    /// Another node of CUCM.
    CucmNode,
    /// The Finesse node that is restarted first.
    FinessePrimary,
    /// The other one.
    FinesseSecondary,
}

/// A phone service that is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The host of the Finesse node that it points at.
    pub host: String,
}

/// An account, and what it is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// The interface: `AXL`, `Finesse`, …
    pub interface: String,
    /// Its user name.
    pub user: String,
    /// The role that reading needs.
    pub role: String,
}

/// A certificate that a node presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateShown {
    /// The node's host.
    pub node: String,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// First moment of validity, RFC 3339.
    pub from: String,
    /// Last moment of validity, RFC 3339.
    pub until: String,
    /// `sha256:` and 64 digits.
    pub fingerprint: String,
}

/// A device of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    /// `phone` or `device profile`.
    pub kind: DeviceKind,
    /// Its name.
    pub name: String,
    /// The agent's id, where the roster gives one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agent: String,
    /// How it is.
    pub state: DeviceState,
}

/// Phone or profile.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum DeviceKind {
    /// A phone.
    #[serde(rename = "phone")]
    Phone,
    /// An Extension Mobility device profile.
    #[serde(rename = "device profile")]
    DeviceProfile,
}

impl DeviceKind {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        self.object().word()
    }

    /// The kind of object that it is.
    pub fn object(self) -> ObjectKind {
        match self {
            Self::Phone => ObjectKind::Phone,
            Self::DeviceProfile => ObjectKind::DeviceProfile,
        }
    }
}

/// How a device is; the worst that holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceState {
    /// Everything that is declared is there.
    AsDeclared,
    /// As declared, with a warning.
    Warned,
    /// What differs has been waived.
    Waived,
    /// It was not looked at.
    NotChecked,
    /// Something differs, or does not work.
    Differs,
    /// The cluster does not have it.
    Absent,
}

impl DeviceState {
    /// All of them, the best first.
    pub const ALL: [Self; 6] = [
        Self::AsDeclared,
        Self::Warned,
        Self::Waived,
        Self::NotChecked,
        Self::Differs,
        Self::Absent,
    ];

    /// The words for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::AsDeclared => "as declared",
            Self::Warned => "warned",
            Self::Waived => "waived",
            Self::NotChecked => "not checked",
            Self::Differs => "differs",
            Self::Absent => "absent",
        }
    }
}

impl Scope {
    /// What this playbook speaks of, as far as its section has seen it.
    pub fn of(deployment: &Deployment, section: &Section) -> Self {
        let seen = &section.plan.looked_at;
        let silent = |host: &str| {
            seen.silent.iter().find(|(name, _)| name == host).map(|(_, why)| why.clone())
        };
        let node = |role, host: &str| Node { role, host: host.to_owned(), silent: silent(host) };
        let finesse = &deployment.finesse;
        let mut nodes = vec![node(Role::CucmPublisher, &deployment.cucm.publisher.host)];
        nodes.extend(seen.cucm_nodes.iter().map(|host| node(Role::CucmNode, host)));
        nodes.push(node(Role::FinessePrimary, &finesse.primary.api.host));
        nodes.extend(
            finesse.secondary.iter().map(|other| node(Role::FinesseSecondary, &other.api.host)),
        );
        Self {
            playbook: deployment.file.to_string(),
            product: product(finesse.product).to_owned(),
            release: finesse.release.clone(),
            sql_writes: sql_writes(deployment.phone_services.sql_writes).to_owned(),
            milliseconds: 0,
            shard: None,
            places: None,
            nodes,
            services: services(deployment),
            accounts: accounts(deployment),
            certificates: seen
                .certificates
                .iter()
                .map(|shown| CertificateShown {
                    node: shown.node.clone(),
                    subject: shown.subject.clone(),
                    issuer: shown.issuer.clone(),
                    from: shown.from.clone(),
                    until: shown.until.clone(),
                    fingerprint: shown.fingerprint.clone(),
                })
                .collect(),
            devices: devices(deployment, section),
        }
    }
}

fn product(product: Product) -> &'static str {
    match product {
        Product::Uccx => "uccx",
        Product::Ucce => "ucce",
        Product::Pcce => "pcce",
    }
}

fn sql_writes(sql: SqlWrites) -> &'static str {
    match sql {
        SqlWrites::Never => "never",
        SqlWrites::Ask => "ask",
        SqlWrites::Allow => "allow",
    }
}

fn services(deployment: &Deployment) -> Vec<Service> {
    let declared = &deployment.phone_services;
    let finesse = &deployment.finesse;
    let service = |name: &str, host: &str| Service { name: name.to_owned(), host: host.to_owned() };
    let second = declared.secondary.as_ref().zip(finesse.secondary.as_ref());
    std::iter::once(service(&declared.primary.name, &finesse.primary.service_host))
        .chain(second.map(|(name, node)| service(&name.name, &node.service_host)))
        .collect()
}

fn accounts(deployment: &Deployment) -> Vec<Account> {
    let given = &deployment.credentials;
    let account = |interface: &str, role: &str, credential: &Credential| Account {
        interface: interface.to_owned(),
        user: credential.user.clone(),
        role: role.to_owned(),
    };
    let optional = [
        ("Finesse", "administrator", &given.finesse),
        ("Finesse platform", "administrator of the platform", &given.finesse_platform),
        ("CUCM platform", "administrator of the platform", &given.cucm_platform),
        ("Serviceability", "Standard CCM Server Monitoring", &given.serviceability),
    ];
    let axl = account("AXL", "Standard AXL Read Only API Access, or more to write", &given.axl);
    let others = optional.into_iter().filter_map(|(interface, role, credential)| {
        credential.as_ref().map(|credential| account(interface, role, credential))
    });
    std::iter::once(axl).chain(others).collect()
}

fn devices(deployment: &Deployment, section: &Section) -> Vec<Device> {
    let plan = &section.plan;
    let mut states: BTreeMap<(ObjectKind, &str), DeviceState> = BTreeMap::new();
    let mut worsen = |kind, name, state: DeviceState| {
        let entry = states.entry((kind, name)).or_insert(state);
        *entry = (*entry).max(state);
    };
    for finding in &plan.findings {
        let state = match finding.severity {
            _ if section.waived(finding).is_some() => DeviceState::Waived,
            Severity::Error => DeviceState::Differs,
            Severity::Warning => DeviceState::Warned,
            Severity::Info => continue,
        };
        worsen(finding.object.kind, finding.object.name.as_str(), state);
    }
    for name in &plan.looked_at.absent {
        for kind in [ObjectKind::Phone, ObjectKind::DeviceProfile] {
            worsen(kind, name, DeviceState::Absent);
        }
    }
    let unread =
        if plan.counts.devices == 0 { DeviceState::NotChecked } else { DeviceState::AsDeclared };
    let mut found: BTreeMap<(DeviceKind, &str), Device> = BTreeMap::new();
    for row in &deployment.agents.rows {
        let agent = match &row.id {
            Cell::Value(id) => id.to_string(),
            Cell::Empty | Cell::Keep => String::new(),
        };
        let named =
            [(DeviceKind::Phone, &row.device), (DeviceKind::DeviceProfile, &row.device_profile)];
        for (kind, name) in named {
            let Some(name) = name else { continue };
            let state = states.get(&(kind.object(), name.as_str())).copied().unwrap_or(unread);
            found.entry((kind, name)).or_insert_with(|| Device {
                kind,
                name: name.to_string(),
                agent: agent.clone(),
                state,
            });
        }
    }
    found.into_values().collect()
}
