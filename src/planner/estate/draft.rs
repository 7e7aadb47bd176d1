//! The playbook that says what was found, with comments on what nothing tells, and a list of what it does not say.

use crate::plan::fingerprint::hex;
use crate::plan::{Plan, Step};
use crate::playbook::draft::{
    AccountDraft, AgentsDraft, ApplicationUserDraft, CredentialsDraft, CucmDraft, Draft,
    FinesseDraft, NodeDraft, PasswordsDraft, PhoneServicesDraft, PhoneSettingsDraft, RosterDraft,
    RowDraft, ServiceDraft, SignInDraft, TlsDraft,
};
use crate::playbook::{
    Credential, Deployment, Endpoint, FilledBy, FinesseNode, Product, SecretSource,
    SubscriptionKind,
};

use super::services::{Chosen, Place};
use super::sign_in::Filled;
use super::{LeftOut, Sort};

/// Names that stand in a comment; a longer list has its end in the result of the command.
const NAMES: usize = 200;
/// What a user is called that nobody could find.
const UNKNOWN: &str = "ippa";

/// Where the site is, and how much of it somebody has said.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The site; what it says of the estate is not looked at.
    pub deployment: &'a Deployment,
    /// Whether it says the Finesse nodes.
    pub nodes: bool,
    /// Whether it says product and release.
    pub release: bool,
}

impl Site<'_> {
    /// The Finesse nodes as service URLs name them; none where nobody said any.
    pub fn said(&self) -> Vec<String> {
        if !self.nodes {
            return Vec::new();
        }
        self.all().map(|node| node.service_host.to_ascii_lowercase()).collect()
    }

    fn all(&self) -> impl Iterator<Item = &FinesseNode> {
        let finesse = &self.deployment.finesse;
        std::iter::once(&finesse.primary).chain(&finesse.secondary)
    }
}

/// What was found.
#[derive(Debug)]
pub struct Found<'a> {
    /// The services.
    pub chosen: &'a Chosen,
    /// How phones come to be subscribed.
    pub subscription: SubscriptionKind,
    /// Who fills in what.
    pub filled: Filled,
    /// The application user, where it could be told.
    pub user: Option<&'a str>,
    /// Ids of application users that are taken.
    pub users: &'a [String],
    /// Rows with values.
    pub rows: Vec<RowDraft>,
    /// Rows without.
    pub phones: Vec<RowDraft>,
    /// Phone settings, where they can be held true.
    pub settings: Option<PhoneSettingsDraft>,
}

/// Sections that no reading can fill in.
pub fn unread(site: Site<'_>) -> Vec<LeftOut> {
    let mut all = vec![
        LeftOut::section(
            "finesse_settings",
            "no public interface tells which application user Finesse has stored",
        ),
        LeftOut::section(
            "certificates",
            "not looked at; the section with `verify` makes `ippactl verify` look",
        ),
        LeftOut::section(
            "self_care",
            "not looked at: nothing tells which end users are the agents of these phones",
        ),
    ];
    if site.deployment.finesse.product == Product::Uccx {
        all.push(LeftOut::section(
            "application_user.uccx_rmcm",
            "nothing in CUCM tells which user is that of UCCX's RMCM subsystem",
        ));
    }
    all
}

/// Writes it down; `None` without a service, because there is no playbook without one.
pub fn draft(site: Site<'_>, found: Found<'_>, left_out: &[LeftOut]) -> Option<Draft> {
    let read = site.deployment;
    let primary = found.chosen.primary.as_ref()?;
    let secondary = found.chosen.secondary.as_ref();
    let name = &read.name;
    let administrator = FilledBy::Administrator;
    let filled = found.filled;
    let list = |suffix: &str, rows: Vec<RowDraft>| {
        (!rows.is_empty()).then(|| RosterDraft { path: format!("{name}{suffix}.csv"), rows })
    };
    let agents = AgentsDraft {
        roster: list("", found.rows),
        phones: list("-phones", found.phones),
        passwords: (filled.password == administrator).then_some(PasswordsDraft::Keep),
        unlisted: None,
    };
    let service = |place: &Place| ServiceDraft { name: place.service.name.clone(), adopt: None };
    let mut draft = Draft {
        heading: vec![
            format!("What of IP Phone Agent was found on {}, written by `ippactl export`.", read.cucm.publisher.host),
            "What was found and is not in it stands at the end. Every key is explained in playbooks/reference.yaml.".to_owned(),
        ],
        deployment: name.clone(),
        cucm: cucm(read),
        finesse: FinesseDraft {
            product: read.finesse.product,
            release: read.finesse.release.clone(),
            language_packs: read.finesse.language_packs.clone(),
            primary: node(site, primary),
            secondary: secondary.map(|place| node(site, place)),
        },
        credentials: credentials(read),
        tls: TlsDraft {
            ca_files: read.tls.ca_files.iter().map(|(path, _)| path.clone()).collect(),
            pins: read.tls.pins.iter().map(|(at, all)| (at.to_string(), prints(all))).collect(),
        },
        known_hosts: read.ssh.known_hosts.as_ref().map(|(path, _)| path.clone()),
        application_user: ApplicationUserDraft {
            id: found.user.map_or_else(|| free(found.users), str::to_owned),
            password: SecretSource::Env("IPPA_PASSWORD".to_owned()),
            password_change: None,
            shared: false,
            uccx_rmcm: None,
        },
        phone_settings: found.settings,
        phone_apply: None,
        phone_services: PhoneServicesDraft {
            subscription: Some(found.subscription),
            primary: service(primary),
            secondary: secondary.map(service),
            retire: Vec::new(),
            sql_writes: None,
        },
        one_button_sign_in: (filled != Filled::AT_SIGN_IN).then_some(SignInDraft {
            id: filled.id,
            extension: filled.extension,
            password: filled.password,
        }),
        agents: (agents != AgentsDraft::default()).then_some(agents),
        finesse_settings: None,
        self_care: None,
        certificates: None,
        restart: None,
        limits: read.limits.clone(),
        notes: std::collections::BTreeMap::new(),
        left_out: left_out.iter().map(told).collect(),
    };
    comments(&mut draft, site, found.chosen, found.user.is_some());
    Some(draft)
}

fn comments(draft: &mut Draft, site: Site<'_>, chosen: &Chosen, user: bool) {
    if !site.release {
        draft.note("finesse", "CHECK: no interface of CUCM tells product and release; --product and --release say them.");
    }
    if !chosen.as_said && chosen.secondary.is_some() {
        draft.note("finesse", "CHECK: by the names of the services; nothing tells which node is the primary one. --finesse says it.");
    }
    if user {
        draft.note("application_user", "The user in both groups that controls the phones; no interface tells whom Finesse has stored.");
        draft.note("application_user", "Its password is stored and stays; the variable is needed to test it, and by nothing else.");
    } else {
        draft.note("application_user", "CHECK: no user is in both groups and controls the phones. This one would be made: write the id of the");
        draft
            .note("application_user", "one that Finesse uses, or export again with --app-user ID.");
    }
    match draft.phone_services.subscription {
        Some(SubscriptionKind::Enterprise) => {
            draft.note("phone_services.subscription", "every phone of the cluster");
        }
        Some(SubscriptionKind::SelfCare) => {
            draft.note("phone_services.subscription", "nobody is subscribed yet");
        }
        Some(SubscriptionKind::Manual) | None => {}
    }
    draft.note(
        "one_button_sign_in",
        "Told by the services' parameters: what is required and stored is the administrator's.",
    );
    draft.note("agents.roster", "as stored; `keep` where a cell cannot hold it");
    draft.note("agents.phones", "without values");
    draft.note("agents.passwords", "stored ones stay, and are in no file");
}

/// Says what a plan of it would still do: how much in the heading, what at the end.
pub fn say_changes(draft: &mut Draft, plan: &Plan) {
    let steps = changes(plan);
    draft.heading.push(match steps.len() {
        0 => "A plan of it changes nothing.".to_owned(),
        _ => "CHECK: a plan of it changes what IP Phone Agent needs otherwise; that stands at the end, too.".to_owned(),
    });
    let steps = steps.into_iter().map(|step| format!("a plan changes: {step}"));
    draft.left_out.splice(0..0, steps);
}

/// What the steps of a plan would change, one line each.
pub fn changes(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(line).collect()
}

fn line(step: &Step) -> String {
    let fields: Vec<&str> = step.changes.iter().map(|change| change.field.as_str()).collect();
    format!("{} {}: {}", step.object.kind.word(), step.object.name, fields.join(", "))
}

/// A listed thing as one line.
fn told(left: &LeftOut) -> String {
    let (first, more) = left.names.split_at(left.names.len().min(NAMES));
    let mut names = first.join(", ");
    if !more.is_empty() {
        names =
            format!("{names} and {} more, which `ippactl export --output json` lists", more.len());
    }
    if left.kind == Sort::Section {
        return format!("{names}: {}", left.why);
    }
    format!("{} {names}: {}", left.kind.word(), left.why)
}

fn free(users: &[String]) -> String {
    let taken = |id: &str| users.iter().any(|user| user.eq_ignore_ascii_case(id));
    let more = (2_u32..).map(|number| format!("{UNKNOWN}-{number}"));
    let mut all = std::iter::once(UNKNOWN.to_owned()).chain(more);
    all.find(|id| !taken(id)).unwrap_or_else(|| UNKNOWN.to_owned())
}

fn endpoint(endpoint: &Endpoint, usual: u16) -> String {
    if endpoint.port == usual { endpoint.host.clone() } else { endpoint.to_string() }
}

fn port(port: u16, usual: u16) -> Option<u16> {
    (port != usual).then_some(port)
}

fn cucm(read: &Deployment) -> CucmDraft {
    let cucm = &read.cucm;
    CucmDraft {
        publisher: endpoint(&cucm.publisher, 8443),
        axl_version: cucm.axl_version.clone(),
        platform_ssh: cucm.platform_ssh.as_ref().map(|own| endpoint(own, 22)),
        platform_port: port(cucm.platform_port, 443),
        nodes: cucm.nodes.iter().map(|own| (own.name.clone(), own.correction.clone())).collect(),
    }
}

/// A node as the site says it, else as the service's URL does.
fn node(site: Site<'_>, place: &Place) -> NodeDraft {
    let said =
        site.all().find(|node| site.nodes && node.service_host.eq_ignore_ascii_case(&place.host));
    let Some(said) = said else {
        return NodeDraft { host: place.host.clone(), ..NodeDraft::default() };
    };
    NodeDraft {
        host: said.api.host.clone(),
        api_port: port(said.api.port, 8445),
        platform_port: port(said.platform.port, 443),
        ssh_port: port(said.ssh.port, 22),
        service_host: (said.service_host != said.api.host).then(|| said.service_host.clone()),
    }
}

fn credentials(read: &Deployment) -> CredentialsDraft {
    let account = |own: &Credential| AccountDraft {
        user: own.user.clone(),
        password: own.password.source.clone(),
    };
    let all = &read.credentials;
    CredentialsDraft {
        axl: account(&all.axl),
        finesse: all.finesse.as_ref().map(account),
        finesse_platform: all.finesse_platform.as_ref().map(account),
        cucm_platform: all.cucm_platform.as_ref().map(account),
        serviceability: all.serviceability.as_ref().map(account),
    }
}

fn prints(all: &[[u8; 32]]) -> Vec<String> {
    all.iter().map(|print| format!("sha256:{}", hex(print, 32))).collect()
}
