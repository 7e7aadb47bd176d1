//! Tokens: refreshed at three quarters of their life, in both documented forms, handed on, watched, and at their end.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::{Site, code, names};
use crate::lab::Ran;

/// Waits for the tokens' clock.
fn wait(seconds: f64) {
    sleep(Duration::from_secs_f64(seconds));
}

#[test]
fn after_three_quarters_of_its_life_the_next_call_uses_a_refreshed_token() {
    let site = Site::uccx(&["--access-token", "20"]);
    site.sign_in("1001").expect(0);
    let (first, refresh) = site.kept("1001");
    let state = |more: &[&str]| {
        site.run(["agent", "state"], "1001", &[more, &["--output", "json"]].concat())
    };
    assert_eq!(state(&[]).expect(0).json()["refreshed"], false);
    assert_eq!(site.counted("refresh-post"), 0);
    wait(15.5);
    let due = site.run(["sso", "status"], "1001", &[]).expect(0).stdout;
    assert!(due.contains("sso-refresh-due"), "{due}");
    assert_eq!(state(&[]).expect(0).json()["refreshed"], true);
    let sent = site.first("refresh-post");
    assert_eq!(names(&sent["form"]), ["refresh-token", "token"], "{sent}");
    assert_eq!((names(&sent["query"]).len(), &sent["method"]), (0, &json!("POST")));
    let (second, same) = site.kept("1001");
    assert_ne!(first, second);
    assert_eq!(refresh, same, "none came, so the old one stays");
    // Refreshed once, not with each call.
    assert_eq!(state(&[]).expect(0).json()["refreshed"], false);
    wait(20.5);
    let dead = state(&["--bearer"]).expect(4);
    assert_eq!(code(&dead), "sso-refresh-dead");
    let next = dead.json()["errors"][0]["next"].as_str().unwrap().to_owned();
    assert!(next.contains("ippactl sso login site.yaml --agent 1001"), "{next}");
    site.run(["sso", "refresh"], "1001", &[]).expect(4);
    let status = site.run(["sso", "status"], "1001", &[]).expect(4).stdout;
    assert!(status.contains("ended") && status.contains("sso-refresh-dead"), "{status}");
}

#[test]
fn the_other_form_puts_the_refresh_token_into_the_url_and_says_so() {
    let site = Site::uccx(&[]);
    site.playbook("refresh: post", "refresh: get");
    site.sign_in("1001").expect(0);
    let said = site.run(["sso", "refresh"], "1001", &[]).expect(0);
    assert!(said.stderr.contains("sso-refresh-in-url"), "{}", said.stderr);
    let sent = site.first("refresh-get");
    assert_eq!(names(&sent["query"]), ["cc_username", "refresh-token"], "{sent}");
    assert_eq!(site.counted("refresh-post"), 0);
}

#[test]
fn a_new_refresh_token_takes_the_place_of_the_old_one() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    let (_, old) = site.kept("1001");
    site.knobs(&json!({ "new_refresh_token": true }));
    site.run(["sso", "refresh"], "1001", &[]).expect(0);
    assert_ne!(site.kept("1001").1, old);
}

#[test]
fn whatever_a_dead_refresh_is_answered_with_a_new_sign_in_is_what_helps() {
    let site = Site::uccx(&[]);
    for gone in ["redirect", "page", "unauthorized"] {
        site.knobs(&json!({ "gone": gone }));
        site.sign_in("1001").expect(0);
        site.lab.control("POST", "/sso", &json!({ "act": "end-all", "agent": "1001" }));
        let said = site.run(["sso", "refresh"], "1001", &["--output", "json"]).expect(4);
        assert_eq!(code(&said), "sso-refresh-dead", "{gone}");
        let said = site.run(["agent", "state"], "1001", &["--output", "json"]).expect(4);
        assert_eq!(code(&said), "sso-token-refused", "{gone}");
    }
}

#[test]
fn a_child_is_given_the_token_and_its_code_is_passed_on() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    let (access, _) = site.kept("1001");
    // What follows the two hyphens is the child's: the laboratory's own flags stand before them.
    let exec = |flags: &[&str], line: &[&str]| {
        let mut command = site.command(["sso", "exec"], "1001", flags);
        Ran::of(&command.arg("--").args(line).output().unwrap())
    };
    let by_variable = exec(&[], &["sh", "-c", "printf %s \"$IPPACTL_SSO_TOKEN\"; exit 7"]);
    assert_eq!((by_variable.code, by_variable.stdout), (7, access.clone()));
    let script = "test -z \"$IPPACTL_SSO_TOKEN\" && cat /dev/fd/$IPPACTL_SSO_TOKEN_FD";
    let by_pipe = exec(&["--fd"], &["sh", "-c", script]);
    assert_eq!((by_pipe.code, by_pipe.stdout), (0, access.clone()));
    assert_eq!(exec(&[], &["ippactl-no-such-program"]).code, 1);
    let shown = site.run(["sso", "token"], "1001", &[]).expect(0).stdout;
    assert!(shown.contains("(secret)") && !shown.contains(&access));
    let revealed = site.run(["sso", "token"], "1001", &["--reveal"]).expect(0).stdout;
    assert_eq!(revealed.trim_end(), access);
    site.run(["sso", "logout"], "1001", &[]).expect(0);
    assert_eq!(exec(&[], &["true"]).code, 4);
}

#[cfg(unix)]
#[test]
fn a_watch_refreshes_until_ctrl_c() {
    let site = Site::uccx(&["--access-token", "8"]);
    site.sign_in("1001").expect(0);
    let mut command = site.command(["sso", "refresh"], "1001", &["--watch"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait(14.0);
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(site.counted("refresh-post") >= 2, "{}", site.lab.requests());
}
