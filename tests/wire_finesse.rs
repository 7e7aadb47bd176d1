//! Finesse and `RisPort` in trouble on the wire: the right end, the words, no write because of it, and a rerun that recovers.

use std::time::Instant;

use serde_json::{Value, json};

use crate::lab::Lab;
use crate::restarts::{APPLY, REST, lab_with, numbers, restarts};
use crate::wire::{
    Case, Elsewhere, PAGE, answer, bomb, case, envelope, judge, long, nothing_written, with,
};

const VERIFY: [&str; 4] = ["verify", "site.yaml", "--timeout", "1"];
const SETTINGS: &str = "/finesse/api/IPPhoneAgentSettings";
const NAMED: &str = "<ApiErrors><ApiError><ErrorType>Invalid Input</ErrorType><ErrorMessage>BAD</ErrorMessage><ErrorData>x7</ErrorData></ApiError></ApiErrors>";
const TURNED: &str = "<ApiErrors><ApiError><ErrorData>x7</ErrorData><ErrorMessage>BAD</ErrorMessage><ErrorType>Invalid Input</ErrorType></ApiError></ApiErrors>";
const LOWER: &str = "<apiErrors><apiError><errorData>x7</errorData><errorMessage>BAD</errorMessage><errorType>Invalid Input</errorType></apiError></apiErrors>";
const JSON: &str = r#"{"status":400,"apiErrors":{"errorType":"Invalid Input","errorMessage":"BAD","errorData":"x7"}}"#;

/// Each case on every request that it matches: these commands end as they should and nothing is written; without it all
/// is well again.
fn each(lab: &Lab, path: (&str, &Value), cases: Vec<Case>, commands: &[&[&str]]) {
    let (route, hits) = path;
    for case in cases {
        lab.reset();
        let clear = || lab.control("DELETE", route, &Value::Null);
        for words in commands {
            clear();
            lab.control("POST", route, &with(case.fault.clone(), hits));
            let began = Instant::now();
            let ran = lab.run(words);
            judge(&case, words, &ran, began);
        }
        nothing_written(lab, case.name);
        clear();
        // Else the many runs of this test would be over the cluster's rate.
        lab.control("POST", "/ris/reset", &Value::Null);
        lab.run(&VERIFY).expect(0);
    }
}

fn converged() -> Lab {
    let lab = lab_with(&[], REST);
    lab.run(&APPLY).expect(0);
    lab
}

fn redirect(status: u16, elsewhere: &Elsewhere) -> Value {
    let location = format!("https://{}/x?password=hunter2", elsewhere.address);
    json!({"kind": "answer", "answer": {"status": status, "headers": {"location": location}}})
}

fn half() -> Value {
    json!({"kind": "answer", "answer": {"text": "<SystemInfo>", "cut": true}})
}

fn drips() -> Value {
    json!({"kind": "answer", "answer": {"filler": "x", "filler_times": 10_000, "drip_ms": 100}})
}

#[test]
fn answers_of_finesse_that_are_none() {
    let said = &["Invalid Input: BAD: x7"];
    let definition = &["document type definition"];
    let cases = vec![
        case("an error, type first", answer(400, NAMED), 3, said),
        case("an error, data first", answer(400, TURNED), 3, said),
        case("an error in lower case", answer(400, LOWER), 3, said),
        case("an error in JSON", answer(400, JSON), 3, said),
        case("405", answer(405, ""), 3, &["HTTP 405"]),
        case("421 of a proxy", answer(421, ""), 3, &["reverse proxy"]),
        case("403 of a proxy", answer(403, PAGE), 4, &["error[finesse-forbidden]"]),
        case("401 of a proxy", answer(401, PAGE), 4, &["error[finesse-credential-refused]"]),
        case("404 of a proxy", answer(404, PAGE), 3, &["no such path"]),
        case("202 empty", answer(202, ""), 3, &["it is empty"]),
        case("200 empty", answer(200, ""), 3, &["it is empty"]),
        case("a page with 200", answer(200, PAGE), 3, &["a web page"]),
        case("another object", answer(200, "<User/>"), 3, &["another element than SystemInfo"]),
        case("nothing of use in it", answer(200, "<SystemInfo/>"), 3, &["SystemInfo"]),
        case("truncated", answer(200, "<SystemInfo><status>IN"), 3, &["SystemInfo"]),
        case("an entity bomb", answer(200, &bomb()), 3, definition),
        case("NUL", answer(200, "<SystemInfo>&#0;</SystemInfo>"), 3, &["character"]),
        case("deep nesting", long("", "<a>", 200_000, ""), 3, &["nested too deeply"]),
        case(
            "endless",
            long("<SystemInfo>", &"<a/>".repeat(500), 1_000_000, ""),
            3,
            &["longer than"],
        ),
    ];
    let hits =
        json!({"node": "fin-a.example.com", "path": "/finesse/api/SystemInfo", "times": 100_000});
    each(&converged(), ("/finesse/faults", &hits), cases, &[&VERIFY]);
}

#[test]
fn finesse_that_does_not_answer() {
    let hits =
        json!({"node": "fin-a.example.com", "path": "/finesse/api/SystemInfo", "times": 100_000});
    let cases = vec![
        case("502 of the proxy", answer(502, PAGE), 3, &["down or starting"]),
        case("cut off", half(), 3, &["answer was lost"]),
        case("in drips", drips(), 3, &["no answer in time"]),
    ];
    let lab = converged();
    each(&lab, ("/finesse/faults", &hits), cases, &[&VERIFY]);
    for (name, fault) in [
        ("502", answer(502, PAGE)),
        ("503", answer(503, NAMED)),
        ("500", answer(500, TURNED)),
        ("cut off", half()),
        ("401 without credentials", answer(401, NAMED)),
    ] {
        let times = if name.starts_with("401") { 1 } else { 2 };
        lab.control(
            "POST",
            "/finesse/faults",
            &with(fault, &with(hits.clone(), &json!({"times": times}))),
        );
        let ran = lab.run(&VERIFY);
        assert_eq!(ran.code, 0, "{name}: {}\n{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn finesse_redirects_are_not_followed() {
    let elsewhere = Elsewhere::new();
    let lab = converged();
    for path in ["/finesse/api/SystemInfo", SETTINGS] {
        let hits = json!({"node": "fin-a.example.com", "path": path, "times": 100_000});
        let to = &["which is not followed"];
        let cases = vec![
            case("301", redirect(301, &elsewhere), 3, to),
            case("302", redirect(302, &elsewhere), 3, to),
        ];
        each(&lab, ("/finesse/faults", &hits), cases, &[&VERIFY]);
    }
    assert!(!elsewhere.was_called());
}

#[test]
fn settings_that_cannot_be_read_are_not_written() {
    let hits =
        json!({"node": "fin-a.example.com", "method": "GET", "path": SETTINGS, "times": 100_000});
    let cases = vec![
        case("a page with 200", answer(200, PAGE), 3, &["a web page"]),
        case("202 empty", answer(202, ""), 3, &["it is empty"]),
        case("an entity bomb", answer(200, &bomb()), 3, &["document type definition"]),
        case("cut off", half(), 3, &["answer was lost"]),
    ];
    let lab = converged();
    each(&lab, ("/finesse/faults", &hits), cases, &[&VERIFY, &APPLY]);
    assert_eq!(restarts(&lab), (1, 1));
}

/// A save whose answer is this. It ends with one save and one restart of each node, by a second run where need be.
fn saved_once(name: &str, fault: Value, first_may_be_done: bool) {
    let lab = lab_with(&[], REST);
    let hits = json!({"method": "PUT", "path": SETTINGS, "times": 1});
    lab.control("POST", "/finesse/faults", &with(fault, &hits));
    let first = lab.run(&[&APPLY[..], &["--timeout", "1"]].concat());
    let shown = format!("{name}: {}\n{}\n{}", first.code, first.stdout, first.stderr);
    assert!([0, 1, 3].contains(&first.code), "{shown}");
    if first.code == 0 {
        assert!(first_may_be_done, "{shown}");
    } else {
        let second = lab.run(&APPLY);
        assert_eq!(second.code, 0, "{shown}\n{}\n{}", second.stdout, second.stderr);
    }
    lab.run(&VERIFY).expect(0);
    assert_eq!(restarts(&lab), (1, 1), "{shown}");
    assert_eq!(numbers(&lab.events(), "settings-saved", None).len(), 1, "{shown}");
}

#[test]
fn a_save_that_was_done_and_answered_oddly() {
    for (name, mut fault) in [
        ("a page with 200", answer(200, PAGE)),
        ("502 of the proxy", answer(502, PAGE)),
        ("cut off", half()),
        ("in drips", drips()),
    ] {
        fault["answer"]["performed"] = json!(true);
        saved_once(name, fault, true);
    }
}

#[test]
fn a_save_that_was_not_done_and_answered_oddly() {
    let elsewhere = Elsewhere::new();
    // A save whose answer was lost, and that is read back as not taken, is sent again by the same run.
    for (name, fault, sent_again) in [
        ("400", answer(400, JSON), false),
        ("a redirect", redirect(302, &elsewhere), false),
        ("closed", json!({"kind": "close"}), true),
    ] {
        saved_once(name, fault, sent_again);
    }
    assert!(!elsewhere.was_called());
}

/// A site that asks `RisPort` for its phones' web servers, converged.
fn with_phones() -> Lab {
    let lab = crate::phone_settings::lab_with(&[], crate::phone_settings::PHONES);
    crate::phone_settings::apply(&lab);
    lab.run(&VERIFY).expect(0);
    lab
}

#[test]
fn answers_of_risport_that_are_none() {
    let elsewhere = Elsewhere::new();
    let other = envelope("<ns:otherResponse xmlns:ns='x'/>");
    let told = |text: &str| json!({"kind": "fault", "text": text});
    let cases = vec![
        case("401", json!({"kind": "401"}), 4, &["error[risport-credential-refused]"]),
        case("403", json!({"kind": "403"}), 4, &["error[risport-role-missing]"]),
        case("404", json!({"kind": "404"}), 3, &["no RisPort70 at this address"]),
        case("a fault", told("Query failed"), 3, &["Query failed"]),
        case("a page with 200", answer(200, PAGE), 3, &["a web page"]),
        case("empty", answer(200, ""), 3, &["it is empty"]),
        case("another element", answer(200, &other), 3, &["no SelectCmDeviceResult"]),
        case("truncated", answer(200, "<Envelope><Body>"), 3, &["it ends too early"]),
        case("NUL", answer(200, &envelope("&#0;")), 3, &["character"]),
        case("an entity bomb", answer(200, &bomb()), 3, &["document type definition"]),
        case("endless", long("<a>", &"<b/>".repeat(500), 1_000_000, ""), 3, &["longer than"]),
        case("a redirect", redirect(302, &elsewhere), 3, &["which is not followed"]),
        case("closed", json!({"kind": "drop-before"}), 3, &["answer was lost"]),
        case("cut off", half(), 3, &["answer was lost"]),
        case("in drips", drips(), 3, &["no answer in time"]),
    ];
    let hits = json!({"operation": "selectCmDeviceExt", "times": 100_000});
    each(&with_phones(), ("/faults", &hits), cases, &[&VERIFY]);
    assert!(!elsewhere.was_called());
}

#[test]
fn risport_over_its_rate_ends_with_the_deadline() {
    let lab = with_phones();
    for fault in [
        json!({"kind": "503"}),
        json!({"kind": "429"}),
        json!({"kind": "fault", "text": "AxisFault: Exceeded allowed rate for Reatime information."}),
    ] {
        let hits = json!({"operation": "selectCmDeviceExt", "times": 100_000});
        lab.control("POST", "/faults", &with(fault.clone(), &hits));
        let began = Instant::now();
        let ran = lab.run(&["verify", "site.yaml", "--deadline", "1"]);
        assert!(began.elapsed().as_secs() < 20, "{fault}");
        assert!([1, 3].contains(&ran.code), "{fault}: {}\n{}", ran.code, ran.stderr);
        lab.control("DELETE", "/faults", &Value::Null);
        lab.run(&VERIFY).expect(0);
    }
}
