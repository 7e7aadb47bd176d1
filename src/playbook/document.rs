//! The top level of a playbook: its keys, its sections in reading order, and the deployment they make.

use super::certificates::Certificates;
use super::decode::{self, Keys, Section, Value};
use super::deployment::{
    Agents, Deployment, Dialect, FilledBy, Limits, OneButtonSignIn, Tls, Unlisted,
};
use super::diagnostic::shown;
use super::journal::JournalSettings;
use super::lines::Lines;
use super::location::Location;
use super::places::Places;
use super::product::Product;
use super::provisioning::{
    FinesseSettings, PhoneApply, PhoneSettings, Restart, SelfCare, Ssh, Window,
};
use super::reading::{Mistake, Reading, Span};
use super::thresholds::Thresholds;
use super::tree::NodeKind;
use super::{
    Files, agents, certificates, connections, finesse_settings, journal, phones, requirements,
    restarts, secrecy, sections, sso, thresholds, windows,
};

const KEYS: Keys = Keys {
    known: &[
        "version",
        "deployment",
        "cucm",
        "finesse",
        "credentials",
        "tls",
        "ssh",
        "application_user",
        "phone_settings",
        "phone_apply",
        "phone_services",
        "one_button_sign_in",
        "agents",
        "finesse_settings",
        "self_care",
        "certificates",
        "restart",
        "windows",
        "dialect",
        "limits",
        "checks",
        "journal",
        "sso",
    ],
    later: &[],
};

/// Reads the whole document and the rosters it names. Nothing comes of it without a mistake being reported.
pub fn deployment(
    reading: &mut Reading,
    value: &Value<'_>,
    files: &dyn Files,
) -> (Option<Deployment>, Vec<Reading>) {
    if !matches!(value.node.kind, NodeKind::Map(_)) {
        let message =
            format!("a playbook is a mapping (`key: value`), not {}", value.node.kind_word());
        secrecy::hide_all(reading, value.node);
        reading.report(Mistake::new("wrong-type", Span::default(), message));
        return (None, Vec::new());
    }
    let Some(section) = decode::section(reading, value, KEYS) else { return (None, Vec::new()) };
    if let Some(value) = section.need(reading, "version") {
        let _: Option<()> = decode::word(reading, &value, &[("1", ())]);
    }
    let name = section.need(reading, "deployment").and_then(|value| name(reading, &value));
    let cucm = section.need(reading, "cucm").and_then(|value| connections::cucm(reading, &value));
    let declared = section.need(reading, "finesse");
    let finesse = declared.as_ref().and_then(|value| connections::finesse(reading, value));
    let product = declared.as_ref().and_then(connections::product);
    let credentials =
        section.need(reading, "credentials").and_then(|v| connections::credentials(reading, &v));
    let tls = section.get("tls").map(|value| connections::tls(reading, &value));
    let ssh = section.get("ssh").map(|value| connections::ssh(reading, &value));
    let user = section
        .need(reading, "application_user")
        .and_then(|value| sections::application_user(reading, &value, product));
    let two_nodes = declared.as_ref().and_then(|value| decode::has_key(value, "secondary"));
    let services_at = section.need(reading, "phone_services");
    let services =
        services_at.as_ref().and_then(|v| sections::phone_services(reading, v, two_nodes));
    let otherwise_at = reading.locate(services_at.as_ref().map_or(0, |value| value.key.start));
    let one_button = section.get("one_button_sign_in");
    let one_button =
        sections::one_button_sign_in(reading, one_button.as_ref(), otherwise_at.clone());
    let read = match section.get("agents") {
        Some(value) => agents::agents(reading, &value, files, one_button.as_ref()),
        None => without_agents(reading, one_button.as_ref(), otherwise_at),
    };
    let finesse_at = reading.locate(declared.as_ref().map_or(0, |value| value.key.start));
    let further = further(reading, &section, product, finesse_at);
    let dialect = section.get("dialect").map(|value| sections::dialect(reading, &value));
    let limits = section.get("limits").map(|value| sections::limits(reading, &value));
    let kept = section.get("journal").map(|value| journal::journal(reading, &value));
    let sso = section.get("sso").map(|value| sso::sso(reading, &value));
    let checks = section.get("checks").map(|value| thresholds::thresholds(reading, &value));
    let build = || {
        Some(Deployment {
            file: reading.file().clone(),
            name: name?,
            cucm: cucm?,
            finesse: finesse?,
            credentials: credentials?,
            tls: tls.unwrap_or_else(|| Some(Tls::default()))?,
            ssh: ssh.unwrap_or_else(|| Some(Ssh::default()))?,
            application_user: user?,
            phone_services: services?,
            one_button_sign_in: one_button?,
            agents: read.agents?,
            phone_settings: further.phone_settings,
            phone_apply: further.phone_apply,
            finesse_settings: further.finesse_settings,
            self_care: further.self_care,
            certificates: further.certificates,
            restart: further.restart?,
            windows: further.windows,
            dialect: dialect.unwrap_or_else(|| Some(Dialect::default()))?,
            limits: limits.unwrap_or_else(|| Some(Limits::default()))?,
            checks: checks.unwrap_or_else(|| Some(Thresholds::default()))?,
            sso: match sso {
                Some(sso) => Some(sso?),
                None => None,
            },
            journal: kept.unwrap_or_else(|| Some(JournalSettings::default()))?,
            lines: Lines::default(),
            places: Places::default(),
        })
    };
    (build(), read.books)
}

/// The sections beyond services and subscriptions; all of them may be left out. What could not be read is as
/// absent: a mistake has been reported then, and no deployment comes of it.
struct Further {
    phone_settings: Option<PhoneSettings>,
    phone_apply: Option<PhoneApply>,
    finesse_settings: Option<FinesseSettings>,
    self_care: Option<SelfCare>,
    certificates: Option<Certificates>,
    restart: Option<Restart>,
    windows: Vec<Window>,
}

fn further(
    reading: &mut Reading,
    section: &Section<'_>,
    product: Option<Product>,
    finesse_at: Location,
) -> Further {
    let phone_settings =
        section.get("phone_settings").and_then(|value| phones::phone_settings(reading, &value));
    let phone_apply = match section.get("phone_apply") {
        Some(value) => phones::phone_apply(reading, &value),
        None => phone_settings.as_ref().map(|settings| phones::unwritten(settings.at.clone())),
    };
    let settings = section.get("finesse_settings");
    let finesse_settings = settings
        .as_ref()
        .and_then(|value| finesse_settings::finesse_settings(reading, value, product));
    let self_care = section.get("self_care").and_then(|value| sections::self_care(reading, &value));
    let declared = section.get("certificates");
    let certificates =
        declared.as_ref().and_then(|value| certificates::certificates(reading, value));
    let settings_at = finesse_settings.as_ref().map(|settings| settings.at.clone());
    let restart = match section.get("restart") {
        Some(value) => restarts::restart(reading, &value),
        None => Some(restarts::unwritten(settings_at.unwrap_or(finesse_at))),
    };
    let windows = section.get("windows").and_then(|value| windows::windows(reading, &value));
    if let (Some(at), Some(settings)) = (&settings, &finesse_settings) {
        let accounts = section.get("credentials");
        requirements::accounts(reading, accounts.as_ref(), (at.key, settings), restart.as_ref());
    }
    if let (Some(at), Some(declared)) = (&declared, &certificates) {
        let accounts = section.get("credentials");
        requirements::imports(reading, accounts.as_ref(), (at.key, declared), restart.as_ref());
    }
    Further {
        phone_settings,
        phone_apply,
        finesse_settings,
        self_care,
        certificates,
        restart,
        windows: windows.unwrap_or_default(),
    }
}

fn without_agents(
    reading: &mut Reading,
    one_button: Option<&OneButtonSignIn>,
    at: Location,
) -> agents::Read {
    if one_button.is_some_and(|who| who.password == FilledBy::Administrator) {
        reading.report(
            Mistake::new("missing-key", Span::default(), "`agents.passwords` is missing")
                .then("one_button_sign_in.password is `administrator`"),
        );
    }
    let none =
        Agents { rows: Vec::new(), listed: 0, passwords: None, unlisted: Unlisted::Report, at };
    agents::Read { agents: Some(none), books: Vec::new() }
}

fn name(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let name = decode::text(reading, value)?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.len() <= 63 && !name.starts_with('-') && name.bytes().all(plain) {
        return Some(name);
    }
    let near: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(63)
        .collect();
    let near = near.trim_matches('-').to_owned();
    let message = format!("`{}` is not a deployment's name", shown(&name));
    reading.report(
        Mistake::new("bad-value", value.point(), message)
            .near((!near.is_empty() && !secrecy::holds_a_secret(&name)).then_some(near))
            .then("1 to 63 lower-case letters, digits and hyphens, no hyphen first"),
    );
    None
}
