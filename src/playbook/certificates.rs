//! `certificates`: which trust stores are kept, and by which ways; `checks`: the thresholds of checks that have one;
//! `cucm.nodes`: corrections to the nodes that CUCM lists.

use super::decode::{self, Keys, Section, Value};
use super::deployment::Endpoint;
use super::diagnostic::shown;
use super::endpoint;
use super::location::Location;
use super::reading::{Mistake, Reading};

/// `certificates`.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// CUCM's tomcat certificates in tomcat-trust of each Finesse node.
    pub finesse_tomcat_trust: TrustMode,
    /// The certificate of each Finesse node in Phone-trust of each CUCM node.
    pub cucm_phone_trust: TrustMode,
    /// The ways to import, best first; never empty, none twice.
    pub via: Vec<ImportWay>,
    /// Where the section stands.
    pub at: Location,
}

/// What is done about a trust store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustMode {
    /// What is missing is imported (default).
    Import,
    /// What is missing is found.
    Verify,
    /// It is not looked at.
    Skip,
}

/// A way to import a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportWay {
    /// The certificate REST interface of the platform.
    Rest,
    /// `set cert import` at the platform shell.
    Shell,
    /// A person at the OS Administration page.
    Operator,
}

/// One entry of `cucm.nodes`: what CUCM lists under this name.
#[derive(Debug, Clone)]
pub struct NodeCorrection {
    /// The name, as *System > Server* has it.
    pub name: String,
    /// Whether it is a node that phones and Finesse have to do with.
    pub correction: Correction,
    /// Where the entry stands.
    pub at: Location,
}

/// What is corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// It is reached under this host.
    Address(String),
    /// It is left out, for this reason.
    Skip(String),
}

/// `certificates`.
pub fn certificates(reading: &mut Reading, value: &Value<'_>) -> Option<Certificates> {
    let keys = Keys { known: &["finesse_tomcat_trust", "cucm_phone_trust", "via"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let finesse_tomcat_trust = mode(reading, &section, "finesse_tomcat_trust");
    let cucm_phone_trust = mode(reading, &section, "cucm_phone_trust");
    let via = match section.get("via") {
        Some(value) => ways(reading, &value),
        None => Some(vec![ImportWay::Rest, ImportWay::Operator]),
    };
    Some(Certificates {
        finesse_tomcat_trust: finesse_tomcat_trust?,
        cucm_phone_trust: cucm_phone_trust?,
        via: via?,
        at: reading.locate(section.at.start),
    })
}

fn mode(reading: &mut Reading, section: &Section<'_>, key: &str) -> Option<TrustMode> {
    let words =
        [("import", TrustMode::Import), ("verify", TrustMode::Verify), ("skip", TrustMode::Skip)];
    match section.get(key) {
        Some(value) => decode::word(reading, &value, &words),
        None => Some(TrustMode::Import),
    }
}

fn ways(reading: &mut Reading, value: &Value<'_>) -> Option<Vec<ImportWay>> {
    let words =
        [("rest", ImportWay::Rest), ("shell", ImportWay::Shell), ("operator", ImportWay::Operator)];
    let items = decode::list(reading, value)?;
    let mut ways = Vec::new();
    let mut good = true;
    for item in &items {
        let Some(way) = decode::word(reading, item, &words) else {
            good = false;
            continue;
        };
        if ways.contains(&way) {
            let message = format!("`{}` names one way twice", value.path);
            reading.report(Mistake::new("bad-value", item.point(), message).then("leave it out"));
            good = false;
        } else if ways.contains(&ImportWay::Operator) {
            let message = format!("`{}` has a way behind `operator`", value.path);
            reading.report(
                Mistake::new("bad-value", item.point(), message)
                    .then("a person can always do it, so what stands behind is never tried: put `operator` last"),
            );
            good = false;
        }
        ways.push(way);
    }
    if items.is_empty() {
        let message = format!("`{}` is empty", value.path);
        reading.report(
            Mistake::new("bad-value", value.key, message)
                .then("name a way: rest, shell, operator; or write `verify` for both stores"),
        );
        good = false;
    }
    good.then_some(ways)
}

/// `cucm.nodes`.
pub fn nodes(
    reading: &mut Reading,
    value: &Value<'_>,
    publisher: Option<&Endpoint>,
) -> Vec<NodeCorrection> {
    let Some(section) = decode::mapping(reading, value) else { return Vec::new() };
    let mut nodes = Vec::new();
    for (key, value) in section.all() {
        let keys = Keys { known: &["address", "skip"], later: &[] };
        let Some(entry) = decode::section(reading, &value, keys) else { continue };
        let correction = match (entry.get("address"), entry.get("skip")) {
            (Some(address), None) => endpoint::host(reading, &address).map(Correction::Address),
            (None, Some(reason)) => decode::text(reading, &reason).map(Correction::Skip),
            (Some(_), Some(_)) | (None, None) => {
                let message = format!("`{}` has either `address` or `skip`", value.path);
                reading.report(
                    Mistake::new("bad-value", value.key, message)
                        .then("where the node is reached, or why it is left out"),
                );
                None
            }
        };
        let is_publisher = publisher.is_some_and(|own| own.host.eq_ignore_ascii_case(&key.text));
        if is_publisher && matches!(correction, Some(Correction::Skip(_))) {
            let message =
                format!("`{}` is the publisher, which is never left out", shown(&key.text));
            reading.report(Mistake::new("bad-value", key.span, message));
            continue;
        }
        if let Some(correction) = correction {
            let at = reading.locate(key.span.start);
            nodes.push(NodeCorrection { name: key.text.clone(), correction, at });
        }
    }
    nodes
}
