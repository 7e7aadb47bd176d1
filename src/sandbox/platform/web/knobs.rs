//! Switches of the web services: which there are, and what no source tells.

use serde::{Deserialize, Serialize};

use super::Reply;

/// Whether a service is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// It works.
    Works,
    /// 404.
    Absent,
    /// 403, whoever asks.
    Refused,
}

impl Service {
    /// The answer of a service that does not work.
    pub fn refusal(self) -> Option<Reply> {
        match self {
            Self::Works => None,
            Self::Absent => Some(Reply::bare(404)),
            Self::Refused => Some(Reply::bare(403)),
        }
    }
}

/// The form of `GET …/trust/certificates` (facts/vos.md section 4: both are seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustAnswer {
    /// An array.
    Array,
    /// An object with `certificates`.
    Object,
}

/// What Control Center makes of `NodeName` (section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeName {
    /// It must be this node's own, by its short or its full name.
    Own,
    /// It is not looked at.
    Ignored,
    /// It must be empty.
    Empty,
}

/// All switches of a node's web services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebKnobs {
    /// Certificate REST on Finesse; CUCM has it from 14.
    pub finesse_certificates: Service,
    /// What it calls Phone-trust on CUCM; none: it does not name it.
    pub phone_trust: Option<String>,
    /// Form of its list of trusted certificates.
    pub trust_answer: TrustAnswer,
    /// It has DELETE.
    pub certificate_delete: bool,
    /// PAWS on Finesse; CUCM has it.
    pub finesse_paws: Service,
    /// Control Center on Finesse; CUCM has it.
    pub finesse_control_center: Service,
    /// What Control Center makes of `NodeName`.
    pub node_name: NodeName,
}

/// No document lists any of it for Finesse.
impl Default for WebKnobs {
    fn default() -> Self {
        Self {
            finesse_certificates: Service::Absent,
            phone_trust: Some("Phone".to_owned()),
            trust_answer: TrustAnswer::Array,
            certificate_delete: false,
            finesse_paws: Service::Absent,
            finesse_control_center: Service::Absent,
            node_name: NodeName::Own,
        }
    }
}
