//! What is remembered of certificates: imports that were begun, what has to follow them, and which were met last.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Remembered;
use crate::trouble::Trouble;

impl Remembered {
    /// Finesse nodes whose notification service has to be restarted together with Tomcat.
    pub fn owed_notifications(&self) -> BTreeSet<String> {
        self.section("owed notification restarts").map(|(host, _)| host.clone()).collect()
    }

    /// Notes that this node has to be restarted with its notification service, before a certificate is imported.
    pub fn owe_notification(&mut self, host: &str, cause: &str) -> Result<(), Trouble> {
        self.set("owed notification restarts", host, json!(cause));
        self.owe_restarts(&[host], cause)
    }

    /// No import was made after all.
    pub fn spare_notification(&mut self, host: &str) -> Result<(), Trouble> {
        self.clear("owed notification restarts", &[host])
    }

    /// CUCM nodes on which an import into Phone-trust was begun, with the fingerprints.
    pub fn owed_imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let prints = |value: &Value| {
            let prints = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            prints.map(str::to_owned).collect()
        };
        self.section("owed imports").map(|(node, value)| (node.clone(), prints(value))).collect()
    }

    /// Notes that these certificates are to be imported on this node, before the first is on any.
    pub fn owe_imports(&mut self, node: &str, prints: &[String]) -> Result<(), Trouble> {
        self.set("owed imports", node, json!(prints));
        self.save()
    }

    /// They were.
    pub fn imported(&mut self, node: &str) -> Result<(), Trouble> {
        self.clear("owed imports", &[node])
    }

    /// CUCM nodes not rebooted since an import into Phone-trust, with what asked for it.
    pub fn owed_reboots(&self) -> BTreeMap<String, String> {
        self.section("owed reboots")
            .map(|(node, cause)| (node.clone(), cause.as_str().unwrap_or_default().to_owned()))
            .collect()
    }

    /// Notes it, before a certificate is imported.
    pub fn owe_reboot(&mut self, node: &str, cause: &str) -> Result<(), Trouble> {
        self.set("owed reboots", node, json!(cause));
        self.save()
    }

    /// This node was rebooted, or no import was made after all.
    pub fn rebooted(&mut self, node: &str) -> Result<(), Trouble> {
        self.clear("owed reboots", &[node])
    }

    /// Certificates as they were met last, fingerprints by endpoint.
    pub fn known_certificates(&self) -> BTreeMap<String, String> {
        self.section("certificates")
            .filter_map(|(endpoint, print)| Some((endpoint.clone(), print.as_str()?.to_owned())))
            .collect()
    }

    /// Notes them.
    pub fn know_certificates(&mut self, met: &[(String, String)]) -> Result<(), Trouble> {
        let known = self.known_certificates();
        if met.iter().all(|(endpoint, print)| known.get(endpoint) == Some(print)) {
            return Ok(());
        }
        for (endpoint, print) in met {
            self.set("certificates", endpoint, json!(print));
        }
        self.save()
    }
}

#[cfg(test)]
mod tests {
    use super::Remembered;

    #[test]
    fn what_an_import_owes_is_kept_until_it_is_made_up_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Remembered::read(folder.path());
        memory.owe_notification("fin-b", "certificates").unwrap();
        memory.owe_imports("cucm-sub1", &["sha256:aa".to_owned()]).unwrap();
        memory.owe_reboot("cucm-sub1", "certificate of fin-a").unwrap();
        memory.know_certificates(&[("fin-a:8445".to_owned(), "sha256:aa".to_owned())]).unwrap();
        let mut memory = Remembered::read(folder.path());
        assert_eq!(memory.owed_restarts()["fin-b"], "certificates");
        assert!(memory.owed_notifications().contains("fin-b"));
        assert!(memory.owed_imports()["cucm-sub1"].contains("sha256:aa"));
        assert_eq!(memory.owed_reboots()["cucm-sub1"], "certificate of fin-a");
        assert_eq!(memory.known_certificates()["fin-a:8445"], "sha256:aa");
        memory.restarted("fin-b").unwrap();
        memory.imported("cucm-sub1").unwrap();
        memory.rebooted("cucm-sub1").unwrap();
        let memory = Remembered::read(folder.path());
        assert!(memory.owed_notifications().is_empty() && memory.owed_reboots().is_empty());
        assert!(memory.owed_imports().is_empty() && memory.owed_restarts().is_empty());
    }
}
