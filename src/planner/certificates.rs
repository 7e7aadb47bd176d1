//! The part of planning that is done for trust stores: what is imported where and by which way, what cannot be read, and
//! the reboots that the guide asks for afterwards.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{
    Basis, Call, Disturbance, Finding, Kind, NotChecked, Object, ObjectKind, OperatorStep, Plan,
    PlatformCall, Severity, Shown, Step, StepState,
};
use crate::playbook::{Certificates, ImportWay, TrustMode};
use crate::resources::certificate_trust::{
    CertificatesSeen, Held, Missing, NodeSeen, PHONE_TRUST, TOMCAT_TRUST, lacking_in_phone_trust,
    lacking_in_tomcat_trust,
};
use crate::resources::cucm_reboot;

use super::build::{Inputs, finding_of};
use super::operator;

/// Ids of the steps that a person may be given.
pub fn step_ids(seen: &CertificatesSeen) -> Vec<String> {
    let finesse = seen.finesse.iter().map(|node| step_id(TOMCAT_TRUST, &node.name));
    let cucm = seen
        .cucm
        .iter()
        .flat_map(|node| [step_id(PHONE_TRUST, &node.name), cucm_reboot::step_id(&node.name)]);
    finesse.chain(cucm).collect()
}

fn step_id(store: &str, node: &str) -> String {
    format!("{}-{node}", store.to_lowercase())
}

/// The name of a certificate's file in the state folder.
pub fn pem_file(missing: &Missing) -> String {
    let whose = missing.of.first().map_or("node", String::as_str);
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-".contains(c) { c } else { '_' };
    let whose: String = whose.chars().map(plain).collect();
    let print = missing.certificate.fingerprint_text();
    let print: String = print.trim_start_matches("sha256:").chars().take(8).collect();
    format!("certificates/{whose}-{print}.pem")
}

/// What the store of a node lacks, as far as it may be imported; the same for planning and for performing.
pub fn lacking(inputs: Inputs<'_>, object: &Object) -> Vec<Missing> {
    let Some(seen) = &inputs.observation.certificates else { return Vec::new() };
    let named = |nodes: &[NodeSeen]| nodes.iter().find(|node| node.name == object.name).cloned();
    let missing = if object.kind == ObjectKind::FinesseNode {
        let attested = attested(inputs, &step_id(TOMCAT_TRUST, &object.name));
        named(&seen.finesse).map(|node| lacking_in_tomcat_trust(seen, &node, &attested))
    } else {
        named(&seen.cucm).map(|node| lacking_in_phone_trust(seen, &node))
    };
    missing.unwrap_or_default()
}

/// The fingerprints for which a step was attested.
fn attested(inputs: Inputs<'_>, id: &str) -> BTreeSet<String> {
    let values = inputs.observation.attested.get(id).map(|(values, _)| values.as_str());
    values.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Both stores on all nodes.
pub(super) fn plan(inputs: Inputs<'_>, plan: &mut Plan) {
    let (Some(declared), Some(seen)) =
        (&inputs.deployment.certificates, &inputs.observation.certificates)
    else {
        return;
    };
    unread(inputs, declared, seen, plan);
    for node in &seen.finesse {
        let kind = ObjectKind::FinesseNode;
        store(inputs, (kind, TOMCAT_TRUST, declared.finesse_tomcat_trust), node, plan);
    }
    for node in &seen.cucm {
        store(inputs, (ObjectKind::CucmNode, PHONE_TRUST, declared.cucm_phone_trust), node, plan);
    }
}

fn store(
    inputs: Inputs<'_>,
    (kind, store, mode): (ObjectKind, &str, TrustMode),
    node: &NodeSeen,
    plan: &mut Plan,
) {
    let Some(declared) = &inputs.deployment.certificates else { return };
    if mode == TrustMode::Skip {
        return;
    }
    let object = Object::new(kind, &node.name);
    let missing = lacking(inputs, &object);
    for one in missing.iter().filter(|one| one.gives_no_way()) {
        plan.findings.push(stays(&object, one, store, declared));
    }
    let (good, held): (Vec<_>, Vec<_>) =
        missing.into_iter().partition(|one| mode == TrustMode::Import && one.held_back.is_none());
    for one in held.iter().filter(|one| !one.remembered) {
        let mut found = finding_of(&object, &one.change(store, &declared.at));
        if let Some(why) = &one.held_back {
            found.found = Shown::text(format!("absent, and not imported: {why}"));
        }
        plan.findings.push(found);
    }
    plan.steps.extend(steps(inputs, declared, node, (&object, store), good));
}

/// One step with the way that the node offers; what a person has to delete first goes to a person whatever the way.
fn steps(
    inputs: Inputs<'_>,
    declared: &Certificates,
    node: &NodeSeen,
    (object, store): (&Object, &str),
    missing: Vec<Missing>,
) -> Vec<Step> {
    let way = way(node, store, &declared.via);
    let person = declared.via.contains(&ImportWay::Operator);
    let (by_hand, by_tool): (Vec<_>, Vec<_>) =
        missing.into_iter().partition(|one| person && (way == Way::Operator || one.gives_no_way()));
    let mut steps = Vec::new();
    for (missing, way) in [(by_tool, way), (by_hand, Way::Operator)] {
        if missing.is_empty() {
            continue;
        }
        let changes = missing.iter().map(|one| one.change(store, &declared.at)).collect();
        let mut state = StepState::Planned;
        let call = match way {
            Way::Rest(name) => Call::Platform(PlatformCall::ImportByRest(name)),
            Way::Shell => Call::Platform(PlatformCall::ImportByShell("tomcat")),
            Way::Operator => {
                Call::Operator(operator::finish(inputs, by_hand_step(node, store, &missing)))
            }
            Way::None(why) => {
                state = StepState::Deferred(format!("no way of certificates.via works: {why}"));
                Call::Platform(PlatformCall::ImportByRest(store.to_owned()))
            }
        };
        let remembered = missing.iter().all(|one| one.remembered);
        let basis = if remembered { Basis::Remembered } else { Basis::Observed };
        let step = Step::new(Kind::CertificateTrust, object.clone(), changes, call);
        steps.push(Step { basis, state, ..step });
    }
    steps
}

/// How a store is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    Rest(String),
    Shell,
    Operator,
    None(String),
}

/// The first way of the playbook that the node offers.
fn way(node: &NodeSeen, store: &str, via: &[ImportWay]) -> Way {
    let mut why = Vec::new();
    for way in via {
        match (way, &node.rest, &node.shell) {
            (ImportWay::Rest, Ok(name), _) => return Way::Rest(name.clone()),
            (ImportWay::Rest, Err(reason), _) => why.push(format!("rest: {reason}")),
            (ImportWay::Shell, _, Ok(())) if store == TOMCAT_TRUST => return Way::Shell,
            (ImportWay::Shell, _, Ok(())) => {}
            (ImportWay::Shell, _, Err(reason)) => why.push(format!("shell: {reason}")),
            (ImportWay::Operator, ..) => return Way::Operator,
        }
    }
    Way::None(why.join("; "))
}

fn by_hand_step(node: &NodeSeen, store: &str, missing: &[Missing]) -> OperatorStep {
    let host = node.endpoint.rsplit_once(':').map_or(node.endpoint.as_str(), |(host, _)| host);
    let mut entries = vec![format!("Certificate Purpose: {store}")];
    for one in missing {
        if let Some(old) = one.same_name.as_ref().filter(|_| one.gives_no_way()) {
            entries.push(format!(
                "delete first, or the upload changes nothing: {} ({})",
                old.common_name,
                old.fingerprint_text()
            ));
        }
        entries.push(format!(
            "Upload File: {} of the state folder, {}; compare {}",
            pem_file(one),
            one.certificate.subject,
            one.certificate.fingerprint_text()
        ));
    }
    let checked_by = if store == PHONE_TRUST {
        "reading CUCM's database; the files on single nodes only by their certificate interface"
    } else {
        "reading the store over the platform shell, where the account may"
    };
    OperatorStep {
        id: step_id(store, &node.name),
        console: format!(
            "https://{host}:8443/cmplatform > Security > Certificate Management > Upload Certificate/Certificate chain"
        ),
        entries,
        checked_by: checked_by.to_owned(),
        token: String::new(),
    }
}

/// One of the same name that is as young stays, whatever is uploaded.
fn stays(object: &Object, one: &Missing, store: &str, declared: &Certificates) -> Finding {
    let old = one.same_name.as_ref().map(|old| (old.fingerprint_text(), old.from.clone()));
    let (print, from) = old.unwrap_or_default();
    Finding {
        check: "trust-same-name",
        severity: Severity::Warning,
        object: object.clone(),
        field: format!("{store}: {}", one.certificate.common_name),
        expected: Shown::text(one.certificate.fingerprint_text()),
        found: Shown::text(format!("{print}, valid from {from}, which an upload does not replace")),
        declared: Some(declared.at.clone()),
    }
}

/// What could not be read, and what no interface tells.
fn unread(inputs: Inputs<'_>, declared: &Certificates, seen: &CertificatesSeen, plan: &mut Plan) {
    let mut say = |subject: String, reason: &str, not_checkable: bool, attested: Option<String>| {
        plan.not_checked.push(NotChecked {
            subject,
            reason: reason.to_owned(),
            not_checkable,
            attested,
        });
    };
    let when = |id: &str| inputs.observation.attested.get(id).map(|(_, when)| when.clone());
    for node in seen.finesse.iter().chain(&seen.cucm) {
        if let Err(why) = &node.presented {
            say(format!("certificate of {}", node.endpoint), why, false, None);
        }
    }
    for node in &seen.cucm {
        if let Held::NotRead(why) = &node.own {
            say(
                format!("certificate of CUCM node {} in the database", node.name),
                why,
                false,
                None,
            );
        }
    }
    if declared.finesse_tomcat_trust != TrustMode::Skip {
        for node in &seen.finesse {
            let subject = format!("{TOMCAT_TRUST} of Finesse node {}", node.name);
            match &node.held {
                Held::Known(_) => {}
                Held::NotRead(why) => say(subject, why, false, None),
                Held::CannotTell(why) => {
                    say(subject, why, true, when(&step_id(TOMCAT_TRUST, &node.name)));
                }
            }
        }
    }
    if declared.cucm_phone_trust != TrustMode::Skip {
        match &seen.phone_trust {
            Held::Known(_) => {}
            Held::NotRead(why) => {
                say(format!("{PHONE_TRUST} in CUCM's database"), why, false, None);
            }
            Held::CannotTell(why) => {
                say(format!("{PHONE_TRUST} in CUCM's database"), why, true, None);
            }
        }
        let mut silent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for node in &seen.cucm {
            match &node.held {
                Held::Known(_) => {}
                Held::NotRead(why) => {
                    say(format!("{PHONE_TRUST} on CUCM node {}", node.name), why, false, None);
                }
                Held::CannotTell(why) => silent.entry(why).or_default().push(&node.name),
            }
        }
        for (why, nodes) in silent {
            let reason = format!("the database is read, the files of the nodes are not: {why}");
            let attested = nodes.iter().find_map(|node| when(&step_id(PHONE_TRUST, node)));
            say(format!("files of {PHONE_TRUST} on {}", nodes.join(", ")), &reason, true, attested);
        }
    }
}

/// The imports of this plan on one Finesse node, and what they rest on.
pub(super) fn import_on(plan: &Plan, host: &str) -> Option<Basis> {
    let of = |step: &&Step| {
        step.kind == Kind::CertificateTrust
            && step.object.kind == ObjectKind::FinesseNode
            && step.object.name == host
    };
    plan.steps.iter().filter(of).map(|step| step.basis).min()
}

/// One reboot per CUCM node that has an import behind it or before it. It is a person's, unless the command line names
/// the node.
pub(super) fn reboots(inputs: Inputs<'_>, plan: &mut Plan) {
    let (Some(declared), Some(seen)) =
        (&inputs.deployment.certificates, &inputs.observation.certificates)
    else {
        return;
    };
    for node in &seen.cucm {
        let object = Object::new(ObjectKind::CucmNode, &node.name);
        let import = |step: &&Step| step.kind == Kind::CertificateTrust && step.object == object;
        let planned = plan.steps.iter().find(import).map(|step| step.basis);
        let owed = seen.memory.reboots.get(&node.name);
        let cause = owed.cloned().or_else(|| planned.map(|_| "certificates of Finesse".to_owned()));
        let Some(cause) = cause else { continue };
        let asked = inputs.reboot.iter().any(|name| name.eq_ignore_ascii_case(&node.name));
        let change = cucm_reboot::change(&declared.at);
        if declared.cucm_phone_trust != TrustMode::Import && !asked {
            plan.findings.extend(owed.map(|_| finding_of(&object, &change)));
            continue;
        }
        let call = if asked {
            Call::Platform(PlatformCall::Reboot)
        } else {
            Call::Operator(operator::finish(inputs, cucm_reboot::by_hand(&node.name, &cause)))
        };
        let disturbs = asked.then_some(Disturbance::Reboot).into_iter().collect();
        plan.steps.push(Step {
            basis: planned.unwrap_or(Basis::Remembered),
            disturbs,
            notes: if asked {
                cucm_reboot::GENTLER.map(str::to_owned).to_vec()
            } else {
                Vec::new()
            },
            ..Step::new(Kind::CucmReboot, object, vec![change], call)
        });
    }
}
