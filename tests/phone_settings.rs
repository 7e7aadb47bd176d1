//! Web Access and HTTPS Server: at three scopes, merged with subscriptions into one write, applied once per phone.

use serde_json::{Value, json};

use crate::lab::Lab;

const ALL: &str = "cluster-wide,removal,sql";

pub(crate) fn lab_with(flags: &[&str], more: &str) -> Lab {
    let lab = Lab::start(flags);
    write(&lab, more);
    lab
}

/// Six phones, and these sections more.
fn write(lab: &Lab, more: &str) {
    let rows: Vec<String> =
        (1..=6).map(|n| format!("  - {{ device: SEP00112233000{n} }}")).collect();
    let rows = rows.join("\n");
    let text = format!(
        r#"version: 1
deployment: site
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  serviceability: {{ user: risreader, password: {{ env: RIS_PASSWORD }} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_services: {{ primary: {{ name: Desk A }}, secondary: {{ name: Desk B }}, sql_writes: allow }}
agents:
  roster:
{rows}
{}
{more}"#,
        lab.pins()
    );
    lab.write("site.yaml", &text);
}

pub(crate) const PHONES: &str =
    "phone_settings: { scope: phones }\ndialect: { https_only_value: 1 }\n";

pub(crate) fn apply(lab: &Lab) {
    lab.run(&["apply", "site.yaml", "--yes", "--allow", ALL]).expect(0);
}

fn vendor_config(lab: &Lab, scope: &str, name: &str, element: &str, value: Option<&str>) {
    let act = json!({"scope": scope, "name": name, "element": element, "value": value});
    lab.control("POST", "/operator/vendor-config", &act);
}

fn finding(lab: &Lab, code: i32, check: &str) -> Value {
    let found = lab.run(&["verify", "site.yaml", "--output", "json"]).expect(code).json();
    let findings = found["deployments"][0]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["check"] == check);
    finding.unwrap_or_else(|| panic!("no {check}: {findings:#?}")).clone()
}

fn operations(lab: &Lab, operation: &str) -> u64 {
    lab.requests()["operations"][operation].as_u64().unwrap_or(0)
}

fn applied(lab: &Lab) -> Vec<String> {
    let events = lab.events().into_iter().filter(|event| event["kind"] == "phone-apply");
    events.map(|event| event["phone"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_write_and_one_apply_per_phone() {
    let lab = lab_with(&[], PHONES);
    lab.reset();
    apply(&lab);
    assert!(operations(&lab, "updatePhone") <= 6, "{:#}", lab.requests());
    assert!(operations(&lab, "applyPhone") <= 6, "{:#}", lab.requests());
    let mut phones = applied(&lab);
    let told = phones.len();
    phones.sort();
    phones.dedup();
    assert_eq!(phones.len(), told, "a phone was told twice");
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    lab.run(&["verify", "site.yaml", "--strict"]);
    lab.run(&["verify", "site.yaml"]).expect(0);
    lab.reset();
    apply(&lab);
    assert_eq!(lab.requests()["writes"], json!(0));
}

#[test]
fn other_elements_stay_byte_for_byte() {
    let lab = lab_with(&[], PHONES);
    let config = |lab: &Lab| {
        let rows = lab.control("POST", "/sql", &json!({"sql":
            "select d.name, coalesce(a.xml, b.xml, c.xml, '') xml from device d left join devicexml4k a on a.fkdevice = d.pkid \
             left join devicexml8k b on b.fkdevice = d.pkid left join devicexml16k c on c.fkdevice = d.pkid \
             where d.name like 'SEP00112233000_' order by d.name"}));
        rows["rows"].as_array().unwrap().clone()
    };
    let without = |rows: &[Value]| {
        let strip = |text: &str| {
            let mut text = text.to_owned();
            for element in ["webAccess", "webProtocol"] {
                while let (Some(start), Some(end)) =
                    (text.find(&format!("<{element}>")), text.find(&format!("</{element}>")))
                {
                    text.replace_range(start..end + element.len() + 3, "");
                }
            }
            text
        };
        rows.iter().map(|row| strip(row["xml"].as_str().unwrap_or(""))).collect::<Vec<_>>()
    };
    let before = config(&lab);
    apply(&lab);
    let after = config(&lab);
    assert_ne!(before, after);
    assert_eq!(without(&before), without(&after));
}

#[test]
fn web_access_switched_off_is_found_and_repaired() {
    let lab = lab_with(&[], PHONES);
    apply(&lab);
    vendor_config(&lab, "phone", "SEP001122330003", "webAccess", Some("1"));
    let found = finding(&lab, 2, "phone-web-access");
    assert_eq!(found["object"]["name"], "SEP001122330003");
    assert_eq!((&found["expected"], &found["found"]), (&json!("Enabled"), &json!("Disabled")));
    assert!(found["declared"]["line"].as_u64().unwrap() > 0);
    lab.reset();
    apply(&lab);
    assert_eq!((operations(&lab, "updatePhone"), operations(&lab, "applyPhone")), (1, 1));
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn an_override_under_the_enterprise_scope() {
    let enterprise =
        "phone_settings: { scope: enterprise, overrides: fix }\ndialect: { https_only_value: 1 }\n";
    let lab = lab_with(&[], enterprise);
    let plan = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(plan.stdout.contains("no apply"), "{}", plan.stdout);
    lab.run(&["apply", "site.yaml", "--yes", "--allow", "sql"]).expect(5);
    apply(&lab);
    lab.run(&["verify", "site.yaml"]).expect(0);
    vendor_config(&lab, "phone", "SEP001122330004", "webAccess", Some("1"));
    assert_eq!(finding(&lab, 2, "phone-setting-overridden")["object"]["name"], "SEP001122330004");
    write(&lab, &enterprise.replace("fix", "report"));
    finding(&lab, 2, "phone-setting-overridden");
    lab.run(&["plan", "site.yaml", "--output", "json"]).expect(0);
    write(&lab, enterprise);
    apply(&lab);
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn a_phone_that_was_never_told_is_a_finding() {
    let never = format!("{PHONES}phone_apply: {{ when: never }}\n");
    let lab = lab_with(&[], &never);
    apply(&lab);
    assert!(applied(&lab).is_empty());
    let found = finding(&lab, 0, "phone-setting-not-applied");
    assert_eq!(found["severity"], "warning");
    // What nobody can tell without the shells of Finesse counts for more.
    lab.run(&["verify", "site.yaml", "--strict"]).expect(3);
}

#[test]
fn somebody_logged_in_is_waited_for_by_the_next_run() {
    let lab = lab_with(&[], PHONES);
    lab.control("POST", "/login", &json!({"device": "SEP001122330002", "user": "agent1002"}));
    let ran = lab.run(&["apply", "site.yaml", "--yes", "--allow", ALL]).expect(3);
    assert!(ran.stdout.contains("deferred"), "{}", ran.stdout);
    assert!(!applied(&lab).contains(&"SEP001122330002".to_owned()));
    lab.control("POST", "/logout", &json!({"device": "SEP001122330002"}));
    apply(&lab);
    assert_eq!(applied(&lab).iter().filter(|phone| *phone == "SEP001122330002").count(), 1);
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn a_busy_phone_is_told_later() {
    let lab = lab_with(&[], PHONES);
    lab.control("POST", "/phones", &json!({"phone": "SEP001122330005", "busy": true}));
    lab.run(&["apply", "site.yaml", "--yes", "--allow", ALL]).expect(3);
    let found = lab.run(&["verify", "site.yaml", "--output", "json"]).expect(0).json();
    assert!(found.to_string().contains("phone-setting-not-applied"));
    lab.control("POST", "/phones", &json!({"phone": "SEP001122330005", "busy": false}));
    lab.reset();
    apply(&lab);
    assert_eq!((operations(&lab, "updatePhone"), operations(&lab, "applyPhone")), (0, 1));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
}

#[test]
fn the_number_of_https_only_is_learnt_from_a_phone() {
    let lab = lab_with(&[], "phone_settings: { scope: phones }\n");
    lab.sql("update devicexml4k set xml = replace(xml, '<webProtocol>1</webProtocol>', '')");
    let ran = lab.run(&["apply", "site.yaml", "--yes", "--allow", ALL]).expect(3);
    assert!(ran.stdout.contains("https-only-reference"), "{}", ran.stdout);
    vendor_config(&lab, "phone", "SEP001122330040", "webProtocol", Some("1"));
    apply(&lab);
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn a_member_taken_out_of_the_group_is_put_back() {
    let care = "self_care: { default_server: cucm-pub.example.com }\n";
    let lab = Lab::start(&[]);
    write(&lab, care);
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let text =
        text.replace("{ device: SEP001122330003 }", "{ device: SEP001122330003, user: agent1003 }");
    lab.write("site.yaml", &text);
    apply(&lab);
    lab.run(&["verify", "site.yaml"]).expect(0);
    let right = lab.dump();
    lab.sql(
        "delete from enduserdirgroupmap where fkenduser in (select pkid from enduser where userid = 'agent1003')",
    );
    assert_eq!(finding(&lab, 2, "self-care-group")["object"]["name"], "Standard CCM End Users");
    apply(&lab);
    lab.run(&["verify", "site.yaml"]).expect(0);
    assert_eq!(lab.dump()["end_users"], right["end_users"]);
}
