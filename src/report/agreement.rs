//! Every format says the same: outcome, exit code and counts of random reports are read back out of each, and are those of
//! the report.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use serde_json::Value;

use super::format::Format;
use super::rows::Tally;
use super::standing::{Standing, Waived, id};
use super::{Mistake, Report, Section, Subject, samples};
use crate::outcome::Outcome;
use crate::plan::{Finding, NotChecked, Object, ObjectKind, Plan, Severity, Shown, StepState};
use crate::trouble::Trouble;

/// What a format says of one deployment, or of the call: names and values.
type Told = BTreeMap<String, String>;

/// What each has to say of a deployment.
const SAID: [&str; 7] =
    ["outcome", "exit-code", "errors", "warnings", "waived", "not-checked", "not-checkable"];

fn told(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Told {
    pairs.into_iter().map(|(name, value)| (name.replace(' ', "-"), value)).collect()
}

fn meant(section: &Section) -> Told {
    let counts = Tally::of(section).named().map(|(name, number)| (name, number.to_string()));
    let ended = [
        ("outcome", section.outcome.word().to_owned()),
        ("exit-code", section.outcome.code().to_string()),
    ];
    told(ended.into_iter().chain(counts))
}

/// Counts kinds of things; those that are not there are none.
fn counted<'a>(kinds: impl Iterator<Item = &'a str>, into: &mut Told) {
    for (name, _) in Tally::default().named() {
        into.insert(name.replace(' ', "-"), "0".to_owned());
    }
    for kind in kinds {
        let number = into.get(kind).map_or(0, |number| number.parse::<usize>().unwrap());
        into.insert(kind.to_owned(), (number + 1).to_string());
    }
}

fn severity(word: &str, waived: bool) -> &'static str {
    match word {
        _ if waived => "waived",
        "error" => "errors",
        "warning" => "warnings",
        _ => "infos",
    }
}

fn unjudged(not_checkable: bool) -> &'static str {
    if not_checkable { "not-checkable" } else { "not-checked" }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn json(text: &str) -> Vec<Told> {
    let document: Value = serde_json::from_str(text).unwrap();
    let deployments = list(&document["deployments"]).iter().map(|one| {
        let mut said = Told::new();
        let found = list(&one["findings"])
            .iter()
            .map(|found| severity(found["severity"].as_str().unwrap(), !found["waived"].is_null()));
        let missing = list(&one["not_checked"])
            .iter()
            .map(|item| unjudged(item["not_checkable"].as_bool().unwrap()));
        let failed = list(&one["errors"]).iter().map(|_| "failures");
        counted(found.chain(missing).chain(failed), &mut said);
        said.insert("outcome".to_owned(), word(&one["outcome"]));
        let code = Outcome::BY_PRECEDENCE.into_iter().find(|o| o.word() == said["outcome"]);
        said.insert("exit-code".to_owned(), code.unwrap().code().to_string());
        said
    });
    deployments.collect()
}

fn sarif(text: &str) -> Vec<Told> {
    let document: Value = serde_json::from_str(text).unwrap();
    let runs = list(&document["runs"]).iter().map(|run| {
        let mut said = Told::new();
        let results = list(&run["results"]).iter().map(|one| {
            severity(one["level"].as_str().unwrap(), !list(&one["suppressions"]).is_empty())
        });
        let invocation = &run["invocations"][0];
        let notes = list(&invocation["toolExecutionNotifications"]).iter().filter_map(|one| {
            match one["descriptor"]["id"].as_str().unwrap() {
                "not-checked" => Some("not-checked"),
                "not-checkable" => Some("not-checkable"),
                code if code.starts_with("step-") => None,
                _ => Some("failures"),
            }
        });
        counted(results.chain(notes), &mut said);
        for (name, number) in Tally::default().named() {
            let _: usize = number;
            let name = name.replace(' ', "-");
            assert_eq!(said[&name], word(&run["properties"][&name]), "{name}");
        }
        said.insert("outcome".to_owned(), word(&run["properties"]["outcome"]));
        said.insert("exit-code".to_owned(), word(&invocation["exitCode"]));
        said
    });
    runs.collect()
}

fn junit(text: &str) -> Vec<Told> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut suites, mut cases, mut ended) = (Vec::<Told>::new(), 0, [0, 0, 0]);
    loop {
        let event = reader.read_event().unwrap();
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        let attributes: BTreeMap<String, String> = tag
            .attributes()
            .map(|one| {
                let one = one.unwrap();
                let value = one.normalized_value(XmlVersion::Explicit1_0).unwrap();
                (one.key.0.to_owned(), value.into_owned())
            })
            .collect();
        match tag.name().0 {
            "testsuite" => suites.push(Told::new()),
            "property" => {
                let suite = suites.last_mut().unwrap();
                suite.insert(attributes["name"].clone(), attributes["value"].clone());
            }
            "testcase" => cases += 1,
            "failure" => ended[0] += 1,
            "error" => ended[1] += 1,
            "skipped" => ended[2] += 1,
            _ => {}
        }
    }
    let head = text.lines().nth(1).unwrap();
    let [failed, errors, skipped] = ended;
    let counts = format!(
        "tests=\"{cases}\" failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\""
    );
    assert!(head.contains(&counts), "{head} but {counts}");
    suites
}

fn csv(text: &str) -> Vec<Told> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let mut deployments: Vec<(Told, Vec<&'static str>)> = Vec::new();
    for row in &rows[1..] {
        if row["record"] == "deployment" {
            let said = told([
                ("outcome", row["outcome"].clone()),
                ("exit-code", row["exit_code"].clone()),
            ]);
            deployments.push((said, Vec::new()));
        }
        let kinds = &mut deployments.last_mut().unwrap().1;
        match row["record"].as_str() {
            "finding" => kinds.push(severity(&row["severity"], row["state"] == "waived")),
            "not-checked" => kinds.push("not-checked"),
            "not-checkable" => kinds.push("not-checkable"),
            "error" => kinds.push("failures"),
            _ => {}
        }
    }
    let sum = |(mut said, kinds): (Told, Vec<&'static str>)| {
        counted(kinds.into_iter(), &mut said);
        said
    };
    deployments.into_iter().map(sum).collect()
}

fn markdown(text: &str) -> Vec<Told> {
    let mut table = text.lines().skip_while(|line| !line.starts_with('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace(' ', "-")).collect()
    };
    let names = cells(table.next().unwrap());
    let rows = table.skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let values = cells(row);
        assert_eq!(values.len(), names.len(), "{row}");
        names.iter().cloned().zip(values).collect()
    })
    .collect()
}

fn prometheus(text: &str) -> Vec<Told> {
    let series = |name: &str| -> Vec<(String, String)> {
        let head = format!("ippactl_{name}{{");
        let lines = text.lines().filter_map(|line| line.strip_prefix(&head));
        lines
            .map(|line| line.rsplit_once(' ').unwrap())
            .map(|(a, b)| (a.into(), b.into()))
            .collect()
    };
    let outcomes = series("outcome").into_iter().filter(|(_, on)| on == "1").map(|(labels, _)| {
        let (_, word) = labels.rsplit_once("outcome=\"").unwrap();
        told([("outcome", word.trim_end_matches("\"}").to_owned())])
    });
    let mut deployments: Vec<Told> = outcomes.collect();
    let names = ["exit-code"].into_iter().map(str::to_owned);
    let counts = Tally::default().named().map(|(name, _)| name.replace(' ', "-"));
    for name in names.chain(counts) {
        let series_name = match name.as_str() {
            "exit-code" => "deployment_exit_code".to_owned(),
            other => other.replace('-', "_"),
        };
        for (said, (_, value)) in deployments.iter_mut().zip(series(&series_name)) {
            said.insert(name.clone(), value);
        }
    }
    deployments
}

/// The page marks each deployment: `<section class="deployment" data-outcome="…" data-exit-code="…" data-errors="…" …>`.
fn html(text: &str) -> Vec<Told> {
    let sections = text.split("<section class=\"deployment\"").skip(1);
    sections
        .map(|section| {
            let head = section.split('>').next().unwrap();
            let pairs = head.split("data-").skip(1).filter_map(|pair| pair.split_once("=\""));
            let value = |rest: &str| rest.split('"').next().unwrap().to_owned();
            pairs.map(|(name, rest)| (name.to_owned(), value(rest))).collect()
        })
        .collect()
}

fn read_back(format: Format, text: &str) -> Vec<Told> {
    match format.word() {
        "json" => json(text),
        "junit" => junit(text),
        "sarif" => sarif(text),
        "csv" => csv(text),
        "markdown" => markdown(text),
        "prometheus" => prometheus(text),
        "html" => html(text),
        other => panic!("nothing reads {other} back"),
    }
}

fn holds(report: &Report) {
    for format in Format::ALL {
        let text = format.render(report);
        let all = read_back(format, &text);
        assert_eq!(all.len(), report.sections.len(), "{}\n{text}", format.word());
        for (section, said) in report.sections.iter().zip(all) {
            let meant = meant(section);
            for (name, value) in &meant {
                match said.get(name) {
                    Some(told) => {
                        assert_eq!(told, value, "{} says another {name}\n{text}", format.word());
                    }
                    None => assert!(!SAID.contains(&name.as_str()), "{}: no {name}", format.word()),
                }
            }
        }
    }
}

fn foreign() -> impl Strategy<Value = String> {
    let hostile = [
        "=cmd|' /C calc'!A0",
        "a\"b\\c|d`e<b>@all",
        "]]>\n<error/>",
        "a,b;c\r\n\td",
        "-1",
        "\u{202e}x\u{1b}[2J",
        "\u{ffff}{0}[x](1)",
        "data-errors=\"9\"><section class=\"deployment\" x",
        "",
        " | 7 | ",
    ];
    prop_oneof![
        proptest::sample::select(hostile.to_vec()).prop_map(str::to_owned),
        proptest::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
    ]
}

fn finding() -> impl Strategy<Value = (Finding, bool)> {
    let severities = [Severity::Info, Severity::Warning, Severity::Error];
    let checks = ["subscription-missing", "phone-web-access", "no-such-check"];
    let select =
        (proptest::sample::select(checks.to_vec()), proptest::sample::select(severities.to_vec()));
    (select, foreign(), foreign(), foreign(), any::<bool>(), any::<bool>()).prop_map(
        |((check, severity), name, field, found, declared, waived)| {
            let object = Object::new(ObjectKind::Phone, name);
            let declared = declared.then(|| samples::roster(2));
            // A field of a finding is never empty.
            let (field, expected, found) = (field + "x", Shown::Absent, Shown::text(found));
            (Finding { check, severity, object, field, expected, found, declared }, waived)
        },
    )
}

fn state() -> impl Strategy<Value = StepState> {
    foreign().prop_flat_map(|why| {
        let lost = Trouble::new("axl-fault", Outcome::Failed, why.clone());
        proptest::sample::select(vec![
            StepState::Planned,
            StepState::Done,
            StepState::Failed(lost.clone()),
            StepState::Unknown(lost),
            StepState::Deferred(why.clone()),
            StepState::Refused(why),
            StepState::Operator,
        ])
    })
}

fn section() -> impl Strategy<Value = Section> {
    let not_checked = (foreign(), foreign(), any::<bool>()).prop_map(|(subject, reason, known)| {
        NotChecked { subject, reason, not_checkable: known, attested: known.then(|| "by x".into()) }
    });
    let mistake = (foreign(), any::<bool>()).prop_map(|(message, error)| Mistake {
        code: "phone-web-access".to_owned(),
        severity: if error { Severity::Error } else { Severity::Warning },
        rendered: message.clone(),
        message,
        at: samples::roster(3),
        next: String::new(),
    });
    let trouble = foreign().prop_map(|what| Trouble::new("axl-timeout", Outcome::Incomplete, what));
    let vec = proptest::collection::vec::<BoxedStrategy<_>>;
    (
        (foreign(), proptest::sample::select(Outcome::BY_PRECEDENCE.to_vec())),
        vec(finding().boxed(), 0..5),
        proptest::collection::vec(state(), 0..4),
        proptest::collection::vec(not_checked, 0..3),
        proptest::collection::vec(mistake, 0..3),
        proptest::collection::vec(trouble, 0..3),
    )
        .prop_map(|((name, outcome), findings, states, not_checked, mistakes, troubles)| {
            let mut section = Section::new(name, outcome);
            let mut plan = samples::plan(4);
            plan.steps.truncate(states.len());
            plan.steps.iter_mut().zip(states).for_each(|(step, state)| step.state = state);
            section.plan = Plan { not_checked, ..plan };
            (section.mistakes, section.troubles) = (mistakes, troubles);
            for (finding, waived) in findings {
                if waived {
                    let waived = Some(Waived {
                        owner: "|".to_owned(),
                        reason: "`".to_owned(),
                        expires: "2027-01-31".to_owned(),
                    });
                    let standing = Standing { waived, ..Standing::default() };
                    section.standings.insert(id(&section.name, &finding), standing);
                }
                section.plan.findings.push(finding);
            }
            section
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_format_says_the_same(
        sections in proptest::collection::vec(section(), 1..4),
        subject in proptest::sample::select(Subject::ALL.to_vec()),
        strict in any::<bool>(),
    ) {
        holds(&Report { strict, ..Report::new(subject, "2026-11-25T04:00:00Z", sections) });
    }
}

#[test]
fn a_page_is_read_back_by_its_attributes() {
    let page = "<section class=\"deployment\" data-outcome=\"done\" data-exit-code=\"0\"><p data-errors=\"9\">";
    let said = told([("outcome", "done".to_owned()), ("exit-code", "0".to_owned())]);
    assert_eq!(html(page), [said]);
}
