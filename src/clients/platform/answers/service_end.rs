//! How `utils service restart`, `start` and `stop` ended: the last state shown decides, and any failure word outweighs
//! it. The warning before it has several wordings and is never looked at.

use super::services::{ServiceState, row};

/// How a restart or a start ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestartEnd {
    /// The last state shown is `STARTED`.
    Started,
    /// Under way, or said to be done without a state: to be confirmed by the list of services.
    Starting,
    /// The node says that it failed, or the service is down: the line that says so.
    Failed(String),
    /// No state of this service was shown.
    NotRecognised,
}

/// How a stop ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopEnd {
    /// The last state shown is `STOPPED`.
    Stopped,
    /// Under way, or said to be done without a state: to be confirmed by the list of services.
    Stopping,
    /// The node says that it failed, or the service still runs: the line that says so.
    Failed(String),
    /// No state of this service was shown.
    NotRecognised,
}

impl RestartEnd {
    /// Reads what the command showed about this service.
    pub fn parse(text: &str, service: &str) -> Self {
        match End::read(text, service) {
            End::Failure(line)
            | End::State(ServiceState::Stopped | ServiceState::Other(_), line) => {
                Self::Failed(line)
            }
            End::State(ServiceState::Started, _) => Self::Started,
            End::State(ServiceState::Starting | ServiceState::Stopping, _) | End::Said => {
                Self::Starting
            }
            End::Nothing => Self::NotRecognised,
        }
    }
}

impl StopEnd {
    /// Reads what the command showed about this service.
    pub fn parse(text: &str, service: &str) -> Self {
        match End::read(text, service) {
            End::Failure(line)
            | End::State(
                ServiceState::Started | ServiceState::Starting | ServiceState::Other(_),
                line,
            ) => Self::Failed(line),
            End::State(ServiceState::Stopped, _) => Self::Stopped,
            End::State(ServiceState::Stopping, _) | End::Said => Self::Stopping,
            End::Nothing => Self::NotRecognised,
        }
    }
}

enum End {
    Failure(String),
    State(ServiceState, String),
    Said,
    Nothing,
}

impl End {
    fn read(text: &str, service: &str) -> Self {
        let shown =
            |line: &str| line.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        if let Some(line) = text.lines().find(|line| failure(line)) {
            return Self::Failure(shown(line));
        }
        // the first characters of the output may be lost, and with them a part of the name
        let ours = |name: &str| name == service || (name.len() > 8 && service.ends_with(name));
        let last = text.lines().rev().find_map(|line| {
            row(line).filter(|row| ours(&row.name)).map(|row| (row.state, shown(line)))
        });
        match last {
            Some((state, line)) => Self::State(state, line),
            None if text.to_ascii_lowercase().contains("command successful") => Self::Said,
            None => Self::Nothing,
        }
    }
}

fn failure(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word == "ERROR") || line.contains("[FAILED]")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RestartEnd, StopEnd};

    const TOMCAT: &str = "Cisco Finesse Tomcat";
    const OLD: &str = " Don't press Ctrl-c while the service is getting RESTARTED.If Service has not Restarted Properly, execute the same Command Again\nService Manager is running\n";
    const NEW: &str = "Do not press Ctrl+C while the service is restarting. If the service has not restarted properly, execute the same command again.\nService Manager is running\n";

    fn rows(states: &[&str]) -> String {
        let lines = states.iter().map(|state| [TOMCAT, "[", state, "]  \n"].concat());
        lines.collect()
    }

    #[test]
    fn the_last_state_decides_under_either_warning() {
        for warning in [OLD, NEW, ""] {
            for (states, end) in [
                (&["STOPPING", "STOPPING", "STARTING", "STARTED"][..], RestartEnd::Started),
                (&["STOPPING", "STARTING"], RestartEnd::Starting),
                (&["STOPPING"], RestartEnd::Starting),
                (&[], RestartEnd::NotRecognised),
            ] {
                let text = format!("{warning}{}", rows(states));
                assert_eq!(RestartEnd::parse(&text, TOMCAT), end, "{text}");
            }
        }
        let stopped = RestartEnd::parse(&rows(&["STOPPING", "STOPPED"]), TOMCAT);
        assert_eq!(stopped, RestartEnd::Failed("Cisco Finesse Tomcat[STOPPED]".to_owned()));
    }

    #[test]
    fn failure_words_outweigh_states() {
        let text = format!("{}{TOMCAT}[FAILED]\n", rows(&["STARTED"]));
        let failed = RestartEnd::Failed("Cisco Finesse Tomcat[FAILED]".to_owned());
        assert_eq!(RestartEnd::parse(&text, TOMCAT), failed);
        assert!(matches!(RestartEnd::parse("x: ERROR 5", TOMCAT), RestartEnd::Failed(_)));
        assert_eq!(RestartEnd::parse("TERRORS", TOMCAT), RestartEnd::NotRecognised);
    }

    #[test]
    fn other_services_lost_beginnings_and_other_words() {
        assert_eq!(RestartEnd::parse("Cisco Tomcat[STARTED]", TOMCAT), RestartEnd::NotRecognised);
        assert_eq!(RestartEnd::parse("sco Finesse Tomcat[STARTED]", TOMCAT), RestartEnd::Started);
        assert_eq!(RestartEnd::parse("Command successful", "Engine"), RestartEnd::Starting);
        assert_eq!(RestartEnd::parse("", TOMCAT), RestartEnd::NotRecognised);
    }

    #[test]
    fn a_stop_ends_in_stopped() {
        assert_eq!(StopEnd::parse(&rows(&["STOPPING", "STOPPED"]), TOMCAT), StopEnd::Stopped);
        assert_eq!(StopEnd::parse(&rows(&["STOPPING"]), TOMCAT), StopEnd::Stopping);
        assert!(matches!(StopEnd::parse(&rows(&["STARTED"]), TOMCAT), StopEnd::Failed(_)));
        assert_eq!(StopEnd::parse("nothing", TOMCAT), StopEnd::NotRecognised);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Cisco Finesse Tomcat|\\[|\\]|STARTED|STOPPED| |é|\n){0,20}") {
            drop((RestartEnd::parse(&text, TOMCAT), StopEnd::parse(&text, TOMCAT)));
        }
    }
}
