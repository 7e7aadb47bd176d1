//! Promise 6: marker secrets in every secret position, and every output searched for every spelling of them.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::lab::Lab;

const AXL: &str = "Axl&<Mark>'er% 1";
const USER: &str = "User&<Mark>'er% 2";
const AGENT: &str = "Agent&<Mark>'er% 3";
const FOREIGN: &str = "Other&<Mark>'er% 4";
const FINESSE: &str = "Fin&<Mark>'er% 5";
const SHELL: &str = "Shell&<Mark>'er% 6";
const RIS: &str = "Ris&<Mark>'er% 7";
const SEAL: &str = "Seal&<Mark>'er% 8";

/// Every spelling of a secret that an output could hold.
fn spellings(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        percent.to_lowercase(),
        percent,
        xml.replace('\'', "&apos;"),
        xml.replace('\'', "&#39;"),
        xml,
        json.trim_matches('"').to_owned(),
        secret.replace('\'', "''"),
        // Base64 of the text at each of the three alignments.
        STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        STANDARD.encode(format!("axladmin:{secret}")).trim_end_matches('=').to_owned(),
        STANDARD.encode(format!("finadmin:{secret}")).trim_end_matches('=').to_owned(),
        STANDARD.encode(format!("risreader:{secret}")).trim_end_matches('=').to_owned(),
    ]
}

fn leaks(what: &str, text: &str) -> Vec<String> {
    let secrets = [AXL, USER, AGENT, FOREIGN, FINESSE, SHELL, RIS, SEAL];
    let found =
        secrets.iter().flat_map(|secret| spellings(secret)).filter(|s| text.contains(s.as_str()));
    found.map(|spelling| format!("{what} holds {spelling}")).collect()
}

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

fn laboratory() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    let passwords: Vec<String> = (1001..=1024).map(|id| format!("{id},\"{AGENT}\"")).collect();
    lab.write("two-node-uccx-passwords.csv", &format!("id,password\n{}\n", passwords.join("\n")));
    let foreign = FOREIGN.replace('\'', "''");
    lab.sql(&format!(
        "update telecastersubscribedparameter set value = '{foreign}' where fktelecasterserviceparameter in \
         (select pkid from telecasterserviceparameter where name = 'zip')"
    ));
    lab.sql(&format!(
        "update telecastersubscribedservice set serviceurl = serviceurl || '&password={foreign}&pin={foreign}' \
         where servicename = 'Cisco Finesse'"
    ));
    lab
}

#[test]
fn no_output_holds_a_secret() {
    let lab = laboratory();
    let playbook = "two-node-uccx.yaml";
    let mut outputs = Vec::new();
    let mut run = |words: &[&str], axl: &str| {
        for more in [&[][..], &["-vvv"], &["--output", "json", "-vvv"], &["--full"]] {
            let mut command: Command = lab.command(&[words, more].concat());
            let output =
                command.env("AXL_PASSWORD", axl).env("IPPA_PASSWORD", USER).output().unwrap();
            let what = format!("{words:?} {more:?}");
            outputs.push((
                format!("{what} stdout"),
                String::from_utf8_lossy(&output.stdout).into_owned(),
            ));
            outputs.push((
                format!("{what} stderr"),
                String::from_utf8_lossy(&output.stderr).into_owned(),
            ));
        }
    };
    run(&["validate", playbook], AXL);
    run(&["verify", playbook], AXL);
    run(&["plan", playbook], crate::lab::AXL);
    for (kind, operation, echoed) in [
        ("fault", "addAppUser", USER),
        ("drop-after", "addAppUser", USER),
        ("fault", "updatePhone", AGENT),
        ("fault", "executeSQLUpdate", AGENT),
        ("500", "executeSQLUpdate", AGENT),
        ("drop-after", "updatePhone", AGENT),
    ] {
        // A server may quote what it refuses.
        let text = format!("refused near '{echoed}'");
        let fault =
            json!({"operation": operation, "times": 1, "kind": kind, "code": -1, "text": text});
        lab.control("POST", "/faults", &fault);
        run(&["apply", playbook, "--yes", "--allow", "removal"], crate::lab::AXL);
    }
    lab.sql("delete from telecastersubscribedparameter where value like 'Agent%'");
    run(&["verify", playbook], crate::lab::AXL);
    run(&["apply", playbook, "--yes"], crate::lab::AXL);
    let seen = outputs
        .iter()
        .any(|(_, text)| text.contains("password=(secret)") || text.contains("(secret)"));
    assert!(seen, "the outputs speak of secrets, or this test looks at nothing");
    files(&lab.path("state"), &mut outputs);
    let found: Vec<String> = outputs.iter().flat_map(|(what, text)| leaks(what, text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_that_is_kept_of_a_run_or_taken_back_holds_a_secret() {
    for seal in ["", "journal: { seal: { env: JOURNAL_KEY } }"] {
        let lab = laboratory();
        let playbook = "two-node-uccx.yaml";
        let text = std::fs::read_to_string(lab.path(playbook)).unwrap();
        lab.write(playbook, &format!("{text}\n{seal}\n"));
        let secrets = [("IPPA_PASSWORD", USER), ("JOURNAL_KEY", SEAL)];
        let mut outputs = Vec::new();
        let mut run = |words: &[&str]| outputs.extend(said(&lab, words, &secrets));
        run(&["apply", playbook, "--yes", "--allow", "removal"]);
        // What the run wrote over held passwords; one of them is written over by somebody else.
        let foreign = FOREIGN.replace('\'', "''");
        lab.sql(&format!(
            "update telecastersubscribedservice set serviceurl = serviceurl || '&pin={foreign}' where servicename = 'Cisco Finesse' \
             and fkdevice = (select pkid from device where name = 'SEP001122330003')"
        ));
        let all = lab.run(&["runs", "--output", "json"]).expect(0).json();
        let first = all["runs"][0]["run"].as_str().unwrap().to_owned();
        run(&["runs"]);
        run(&["runs", "show", &first]);
        run(&["undo", &first, "--dry-run"]);
        run(&["undo", &first, "--yes", "--allow", "sql"]);
        run(&["apply", playbook, "--yes", "--allow", "removal"]);
        run(&["remove", playbook, "--yes", "--allow", "removal,sql"]);
        run(&["undo", "--yes", "--allow", "sql"]);
        let said_it = |what: &str| outputs.iter().any(|(_, text)| text.contains(what));
        assert!(said_it("somebody has changed it since") && said_it("(secret)"));
        files(&lab.path("state"), &mut outputs);
        let sealed =
            outputs.iter().any(|(what, text)| what.contains(".jsonl") && text.contains("sealed"));
        assert_eq!(sealed, !seal.is_empty(), "secrets are sealed with a key, and only then");
        let found: Vec<String> =
            outputs.iter().flat_map(|(what, text)| leaks(what, text)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// Runs with these secrets, in every form of output, and returns what was said.
fn said(lab: &Lab, words: &[&str], secrets: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    for more in [&[][..], &["-vvv"], &["--output", "json", "-vvv"], &["--full"]] {
        let output =
            lab.command(&[words, more].concat()).envs(secrets.iter().copied()).output().unwrap();
        for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            let what = format!("{words:?} {more:?} {stream}");
            outputs.push((what, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    outputs
}

#[test]
fn no_output_of_finesse_shell_or_serviceability_holds_a_secret() {
    let phones = "phone_settings: { scope: phones }\ndialect: { https_only_value: 1 }\n";
    let lab = crate::restarts::lab_with(&[], &format!("{}{phones}", crate::restarts::REST));
    let site = "site.yaml";
    let text = std::fs::read_to_string(lab.path(site)).unwrap();
    let ris = "  serviceability: { user: risreader, password: { env: RIS_PASSWORD } }\n";
    let text = text.replace("  finesse_platform:", &format!("{ris}  finesse_platform:"));
    lab.write(site, &text);
    let apply = ["apply", site, "--yes", "--allow", "restart,cluster-wide"];
    let user = ("IPPA_PASSWORD", USER);
    let mut outputs = said(&lab, &["verify", site], &[user, ("FINESSE_PASSWORD", FINESSE)]);
    outputs.extend(said(&lab, &["verify", site], &[user, ("RIS_PASSWORD", RIS)]));
    // Finesse quotes what it refuses, in both of its forms; then saves and does not answer.
    let quoted =
        format!("<ApiErrors><ApiError><ErrorData>{USER}</ErrorData></ApiError></ApiErrors>");
    for (kind, text) in [("status", &quoted), ("html", &quoted), ("close-after", &String::new())] {
        let fault = json!({"method": "PUT", "kind": kind, "status": 400, "text": text, "times": 1});
        lab.control("POST", "/finesse/faults", &fault);
        outputs.extend(said(&lab, &["plan", site], &[user]));
        outputs.extend(said(&lab, &apply, &[user, ("FINESSE_OS_PASSWORD", SHELL)]));
        lab.control("POST", "/operator/finesse-settings", &json!({"user": "old", "password": "x"}));
    }
    outputs.extend(said(&lab, &apply, &[user]));
    outputs.extend(said(&lab, &["verify", site], &[user]));
    for spoken in ["finadmin", "osadmin", "risreader", "IP Phone Agent Settings", "(secret)"] {
        assert!(outputs.iter().any(|(_, text)| text.contains(spoken)), "nothing says {spoken}");
    }
    files(&lab.path("state"), &mut outputs);
    let found: Vec<String> = outputs.iter().flat_map(|(what, text)| leaks(what, text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_demo_run_with_real_secrets_in_the_environment_holds_none() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/two-node-uccx.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.arg("apply").arg(folder).args(["--sandbox", "--yes", "-vvv"]);
    let output = command.env("AXL_PASSWORD", AXL).env("IPPA_PASSWORD", USER).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("addAppUser"), "-vvv speaks of the calls");
    assert_eq!(leaks("the run", &text), Vec::<String>::new());
}
