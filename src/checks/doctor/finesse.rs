//! What a Finesse node says of itself, against what the playbook says of it.

use std::net::IpAddr;

use crate::checks::sso::ModesSeen;
use crate::clients::finesse::{AuthMode, FinesseError, Heartbeat, NodeStatus, SystemInfo};
use crate::outcome::Outcome;

use super::{Area, Line, State};

/// One node as the playbook has it.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// Where its API is.
    pub host: &'a str,
    /// Its name in service URLs.
    pub service_host: &'a str,
}

impl Declared<'_> {
    /// Short and full name, and case, do not count.
    fn is(&self, other: &str) -> bool {
        [self.host, self.service_host].iter().any(|own| same(own, other))
    }
}

fn same(left: &str, right: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    left.eq_ignore_ascii_case(right)
        || ((!left.contains('.') || !right.contains('.')) && short(left) == short(right))
}

const WAIT: &str = "look at SystemInfo again in some minutes, then at utils service list in the node's platform shell and \
                    the connection to the contact center in Cisco Finesse Administration; restart nothing while the other \
                    node is out";

/// Everything that `SystemInfo` tells of the node at `host`; `nodes` are the playbook's, the primary first.
pub fn health(host: &str, info: &SystemInfo, nodes: &[Declared<'_>]) -> Vec<Line> {
    vec![service(host, info), identity(host, info, nodes), sign_in(host, info), mode(host, info)]
}

fn service(host: &str, info: &SystemInfo) -> Line {
    let subject = format!("{host} service");
    if info.healthy() {
        return Line::ok(Area::Finesse, subject, "IN_SERVICE");
    }
    let status = match &info.status {
        NodeStatus::InService => "IN_SERVICE",
        NodeStatus::OutOfService => "OUT_OF_SERVICE",
        NodeStatus::Other(word) => word,
    };
    let heart = match &info.heartbeat {
        Heartbeat::Failure(word) => format!(", heartbeat {word}"),
        Heartbeat::Success | Heartbeat::NotTold => String::new(),
    };
    let reason = info.status_reason.as_ref().map_or(String::new(), |why| format!(": {why}"));
    let seen = format!("{status}{heart}{reason}");
    Line::found(Area::Finesse, subject, "finesse-not-in-service", seen).fix(WAIT)
}

/// Whether what answers is the node that the playbook means.
fn identity(host: &str, info: &SystemInfo, nodes: &[Declared<'_>]) -> Line {
    let subject = format!("{host} identity");
    let Some(primary) = info.primary.as_ref().map(|node| node.host.as_str()) else {
        return Line::not_checkable(Area::Finesse, subject, "the node names no primary node");
    };
    let secondary = info.secondary.as_ref().map(|node| node.host.as_str());
    let told: Vec<&str> = std::iter::once(primary).chain(secondary).collect();
    let named = told.iter().any(|name| nodes.iter().any(|node| node.is(name)));
    let by_address = nodes.iter().all(|node| node.service_host.parse::<IpAddr>().is_ok());
    if !named && !by_address {
        let seen = format!("it says that the nodes are {}", told.join(" and "));
        return Line::found(Area::Finesse, subject, "finesse-behind-proxy", seen).fix(
            "put the nodes' own complete names into finesse.primary and finesse.secondary in the playbook: a reverse proxy \
             serves no IP phone agents",
        );
    }
    let expected = nodes.first().is_some_and(|first| first.is(primary));
    if !expected && !by_address {
        let seen = format!("it says that the primary is {primary}");
        return Line::found(Area::Finesse, subject, "finesse-primary-mismatch", seen)
            .fix("swap finesse.primary and finesse.secondary in the playbook");
    }
    Line::ok(Area::Finesse, subject, format!("primary {primary}"))
}

fn sign_in(host: &str, info: &SystemInfo) -> Line {
    let subject = format!("{host} sign-in mode");
    match &info.auth_mode {
        Some(AuthMode::Sso) => Line::found(Area::Finesse, subject, "sso-mode", "SSO").fix(
            "IP phone agents cannot sign in: set the mode to non-SSO or hybrid in the contact center's administration \
             (Single Sign-On), or use the desktop",
        ),
        Some(AuthMode::NonSso) => Line::ok(Area::Finesse, subject, "NON_SSO"),
        Some(AuthMode::Hybrid) => {
            Line::ok(Area::Finesse, subject, "HYBRID: for agents without single sign-on")
        }
        Some(AuthMode::Other(word)) => {
            let why = format!("the word {word} is not known");
            Line::not_checked(Area::Finesse, subject, why).under("sso-mode")
        }
        None => Line::not_checkable(Area::Finesse, subject, "the node does not say it"),
    }
}

/// The agents of a hybrid system.
pub fn sign_in_modes(asked: usize, modes: &ModesSeen, failed: Option<&FinesseError>) -> Vec<Line> {
    const SUBJECT: &str = "agents' sign-in";
    let mut lines = Vec::new();
    if !modes.sso.is_empty() {
        let ids: Vec<&str> = modes.sso.iter().map(String::as_str).collect();
        let seen = format!("by SSO: {}", ids.join(", "));
        lines.push(Line::found(Area::Finesse, SUBJECT, "agent-sso", seen).fix(
            "IPPA does not work for them: set these agents to non-SSO in the contact center's administration, or let them use \
             the desktop",
        ));
    }
    if let Some(why) = &modes.off {
        lines.push(Line::found(Area::Finesse, SUBJECT, "sso-hybrid-unknown", why.as_str()).fix(
            "utils finesse set_property webservices enableUserAuthMode true in the node's platform shell, then restart Cisco \
             Finesse Tomcat",
        ));
    }
    if let Some(error) = failed {
        lines.push(Line::not_checked(Area::Finesse, SUBJECT, error.to_string()).under("agent-sso"));
    }
    if lines.is_empty() {
        lines.push(Line::ok(Area::Finesse, SUBJECT, format!("{asked} with a password")));
    }
    lines
}

fn mode(host: &str, info: &SystemInfo) -> Line {
    let subject = format!("{host} maintenance");
    let fix = "wait for its end: utils finesse maintenance status in the platform shell; agents use the other node";
    if let Some(on) = &info.finesse_maintenance {
        let seen = format!("Finesse {} for {} s", on.word, on.seconds);
        return Line::found(Area::Finesse, subject, "maintenance-finesse", seen).fix(fix);
    }
    if let Some(on) = &info.cti_maintenance {
        let seen = format!("CTI {} for {} s", on.word, on.seconds);
        return Line::found(Area::Finesse, subject, "maintenance-cti", seen).fix(fix);
    }
    Line::ok(Area::Finesse, subject, "none")
}

/// A request that got no answer of the API, in the words of the check that it answers to.
pub fn unanswered(subject: String, place: &str, error: &FinesseError) -> Line {
    let line = Line::of(Area::Finesse, subject, &error.trouble(place));
    match error {
        FinesseError::Forbidden { .. } | FinesseError::NotApi { status: 403 | 421, .. } => {
            let state = State::Failed(Outcome::Failed);
            Line { state, ..line }.under("finesse-behind-proxy").fix(
                "put the nodes' own names inside the LAN into finesse.primary and finesse.secondary in the playbook; where it is no proxy, \
                 give the account the administrator's role in the contact center",
            )
        }
        FinesseError::Starting { .. }
        | FinesseError::OutOfService { .. }
        | FinesseError::Internal { .. } => {
            line.as_failed().under("finesse-not-in-service").fix(WAIT)
        }
        FinesseError::Unreachable { .. }
        | FinesseError::Lost { .. }
        | FinesseError::Timeout { .. } => line.as_failed().under("finesse-unreachable").fix(
            "correct host or api_port in the playbook, open the port; utils service list in the node's platform shell \
             shows whether Cisco Finesse Tomcat runs",
        ),
        FinesseError::Certificate(_)
        | FinesseError::Handshake(_)
        | FinesseError::Denied { .. }
        | FinesseError::CredentialWanted { .. }
        | FinesseError::NoCredential { .. }
        | FinesseError::NotFound { .. }
        | FinesseError::NotApi { .. }
        | FinesseError::Invalid { .. }
        | FinesseError::TooLarge { .. }
        | FinesseError::Refused { .. } => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Declared, health, sign_in_modes, unanswered};
    use crate::checks::doctor::State;
    use crate::checks::sso::ModesSeen;
    use crate::clients::finesse::{
        AuthMode, FinesseError, Heartbeat, Maintenance, NodeStatus, SystemInfo,
    };
    use crate::outcome::Outcome;
    use crate::playbook::Endpoint;

    fn info() -> SystemInfo {
        let node = |host: &str| Some(Endpoint { host: host.to_owned(), port: 8445 });
        SystemInfo {
            status: NodeStatus::InService,
            status_reason: None,
            heartbeat: Heartbeat::Success,
            auth_mode: Some(AuthMode::NonSso),
            deployment_type: None,
            primary: node("fin-a.example.com"),
            secondary: node("fin-b.example.com"),
            finesse_maintenance: None,
            cti_maintenance: None,
            timestamp: None,
        }
    }

    fn bad(info: &SystemInfo, hosts: [&str; 2]) -> Vec<(&'static str, State)> {
        let nodes = hosts.map(|host| Declared { host, service_host: host });
        let lines = health("fin-a", info, &nodes);
        let bad = lines.into_iter().filter(|line| line.state != State::Ok);
        bad.map(|line| (line.id, line.state)).collect()
    }

    const HOSTS: [&str; 2] = ["fin-a.example.com", "fin-b.example.com"];
    const FAILED: State = State::Failed(Outcome::Failed);

    #[test]
    fn agents_with_single_sign_on_are_one_line() {
        let said = |sso: &[&str], off: Option<&str>| {
            let sso = sso.iter().map(|id| (*id).to_owned()).collect();
            let modes = ModesSeen { sso, off: off.map(str::to_owned) };
            let lines = sign_in_modes(4, &modes, None);
            lines.iter().map(|line| (line.id, line.seen.clone())).collect::<Vec<_>>()
        };
        assert_eq!(said(&[], None), [("", "4 with a password".to_owned())]);
        assert_eq!(said(&["1001", "1003"], None), [("agent-sso", "by SSO: 1001, 1003".to_owned())]);
        assert_eq!(said(&[], Some("403")), [("sso-hybrid-unknown", "403".to_owned())]);
    }

    #[test]
    fn a_healthy_node_of_the_playbook() {
        assert_eq!(bad(&info(), HOSTS), []);
        assert_eq!(bad(&info(), ["FIN-A", "fin-b"]), [], "short names");
        assert_eq!(bad(&info(), ["192.0.2.11", "192.0.2.12"]), [], "addresses tell nothing");
    }

    #[test]
    fn another_node_or_a_proxy() {
        assert_eq!(bad(&info(), [HOSTS[1], HOSTS[0]]), [("finesse-primary-mismatch", FAILED)]);
        let proxy = ["proxy-a.example.com", "proxy-b.example.com"];
        assert_eq!(bad(&info(), proxy), [("finesse-behind-proxy", FAILED)]);
    }

    #[test]
    fn each_thing_that_is_wrong_has_its_line() {
        let on = || Some(Maintenance { word: "IN_PROGRESS".to_owned(), seconds: 9 });
        let out = SystemInfo { status: NodeStatus::OutOfService, ..info() };
        assert_eq!(bad(&out, HOSTS), [("finesse-not-in-service", FAILED)]);
        let heart = SystemInfo { heartbeat: Heartbeat::Failure("failure".to_owned()), ..info() };
        assert_eq!(bad(&heart, HOSTS), [("finesse-not-in-service", FAILED)]);
        let sso = SystemInfo { auth_mode: Some(AuthMode::Sso), ..info() };
        assert_eq!(bad(&sso, HOSTS), [("sso-mode", FAILED)]);
        let maintained = SystemInfo { finesse_maintenance: on(), ..info() };
        assert_eq!(bad(&maintained, HOSTS)[0].0, "maintenance-finesse");
        let cti = SystemInfo { cti_maintenance: on(), ..info() };
        assert_eq!(bad(&cti, HOSTS)[0].0, "maintenance-cti");
    }

    #[test]
    fn answers_that_are_none_go_to_their_checks() {
        let line = |error: FinesseError| {
            let line = unanswered("x".to_owned(), "fin-a:8445", &error);
            assert!(!line.fix.is_empty());
            (line.id, line.state)
        };
        let what = "User";
        let text = String::new();
        let proxy = FinesseError::Forbidden { what, text: text.clone() };
        assert_eq!(line(proxy), ("finesse-behind-proxy", FAILED));
        let misdirected = FinesseError::NotApi { what, status: 421, why: text.clone() };
        assert_eq!(line(misdirected), ("finesse-behind-proxy", FAILED));
        assert_eq!(line(FinesseError::Starting { what }), ("finesse-not-in-service", FAILED));
        let lost = FinesseError::Lost { what, why: text.clone() };
        assert_eq!(line(lost), ("finesse-unreachable", FAILED));
        let denied = State::Failed(Outcome::Denied);
        let refused = FinesseError::Denied { what, text };
        assert_eq!(line(refused), ("finesse-credential-refused", denied));
    }
}
