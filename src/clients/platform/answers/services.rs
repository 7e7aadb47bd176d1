//! `utils service list`: rows of `name[STATE]  reason`.

use super::NotRecognised;

/// The services of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceList {
    /// In the node's order.
    pub services: Vec<Service>,
    /// Whether this is the primary node, where the list says so.
    pub primary: Option<bool>,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name as commands take it.
    pub name: String,
    /// Its state.
    pub state: ServiceState,
    /// Why it is stopped, e.g. `Commanded Out of Service`; empty when not said.
    pub reason: String,
}

/// State of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceState {
    /// The process runs; what runs in it may not be ready yet.
    Started,
    /// On its way up.
    Starting,
    /// On its way down.
    Stopping,
    /// Not running.
    Stopped,
    /// Another word.
    Other(String),
}

impl ServiceState {
    fn read(word: &str) -> Self {
        match word {
            "STARTED" => Self::Started,
            "STARTING" => Self::Starting,
            "STOPPING" => Self::Stopping,
            "STOPPED" => Self::Stopped,
            _ => Self::Other(word.to_owned()),
        }
    }
}

/// The names that the notification service has, of which a node has one: Finesse stand-alone, then UCCX.
const NOTIFICATION: [&str; 2] =
    ["Cisco Finesse Notification Service", "Cisco Unified CCX Notification Service"];

impl ServiceList {
    /// Reads the list.
    ///
    /// # Errors
    /// When there is no row in it.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        let services: Vec<Service> = text.lines().filter_map(row).collect();
        if services.is_empty() {
            return Err(NotRecognised { why: "no service with a state in brackets" });
        }
        Ok(Self { services, primary: text.lines().find_map(primary) })
    }

    /// A service by its exact name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// State of a service; `None` when the list does not have it.
    pub fn state(&self, name: &str) -> Option<&ServiceState> {
        self.service(name).map(|service| &service.state)
    }

    /// The notification service under the name that this node gives it.
    pub fn notification_service(&self) -> Option<&Service> {
        NOTIFICATION.iter().find_map(|name| self.service(name))
    }
}

/// The longest line that may be a service, in bytes: every bracket of it is looked at.
const LONGEST: usize = 1000;

/// `name[STATE]  reason`. A name may hold brackets too: the state is the first pair with capitals and blanks alone.
pub(super) fn row(line: &str) -> Option<Service> {
    let line = Some(line).filter(|line| line.len() <= LONGEST)?;
    let opens = line.char_indices().filter(|(_, c)| *c == '[');
    opens.map(|(at, _)| line.split_at(at)).find_map(|(name, rest)| {
        let (word, reason) = rest.strip_prefix('[')?.split_once(']')?;
        let (name, word) = (name.trim(), word.trim());
        let capitals = word.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
        (capitals && !word.is_empty() && !name.is_empty()).then(|| Service {
            name: name.to_owned(),
            state: ServiceState::read(word),
            reason: reason.trim().to_owned(),
        })
    })
}

/// `Primary Node =true`.
fn primary(line: &str) -> Option<bool> {
    let (name, value) = line.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("primary node") {
        return None;
    }
    match value.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ServiceList, ServiceState, row};

    const FINESSE: &str = "Requesting service status, please wait...\nSystem SSH [STARTED]\n\
        Cluster Manager [STOPPED]\nService Manager is running\nGetting list of all services\n\
        >> Return code = 0\nA Cisco DB[STARTED]\nA Cisco DB Replicator[STARTED]\n\
        Cisco DRF Primary[STOPPED]  Commanded Out of Service\n\
        Cisco Finesse Notification Service[STARTED]\nCisco Finesse Tomcat[STARTING]  \n\
        Cisco DirSync[STOPPED]  Service Not Activated\nX[STOPPED]  Component is not running\n\
        Primary Node =true\n";

    #[test]
    fn names_states_and_reasons() {
        let list = ServiceList::parse(FINESSE).unwrap();
        assert_eq!(list.services.len(), 9);
        assert_eq!(list.primary, Some(true));
        assert_eq!(list.state("Cisco Finesse Tomcat"), Some(&ServiceState::Starting));
        assert_eq!(list.state("System SSH"), Some(&ServiceState::Started));
        assert_eq!(list.service("Cisco DirSync").unwrap().reason, "Service Not Activated");
        assert_eq!(list.state("Cisco Finesse"), None, "names are compared whole");
        let notification = list.notification_service().unwrap();
        assert_eq!(notification.name, "Cisco Finesse Notification Service");
    }

    #[test]
    fn uccx_has_another_notification_service() {
        let text = "Cisco Finesse Tomcat[STARTED]\nCisco Unified CCX Notification Service[STARTED]\nPrimary Node =false";
        let list = ServiceList::parse(text).unwrap();
        let notification = list.notification_service().unwrap();
        assert_eq!(notification.name, "Cisco Unified CCX Notification Service");
        assert_eq!(list.primary, Some(false));
        let neither = ServiceList::parse("Cisco Tomcat[STARTED]").unwrap();
        assert_eq!((neither.notification_service(), neither.primary), (None, None));
    }

    #[test]
    fn rows_are_told_from_other_lines() {
        assert_eq!(row("Cisco A [b] [ STOPPED ] why").unwrap().name, "Cisco A [b]");
        assert_eq!(row("X[NOT RUNNING]").unwrap().state, ServiceState::Other("NOT RUNNING".into()));
        for other in
            ["", "[STARTED]", "x []", "x [started]", "x [STARTED", "Service Manager is running"]
        {
            assert_eq!(row(other), None, "{other}");
        }
        assert!(ServiceList::parse("Executed command unsuccessfully").is_err());
        assert!(ServiceList::parse("").is_err());
        let began = std::time::Instant::now();
        assert_eq!(row(&"[".repeat(4_000_000)), None);
        assert!(began.elapsed().as_secs() < 10, "brackets without end take their square");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\[|\\]|[A-Z]| |=|é|\n){0,60}") {
            if let Ok(list) = ServiceList::parse(&text) {
                prop_assert!(list.services.len() <= text.len());
            }
        }
    }
}
