//! Single sign-on, with the binary against a sandbox in SSO or hybrid mode: sign-ins, tokens and their life, agents, and
//! what `verify` says. What goes over the wire is looked at where it arrives.

mod agents;
mod judged;
mod secrecy;
mod sign_in;
mod tokens;

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

/// The password of the identity provider's accounts.
const IDP: &str = "sandbox-demo";

const PLAYBOOK: &str = r#"version: 1
deployment: sso-site
cucm: { publisher: cucm-pub.example.com }
finesse: { product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }
credentials: { axl: { user: axladmin, password: { env: AXL_PASSWORD } } }
application_user: { id: ippa, password: { env: IPPA_PASSWORD } }
phone_services: { primary: { name: Cisco Finesse }, secondary: { name: Cisco Finesse Secondary } }
sso: { ids: ids.example.com:8553, idp: [adfs.example.com], refresh: post }
"#;

/// A site and its playbook.
struct Site {
    lab: Lab,
}

impl Site {
    /// A UCCX in SSO mode.
    fn uccx(flags: &[&str]) -> Self {
        let site = Self { lab: Lab::start(&[&["--sso"], flags].concat()) };
        site.playbook("", "");
        site
    }

    /// A hybrid UCCE in which these agents sign in by SSO.
    fn hybrid(agents: &str) -> Self {
        let hybrid = format!("--hybrid={agents}");
        let flags = ["--product", "ucce", "--finesse-release", "12.6(2)", &hybrid];
        let site = Self { lab: Lab::start(&flags) };
        let product = r#"product: uccx, release: "12.5(1)SU3""#;
        site.playbook(product, r#"product: ucce, release: "12.6(2)""#);
        site
    }

    /// Writes the playbook with something in it replaced.
    fn playbook(&self, from: &str, to: &str) {
        assert!(PLAYBOOK.contains(from), "{from}");
        let text = PLAYBOOK.replacen(from, to, 1);
        self.lab.write("site.yaml", &format!("{text}{}\n", self.lab.pins()));
    }

    /// `ippactl GROUP WORD site.yaml --agent AGENT …`
    fn command(&self, words: [&str; 2], agent: &str, more: &[&str]) -> Command {
        let words = [&words[..], &["site.yaml", "--agent", agent], more].concat();
        let mut command = self.lab.command(&words);
        command.env("IDP_PASSWORD", IDP);
        command
    }

    fn run(&self, words: [&str; 2], agent: &str, more: &[&str]) -> Ran {
        Ran::of(&self.command(words, agent, more).output().unwrap())
    }

    /// Signs in by forms.
    fn sign_in(&self, agent: &str) -> Ran {
        let user = format!("agent{}@example.com", agent.trim_start_matches("agent"));
        let more = ["--idp", "forms", "--idp-user", &user, "--password-env", "IDP_PASSWORD"];
        self.run(["sso", "login"], agent, &more)
    }

    /// Runs with this text at standard input.
    fn piped(&self, words: [&str; 2], agent: &str, more: &[&str], text: &str) -> Ran {
        use std::io::Write as _;
        let mut command = self.command(words, agent, more);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// Turns the sandbox's switches of single sign-on.
    fn knobs(&self, sso: &Value) {
        self.lab.control("POST", "/finesse", &json!({ "knobs": { "sso": sso } }));
    }

    /// Turns those of agents.
    fn desk(&self, desk: &Value) {
        self.lab.control("POST", "/finesse", &json!({ "knobs": { "desk": desk } }));
    }

    /// Requests of this shape since the last reset.
    fn counted(&self, shape: &str) -> u64 {
        self.lab.requests()["sso"]["requests"][shape].as_u64().unwrap_or(0)
    }

    /// The first request of this shape.
    fn first(&self, shape: &str) -> Value {
        let requests = self.lab.requests();
        let all = requests["sso"]["last"].as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|request| request["shape"] == shape);
        found.unwrap_or_else(|| panic!("no {shape}: {requests}"))
    }

    /// The kept tokens of an agent: access, and refresh.
    fn kept(&self, agent: &str) -> (String, String) {
        let path = format!("state/sso-site@cucm-pub.example.com/tokens/{agent}.json");
        let text = fs::read_to_string(self.lab.path(&path)).unwrap();
        let kept: Value = serde_json::from_str(&text).unwrap();
        let token = |key: &str| kept[key].as_str().unwrap_or_default().to_owned();
        (token("access_token"), token("refresh_token"))
    }
}

/// Names in a list, sorted.
fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> =
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    names.sort();
    names
}

/// The code of the first error of a JSON document.
fn code(ran: &Ran) -> String {
    ran.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
}
