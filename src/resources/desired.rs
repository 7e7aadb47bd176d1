//! What the playbook wants on the cluster, derived once: services with URLs and parameters, devices with values.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::DeviceKind;
use crate::lint::urls::{refusal, service_urls, too_long};
use crate::outcome::Outcome;
use crate::playbook::{
    Cell, Deployment, FilledBy, FinesseNode, Location, Manage, Parameter, ServiceName,
    SubscriptionKind,
};
use crate::trouble::Trouble;

/// Everything wanted, in the terms of the cluster.
#[derive(Debug)]
pub struct Desired {
    /// The primary service, then the secondary one if there are two nodes.
    pub services: Vec<DesiredService>,
    /// Services that roster phones are unsubscribed from.
    pub retired: Vec<String>,
    /// Phones and device profiles of the roster by name, each once.
    pub devices: BTreeMap<CompactString, DesiredDevice>,
    /// How phones come to be subscribed.
    pub subscription: SubscriptionKind,
}

/// One phone service as it should be defined.
#[derive(Debug, Clone)]
pub struct DesiredService {
    /// Service name, at most 32 characters.
    pub name: String,
    /// An existing service to take over and rename.
    pub adopt: Option<String>,
    /// `http://<FQDN>:8082/fippa/#DEVICENAME#`.
    pub url: String,
    /// `https://<FQDN>:8445/fippa/#DEVICENAME#`.
    pub secure_url: String,
    /// The FQDN in both.
    pub host: String,
    /// *Enterprise Subscription*, fixed when the service is created.
    pub enterprise: bool,
    /// Parameters that somebody prefills, with *Parameter is Required*.
    pub parameters: Vec<(Parameter, bool)>,
    /// Where the service is declared.
    pub declared: Location,
    /// Where one button sign-in is declared.
    pub parameters_declared: Location,
}

/// One phone or device profile of the roster.
#[derive(Debug, Clone)]
pub struct DesiredDevice {
    /// Device name.
    pub name: CompactString,
    /// Phone or device profile.
    pub kind: DeviceKind,
    /// What is managed.
    pub manage: Manage,
    /// What each of the three values should be.
    pub values: Arc<[(Parameter, Wanted)]>,
    /// The roster row.
    pub declared: Location,
}

/// What a subscription should hold for a parameter.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// This value, in URLs and rows.
    Value(SecretString),
    /// Whatever is stored; the two services are only compared.
    Keep,
    /// The agent's own: whatever is stored.
    Agent,
    /// No value.
    Nothing,
}

impl DesiredDevice {
    /// What is wanted of this parameter.
    pub fn wanted(&self, parameter: Parameter) -> &Wanted {
        let mut values = self.values.iter();
        let found = values.find(|(known, _)| *known == parameter);
        found.map_or(&Wanted::Nothing, |(_, wanted)| wanted)
    }

    /// Whether the roster prefills anything on this device.
    pub fn prefills(&self) -> bool {
        self.values.iter().any(|(_, wanted)| matches!(wanted, Wanted::Value(_)))
    }
}

/// Agents' passwords by agent id; `None` where they are not at hand (an auditor has none).
pub type AgentPasswords = Option<BTreeMap<String, SecretString>>;

impl Desired {
    /// Phones of the roster, device profiles not counted.
    pub fn phones(&self) -> usize {
        self.devices.values().filter(|device| device.kind == DeviceKind::Phone).count()
    }

    /// Derives everything from the playbook. Fails when an agent of the roster has no password although the
    /// administrator fills passwords in and the passwords are at hand, and when a subscription's URL would be longer
    /// than CUCM takes it.
    pub fn new(deployment: &Deployment, passwords: &AgentPasswords) -> Result<Self, Trouble> {
        let mut devices = BTreeMap::new();
        for row in &deployment.agents.rows {
            let values = Parameter::ALL
                .into_iter()
                .map(|parameter| Ok((parameter, wanted(deployment, passwords, row, parameter)?)))
                .collect::<Result<Arc<[_]>, Trouble>>()?;
            let named = [
                (row.device.as_ref(), DeviceKind::Phone),
                (row.device_profile.as_ref(), DeviceKind::DeviceProfile),
            ];
            for (name, kind) in named {
                let Some(name) = name else { continue };
                let name = CompactString::from(name.as_str());
                devices.entry(name.clone()).or_insert_with(|| DesiredDevice {
                    name,
                    kind,
                    manage: row.manage,
                    values: Arc::clone(&values),
                    declared: row.at.clone(),
                });
            }
        }
        let declared = &deployment.phone_services;
        let secondary = deployment.finesse.secondary.as_ref().zip(declared.secondary.as_ref());
        let nodes = [(&deployment.finesse.primary, &declared.primary)].into_iter().chain(secondary);
        let services: Vec<DesiredService> =
            nodes.map(|(node, name)| service(deployment, node, name)).collect();
        if declared.subscription != SubscriptionKind::Enterprise {
            devices.values().try_for_each(|device| urls_fit(device, &services))?;
        }
        Ok(Self {
            services,
            retired: declared.retire.iter().map(|(name, _)| name.clone()).collect(),
            devices,
            subscription: declared.subscription,
        })
    }
}

fn service(deployment: &Deployment, node: &FinesseNode, name: &ServiceName) -> DesiredService {
    let host = &node.service_host;
    let enterprise = deployment.phone_services.subscription == SubscriptionKind::Enterprise;
    let sign_in = &deployment.one_button_sign_in;
    let [url, secure_url] = service_urls(host);
    DesiredService {
        name: name.name.clone(),
        adopt: name.adopt.clone(),
        url,
        secure_url,
        host: host.clone(),
        enterprise,
        parameters: Parameter::ALL
            .into_iter()
            .filter_map(|parameter| Some((parameter, sign_in.required(parameter)?)))
            .filter(|_| !enterprise)
            .collect(),
        declared: name.at.clone(),
        parameters_declared: sign_in.at.clone(),
    }
}

fn wanted(
    deployment: &Deployment,
    passwords: &AgentPasswords,
    row: &crate::playbook::AgentRow,
    parameter: Parameter,
) -> Result<Wanted, Trouble> {
    let from_cell = |cell: &Cell| match cell {
        Cell::Empty => Wanted::Nothing,
        Cell::Keep => Wanted::Keep,
        Cell::Value(value) => Wanted::Value(SecretString::from(value.as_str())),
    };
    match deployment.one_button_sign_in.filled_by(parameter) {
        FilledBy::SignIn => Ok(Wanted::Nothing),
        FilledBy::Agent => Ok(Wanted::Agent),
        FilledBy::Administrator => match parameter {
            Parameter::Id => Ok(from_cell(&row.id)),
            Parameter::Extension => Ok(from_cell(&row.extension)),
            Parameter::Password => match (&row.id, passwords) {
                (Cell::Empty, _) => Ok(Wanted::Nothing),
                (Cell::Keep, _) | (Cell::Value(_), None) => Ok(Wanted::Keep),
                (Cell::Value(id), Some(passwords)) => passwords
                    .get(id.as_str())
                    .map(|password| Wanted::Value(password.clone()))
                    .ok_or_else(|| no_password(id, row)),
            },
        },
    }
}

/// The offline rule again, now that passwords are known.
fn urls_fit(device: &DesiredDevice, services: &[DesiredService]) -> Result<(), Trouble> {
    let values = || {
        device.values.iter().filter_map(|(parameter, wanted)| match wanted {
            Wanted::Value(value) => Some((*parameter, value.expose_secret())),
            Wanted::Keep | Wanted::Agent | Wanted::Nothing => None,
        })
    };
    let long =
        services.iter().find_map(|service| Some((service, too_long(&service.host, values())?)));
    let Some((service, length)) = long else { return Ok(()) };
    let what = refusal(&device.name, &service.name, length);
    Err(Trouble::new("subscription-value-limits", Outcome::Usage, what)
        .at(device.declared.to_string())
        .because("all but letters, digits and -._~ takes three characters inside a URL")
        .then("choose shorter values, or leave one to be typed at sign-in"))
}

fn no_password(id: &str, row: &crate::playbook::AgentRow) -> Trouble {
    Trouble::new(
        "agent-password-missing",
        Outcome::Usage,
        format!("agent {id} has no password"),
    )
    .at(row.at.to_string())
    .because("one_button_sign_in.password is administrator, and agents.passwords has no row for this id")
    .then("add the agent to the file or command behind agents.passwords")
}
