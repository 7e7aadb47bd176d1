//! Passwords and tokens in no output, no log and no file but their own.

use std::fs;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{IDP, Site};

const MARKER: &str = "Idp&<Mark>'er% 9";

/// Every spelling of a secret that an output could hold.
fn spellings(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let form = percent.replace("%20", "+");
    let json = serde_json::to_string(secret).unwrap();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;");
    vec![secret.to_owned(), form, percent, xml, json.trim_matches('"').to_owned()]
}

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if !path.parent().is_some_and(|folder| folder.ends_with("tokens")) {
            let text = fs::read(&path).unwrap_or_default();
            found.push((path.display().to_string(), String::from_utf8_lossy(&text).into_owned()));
        }
    }
}

#[test]
fn no_output_holds_a_password_or_a_token() {
    let site = Site::uccx(&[]);
    let mut outputs = Vec::new();
    let mut secrets = vec![MARKER.to_owned(), IDP.to_owned()];
    let run = |words: [&str; 2], more: &[&str], outputs: &mut Vec<(String, String)>| {
        for further in [&[][..], &["-vvv"], &["--output", "json", "-vvv"]] {
            let mut command = site.command(words, "1001", &[more, further].concat());
            let output = command.env("WRONG", MARKER).output().unwrap();
            for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
                let what = format!("{words:?} {more:?} {further:?} {stream}");
                outputs.push((what, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    };
    let forms = |place: &'static str| {
        ["--idp", "forms", "--idp-user", "agent1001@example.com", "--password-env", place]
    };
    run(["sso", "login"], &forms("WRONG"), &mut outputs);
    run(["agent", "state"], &["--password-env", "WRONG"], &mut outputs);
    for (tokens, form) in [("opaque", "refresh: post"), ("signed", "refresh: get")] {
        site.knobs(&json!({ "tokens": tokens, "new_refresh_token": true, "lock_after": 50 }));
        site.playbook("refresh: post", form);
        run(["sso", "login"], &forms("IDP_PASSWORD"), &mut outputs);
        for (words, more) in [
            (["sso", "status"], &[][..]),
            (["sso", "token"], &[]),
            (["agent", "state"], &["--bearer"]),
            (["agent", "login"], &["--extension", "2001", "--disturb"]),
            (["sso", "refresh"], &[]),
            (["sso", "exec"], &["--fd"]),
        ] {
            let (access, refresh) = site.kept("1001");
            assert!(access.len() > 20 && refresh.len() > 20);
            secrets.extend([access, refresh]);
            if words[1] != "exec" {
                run(words, more, &mut outputs);
            }
        }
        let (access, refresh) = site.kept("1001");
        secrets.extend([access, refresh]);
        // A server that quotes what it was sent.
        let fault = json!({ "node": "fin-a.example.com", "path": "/desktop/sso/token", "kind": "status",
            "status": 400, "text": format!("refused {MARKER}"), "times": 1 });
        site.lab.control("POST", "/finesse/faults", &fault);
        run(["sso", "refresh"], &[], &mut outputs);
    }
    let signed_in = outputs.iter().any(|(_, text)| text.contains("agent 1001: fresh"));
    let refused = outputs.iter().any(|(_, text)| text.contains("sso-sign-in-refused"));
    assert!(signed_in && refused, "this test looks at nothing");
    files(&site.lab.path("state"), &mut outputs);
    let leaks: Vec<String> = secrets
        .iter()
        .flat_map(|secret| spellings(secret))
        .flat_map(|spelling| {
            let holds = outputs.iter().filter(move |(_, text)| text.contains(spelling.as_str()));
            holds.map(|(what, _)| what.clone()).collect::<Vec<_>>()
        })
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}
