//! A sandbox, the program between, and a playbook for so many phones: where one case is played.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dumps;
use crate::lab::{Lab, Ran};
use crate::proxy::{Decide, Proxy, identity};
use crate::size::Size;

/// Phones of the seeded site that have lines, models and other people's subscriptions.
const SEEDED: usize = 40;

/// Every third of the other phones has what somebody else has subscribed it to, with values and a secure URL.
const OTHERS: &str = "
insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl,
    secureserviceurl, urlbuttonindex, urllabel)
  select d.pkid, s.fktelecasterservice, s.servicename, s.servicenameascii, s.serviceurl, s.secureserviceurl,
    s.urlbuttonindex, s.urllabel
  from device d, device o, telecastersubscribedservice s
  where o.name = 'SEP001122330009' and s.fkdevice = o.pkid and d.name like 'SEP5C%'
    and unicode(substr(d.name, 15)) % 3 = 0;
insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value)
  select n.pkid, p.fktelecasterserviceparameter, p.value
  from telecastersubscribedservice n, device d, device o, telecastersubscribedservice s, telecastersubscribedparameter p
  where d.name like 'SEP5C%' and n.fkdevice = d.pkid and o.name = 'SEP001122330009' and s.fkdevice = o.pkid
    and s.fktelecasterservice = n.fktelecasterservice and p.fktelecastersubscribedservice = s.pkid;
";

/// What the playbook says of Finesse.
const FINESSE: &str = r#"finesse_settings:
  mode: rest
  path: /finesse/api/IPPhoneAgentSettings
  body: "<IPPhoneAgentSettings><username>{{ user }}</username><password>{{ password }}</password></IPPhoneAgentSettings>"
  read_back: { path: /finesse/api/IPPhoneAgentSettings, user: "//username" }
restart: { finesse_tomcat: when-needed, between_nodes: 0 }
"#;

/// What the playbook speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything.
    Whole,
    /// CUCM alone: nothing is saved on Finesse and nothing restarted.
    Cucm,
}

/// A seeded cluster in a file, so that each case begins with the same one and makes no host keys of its own.
pub(crate) struct Template {
    folder: TempDir,
    phones: usize,
}

impl Template {
    /// One for a playbook with so many phones.
    pub(crate) fn new(phones: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("site.db");
        let more = phones.saturating_sub(SEEDED).to_string();
        let lab = Lab::start(&["--state", state.to_str().unwrap(), "--phones", &more]);
        lab.sql(OTHERS);
        drop(lab);
        Self { folder, phones }
    }

    /// The phones of the playbook. The first three are written in different ways: one has nothing of others, one has
    /// value rows and a secure URL of another service, one has a bare subscription.
    pub(crate) fn roster(&self) -> Vec<String> {
        let first = [1, 9, 16];
        let rest = (1..=SEEDED).filter(|number| !first.contains(number));
        let seeded = first.into_iter().chain(rest).map(|n| format!("SEP0011223300{n:02}"));
        let more = (0..).map(|n: u64| format!("SEP{:012X}", 0x5C00_0000_0000 + n));
        seeded.chain(more).take(self.phones).collect()
    }
}

/// Where one case is played.
pub(crate) struct Stage {
    /// The sandbox.
    pub(crate) lab: Lab,
    /// The program between.
    pub(crate) proxy: Proxy,
    deadline: Duration,
    _state: TempDir,
}

impl Stage {
    /// A fresh cluster with this part of the playbook in its folder.
    pub(crate) fn new(template: &Template, size: Size, part: Part) -> Self {
        let state = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(template.folder.path()).unwrap().map(Result::unwrap) {
            std::fs::copy(file.path(), state.path().join(file.file_name())).unwrap();
        }
        let file: PathBuf = state.path().join("site.db");
        let more = template.phones.saturating_sub(SEEDED).to_string();
        let lab = Lab::start(&["--state", file.to_str().unwrap(), "--phones", &more]);
        let proxy = Proxy::start(&lab.endpoints());
        let accepted: serde_json::Map<String, Value> = proxy
            .connect_to
            .keys()
            .filter(|endpoint| endpoint.ends_with(":22"))
            .map(|endpoint| (endpoint.clone(), json!([identity().host_key_print])))
            .collect();
        lab.write("state/host-keys.json", &json!({ "host_keys": accepted }).to_string());
        write(&lab, &proxy, &template.roster(), part);
        Self { lab, proxy, deadline: size.deadline, _state: state }
    }

    /// One run of `apply` to its end, under these orders.
    pub(crate) fn apply(&self, concurrency: u16, decide: Box<dyn Decide>) -> (Ran, Duration) {
        let orders = &self.proxy.orders;
        orders.begin(decide);
        let seconds = self.deadline.as_secs().to_string();
        let concurrency = concurrency.to_string();
        let words = [
            "apply",
            "site.yaml",
            "--yes",
            "--allow",
            "restart",
            "--deadline",
            &seconds,
            "--concurrency",
            &concurrency,
        ];
        let mut command = self.lab.command(&words);
        for (endpoint, here) in &self.proxy.connect_to {
            command.arg("--connect-to").arg(format!("{endpoint}={here}"));
        }
        let begun = Instant::now();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        orders.victim(child.id());
        let ran = Ran::of(&child.wait_with_output().unwrap());
        orders.gone();
        let took = begun.elapsed();
        while orders.busy() && begun.elapsed() < took + Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        (ran, took)
    }

    /// What is on the cluster once the nodes have come to rest.
    pub(crate) fn dump(&self) -> Value {
        let begun = Instant::now();
        loop {
            let dump = self.lab.dump();
            if dumps::at_rest(&dump) || begun.elapsed() > Duration::from_secs(20) {
                return dumps::settled(dump);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// How often each Finesse node's Tomcat was restarted, by node.
    pub(crate) fn restarts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for event in self.lab.events() {
            if event["kind"] == "tomcat-restart-begun" {
                *counts.entry(event["node"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        counts
    }

    /// What was asked and what became of it, and what happened in the cluster, as lines.
    pub(crate) fn transcript(&self, runs: &[&Ran]) -> String {
        let mut text = String::new();
        for (place, ran) in runs.iter().enumerate() {
            let number = place + 1;
            let Ran { code, stdout, stderr } = ran;
            write!(text, "== run {number} ended with {code}\n{stdout}\n-- stderr\n{stderr}\n")
                .unwrap();
        }
        text.push_str("== requests that change something, or met something\n");
        for entry in self.proxy.orders.log() {
            if entry.asked.mutating || entry.fate != crate::proxy::Fate::Pass {
                let status = entry.status.map_or("-".to_owned(), |status| status.to_string());
                let (run, ms) = (entry.run, entry.at.as_millis());
                let (place, what) = (&entry.asked.endpoint, &entry.asked.what);
                writeln!(text, "{run} {ms:>6} ms {status:>3} {:?} {place} {what}", entry.fate)
                    .unwrap();
            }
        }
        text.push_str("== events\n");
        for event in self.lab.events().iter().filter(|event| event["kind"] != "phone-apply") {
            writeln!(text, "{event}").unwrap();
        }
        text
    }
}

fn write(lab: &Lab, proxy: &Proxy, roster: &[String], part: Part) {
    let mut rows = "device,id,extension\n".to_owned();
    for (number, device) in roster.iter().enumerate() {
        writeln!(rows, "{device},{},{}", 1001 + number, 2001 + number).unwrap();
    }
    lab.write("agents.csv", &rows);
    let pins: serde_json::Map<String, Value> = proxy
        .connect_to
        .keys()
        .filter(|endpoint| !endpoint.ends_with(":22"))
        .map(|endpoint| (endpoint.clone(), json!([identity().pin])))
        .collect();
    let text = format!(
        r#"version: 1
deployment: soak
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ env: FINESSE_PASSWORD }} }}
  finesse_platform: {{ user: osadmin, password: {{ env: FINESSE_OS_PASSWORD }} }}
  serviceability: {{ user: risreader, password: {{ env: RIS_PASSWORD }} }}
tls: {{ pins: {} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_settings: {{ scope: phones }}
dialect: {{ https_only_value: 1 }}
phone_apply: {{ when: after-change, how: apply, per_minute: 6000 }}
phone_services:
  primary: {{ name: Cisco Finesse }}
  secondary: {{ name: Cisco Finesse Secondary }}
  sql_writes: allow
one_button_sign_in: {{ id: administrator, extension: administrator, password: sign-in }}
agents: {{ roster: agents.csv }}
limits: {{ max_altered_percent: 100, max_removals: 1000 }}
{}"#,
        Value::Object(pins),
        if part == Part::Whole { FINESSE } else { "" }
    );
    lab.write("site.yaml", &text);
}
