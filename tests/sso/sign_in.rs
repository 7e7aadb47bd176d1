//! Sign-ins: by forms and with what a browser has shown, where they may lead, and what they meet on the way.

use serde_json::json;

use super::{Site, code, names};

#[test]
fn forms_give_tokens_with_the_vendors_parameters_and_a_call_is_made_with_them() {
    let site = Site::uccx(&[]);
    let said = site.sign_in("1001").expect(0);
    assert!(said.stdout.contains("agent 1001: fresh"), "{}", said.stdout);
    let fetch = site.first("fetch");
    assert_eq!(names(&fetch["query"]), ["cc_username", "return_refresh_token"]);
    let state = site.run(["agent", "state"], "1001", &["--output", "json"]).expect(0).json();
    assert_eq!((&state["credential"], &state["agent"]["id"]), (&json!("bearer"), &json!("1001")));
    let requests = site.lab.requests();
    let last = requests["finesse"]["last"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["scheme"], "Bearer", "{requests}");
}

#[test]
fn every_kind_of_page_leads_to_the_tokens() {
    let site = Site::uccx(&[]);
    for knobs in [
        json!({ "scripts": false }),
        json!({ "whole_action": true, "context": true, "origin": true }),
        json!({ "whole_action": false, "tokens": "opaque" }),
        json!({ "tokens": "signed" }),
    ] {
        site.knobs(&knobs);
        let said = site.sign_in("1001");
        assert_eq!(said.code, 0, "{knobs}: {}", said.stderr);
    }
    let status = site.run(["sso", "status"], "1001", &["--output", "json"]).expect(0).json();
    assert_eq!(status["tokens"][0]["form"], "signed");
}

#[test]
fn what_a_browser_has_shown_is_taken_from_a_pipe_and_from_a_file() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    let (access, refresh) = site.kept("1001");
    let shown = json!({ "token": access, "refresh_token": refresh, "expires_in": 3600 });
    site.run(["sso", "logout"], "1001", &[]).expect(0);
    site.run(["agent", "state"], "1001", &["--bearer"]).expect(4);
    let pretty = serde_json::to_string_pretty(&shown).unwrap();
    let said = site.piped(["sso", "login"], "1001", &[], &pretty).expect(0);
    let address = "https://fin-a.example.com:8445/desktop/sso/token?cc_username=1001&return_refresh_token=true";
    assert!(said.stderr.contains(address), "{}", said.stderr);
    site.run(["agent", "state"], "1001", &["--bearer"]).expect(0);
    site.lab.write("shown.json", &shown.to_string());
    site.run(["sso", "login"], "1001", &["--token-file", "shown.json"]).expect(0);
    site.piped(["sso", "login"], "1001", &["--token-file", "-"], &shown.to_string()).expect(0);
    // Of another agent, nothing, and not what it should be.
    let other = site.piped(["sso", "login"], "1002", &["--output", "json"], &pretty).expect(4);
    assert_eq!(code(&other), "sso-token-refused");
    assert_eq!(site.piped(["sso", "login"], "1002", &[], "").code, 64);
    let error = r#"{"error":"invalid_redirectUri","error_description":"Invalid Redirect URI."}"#;
    let told = site.piped(["sso", "login"], "1002", &["--output", "json"], error).expect(1);
    assert_eq!(code(&told), "sso-redirect-unknown");
    let odd = site.piped(["sso", "login"], "1002", &["--output", "json"], "not JSON").expect(1);
    assert_eq!(code(&odd), "sso-answer-unreadable");
}

#[test]
fn a_host_that_nobody_has_named_gets_nothing() {
    let site = Site::uccx(&[]);
    for knobs in [
        json!({ "first": "outside-form" }),
        json!({ "first": "outside-redirect" }),
        json!({ "first": "login", "then": "outside-form" }),
    ] {
        site.knobs(&knobs);
        let said = site.sign_in("1001").expect(5);
        assert!(said.stderr.contains("stranger.example.net:443"), "{knobs}: {}", said.stderr);
    }
    assert_eq!(site.counted("stranger"), 0);
    assert_eq!(site.lab.requests()["sso"]["stranger_connections"], 0);
    // Nor the identity provider's page, where the playbook does not call it one.
    site.knobs(&json!({ "first": "login", "then": "signed-in" }));
    site.playbook("idp: [adfs.example.com]", "idp: [sts.example.com]");
    let before = site.counted("idp");
    let said = site.sign_in("1001").expect(5);
    assert!(said.stderr.contains("adfs.example.com:443"), "{}", said.stderr);
    assert_eq!(site.counted("idp"), before);
    site.playbook("ids: ids.example.com:8553, idp: [adfs.example.com], ", "");
    assert_eq!(site.sign_in("1001").code, 64);
}

#[test]
fn a_page_that_is_not_known_ends_it_with_its_title_and_forms() {
    let site = Site::uccx(&[]);
    for knobs in [
        json!({ "first": "home-realm" }),
        json!({ "first": "certificate" }),
        json!({ "first": "login", "then": "mfa" }),
        json!({ "first": "login", "then": "password-expired" }),
    ] {
        site.knobs(&knobs);
        let said = site.sign_in("1001");
        assert_ne!(said.code, 0, "{knobs}");
        assert!(
            ["page", "refused", "error"].iter().any(|word| said.stderr.contains(word)),
            "{knobs}: {}",
            said.stderr
        );
        assert!(!site.lab.path("state/sso-site@cucm-pub.example.com/tokens/1001.json").exists());
    }
    site.knobs(&json!({ "first": "home-realm", "then": "signed-in" }));
    let said = site.sign_in("1001").expect(1);
    assert!(said.stderr.contains("sso-page-unknown"), "{}", said.stderr);
    assert!(said.stderr.contains("sso-browser-needed"), "{}", said.stderr);
}

#[test]
fn a_wrong_password_is_tried_once() {
    let site = Site::uccx(&[]);
    let more = ["--idp", "forms", "--idp-user", "agent1001@example.com", "--password-env", "WRONG"];
    let mut command = site.command(["sso", "login"], "1001", &more);
    site.lab.reset();
    let output = command.env("WRONG", "not-this-one").output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("sso-sign-in-refused"));
    let requests = site.lab.requests();
    let all = requests["sso"]["last"].as_array().unwrap();
    let sent = all.iter().filter(|one| names(&one["form"]).iter().any(|name| name == "Password"));
    assert_eq!(sent.count(), 1, "{requests}");
}

#[test]
fn each_error_of_the_identity_service_is_told_with_its_fix() {
    let site = Site::uccx(&[]);
    for (broken, expected) in [
        ("invalid-client", "sso-client-unknown"),
        ("invalid-redirect-uri", "sso-redirect-unknown"),
        ("metadata-missing", "sso-metadata-missing"),
        ("invalid-signature", "sso-signature-invalid"),
        ("saml-processing", "sso-saml-refused"),
        ("no-user-identifier", "sso-claims-missing"),
        ("no-user-principal", "sso-claims-missing"),
        ("relying-party", "sso-provider-error"),
    ] {
        site.knobs(&json!({ "broken": broken }));
        let said = site.sign_in("1001");
        assert!(said.stderr.contains(expected), "{broken}: {} {}", said.code, said.stderr);
        assert_eq!(said.code, 1, "{broken}");
        site.lab.run(&["explain", expected]).expect(0);
    }
}

#[test]
fn the_old_assertion_address_and_an_old_release_are_told() {
    let site = Site::uccx(&[]);
    site.knobs(&json!({ "assertions": "stale" }));
    let said = site.sign_in("1001");
    assert!(said.stderr.contains("sso-acs-url"), "{} {}", said.code, said.stderr);
    site.knobs(&json!({ "assertions": "as-wanted" }));
    assert!(!site.sign_in("1001").expect(0).stderr.contains("sso-acs-url"));
    site.knobs(&json!({ "query": "never" }));
    let old = site.sign_in("1001");
    assert!(old.stderr.contains("sso-release: no refresh token"), "{} {}", old.code, old.stderr);
    site.knobs(&json!({ "query": "auto" }));
    site.playbook("12.5(1)SU3", "12.5(1)");
    assert!(site.sign_in("1001").stderr.contains("sso-release"));
}

#[test]
fn the_embedded_cluster_has_a_sign_in_too() {
    let site = Site::uccx(&[]);
    site.lab.write("demo.yaml", super::PLAYBOOK);
    let user = ["--idp-user", "agent1001@example.com", "--password-env", "NEVER_SET_HERE"];
    let login = ["sso", "login", "demo.yaml", "--agent", "1001", "--sandbox", "--idp", "forms"];
    let said = site.lab.run_alone(&[&login[..], &user].concat()).expect(0);
    assert!(said.stdout.contains("agent 1001: fresh"), "{}", said.stdout);
    assert!(!site.lab.path("state/sso-site@cucm-pub.example.com").exists());
}
