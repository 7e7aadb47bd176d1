//! What was looked at while planning: the nodes, the devices that exist, and the certificates that were shown. Evidence, not drift.

use compact_str::CompactString;

use super::ObjectKind;

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedAt {
    /// CUCM nodes beside the publisher, as CUCM lists them; Finesse nodes are the playbook's.
    pub cucm_nodes: Vec<String>,
    /// Hosts that did not answer, with why.
    pub silent: Vec<(String, String)>,
    /// Roster devices that the cluster does not have.
    pub absent: Vec<CompactString>,
    /// Roster devices that were compared.
    pub devices: Vec<CompactString>,
    /// Those on which nothing has to change.
    pub in_sync: Vec<CompactString>,
    /// Certificates that nodes presented.
    pub certificates: Vec<ShownCertificate>,
}

/// A certificate as a node presents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCertificate {
    /// CUCM or Finesse node.
    pub kind: ObjectKind,
    /// The node.
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
