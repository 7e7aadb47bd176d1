//! Restarts that are owed, and restarts that were begun: a run that ends between the command and its answer leaves a node that may be restarting.

use std::collections::BTreeMap;

use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::Remembered;
use crate::trouble::Trouble;

/// A node is back within this time, or it will not be by itself.
const LONGEST: Duration = Duration::minutes(15);

impl Remembered {
    /// Finesse nodes whose Tomcat has to be restarted, with what asked for it.
    pub fn owed_restarts(&self) -> BTreeMap<String, String> {
        self.section("owed restarts")
            .map(|(host, cause)| (host.clone(), cause.as_str().unwrap_or_default().to_owned()))
            .collect()
    }

    /// Notes that these nodes have to be restarted, before what needs it is written.
    pub fn owe_restarts(&mut self, hosts: &[&str], cause: &str) -> Result<(), Trouble> {
        for host in hosts {
            self.set("owed restarts", host, json!(cause));
        }
        // One that was begun before does not count for what is owed from now on.
        self.clear("begun restarts", hosts)?;
        if hosts.is_empty() { Ok(()) } else { self.save() }
    }

    /// This node was restarted and is back; where it was due, with its notification service.
    pub fn restarted(&mut self, host: &str) -> Result<(), Trouble> {
        self.clear("owed notification restarts", &[host])?;
        self.clear("begun restarts", &[host])?;
        self.clear("owed restarts", &[host])
    }

    /// Notes that a node in service is about to be told to restart.
    pub fn begin_restart(&mut self, host: &str, when: &str) -> Result<(), Trouble> {
        self.set("begun restarts", host, json!(when));
        self.save()
    }

    /// Whether a run told a node in service to restart just now, or was about to, and did not see what came of it.
    pub fn restart_begun(&self, host: &str) -> bool {
        let when = self.entry("begun restarts", host).and_then(|when| when.as_str());
        let when = when.and_then(|when| OffsetDateTime::parse(when, &Rfc3339).ok());
        when.is_some_and(|when| OffsetDateTime::now_utc() - when < LONGEST)
    }

    /// It did not restart.
    pub fn not_restarted(&mut self, host: &str) -> Result<(), Trouble> {
        self.clear("begun restarts", &[host])
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::journal::now;
    use crate::engine::remembered::Remembered;

    #[test]
    fn a_restart_is_begun_until_it_is_seen_or_cannot_be_under_way() {
        let folder = tempfile::tempdir().unwrap();
        let hosts = ["restarted", "refused", "saved again", "long ago"];
        let mut memory = Remembered::read(folder.path());
        memory.owe_restarts(&hosts, "settings").unwrap();
        for host in hosts {
            memory.begin_restart(host, &now()).unwrap();
        }
        let mut memory = Remembered::read(folder.path());
        assert!(hosts.iter().all(|host| memory.restart_begun(host)));
        memory.restarted("restarted").unwrap();
        memory.not_restarted("refused").unwrap();
        memory.owe_restarts(&["saved again"], "settings").unwrap();
        memory.begin_restart("long ago", "2026-01-01T00:00:00Z").unwrap();
        let memory = Remembered::read(folder.path());
        assert!(hosts.iter().all(|host| !memory.restart_begun(host)));
        assert_eq!(memory.owed_restarts().len(), 3);
    }
}
