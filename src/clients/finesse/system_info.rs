//! `SystemInfo`: what a node says of itself. Releases differ in what they say; what is absent is told from what is empty.

use crate::clients::xml::Element;
use crate::playbook::Endpoint;

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemInfo {
    /// Whether it is in service.
    pub status: NodeStatus,
    /// Why not, in its own words.
    pub status_reason: Option<String>,
    /// The connection to the contact center.
    pub heartbeat: Heartbeat,
    /// How users sign in; `None` when not said.
    pub auth_mode: Option<AuthMode>,
    /// `UCCE` or `UCCX`.
    pub deployment_type: Option<String>,
    /// The primary node.
    pub primary: Option<Endpoint>,
    /// The secondary node; `None` on a single node, however that is written.
    pub secondary: Option<Endpoint>,
    /// Finesse maintenance mode, when it is on.
    pub finesse_maintenance: Option<Maintenance>,
    /// Maintenance mode of the contact center's gateway, when it is on.
    pub cti_maintenance: Option<Maintenance>,
    /// The node's clock, GMT, as it writes it.
    pub timestamp: Option<String>,
}

/// Whether a node is in service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeStatus {
    /// `IN_SERVICE`.
    InService,
    /// `OUT_OF_SERVICE`.
    OutOfService,
    /// Another word.
    Other(String),
}

/// The last heartbeat between Finesse and the contact center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heartbeat {
    /// It went well.
    Success,
    /// It did not: the word said instead, which may be empty.
    Failure(String),
    /// This release does not tell.
    NotTold,
}

/// How users sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthMode {
    /// All by single sign-on: IP phone agents cannot work.
    Sso,
    /// All by password.
    NonSso,
    /// Some by one and some by the other.
    Hybrid,
    /// Another word.
    Other(String),
}

impl AuthMode {
    /// Case, `-` and `_` do not count: texts and answers spell it differently.
    pub fn read(text: &str) -> Self {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_uppercase().as_str() {
            "SSO" => Self::Sso,
            "NONSSO" => Self::NonSso,
            "HYBRID" => Self::Hybrid,
            _ => Self::Other(text.trim().chars().filter(|c| !c.is_control()).take(40).collect()),
        }
    }
}

/// A maintenance mode that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// The node's word for how far it is, e.g. `IN_PROGRESS`.
    pub word: String,
    /// For how long.
    pub seconds: i64,
}

impl SystemInfo {
    /// From a `SystemInfo` element; an error names what is missing.
    pub(super) fn read(root: &Element) -> Result<Self, &'static str> {
        let text = |name| root.loose_text(name).map(str::to_owned);
        let status = match text("status").ok_or("it has no status")?.as_str() {
            "IN_SERVICE" => NodeStatus::InService,
            "OUT_OF_SERVICE" => NodeStatus::OutOfService,
            other => NodeStatus::Other(other.to_owned()),
        };
        let heartbeat = match root.loose("lastCTIHeartbeatStatus").map(Element::value) {
            None => Heartbeat::NotTold,
            Some(word) if word.trim().eq_ignore_ascii_case("success") => Heartbeat::Success,
            Some(word) => Heartbeat::Failure(word.trim().to_owned()),
        };
        let primary = node(root, "primaryNode");
        let same = |secondary: &Endpoint| {
            primary.as_ref().is_none_or(|primary| primary.host != secondary.host)
        };
        Ok(Self {
            status,
            status_reason: text("statusReason"),
            heartbeat,
            auth_mode: root.loose_text("systemAuthMode").map(AuthMode::read),
            deployment_type: text("deploymentType"),
            secondary: node(root, "secondaryNode").filter(same),
            primary,
            finesse_maintenance: maintenance(root, "finesseMMode", "finesseTimeInMMode"),
            cti_maintenance: maintenance(root, "ctiMMode", "ctiTimeInMMode"),
            timestamp: text("currentTimestamp"),
        })
    }

    /// In service, and the contact center answers where the release tells: the desktop's own rule.
    pub fn healthy(&self) -> bool {
        self.status == NodeStatus::InService
            && matches!(self.heartbeat, Heartbeat::Success | Heartbeat::NotTold)
    }

    /// Either maintenance mode: nothing is to be restarted while one is on, on either node.
    pub fn in_maintenance(&self) -> bool {
        self.finesse_maintenance.is_some() || self.cti_maintenance.is_some()
    }
}

/// Host in lower case; the documented port where none is said.
fn node(root: &Element, name: &str) -> Option<Endpoint> {
    let node = root.loose(name)?;
    let host = node.loose_text("host")?.to_ascii_lowercase();
    let port = node.loose_text("httpsPort").and_then(|port| port.parse().ok()).unwrap_or(8445);
    Some(Endpoint { host, port })
}

/// On when there is a word and a time that is not negative. A word without a readable time counts as on: the other
/// mistake would be a restart in the middle of it.
fn maintenance(root: &Element, word: &str, time: &str) -> Option<Maintenance> {
    let word = root.loose_text(word)?.to_owned();
    let seconds = root.loose_text(time).and_then(|time| time.parse().ok()).unwrap_or(0);
    (seconds >= 0).then_some(Maintenance { word, seconds })
}

#[cfg(test)]
mod tests {
    use super::{AuthMode, Heartbeat, NodeStatus, SystemInfo};
    use crate::clients::xml::Element;

    const LONG: &str = "<SystemInfo><currentTimestamp>2026-01-31T09:00:00.000Z</currentTimestamp>\
        <deploymentType>UCCE</deploymentType><lastCTIHeartbeatStatus>success</lastCTIHeartbeatStatus>\
        <lastSuccessCTIHeartbeatTime/><ctiMMode/><ctiTimeInMMode>-1</ctiTimeInMMode><finesseMMode/>\
        <finesseTimeInMMode>-1</finesseTimeInMMode><license/><primaryNode><host>FIN-A.example.com</host>\
        <httpsPort>8445</httpsPort><xmppPort/></primaryNode><secondaryNode><host>fin-b.example.com</host>\
        <httpsPort>8446</httpsPort></secondaryNode><status>IN_SERVICE</status><statusReason/>\
        <systemAuthMode>NON_SSO</systemAuthMode><uri>/finesse/api/SystemInfo</uri>\
        <ctiServers><ctiServer><host/></ctiServer></ctiServers></SystemInfo>";
    const SHORT: &str = "<SystemInfo><currentTimeStamp>2018-05-16T12:00:00.0Z</currentTimeStamp>\
        <primaryNode><host>fin-a.example.com</host></primaryNode><secondaryNode><host/></secondaryNode>\
        <status>IN_SERVICE</status><systemAuthMode>non-sso</systemAuthMode></SystemInfo>";

    fn read(text: &str) -> SystemInfo {
        SystemInfo::read(&Element::parse(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn long_and_short_forms() {
        let long = read(LONG);
        assert!(long.healthy() && !long.in_maintenance());
        assert_eq!(long.primary.unwrap().to_string(), "fin-a.example.com:8445");
        assert_eq!(long.secondary.unwrap().to_string(), "fin-b.example.com:8446");
        assert_eq!(long.auth_mode, Some(AuthMode::NonSso));
        assert_eq!(long.timestamp.as_deref(), Some("2026-01-31T09:00:00.000Z"));
        assert_eq!((long.status_reason, long.deployment_type.as_deref()), (None, Some("UCCE")));

        let short = read(SHORT);
        assert_eq!((&short.heartbeat, short.healthy()), (&Heartbeat::NotTold, true));
        assert_eq!(short.timestamp.as_deref(), Some("2018-05-16T12:00:00.0Z"));
        assert_eq!(short.auth_mode, Some(AuthMode::NonSso));
        assert_eq!(short.secondary, None);
    }

    #[test]
    fn a_single_node_absent_empty_or_equal() {
        let with =
            |secondary: &str| SHORT.replace("<secondaryNode><host/></secondaryNode>", secondary);
        for secondary in [
            "",
            "<secondaryNode/>",
            "<secondaryNode><host> </host></secondaryNode>",
            "<secondaryNode><host>Fin-A.EXAMPLE.com</host></secondaryNode>",
        ] {
            assert_eq!(read(&with(secondary)).secondary, None, "{secondary}");
        }
        assert!(read(&with("<secondaryNode><host>b</host></secondaryNode>")).secondary.is_some());
    }

    #[test]
    fn what_is_not_healthy() {
        let failed = LONG.replace(">success<", ">failure<");
        assert!(!read(&failed).healthy());
        assert!(!read(&LONG.replace(">success<", "><")).healthy(), "said, but not success");
        let out = read(&LONG.replace(">IN_SERVICE<", ">OUT_OF_SERVICE<"));
        assert_eq!((&out.status, out.healthy()), (&NodeStatus::OutOfService, false));
        assert!(!read(&LONG.replace(">IN_SERVICE<", ">PARTIAL<")).healthy());
        let none = Element::parse(b"<SystemInfo/>").unwrap();
        assert!(SystemInfo::read(&none).is_err());
    }

    #[test]
    fn maintenance_needs_word_and_time() {
        let on = |word: &str, time: &str| {
            let text = LONG
                .replace("<finesseMMode/>", &format!("<finesseMMode>{word}</finesseMMode>"))
                .replace("<finesseTimeInMMode>-1<", &format!("<finesseTimeInMMode>{time}<"));
            read(&text).finesse_maintenance
        };
        assert_eq!(on("IN_PROGRESS", "0").unwrap().word, "IN_PROGRESS");
        assert_eq!(on("COMPLETED", "7200").unwrap().seconds, 7200);
        assert!(on("IN_PROGRESS", "").is_some(), "no time told");
        assert!(on("FAILED", "-1").is_none() && on("", "5").is_none());
        let cti = LONG
            .replace("<ctiMMode/>", "<ctiMMode>INITIATING</ctiMMode>")
            .replace("<ctiTimeInMMode>-1<", "<ctiTimeInMMode>3<");
        assert!(read(&cti).in_maintenance());
    }

    #[test]
    fn modes_are_spelled_in_many_ways() {
        for (text, mode) in [
            ("SSO", AuthMode::Sso),
            ("sso", AuthMode::Sso),
            ("NON_SSO", AuthMode::NonSso),
            ("non-SSO", AuthMode::NonSso),
            ("Hybrid", AuthMode::Hybrid),
            ("other", AuthMode::Other("other".to_owned())),
        ] {
            assert_eq!(AuthMode::read(text), mode, "{text}");
        }
    }
}
