//! What platform shells show: the account's level, the clock's synchronisation, replication, services.

use crate::clients::platform::{
    Replication, ReplicationState, ServiceList, ServiceName, ServiceState, UccxServers,
};

use super::{Area, Line};

/// The account's level, from the text of `show myself`: its form is documented nowhere, so a number counts only beside
/// the word.
pub fn level(text: &str) -> Option<u8> {
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let lower = line.to_ascii_lowercase();
        let Some(found) = lower.rfind("level") else { continue };
        let after = lower.get(found + "level".len()..).unwrap_or_default();
        if let Some(level) = single(after.split(|c: char| !c.is_ascii_alphanumeric())) {
            return Some(level);
        }
        // The head of a table: the row under it and under its rule.
        let rows = lines.iter().skip(at + 1);
        let row = rows.filter(|row| row.chars().any(char::is_alphanumeric)).copied().next();
        let level = row.and_then(|row| single(row.split_whitespace().rev().take(1)));
        if after.trim().is_empty() && level.is_some() {
            return level;
        }
    }
    None
}

/// The only number of one digit; two would be a guess.
fn single<'a>(words: impl Iterator<Item = &'a str>) -> Option<u8> {
    let mut numbers =
        words.filter(|word| word.len() == 1).filter_map(|word| word.parse::<u8>().ok());
    let first = numbers.next()?;
    numbers.next().is_none().then_some(first)
}

/// `show myself`.
pub fn account(host: &str, user: &str, text: &str) -> Line {
    let subject = format!("{host} privilege level of {user}");
    match level(text) {
        Some(0) => Line::found(Area::Platform, subject, "os-admin-level", "0: it may only read").fix(
            "use an account of level 1 for restarts and imports: set account name in the platform shell makes one",
        ),
        Some(level) => Line::ok(Area::Platform, subject, level.to_string()),
        None => Line::not_checkable(
            Area::Platform,
            subject,
            "show myself names no level that is recognised",
        )
        .under("os-admin-level")
        .fix("run show myself in the platform shell and read the level: 1 or 4 restarts and imports"),
    }
}

/// `utils ntp status`.
pub fn ntp(host: &str, text: &str) -> Line {
    const CHECK: &str = "ntp-unsynchronised";
    let subject = format!("{host} NTP");
    let fix = "utils ntp status and utils ntp server list in the platform shell; servers are set in OS Administration > \
               Settings > NTP Servers";
    let lower = text.to_ascii_lowercase();
    if lower.contains("unsynchroni") {
        return Line::found(Area::Platform, subject, CHECK, "unsynchronised").fix(fix);
    }
    let said = text.lines().find(|line| line.to_ascii_lowercase().contains("synchronised to"));
    if let Some(line) = said {
        return Line::ok(Area::Platform, subject, line.trim());
    }
    let why = "what utils ntp status shows is not recognised";
    Line::not_checked(Area::Platform, subject, why).under(CHECK).fix(fix)
}

/// `utils dbreplication runtimestate`.
pub fn replication(host: &str, seen: &Replication) -> Line {
    let subject = format!("{host} database replication");
    let bad = seen.nodes.iter().filter(|node| node.state != ReplicationState::Good);
    let bad: Vec<String> = bad.map(|node| format!("{}: {}", node.name, node.detail)).collect();
    let queued = seen.queued().unwrap_or(0);
    if !bad.is_empty() {
        return incomplete(subject, bad.join(", "));
    }
    if seen.in_progress || queued > 0 {
        return incomplete(subject, format!("in progress, {queued} changes queued"));
    }
    Line::ok(Area::Platform, subject, format!("2 on {} nodes", seen.nodes.len()))
}

/// `show uccx dbreplication servers`.
pub fn uccx_replication(host: &str, seen: &UccxServers) -> Line {
    let subject = format!("{host} database replication");
    match seen.first_bad() {
        None => {
            Line::ok(Area::Platform, subject, format!("active on {} servers", seen.servers.len()))
        }
        Some(bad) => {
            let text = format!("{}: {}, {}, queue {}", bad.name, bad.state, bad.status, bad.queue);
            incomplete(subject, text)
        }
    }
}

fn incomplete(subject: String, seen: String) -> Line {
    Line::failed(Area::Platform, subject, seen).under("replication-incomplete").fix(
        "wait and look again with utils dbreplication runtimestate on the first node; if it stays so, utils \
         dbreplication reset all there, or Cisco support. Restart nothing meanwhile",
    )
}

/// Finesse's two services, from `utils service list`.
pub fn services(host: &str, list: &ServiceList) -> Vec<Line> {
    let tomcat = ServiceName::finesse_tomcat();
    let notification = list.notification_service();
    let mut lines = vec![service(host, tomcat.as_str(), list.state(tomcat.as_str()))];
    let name = notification.map_or("Cisco Finesse Notification Service", |own| own.name.as_str());
    lines.push(service(host, name, notification.map(|own| &own.state)));
    lines
}

fn service(host: &str, name: &str, state: Option<&ServiceState>) -> Line {
    let subject = format!("{host} {name}");
    let word = match state {
        Some(ServiceState::Started) => return Line::ok(Area::Platform, subject, "STARTED"),
        Some(ServiceState::Starting) => "STARTING",
        Some(ServiceState::Stopping) => "STOPPING",
        Some(ServiceState::Stopped) => "STOPPED",
        Some(ServiceState::Other(word)) => word,
        None => {
            let why = "utils service list does not name it";
            return Line::not_checked(Area::Platform, subject, why)
                .under("finesse-not-in-service")
                .fix("run utils service list in the platform shell and look for it");
        }
    };
    Line::failed(Area::Platform, subject, word).under("finesse-not-in-service").fix(format!(
        "utils service start {name} in the platform shell of {host}; it takes about 6 minutes until agents can sign in"
    ))
}

#[cfg(test)]
mod tests {
    use super::{account, level, ntp, replication, services};
    use crate::checks::doctor::State;
    use crate::clients::platform::{Replication, ReplicationNode, ReplicationState, ServiceList};
    use crate::outcome::Outcome;

    #[test]
    fn a_level_is_read_beside_its_word_only() {
        for (text, expected) in [
            ("Machine Name : fin-a\nprivilege level : 4\ncommand count : disabled", Some(4)),
            ("USER LEVEL\n---------- -----\nosadmin    1", Some(1)),
            ("You are osreader, privilege level 0.", Some(0)),
            ("Executed command unsuccessfully", None),
            ("level 1 of 4", None),
            ("account 4", None),
            ("LEVEL", None),
            ("", None),
        ] {
            assert_eq!(level(text), expected, "{text}");
        }
        assert_eq!(account("fin-a", "osreader", "privilege level : 0").state, State::Warning);
        assert_eq!(account("fin-a", "osadmin", "privilege level : 1").state, State::Ok);
        assert_eq!(account("fin-a", "osadmin", "?").state, State::NotCheckable);
    }

    #[test]
    fn unsynchronised_is_not_taken_for_synchronised() {
        let good =
            "ntpd (pid 1) is running...\nsynchronised to NTP server (10.10.10.1) at stratum 2\n";
        assert_eq!(ntp("fin-a", good).state, State::Ok);
        assert_eq!(ntp("fin-a", "unsynchronised\n polling server").state, State::Warning);
        assert_eq!(ntp("fin-a", "Executed command unsuccessfully").state, State::NotChecked);
    }

    #[test]
    fn replication_is_good_when_every_node_is() {
        let node = |state, queue| ReplicationNode {
            name: "n".to_owned(),
            address: "192.0.2.1".to_owned(),
            state,
            queue: Some(queue),
            detail: "words".to_owned(),
        };
        let seen = |nodes| Replication { nodes, in_progress: false };
        let good = seen(vec![node(ReplicationState::Good, 0), node(ReplicationState::Good, 0)]);
        assert_eq!(replication("fin-a", &good).state, State::Ok);
        let failed = State::Failed(Outcome::Failed);
        for nodes in [vec![node(ReplicationState::Bad, 0)], vec![node(ReplicationState::Good, 7)]] {
            let line = replication("fin-a", &seen(nodes));
            assert_eq!((line.state, line.id), (failed, "replication-incomplete"));
        }
    }

    #[test]
    fn both_services_are_looked_for() {
        let text = "Cisco Finesse Tomcat[STARTED]\nCisco Unified CCX Notification Service[STOPPED]  Commanded Out of Service\n";
        let lines = services("fin-a", &ServiceList::parse(text).unwrap());
        assert_eq!(lines[0].state, State::Ok);
        assert_eq!(lines[1].state, State::Failed(Outcome::Failed));
        assert!(
            lines[1].fix.contains("utils service start Cisco Unified CCX Notification Service")
        );
        let lines = services("fin-a", &ServiceList::parse("Cisco Tomcat[STARTED]\n").unwrap());
        assert!(lines.iter().all(|line| line.state == State::NotChecked));
    }
}
