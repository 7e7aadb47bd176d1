//! Certificates in trust stores: CUCM's in tomcat-trust of each Finesse node, those of Finesse in Phone-trust of each CUCM
//! node. Compared by SHA-256, never by name.
//!
//! Phones ask CUCM for the very certificate that Finesse presents, so its authority alone does not do there (Cisco
//! tech-note 118699, CUCM Security Guide 12.5(1)). Finesse follows a chain.

#[cfg(test)]
#[cfg(feature = "sandbox")]
pub(crate) mod samples;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::certificate::Certificate;
use crate::clients::tls::Presented;
use crate::plan::{Change, Shown};
use crate::playbook::Location;

/// Name of Finesse's store, as the console has it.
pub const TOMCAT_TRUST: &str = "tomcat-trust";
/// Name of CUCM's store for what phones meet, as the console has it.
pub const PHONE_TRUST: &str = "Phone-trust";

/// Everything that was read of certificates.
#[derive(Debug, Clone, Default)]
pub struct CertificatesSeen {
    /// Now, in seconds since 1970.
    pub now: i64,
    /// The Finesse nodes, the primary first.
    pub finesse: Vec<NodeSeen>,
    /// CUCM's nodes, without those that the playbook leaves out.
    pub cucm: Vec<NodeSeen>,
    /// What CUCM's database has in Phone-trust, or why that is not known.
    pub phone_trust: Held,
    /// The certificates of the playbook's CA files.
    pub authorities: Vec<Certificate>,
    /// What is remembered.
    pub memory: Memory,
}

/// What the state folder remembers of certificates.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Imports into Phone-trust that were begun: fingerprints by CUCM node.
    pub imports: BTreeMap<String, BTreeSet<String>>,
    /// CUCM nodes not rebooted since an import, with what asked for it.
    pub reboots: BTreeMap<String, String>,
    /// Fingerprints of certificates when they were met last, by endpoint.
    pub known: BTreeMap<String, String>,
}

/// One node, Finesse or CUCM.
#[derive(Debug, Clone)]
pub struct NodeSeen {
    /// Its name: Finesse's host as the playbook has it, CUCM's as CUCM lists it.
    pub name: String,
    /// Where its certificate is presented.
    pub endpoint: String,
    /// What a handshake shows, or why there is none.
    pub presented: Result<Presented, String>,
    /// Whether it has an ECDSA certificate; `None` when that is not known.
    pub ecdsa: Option<bool>,
    /// CUCM: its own certificates by the database, or why they are not known.
    pub own: Held,
    /// Finesse: tomcat-trust on this node. CUCM: Phone-trust on this node, beside the database.
    pub held: Held,
    /// The store's name at the certificate REST interface, or why it cannot be used.
    pub rest: Result<String, String>,
    /// The shell can be used for imports, or why not.
    pub shell: Result<(), String>,
    /// CUCM: whether the Trust Verification Service can be reached; `None` when nobody looked.
    pub verification: Option<Result<(), String>>,
    /// Finesse: takes any certificate; `None` when the node does not tell.
    pub trusts_all: Option<bool>,
    /// Where the playbook speaks of it.
    pub declared: Location,
}

/// What a store holds.
#[derive(Debug, Clone)]
pub enum Held {
    /// These.
    Known(Vec<Certificate>),
    /// A read that should have worked did not, and why.
    NotRead(String),
    /// No interface tells it here, and why.
    CannotTell(String),
}

impl Default for Held {
    fn default() -> Self {
        Self::CannotTell("it was not read".to_owned())
    }
}

impl Held {
    /// What it holds, where that is known.
    pub fn known(&self) -> Option<&[Certificate]> {
        match self {
            Self::Known(held) => Some(held),
            Self::NotRead(_) | Self::CannotTell(_) => None,
        }
    }
}

impl NodeSeen {
    /// The certificate that others have to trust. CUCM's is the database's where that is known: it came over a
    /// connection that was checked. The second part says why a presented one may not be taken.
    pub fn certificate(&self) -> Option<(&Certificate, Option<&str>)> {
        let presented = self.presented.as_ref().ok();
        if let Some(own) = self.own.known().filter(|own| !own.is_empty()) {
            let served = presented.and_then(|seen| own.iter().find(|one| **one == seen.leaf));
            return served.or_else(|| own.first()).map(|own| (own, None));
        }
        let seen = presented?;
        Some((&seen.leaf, seen.distrust.as_ref().map(|distrust| distrust.why.as_str())))
    }
}

/// A certificate that a store lacks.
#[derive(Debug, Clone)]
pub struct Missing {
    /// The certificate.
    pub certificate: Certificate,
    /// Whose it is; several nodes may have one.
    pub of: Vec<String>,
    /// The check it answers to.
    pub check: &'static str,
    /// One of the same name that the store holds; it gives way only to a younger one.
    pub same_name: Option<Certificate>,
    /// Why it is not imported.
    pub held_back: Option<String>,
    /// It is only remembered, or cannot be known, that it is missing.
    pub remembered: bool,
}

impl Missing {
    /// Whether the certificate of the same name would stay, and the import change nothing (CUCM Security Guide 12.5(1)).
    pub fn gives_no_way(&self) -> bool {
        let younger = |old: &Certificate| self.certificate.not_before > old.not_before;
        self.same_name.as_ref().is_some_and(|old| !younger(old))
    }

    /// The change that puts it into the store.
    pub fn change(&self, store: &str, declared: &Location) -> Change {
        let before = match &self.same_name {
            Some(old) => Shown::text(format!("another of this name: {}", old.fingerprint_text())),
            None if self.remembered => Shown::text("cannot tell"),
            None => Shown::Absent,
        };
        Change {
            field: format!("{store}: certificate of {}", self.of.join(", ")),
            before,
            after: Shown::text(self.certificate.fingerprint_text()),
            check: self.check,
            declared: declared.clone(),
        }
    }
}

/// Whether a store vouches for a certificate by a chain: it, or an authority above it, is held.
pub fn vouched(held: &[Certificate], certificate: &Certificate) -> bool {
    let mut at = certificate;
    // A chain is short; one that bites its own tail ends too.
    for _ in 0..8 {
        if held.contains(at) {
            return true;
        }
        if at.self_signed {
            return false;
        }
        let Some(issuer) = held.iter().find(|one| one.subject == at.issuer) else { return false };
        at = issuer;
    }
    false
}

fn same_name<'a>(held: &'a [Certificate], new: &Certificate) -> Option<&'a Certificate> {
    held.iter().find(|one| {
        **one != *new && !new.common_name.is_empty() && one.common_name == new.common_name
    })
}

/// What tomcat-trust of a Finesse node lacks of CUCM's certificates; `None` when it cannot be told and nobody has
/// attested it. `attested` are the fingerprints that somebody says are there.
pub fn lacking_in_tomcat_trust(
    seen: &CertificatesSeen,
    node: &NodeSeen,
    attested: &BTreeSet<String>,
) -> Vec<Missing> {
    let held = match &node.held {
        Held::Known(held) => Some(held.as_slice()),
        Held::CannotTell(_) => None,
        // A failed read is no ground for a write.
        Held::NotRead(_) => return Vec::new(),
    };
    let wanted = seen.cucm.iter().filter_map(|cucm| Some((cucm, cucm.certificate()?)));
    let missing = wanted.filter_map(|(cucm, (certificate, distrust))| {
        let there = match held {
            Some(held) => vouched(held, certificate),
            None => attested.contains(&certificate.fingerprint_text()),
        };
        (!there).then(|| Missing {
            certificate: certificate.clone(),
            of: vec![cucm.name.clone()],
            check: "tomcat-trust-lacks-cucm",
            same_name: held.and_then(|held| same_name(held, certificate)).cloned(),
            held_back: held_back(seen.now, certificate, distrust),
            remembered: held.is_none(),
        })
    });
    merged(missing)
}

/// What Phone-trust lacks of the certificates of Finesse, as far as this CUCM node is concerned: by the database, by the
/// node's own word, or by what is remembered of an import that was begun.
pub fn lacking_in_phone_trust(seen: &CertificatesSeen, node: &NodeSeen) -> Vec<Missing> {
    let Held::Known(database) = &seen.phone_trust else { return Vec::new() };
    let begun = seen.memory.imports.get(&node.name);
    let wanted = seen.finesse.iter().filter_map(|finesse| Some((finesse, finesse.certificate()?)));
    let missing = wanted.filter_map(|(finesse, (certificate, distrust))| {
        let in_database = database.contains(certificate);
        let on_node = node.held.known().map(|held| held.contains(certificate));
        let owed = on_node.is_none()
            && begun.is_some_and(|begun| begun.contains(&certificate.fingerprint_text()));
        let observed = !in_database || on_node == Some(false);
        let authority = |held: &[Certificate]| {
            !certificate.self_signed && held.iter().any(|one| one.subject == certificate.issuer)
        };
        (observed || owed).then(|| Missing {
            certificate: certificate.clone(),
            of: vec![finesse.name.clone()],
            check: if !in_database && authority(database) {
                "phone-trust-only-ca"
            } else {
                "phone-trust-lacks-finesse"
            },
            same_name: same_name(node.held.known().unwrap_or(database), certificate).cloned(),
            held_back: held_back(seen.now, certificate, distrust),
            remembered: !observed,
        })
    });
    merged(missing)
}

fn held_back(now: i64, certificate: &Certificate, distrust: Option<&str>) -> Option<String> {
    if certificate.not_after < now {
        return Some(format!("it has expired on {}", certificate.until));
    }
    distrust.map(|why| format!("it is not trusted here ({why}): compare it, then pin it"))
}

/// One entry per certificate.
fn merged(missing: impl Iterator<Item = Missing>) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    for one in missing {
        match all.iter_mut().find(|known| known.certificate == one.certificate) {
            Some(known) => known.of.extend(one.of),
            None => all.push(one),
        }
    }
    all
}
