//! The main job of these tests: one playbook that asks for everything, and the person who does what is left.

use serde_json::{Value, json};

use super::truth;
use super::{Ended, Pair};
use crate::lab::{Lab, Ran};

const ALLOW: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset";

/// A roster with everything on it: Extension Mobility, subscriptions of others with values, old ones of our own, and a
/// password that needs encoding.
pub(super) const ROSTER: [(&str, &str, &str); 7] = [
    ("SEP001122330001", "UDP_1001", "1001"),
    ("SEP001122330002", "UDP_1004", "1004"),
    ("SEP001122330003", "UDP_1003", "1003"),
    ("SEP001122330009", "", "1009"),
    ("SEP001122330013", "", "1013"),
    ("SEP001122330014", "", "1014"),
    ("SEP001122330020", "", "1020"),
];

/// An agent's password.
pub(super) fn password(id: &str) -> String {
    if id == "1003" { "De mo&1=%?#+'x".to_owned() } else { format!("demo{id}") }
}

/// One run of the main job.
pub(super) struct Job {
    pub(super) lab: Lab,
    play: Vec<Pair>,
    /// `phone_apply.how`.
    how: &'static str,
}

impl Job {
    /// A cluster that answers these questions so, and the playbook.
    pub(super) fn under(play: &[Pair]) -> Self {
        Self::telling(play, "apply")
    }

    fn telling(play: &[Pair], how: &'static str) -> Self {
        let answers: Vec<String> = play.iter().map(|(q, a)| format!("--answer={q}={a}")).collect();
        let lab = Lab::start(&answers.iter().map(String::as_str).collect::<Vec<_>>());
        let job = Self { lab, play: play.to_vec(), how };
        job.write("");
        job
    }

    fn is(&self, question: &str, answer: &str) -> bool {
        self.play.iter().any(|(own, given)| own == question && given == answer)
    }

    /// Writes the playbook, with more sections.
    fn write(&self, more: &str) {
        let extension = |id: &str| id.parse::<u32>().unwrap() + 1000;
        let row = |(device, profile, id): &(&str, &str, &str)| {
            format!("{device},{profile},{id},{},agent{id}", extension(id))
        };
        let rows: Vec<String> = ROSTER.iter().map(row).collect();
        let roster = format!("device,device_profile,id,extension,user\n{}\n", rows.join("\n"));
        let rows: Vec<String> =
            ROSTER.iter().map(|(_, _, id)| format!("{id},{}", password(id))).collect();
        let passwords = format!("id,password\n{}\n", rows.join("\n"));
        self.lab.write("agents.csv", &roster);
        self.lab.write("passwords.csv", &passwords);
        let path = if self.is("finesse-19.4.1-path", "another") {
            "/finesse/api/PhoneAgent/Authentication"
        } else {
            "/finesse/api/IPPhoneAgentSettings"
        };
        // The site finds out that its servers are listed by address, and writes the publisher's.
        let by_address =
            self.is("axl-21.1-value", "address") && self.lab.path("site.yaml").exists();
        let server = if by_address { "192.0.2.11" } else { "cucm-pub.example.com" };
        let how = self.how;
        let pins = self.lab.pins();
        self.lab.write(
            "site.yaml",
            &format!(
                r#"version: 1
deployment: everything
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ env: FINESSE_PASSWORD }} }}
  finesse_platform: {{ user: osadmin, password: {{ env: FINESSE_OS_PASSWORD }} }}
  serviceability: {{ user: risreader, password: {{ env: RIS_PASSWORD }} }}
{pins}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_settings: {{ scope: phones }}
phone_apply: {{ when: after-change, how: {how}, per_minute: 6000 }}
phone_services:
  primary: {{ name: Cisco Finesse }}
  secondary: {{ name: Cisco Finesse Secondary }}
  sql_writes: allow
one_button_sign_in: {{ id: administrator, extension: administrator, password: administrator }}
agents:
  roster: agents.csv
  passwords: {{ file: passwords.csv }}
finesse_settings:
  mode: rest
  path: {path}
  body: "<IPPhoneAgentSettings><username>{{{{ user }}}}</username><password>{{{{ password }}}}</password></IPPhoneAgentSettings>"
  read_back: {{ path: {path}, user: "//username" }}
self_care: {{ default_server: {server} }}
restart: {{ finesse_tomcat: when-needed, between_nodes: 0 }}
limits: {{ max_altered_percent: 100 }}
{more}"#
            ),
        );
    }

    /// Runs the program; where nobody answers, not for as long as it would wait for a busy server.
    fn ippactl(&self, words: &[&str]) -> Ran {
        let hurry: &[&str] =
            if self.is("axl-21.13", "status-503") { &["--deadline", "8"] } else { &[] };
        self.lab.run(&[words, hurry].concat())
    }

    fn apply(&self) -> Ran {
        self.ippactl(&["apply", "site.yaml", "--yes", "--allow", ALLOW, "--output", "json"])
    }

    /// Does the job, and says how it ended; stops at a wrong *in sync*.
    pub(super) fn run(self) -> Ended {
        let first = self.apply();
        match first.code {
            0 if self.is("axl-21.10", "reset") && self.how == "apply" => {
                // Nothing tells what a phone shows: the plan says so, and the site decides.
                assert!(first.stdout.contains("phone_apply.how: reset"), "{}", first.stdout);
                Job::telling(&self.play, "reset").run();
                Ended::WithWord(vec!["phone_apply.how".to_owned()])
            }
            0 => self.in_sync(Ended::InSync),
            3 if !steps(&first.json()).is_empty() => self.with_a_person(&first.json()),
            _ => {
                let plan = self.ippactl(&["plan", "site.yaml", "--detailed-exitcode"]);
                assert_ne!(plan.code, 0, "failed, and then in sync: {}", first.stdout);
                let verify = self.ippactl(&["verify", "site.yaml", "--output", "json"]);
                let said = verify.code != 0 || !checks(&verify.json(), "warning").is_empty();
                assert!(said, "failed, and then in sync: {}", first.stdout);
                Ended::Said(what(&first.json()))
            }
        }
    }

    /// A person does the steps, and the job goes on.
    fn with_a_person(self, run: &Value) -> Ended {
        let steps = steps(run);
        let names: Vec<String> = steps.keys().cloned().collect();
        for (id, step) in &steps {
            self.perform(id, step);
        }
        let again = self.attesting(&steps);
        match again.code {
            0 => self.in_sync(Ended::AfterSteps(names)),
            3 => {
                let waits = self::steps(&again.json()).into_keys().collect();
                self.write(self.word());
                self.apply().expect(0);
                self.in_sync(Ended::WithWord(waits))
            }
            code => panic!("{code} after a person: {}\n{}", again.stdout, again.stderr),
        }
    }

    /// Applies again, with the tokens of what nothing can show.
    fn attesting(&self, steps: &std::collections::BTreeMap<String, Value>) -> Ran {
        let said = steps.iter().filter(|(id, _)| id.starts_with("override-"));
        let said: Vec<String> = said
            .map(|(id, step)| {
                format!("--operator-done={id}={}", step["operator"]["token"].as_str().unwrap())
            })
            .collect();
        let words = ["apply", "site.yaml", "--yes", "--allow", ALLOW, "--output", "json"];
        let said = said.iter().map(String::as_str);
        self.ippactl(&words.into_iter().chain(said).collect::<Vec<_>>())
    }

    /// What the site writes into its playbook once it knows.
    fn word(&self) -> &'static str {
        if self.is("axl-21.1-name", "two-alike") {
            "dialect: { self_care_parameter: SelfCarePortalDefaultServer }"
        } else if self.is("axl-21.1-name", "unlike-its-title") {
            "dialect: { self_care_parameter: UcmUserDefaultHost }"
        } else if self.is("axl-21.2", "differs-by-model") {
            "dialect: { https_only_value: 1 }"
        } else {
            ""
        }
    }

    /// What the step's own words ask for, done in the console.
    fn perform(&self, id: &str, step: &Value) {
        let said = step.to_string();
        if id == "https-only-reference" {
            // In the console a person picks the words; the cluster knows the number.
            let number = self.lab.control("GET", "/settings", &Value::Null);
            let act = json!({"scope": "phone", "name": ROSTER[0].0, "element": "webProtocol",
                "value": number["https_only_value"], "apply": true});
            self.lab.control("POST", "/operator/vendor-config", &act);
        } else if said.contains("Override Common Settings") {
            let number = self.lab.control("GET", "/settings", &Value::Null);
            for (element, value) in
                [("webAccess", json!("0")), ("webProtocol", number["https_only_value"].clone())]
            {
                let act = json!({"scope": "phone", "name": step["object"]["name"], "element": element,
                    "value": value, "apply": true});
                self.lab.control("POST", "/operator/vendor-config", &act);
            }
        } else if said.contains("Self Care Portal Default Server") {
            let act = json!({"value": "cucm-pub.example.com"});
            self.lab.control("POST", "/operator/self-care-server", &act);
        } else {
            panic!("{id}: what is a person to do here? {step:#}");
        }
    }

    /// The program says in sync: it has to be true, to stay so, and to hold after somebody has saved a subscription
    /// again in the console.
    fn in_sync(self, end: Ended) -> Ended {
        self.ippactl(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
        self.lab.reset();
        self.apply().expect(0);
        assert_eq!(self.lab.requests()["writes"], json!(0), "{:#}", self.lab.requests());
        let verify = self.ippactl(&["verify", "site.yaml", "--output", "json"]);
        let wrong = truth::differences(&self.lab);
        if verify.code == 2 {
            assert!(!wrong.is_empty(), "found, and all is right: {}", verify.stdout);
            return Ended::Finding(checks(&verify.json(), "error"));
        }
        let verify = verify.expect(0);
        assert!(wrong.is_empty(), "in sync, and wrong: {wrong:#?}\n{}", verify.stdout);
        self.saved_again();
        end
    }

    fn saved_again(&self) {
        let (device, _, id) = ROSTER[2];
        let values = json!({"id": id, "extension": "2003", "password": password(id)});
        let act = json!({"device": device, "service": "Cisco Finesse", "values": values});
        self.lab.control("POST", "/operator/subscription", &act);
        self.apply().expect(0);
        self.ippactl(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
        let mut wrong = truth::differences(&self.lab);
        // The console leaves it to the person to apply.
        wrong.retain(|one| !one.ends_with("shows an old menu"));
        assert!(wrong.is_empty(), "after a save in the console: {wrong:#?}");
    }
}

/// Steps for a person, by id.
fn steps(run: &Value) -> std::collections::BTreeMap<String, Value> {
    let steps = run["deployments"][0]["steps"].as_array().unwrap();
    let by_hand = steps
        .iter()
        .filter_map(|step| Some((step["operator"]["id"].as_str()?.to_owned(), step.clone())));
    by_hand.collect()
}

fn checks(run: &Value, severity: &str) -> Vec<String> {
    let findings = run["deployments"][0]["findings"].as_array().unwrap();
    let mut checks: Vec<String> = findings
        .iter()
        .filter(|finding| finding["severity"] == severity)
        .map(|finding| finding["check"].as_str().unwrap().to_owned())
        .collect();
    checks.sort();
    checks.dedup();
    checks
}

/// What a failed run says was in the way.
fn what(run: &Value) -> String {
    let deployment = &run["deployments"][0];
    let of_steps = deployment["steps"].as_array().unwrap().iter().map(|step| &step["error"]);
    let mut errors = deployment["errors"].as_array().unwrap().iter().chain(of_steps);
    let first = errors.find(|error| error["what"].is_string());
    let Some(first) = first else {
        let refused = deployment["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|step| step["state"] == "refused");
        let why: Vec<&str> = refused.filter_map(|step| step["reason"].as_str()).collect();
        assert!(!why.is_empty(), "failed without a word: {run:#}");
        return format!("refused: {}", why[0]);
    };
    assert!(first["next"].as_str().is_some_and(|next| !next.is_empty()), "{first:#}");
    format!("{}: {}", first["code"].as_str().unwrap(), first["what"].as_str().unwrap())
}
