//! IPPA on a system with single sign-on: `verify`, `plan`, `apply` and `doctor` name the reason and the agents.

use serde_json::{Value, json};

use crate::checks::bench::Bench;

fn found(document: &Value, check: &str) -> Vec<String> {
    let findings = document["deployments"][0]["findings"].as_array().cloned().unwrap_or_default();
    let of_check = findings.iter().filter(|finding| finding["check"] == check);
    let mut names: Vec<String> = of_check
        .map(|finding| finding["object"]["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn on_sso_nobody_can_sign_in_and_on_hybrid_exactly_the_agents_with_it() {
    let bench = Bench::healthy();
    let run = |words: &[&str]| bench.lab.run(&[words, &["site.yaml", "--output", "json"]].concat());
    run(&["verify"]).expect(0);
    let mode = |knobs: &Value| bench.lab.control("POST", "/finesse", &json!({ "knobs": knobs }));
    mode(&json!({ "auth_mode": "SSO" }));
    let verified = run(&["verify"]).expect(2).json();
    assert_eq!(found(&verified, "sso-mode"), ["fin-a.example.com", "fin-b.example.com"]);
    let findings = verified["deployments"][0]["findings"].as_array().unwrap();
    let mode_found = findings.iter().find(|finding| finding["check"] == "sso-mode").unwrap();
    assert_eq!(mode_found["severity"], "error");
    assert!(mode_found["why"].as_str().unwrap().contains("unsupported with SSO"), "{mode_found}");
    let agents =
        json!({ "1003": { "mode": "SSO" }, "1009": { "mode": "SSO" }, "1002": { "mode": "SSO" } });
    mode(&json!({ "auth_mode": "HYBRID", "agents": agents }));
    // 1002 is not in the roster.
    let verified = run(&["verify"]).expect(2).json();
    assert_eq!(found(&verified, "agent-sso"), ["1003", "1009"]);
    assert!(found(&verified, "sso-mode").is_empty());
    for words in [&["plan"][..], &["apply", "--yes"]] {
        let document = run(words).json();
        assert_eq!(found(&document, "agent-sso"), ["1003", "1009"], "{words:?}");
    }
    let examined = run(&["doctor"]).stdout;
    assert!(
        examined.contains("agent-sso") && examined.contains("by SSO: 1003, 1009"),
        "{examined}"
    );
}
