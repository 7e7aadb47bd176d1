//! A healthy cluster with everything applied, and the playbook that was: each scenario begins with a copy of its own.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use super::By;
use crate::lab::Lab;

/// The roster: with Extension Mobility, with subscriptions of others, with neither.
const ROSTER: &str = "device,device_profile,id,extension,user
SEP001122330001,UDP_1001,1001,2001,agent1001
SEP001122330002,UDP_1004,1004,2004,agent1004
SEP001122330003,,1003,3003,agent1003
SEP001122330009,,1009,2009,agent1009
";

/// The playbook, without its pins.
const PLAYBOOK: &str = r#"version: 1
deployment: healthy
cucm: { publisher: cucm-pub.example.com }
finesse: { product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }
credentials:
  axl: { user: axladmin, password: { env: AXL_PASSWORD } }
  finesse: { user: finadmin, password: { env: FINESSE_PASSWORD } }
  finesse_platform: { user: osadmin, password: { env: FINESSE_OS_PASSWORD } }
  serviceability: { user: risreader, password: { env: RIS_PASSWORD } }
application_user: { id: ippa, password: { env: IPPA_PASSWORD } }
phone_settings: { scope: phones }
phone_apply: { when: after-change, how: apply, per_minute: 6000 }
phone_services:
  primary: { name: Cisco Finesse }
  secondary: { name: Cisco Finesse Secondary }
  sql_writes: allow
one_button_sign_in: { id: administrator, extension: administrator, password: sign-in }
agents: { roster: agents.csv }
finesse_settings:
  mode: rest
  path: /finesse/api/IPPhoneAgentSettings
  body: "<IPPhoneAgentSettings><username>{{ user }}</username><password>{{ password }}</password></IPPhoneAgentSettings>"
  read_back: { path: /finesse/api/IPPhoneAgentSettings, user: "//username" }
restart: { finesse_tomcat: when-needed, between_nodes: 0 }
limits: { max_altered_percent: 100 }
"#;

/// A laboratory on a copy of the healthy cluster.
pub(crate) struct Bench {
    pub(crate) lab: Lab,
    cluster: TempDir,
}

/// The laboratory in which the playbook was applied, once; its sandbox runs on and nobody asks it anything.
fn made() -> &'static Bench {
    static MADE: OnceLock<Bench> = OnceLock::new();
    MADE.get_or_init(|| {
        let bench = Bench::on(tempfile::tempdir().unwrap());
        let allow = "replace-service,clear-values,cluster-wide,removal,sql,restart";
        bench.lab.run(&["apply", "site.yaml", "--yes", "--allow", allow]).expect(0);
        bench
    })
}

impl Bench {
    /// A laboratory where everything is as declared.
    pub(crate) fn healthy() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(made().cluster.path()).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        let bench = Self::on(folder);
        bench.lab.remember(&made().lab);
        bench
    }

    fn on(cluster: TempDir) -> Self {
        let state = cluster.path().join("cluster.db");
        let lab = Lab::start(&["--state", state.to_str().unwrap()]);
        lab.write("agents.csv", ROSTER);
        let bench = Self { lab, cluster };
        bench.playbook(PLAYBOOK);
        bench
    }

    /// Writes the playbook, with the sandbox's pins.
    pub(crate) fn playbook(&self, text: &str) {
        self.lab.write("site.yaml", &format!("{text}{}\n", self.lab.pins()));
    }

    /// Replaces a part of the playbook, which has to be there.
    pub(crate) fn rewrite(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.lab.path("site.yaml")).unwrap();
        assert!(text.contains(from), "no '{from}' in the playbook");
        self.lab.write("site.yaml", &text.replace(from, to));
    }

    /// The roster, changed in the same way.
    pub(crate) fn roster(&self, from: &str, to: &str) {
        assert!(ROSTER.contains(from), "no '{from}' in the roster");
        self.lab.write("agents.csv", &ROSTER.replace(from, to));
    }

    /// The checks that a command finds.
    pub(crate) fn found(&self, by: By) -> BTreeSet<String> {
        let command: &[&str] = match by {
            By::Validate => &["validate"],
            By::Verify => &["verify"],
            By::Apply(allow) => &["apply", "--yes", "--allow", allow, "--restart-now"],
        };
        let ran = self.lab.run(&[command, &["site.yaml", "--output", "json"]].concat());
        let document = ran.json();
        let listed = |list: &Value, key: &str| -> Vec<String> {
            let items = list.as_array().cloned().unwrap_or_default();
            items.iter().filter_map(|item| item[key].as_str().map(str::to_owned)).collect()
        };
        let deployments = document["deployments"].as_array().cloned().unwrap_or_default();
        let found = deployments.iter().flat_map(|deployment| {
            let errors = listed(&deployment["errors"], "code");
            listed(&deployment["findings"], "check").into_iter().chain(errors)
        });
        found.collect()
    }
}
