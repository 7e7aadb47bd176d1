//! Certificates and nodes for tests.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use super::{CertificatesSeen, Held, NodeSeen};
use crate::clients::certificate::Certificate;
use crate::clients::tls::Presented;
use crate::playbook::Location;

/// Now, in these tests.
pub(crate) const NOW: i64 = 1_750_000_000;
const DAY: i64 = 24 * 60 * 60;

fn params(name: &str, from: i64) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let at = |seconds| time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    params.not_before = at(NOW + from * DAY);
    params.not_after = at(NOW + (from + 365) * DAY);
    params
}

/// A self-signed certificate, valid from so many days from now for a year.
pub(crate) fn own(name: &str, from: i64) -> Certificate {
    let made = params(name, from).self_signed(&KeyPair::generate().unwrap()).unwrap();
    Certificate::from_der(made.der()).unwrap()
}

/// A certificate and the authority that signed it.
pub(crate) fn signed(name: &str) -> (Certificate, Certificate) {
    let key = KeyPair::generate().unwrap();
    let mut root = params("Example Root CA", -30);
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = Certificate::from_der(root.self_signed(&key).unwrap().der()).unwrap();
    let issuer = Issuer::new(root, key);
    let leaf = params(name, -1).signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
    (Certificate::from_der(leaf.der()).unwrap(), authority)
}

/// A node that presents this and can be read in no other way.
pub(crate) fn node(name: &str, leaf: &Certificate) -> NodeSeen {
    let declared = Location { file: Arc::from("site.yaml"), line: 1, column: 1 };
    NodeSeen {
        name: name.to_owned(),
        endpoint: format!("{name}:8445"),
        presented: Ok(Presented {
            leaf: leaf.clone(),
            others: Vec::new(),
            vouched: false,
            distrust: None,
        }),
        ecdsa: None,
        own: Held::default(),
        held: Held::default(),
        rest: Err("no".to_owned()),
        shell: Err("no".to_owned()),
        verification: None,
        trusts_all: None,
        declared,
    }
}

/// One node of each kind, and a Phone-trust that holds this.
pub(crate) fn seen(
    finesse: &Certificate,
    cucm: &Certificate,
    phone_trust: &[Certificate],
) -> CertificatesSeen {
    CertificatesSeen {
        now: NOW,
        finesse: vec![node("fin-a", finesse)],
        cucm: vec![node("cucm-pub", cucm)],
        phone_trust: Held::Known(phone_trust.to_vec()),
        ..CertificatesSeen::default()
    }
}
