//! Checks of certificates, beside what trust stores lack: names, time, chains, kinds of keys, and what has changed.

use crate::clients::certificate::Certificate;
use crate::lint;
use crate::plan::{Finding, Object, ObjectKind, Plan, Severity, Shown};
use crate::planner::build::Inputs;
use crate::playbook::{Certificates, TrustMode};
use crate::resources::certificate_trust::{CertificatesSeen, Held, NodeSeen, vouched};

const DAY: i64 = 24 * 60 * 60;

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    let (Some(declared), Some(seen)) =
        (&inputs.deployment.certificates, &inputs.observation.certificates)
    else {
        return;
    };
    let days = inputs.deployment.checks.certificate_days;
    let phones = declared.cucm_phone_trust != TrustMode::Skip;
    for node in &seen.finesse {
        let at = At { kind: ObjectKind::FinesseNode, node };
        plan.findings.extend(unreadable(at));
        plan.findings.extend(name(at, inputs));
        plan.findings.extend(chain(at, seen));
        plan.findings.extend(time(at, seen.now, days));
        plan.findings.extend(changed(at, seen, phones));
        plan.findings.extend(key_type(at, &seen.cucm));
        plan.findings.extend(peer(at, &seen.finesse, declared));
        plan.findings.extend(trusts_all(at));
    }
    for node in &seen.cucm {
        let at = At { kind: ObjectKind::CucmNode, node };
        plan.findings.extend(unreadable(at));
        plan.findings.extend(chain(at, seen));
        plan.findings.extend(time(at, seen.now, days));
        plan.findings.extend(not_the_stored_one(at));
        plan.findings.extend(verification(at));
    }
}

/// A node as what a finding is about.
#[derive(Clone, Copy)]
struct At<'a> {
    kind: ObjectKind,
    node: &'a NodeSeen,
}

impl At<'_> {
    fn finding(
        self,
        check: &'static str,
        field: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Finding {
        Finding {
            check,
            severity: lint::check(check).map_or(Severity::Error, |check| check.severity),
            object: Object::new(self.kind, &self.node.name),
            field: field.into(),
            expected: Shown::text(expected),
            found: Shown::text(found),
            declared: Some(self.node.declared.clone()),
        }
    }

    fn leaf(&self) -> Option<&Certificate> {
        self.node.presented.as_ref().ok().map(|shown| &shown.leaf)
    }

    fn place(&self) -> String {
        format!("certificate on {}", self.node.endpoint)
    }
}

fn unreadable(at: At<'_>) -> Option<Finding> {
    let why = at.node.presented.as_ref().err()?;
    Some(at.finding("certificate-unreadable", at.place(), "one that can be read", why))
}

/// The names that phones meet: the host in the service URLs.
fn name(at: At<'_>, inputs: Inputs<'_>) -> Option<Finding> {
    let leaf = at.leaf()?;
    let finesse = &inputs.deployment.finesse;
    let mut nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    let host = &nodes.find(|node| node.api.host == at.node.name)?.service_host;
    let names = if leaf.names.is_empty() { &leaf.subject } else { &leaf.names.join(", ") };
    (!leaf.covers(host))
        .then(|| at.finding("certificate-name", "names", format!("{host}, as in the URLs"), names))
}

/// Who is to trust a certificate by its authority needs every intermediate authority's: the server has to send them. A pin
/// says nothing about that.
fn chain(at: At<'_>, seen: &CertificatesSeen) -> Option<Finding> {
    let shown = at.node.presented.as_ref().ok()?;
    if shown.leaf.self_signed {
        return None;
    }
    let stores = seen.finesse.iter().chain(&seen.cucm).map(|node| &node.held);
    let known: Vec<&Certificate> = stores
        .chain([&seen.phone_trust])
        .filter_map(Held::known)
        .flatten()
        .chain(&seen.authorities)
        .chain(&shown.others)
        .collect();
    let sent = |one: &Certificate| shown.others.contains(one);
    let mut last = &shown.leaf;
    for _ in 0..8 {
        let Some(issuer) = known.iter().find(|one| one.subject == last.issuer) else { break };
        if issuer.self_signed {
            return None;
        }
        if !sent(issuer) {
            let found = format!("{} is not sent", issuer.subject);
            return Some(at.finding(
                "certificate-chain",
                "chain",
                "every intermediate sent",
                found,
            ));
        }
        last = issuer;
    }
    // The root is seldom sent, and nobody here may have it: an intermediate that was sent leads to it. Of the platform's
    // roots, whose names are not kept, one has vouched where the way ends at the leaf.
    if *last != shown.leaf || shown.vouched {
        return None;
    }
    let found =
        format!("{} signed it, is not sent, and nothing that was read knows it", last.issuer);
    Some(at.finding("certificate-chain", "chain", "every intermediate sent", found))
}

fn time(at: At<'_>, now: i64, days: u32) -> Option<Finding> {
    let (one, _) = at.node.certificate()?;
    if one.not_after < now {
        return Some(at.finding("certificate-expired", "end", "not past", &one.until));
    }
    if one.not_before > now {
        return Some(at.finding(
            "certificate-expired",
            "beginning",
            "not in the future",
            &one.from,
        ));
    }
    (one.not_after - now < i64::from(days) * DAY).then(|| {
        let expected = format!("more than {days} days away");
        at.finding("certificate-expiring", "end", expected, &one.until)
    })
}

/// Another certificate than the pinned one, than the one of the last run, or than the one of this name that phones are
/// told to trust; silent as soon as phones are told to trust this one.
fn changed(at: At<'_>, seen: &CertificatesSeen, phones: bool) -> Option<Finding> {
    let shown = at.node.presented.as_ref().ok()?;
    let print = shown.leaf.fingerprint_text();
    let differs = |from: &str, other: String| {
        let expected = format!("{other}, {from}");
        Some(at.finding("certificate-changed", at.place(), expected, print.clone()))
    };
    if shown.distrust.as_ref().is_some_and(|distrust| distrust.changed) {
        return differs("as pinned", "another".to_owned());
    }
    let held = seen.phone_trust.known().filter(|_| phones).unwrap_or_default();
    if held.contains(&shown.leaf) {
        return None;
    }
    if let Some(known) = seen.memory.known.get(&at.node.endpoint).filter(|known| **known != print) {
        return differs("as of the last run", known.clone());
    }
    let named = |one: &&Certificate| {
        !one.common_name.is_empty() && one.common_name == shown.leaf.common_name
    };
    held.iter().find(named).and_then(|old| differs("as in Phone-trust", old.fingerprint_text()))
}

/// CUCM shows another certificate than its database has.
fn not_the_stored_one(at: At<'_>) -> Option<Finding> {
    let shown = at.node.presented.as_ref().ok()?;
    let print = shown.leaf.fingerprint_text();
    if shown.distrust.as_ref().is_some_and(|distrust| distrust.changed) {
        return Some(at.finding("certificate-changed", at.place(), "the pinned one", print));
    }
    let own = at.node.own.known().filter(|own| !own.is_empty())?;
    (!own.contains(&shown.leaf)).then(|| {
        let expected =
            own.iter().map(Certificate::fingerprint_text).collect::<Vec<_>>().join(" or ");
        let expected = format!("{expected}, as in the database");
        at.finding("certificate-changed", at.place(), expected, print)
    })
}

fn key_type(at: At<'_>, cucm: &[NodeSeen]) -> Option<Finding> {
    let without: Vec<&str> = cucm
        .iter()
        .filter(|node| node.ecdsa == Some(false))
        .map(|node| node.name.as_str())
        .collect();
    (at.node.ecdsa == Some(true) && !without.is_empty()).then(|| {
        let expected = format!("RSA alone, as on {}", without.join(", "));
        at.finding("certificate-key-type", "key types", expected, "ECDSA too")
    })
}

fn peer(at: At<'_>, nodes: &[NodeSeen], declared: &Certificates) -> Vec<Finding> {
    let Some(held) = at.node.held.known() else { return Vec::new() };
    if declared.finesse_tomcat_trust == TrustMode::Skip {
        return Vec::new();
    }
    let others = nodes.iter().filter(|other| other.name != at.node.name);
    let missing = others.filter_map(|other| {
        let leaf = &other.presented.as_ref().ok()?.leaf;
        let field = format!("tomcat-trust: certificate of {}", other.name);
        (!vouched(held, leaf)).then(|| {
            at.finding("finesse-peer-certificate", field, leaf.fingerprint_text(), "absent")
        })
    });
    missing.collect()
}

fn trusts_all(at: At<'_>) -> Option<Finding> {
    let field = "trustAllCertificates";
    let all = at.node.trusts_all == Some(true);
    all.then(|| at.finding("finesse-trusts-all", field, "false", "true"))
}

fn verification(at: At<'_>) -> Option<Finding> {
    let why = at.node.verification.as_ref()?.as_ref().err()?;
    Some(at.finding("tvs-unreachable", "TCP 2445", "open", why))
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use super::{At, chain, changed, key_type, not_the_stored_one, time, verification};
    use crate::clients::tls::Distrust;
    use crate::plan::ObjectKind;
    use crate::resources::certificate_trust::samples::{NOW, node, own, seen, signed};
    use crate::resources::certificate_trust::{CertificatesSeen, Held};

    fn finesse(seen: &CertificatesSeen) -> At<'_> {
        At { kind: ObjectKind::FinesseNode, node: &seen.finesse[0] }
    }

    #[test]
    fn time_is_judged_from_both_ends() {
        let check = |from: i64, days: u32| {
            let node = node("fin-a", &own("fin-a", from));
            let at = At { kind: ObjectKind::FinesseNode, node: &node };
            time(at, NOW, days).map(|finding| finding.check)
        };
        assert_eq!(check(-1, 30), None);
        assert_eq!(check(-340, 30), Some("certificate-expiring"));
        assert_eq!(check(-340, 7), None);
        assert_eq!(check(-400, 30), Some("certificate-expired"));
        assert_eq!(check(2, 30), Some("certificate-expired"));
    }

    #[test]
    fn a_change_is_told_until_phones_trust_the_new_one() {
        let (old, new, cucm) = (own("fin-a", -30), own("fin-a", -1), own("cucm-pub", -1));
        let found = |seen: &CertificatesSeen| changed(finesse(seen), seen, true).is_some();
        assert!(
            found(&seen(&new, &cucm, std::slice::from_ref(&old))),
            "phones are told to trust another"
        );
        assert!(!found(&seen(&new, &cucm, &[])), "nobody knows it yet");
        let mut known = seen(&new, &cucm, &[]);
        known.memory.known.insert("fin-a:8445".to_owned(), old.fingerprint_text());
        assert!(found(&known), "it was another at the last run");
        known.phone_trust = Held::Known(vec![new.clone()]);
        assert!(!found(&known));
        let distrust = Distrust { changed: true, why: "another than the pin".to_owned() };
        known.finesse[0].presented.as_mut().unwrap().distrust = Some(distrust);
        assert!(found(&known), "a pin goes before everything");
        let mut stored = seen(&new, &cucm, &[]);
        stored.cucm[0].own = Held::Known(vec![cucm]);
        let at = At { kind: ObjectKind::CucmNode, node: &stored.cucm[0] };
        assert!(not_the_stored_one(at).is_none());
        stored.cucm[0].own = Held::Known(vec![old]);
        let at = At { kind: ObjectKind::CucmNode, node: &stored.cucm[0] };
        assert!(not_the_stored_one(at).is_some());
    }

    #[test]
    fn a_chain_is_complete_when_its_authority_is_known_or_trusted() {
        let (leaf, authority) = signed("fin-a");
        let cucm = own("cucm-pub", -1);
        let known = seen(&leaf, &cucm, &[authority]);
        assert!(chain(finesse(&known), &known).is_none());
        let mut unknown = seen(&leaf, &cucm, &[]);
        assert!(chain(finesse(&unknown), &unknown).is_some(), "a pin does not complete it");
        unknown.authorities = known.phone_trust.known().unwrap().to_vec();
        assert!(
            chain(finesse(&unknown), &unknown).is_none(),
            "a root signed it, and needs not be sent"
        );
        unknown.authorities.clear();
        unknown.finesse[0].presented.as_mut().unwrap().vouched = true;
        assert!(chain(finesse(&unknown), &unknown).is_none(), "the platform's roots vouch for it");
        unknown.finesse[0].presented.as_mut().unwrap().vouched = false;
        let distrust = Distrust { changed: false, why: "unknown".to_owned() };
        unknown.finesse[0].presented.as_mut().unwrap().distrust = Some(distrust);
        assert!(chain(finesse(&unknown), &unknown).is_some());
        let own = seen(&own("fin-a", -1), &cucm, &[]);
        assert!(chain(finesse(&own), &own).is_none(), "self-signed needs none");
    }

    #[test]
    fn kinds_of_keys_and_the_service_behind_trust() {
        let (fin, cucm) = (own("fin-a", -1), own("cucm-pub", -1));
        let mut all = seen(&fin, &cucm, &[]);
        (all.finesse[0].ecdsa, all.cucm[0].ecdsa) = (Some(true), Some(true));
        assert!(key_type(finesse(&all), &all.cucm).is_none());
        all.cucm[0].ecdsa = Some(false);
        assert!(key_type(finesse(&all), &all.cucm).is_some());
        let tvs = |seen: &CertificatesSeen| {
            verification(At { kind: ObjectKind::CucmNode, node: &seen.cucm[0] }).is_some()
        };
        assert!(!tvs(&all), "nobody looked");
        all.cucm[0].verification = Some(Ok(()));
        assert!(!tvs(&all));
        all.cucm[0].verification = Some(Err("refused".to_owned()));
        assert!(tvs(&all));
    }
}
