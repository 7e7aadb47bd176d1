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
    ]
}

fn leaks(what: &str, text: &str) -> Vec<String> {
    let secrets = [AXL, USER, AGENT, FOREIGN];
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
