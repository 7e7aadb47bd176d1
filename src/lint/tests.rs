//! The offline rules over whole playbooks.

mod sections;
mod single_sign_on;

use super::lint;
use crate::playbook::{Files, parse, underline};

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }
}

const GOOD: &str = "\
version: 1
deployment: one
cucm: { publisher: pub.example.com }
finesse:
  product: uccx
  release: 12.5(1)
  primary: fin-a.example.com
  secondary: fin-b.example.com
credentials: { axl: { user: a, password: { prompt: true } } }
application_user: { id: ippa, password: { prompt: true } }
phone_services:
  subscription: manual
  primary: { name: One }
  secondary: { name: Two }
  retire: [Old]
one_button_sign_in: { id: administrator, extension: administrator }
agents:
  roster:
    - { device: SEP001122334455, id: 1001, extension: 5001 }
";

/// `severity[code] line` of every finding in a playbook with these replacements.
fn found(changes: &[(&str, &str)]) -> Vec<String> {
    let text = changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let deployment = parse("p.yaml", &text, &Nothing).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(|m| m.render(false)).collect::<String>())
    });
    let line = |d: &crate::playbook::Diagnostic| {
        format!("{}[{}] {}", d.severity.word(), d.code, d.location.line)
    };
    lint(&deployment).iter().map(line).collect()
}

#[test]
fn a_good_playbook_has_no_findings() {
    assert_eq!(found(&[]), Vec::<String>::new());
}

#[test]
fn hosts_are_complete_and_apart() {
    assert_eq!(
        found(&[("fin-a.example.com", "10.0.0.1"), ("fin-b.example.com", "fin-b")]),
        ["error[service-url-not-fqdn] 7", "error[service-url-not-fqdn] 8"]
    );
    assert_eq!(
        found(&[("fin-a.example.com", "{ host: 10.0.0.1, service_host: fin-a.example.com }")]),
        Vec::<String>::new()
    );
    assert_eq!(found(&[("fin-b", "FIN-A")]), ["error[services-same-host] 8"]);
    assert_eq!(
        found(&[("fin-b.example.com", "{ host: fin-a.example.com, service_host: x.example.com }")]),
        ["error[services-same-host] 8"]
    );
}

#[test]
fn names_are_short_and_apart() {
    assert_eq!(found(&[("Two", "one")]), ["error[services-same-name] 14"]);
    assert_eq!(found(&[("Two", "Two, adopt: One")]), ["error[services-same-name] 14"]);
    assert_eq!(
        found(&[("One }", "One, adopt: X }"), ("Two", "Two, adopt: X")]),
        ["error[services-same-name] 14"]
    );
    assert_eq!(found(&[("Old", "Two")]), ["error[services-same-name] 15"]);
    assert_eq!(
        found(&[("Two", &"x".repeat(33)), ("One }", "'a\"b' }")]),
        ["error[service-name-too-long] 13", "error[service-name-too-long] 14"]
    );
    assert_eq!(found(&[("Two", &"x".repeat(32))]), Vec::<String>::new());
    assert_eq!(found(&[("Two", "Финесс")]), ["error[service-name-too-long] 14"]);
    assert_eq!(found(&[("Two", "Finesse Süd")]), Vec::<String>::new());
    assert_eq!(
        found(&[("One }", "Süd }"), ("Two", "Sud")]),
        ["error[services-same-name] 14"],
        "the names differ, the ASCII names do not"
    );
}

#[test]
fn one_button_sign_in_fits_the_subscription() {
    assert_eq!(found(&[("manual", "enterprise")]), ["error[obsi-enterprise-conflict] 16"]);
    let agents = ("id: administrator, extension: administrator", "id: agent, extension: agent");
    let self_care = ("one_button_sign_in", "self_care: {}\none_button_sign_in");
    let user = ("extension: 5001", "extension: 5001, user: a");
    assert_eq!(found(&[agents, self_care, user]), ["warning[obsi-required-flag] 17"]);
    assert_eq!(found(&[agents, self_care, user, ("manual", "self-care")]), Vec::<String>::new());
}

#[test]
fn values_fit_into_a_subscription() {
    let long = "1".repeat(101);
    for bad in [&long, "é", "'a\"b'"] {
        assert_eq!(found(&[("1001", bad)]), ["error[subscription-value-limits] 19"], "{bad}");
    }
    assert_eq!(found(&[("5001", "50+01")]), ["warning[subscription-value-needs-escaping] 19"]);
    assert_eq!(found(&[("1001", "jdoe")]), Vec::<String>::new());
    assert_eq!(
        found(&[("1001", "jdoe"), ("uccx", "pcce")]),
        ["error[subscription-agent-id-form] 19"]
    );
}

#[test]
fn values_fit_into_a_url_of_each_service() {
    let (id, extension) = ("+".repeat(95), "+".repeat(60));
    let long = [("1001", id.as_str()), ("5001", extension.as_str())];
    let errors = |changes: &[(&str, &str)]| {
        let mut found = found(changes);
        found.retain(|finding| finding.starts_with("error"));
        found
    };
    assert_eq!(errors(&long), ["error[subscription-value-limits] 19"; 2]);
    let short = [("fin-b.example.com", "f.ex.com"), ("1001", id.as_str()), ("5001", "+++")];
    assert_eq!(errors(&short), Vec::<String>::new());
    // A value that is typed at sign-in stands in no URL.
    let typed = ("extension: administrator", "extension: sign-in");
    assert_eq!(errors(&[long[0], long[1], typed]), Vec::<String>::new());
}

#[test]
fn shared_phones_ids_and_extensions_are_pointed_out() {
    let row = "    - { device: SEP001122334455, id: 1001, extension: 5001 }\n";
    let twice = |second: &str| format!("{row}    - {second}\n");
    assert_eq!(
        found(&[(row, &twice("{ device: SEP001122334455, id: 1001, extension: 5001, user: b }"))]),
        ["warning[phone-shared-by-agents] 20"]
    );
    assert_eq!(
        found(&[(row, &twice("{ device: SEP001122334466, id: 1001, extension: 5002 }"))]),
        ["warning[phone-shared-by-agents] 20"]
    );
    assert_eq!(
        found(&[(row, &twice("{ device: SEP001122334466, id: 1002, extension: 5001 }"))]),
        ["warning[phone-shared-by-agents] 20"]
    );
    assert_eq!(
        found(&[(row, &twice("{ device_profile: Hot, id: 1001, extension: 5001 }"))]),
        Vec::<String>::new()
    );
}

#[test]
fn the_application_user_has_an_id_that_cucm_takes() {
    assert_eq!(found(&[("id: ippa", "id: ip/pa")]), ["error[application-user-id] 10"]);
    assert_eq!(found(&[("id: ippa", "id: ippa.prod@a")]), Vec::<String>::new());
}

#[test]
fn findings_show_the_line() {
    let text = GOOD.replace("fin-b.example.com", "fin-b").replace("Old", "One");
    let deployment = parse("p.yaml", &text, &Nothing).unwrap();
    let mut found = lint(&deployment);
    underline(&mut found, "p.yaml", &text, &Nothing);
    let shown: String = found.iter().map(|finding| finding.render(false)).collect();
    insta::assert_snapshot!(shown, @r#"
    error[service-url-not-fqdn]: the service URL would carry a short name, `fin-b`, instead of the FQDN
     --> p.yaml:8:3
      |
    8 |   secondary: …
      |   ^^^^^^^^^
      = write the complete FQDN as `host`, or as `service_host` beside it
    error[services-same-name]: `retire` names the primary service of this playbook
      --> p.yaml:15:12
       |
    15 |   retire: [One
       |            ^^^
       = retire only services that phones shall no longer have
    "#);
}

#[test]
fn every_finding_is_in_the_table_or_known() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("procedures.rs"),
        include_str!("services.rs"),
        include_str!("urls.rs"),
        include_str!("values.rs"),
    ];
    let mut named = 0;
    for source in sources {
        let source = source.replace("finding(\n", "finding(");
        for call in source.split("finding(").skip(1) {
            if let Some(id) =
                call.trim_start().strip_prefix('"').and_then(|id| id.split('"').next())
            {
                assert!(super::check(id).is_some(), "{id}");
                named += 1;
            }
        }
    }
    assert!(named >= 10, "{named}");
}
