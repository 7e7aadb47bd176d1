//! A report as `JUnit` XML: one suite a deployment, so that a pipeline lists what is wrong among what is well.
//!
//! A case is a check on one object: a *failure* when one of its findings counts (an error; with `--strict` a warning),
//! *skipped* when all of them are waived, else passed with the finding as its output. What was not checked and every error
//! of the run is an *error*; what no interface tells is skipped, and an error with `--strict`. A step of `plan` is a passed
//! case, of a command that writes it ends as the step ended; findings that a step answers are the step's. Each device that
//! is as declared is a passed case, so that the numbers mean something. The last case is the outcome: passed for exit code
//! 0, so that a suite is red whenever the exit code is not 0. Counts stand in the suite's properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::checks::doctor::State;
use crate::outcome::Outcome;
use crate::plan::{Severity, Step, StepState};

use super::rows::{Failure, Row, Tally, Unjudged, failures, rows, unjudged};
use super::sanitize::line;
use super::scope::DeviceState;
use super::{Report, Section, Subject, grouping};

/// How a case ended, with the kind, the message and the text where there is something to say.
enum End {
    Passed(String),
    Skipped(String),
    Failure(String, String, String),
    Error(String, String, String),
}

struct Case {
    class: String,
    name: String,
    end: End,
}

/// The whole report as one file.
pub fn document(report: &Report) -> String {
    let suites: Vec<(&Section, Vec<Case>)> =
        report.sections.iter().map(|section| (section, cases(report, section))).collect();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Case> = suites.iter().flat_map(|(_, cases)| cases).collect();
    let name = format!("ippactl {}", report.subject.word());
    say(&mut out, &format!("<testsuites name=\"{name}\"{}>", numbers(&all)));
    for (section, cases) in &suites {
        suite(&mut out, report, section, cases);
    }
    out + "</testsuites>\n"
}

fn suite(out: &mut String, report: &Report, section: &Section, cases: &[Case]) {
    let seconds = section.scope.as_ref().map_or(0, |scope| scope.milliseconds);
    let seconds = format!("{}.{:03}", seconds / 1000, seconds % 1000);
    let all: Vec<&Case> = cases.iter().collect();
    let (name, started) = (text(&section.name), text(report.started.trim_end_matches('Z')));
    let attributes =
        format!("name=\"{name}\"{} timestamp=\"{started}\" time=\"{seconds}\"", numbers(&all));
    say(out, &format!("  <testsuite {attributes}>\n    <properties>"));
    let mut properties = vec![
        ("tool", format!("ippactl {}", env!("CARGO_PKG_VERSION"))),
        ("outcome", section.outcome.word().to_owned()),
        ("exit-code", section.outcome.code().to_string()),
        ("call-outcome", report.outcome.word().to_owned()),
        ("call-exit-code", report.outcome.code().to_string()),
    ];
    let counts = Tally::of(section).named();
    properties.extend(counts.map(|(name, number)| (name, number.to_string())));
    let devices = section.plan.counts;
    properties.push(("devices", devices.devices.to_string()));
    properties.push(("devices as declared", devices.devices_in_sync.to_string()));
    if !section.plan.fingerprint.is_empty() {
        properties.push(("fingerprint", section.plan.fingerprint.clone()));
    }
    for (name, value) in properties {
        let name = name.replace(' ', "-");
        say(out, &format!("      <property name=\"{name}\" value=\"{}\"/>", text(&value)));
    }
    say(out, "    </properties>");
    for case in cases {
        draw(out, case);
    }
    say(out, "  </testsuite>");
}

fn draw(out: &mut String, case: &Case) {
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        text(&case.class),
        text(&case.name)
    );
    let body = match &case.end {
        End::Passed(said) if said.is_empty() => return say(out, &format!("{head}/>")),
        End::Passed(said) => format!("<system-out>{}</system-out>", block(said)),
        End::Skipped(why) => format!("<skipped message=\"{}\"/>", text(why)),
        End::Failure(kind, message, told) => ended("failure", kind, message, told),
        End::Error(kind, message, told) => ended("error", kind, message, told),
    };
    say(out, &format!("{head}>\n      {body}\n    </testcase>"));
}

fn ended(tag: &str, kind: &str, message: &str, told: &str) -> String {
    let (kind, message) = (text(kind), text(message));
    format!("<{tag} type=\"{kind}\" message=\"{message}\">{}</{tag}>", block(told))
}

/// ` tests="…" failures="…" errors="…" skipped="…"`.
fn numbers(cases: &[&Case]) -> String {
    let (mut failed, mut errors, mut skipped) = (0, 0, 0);
    for case in cases {
        match case.end {
            End::Passed(_) => {}
            End::Skipped(_) => skipped += 1,
            End::Failure(..) => failed += 1,
            End::Error(..) => errors += 1,
        }
    }
    let tests = cases.len();
    format!(" tests=\"{tests}\" failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\"")
}

fn cases(report: &Report, section: &Section) -> Vec<Case> {
    let steps = match report.subject {
        Subject::Plan | Subject::Apply | Subject::Undo | Subject::Remove | Subject::OneShot(_) => {
            true
        }
        Subject::Validate
        | Subject::Verify
        | Subject::Capture
        | Subject::Doctor
        | Subject::Export => false,
    };
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Row<'_>>> = BTreeMap::new();
    for row in rows(section).filter(|row| !(steps && row.answered)) {
        groups.entry((row.check, row.kind, row.object)).or_default().push(row);
    }
    let mut cases: Vec<Case> = Vec::new();
    for ((check, kind, object), rows) in &groups {
        cases.push(case(check, format!("{kind} {object}"), judged(rows, report.strict)));
    }
    if steps {
        let of = |step: &Step| {
            let class = format!("step.{}", step.kind.word());
            case(&class, step.object.to_string(), of_step(report.subject, step))
        };
        cases.extend(section.plan.steps.iter().map(of));
    }
    cases.extend(section.scope.iter().flat_map(|scope| &scope.devices).filter_map(|device| {
        let well = device.state == DeviceState::AsDeclared;
        let name = format!("{} {}", device.kind.word(), device.name);
        well.then(|| case("as-declared", name, End::Passed(String::new())))
    }));
    cases.extend(section.examined.iter().flat_map(|seen| &seen.lines).filter_map(|look| {
        let well = look.state == State::Ok;
        let name = format!("{} {}", look.area.word(), look.subject);
        well.then(|| case("doctor", name, End::Passed(look.seen.clone())))
    }));
    cases.extend(
        unjudged(section).map(|item| {
            case(item.word(), item.subject.to_owned(), not_judged(&item, report.strict))
        }),
    );
    cases.extend(failures(section).iter().map(|failure| {
        let Failure { code, what, .. } = failure;
        let end = End::Error((*code).to_owned(), (*what).to_owned(), failure.told());
        case(code, format!("{what} {}", failure.place).trim_end().to_owned(), end)
    }));
    cases.push(case("outcome", section.name.clone(), of_outcome(section.outcome)));
    cases
}

fn case(class: &str, name: String, end: End) -> Case {
    Case { class: format!("ippactl.{class}"), name, end }
}

fn judged(rows: &[Row<'_>], strict: bool) -> End {
    let told: Vec<String> = rows.iter().map(told).collect();
    let told = told.join("\n");
    if let Some(worst) = rows.iter().filter(|row| row.counts(strict)).max_by_key(|row| row.severity)
    {
        return End::Failure(worst.severity.word().to_owned(), worst.title().to_owned(), told);
    }
    match rows.iter().map(Row::waived).collect::<Option<Vec<_>>>().as_deref() {
        Some([waived, ..]) => End::Skipped(format!(
            "waived by {} until {}: {}",
            waived.owner, waived.expires, waived.reason
        )),
        _ => End::Passed(told),
    }
}

fn told(row: &Row<'_>) -> String {
    let mut out = format!("{} {}", row.severity.word(), row.told());
    if let Some(at) = row.declared {
        let _infallible = write!(out, "\ndeclared: {}", line(&at.to_string()));
    }
    if let Some(since) = row.standing.and_then(|standing| standing.first_seen.as_deref()) {
        let _infallible = write!(out, "\nsince: {}", line(since));
    }
    if let Some(check) = row.explained.filter(|_| row.severity > Severity::Info) {
        let _infallible = write!(out, "\nwhy: {}", check.why);
    }
    if !row.fix.is_empty() {
        let _infallible = write!(out, "\nfix: {}", line(row.fix));
    }
    out
}

fn of_step(subject: Subject, step: &Step) -> End {
    let kind = step.state.word().to_owned();
    let reason = grouping::reason(&step.state).to_owned();
    match &step.state {
        StepState::Planned if subject != Subject::Plan => End::Skipped("not begun".to_owned()),
        StepState::Planned | StepState::Done => End::Passed(kind),
        // The error itself has a case of its own, once for all steps.
        StepState::Failed(_) | StepState::Unknown(_) | StepState::Refused(_) => {
            End::Failure(kind, reason, String::new())
        }
        StepState::Deferred(_) => End::Error(kind, reason, String::new()),
        StepState::Operator => End::Error(kind, "left to an operator".to_owned(), String::new()),
    }
}

fn not_judged(item: &Unjudged<'_>, strict: bool) -> End {
    let reason = match item.attested {
        Some(attested) => format!("{}; last attested: {attested}", item.reason),
        None => item.reason.to_owned(),
    };
    if item.not_checkable && !strict {
        return End::Skipped(format!("not checkable: {reason}"));
    }
    End::Error(item.word().to_owned(), reason, String::new())
}

fn of_outcome(outcome: Outcome) -> End {
    let (word, meaning) = (outcome.word().to_owned(), outcome.meaning().to_owned());
    let told = format!("exit code {}", outcome.code());
    match outcome {
        Outcome::Done => End::Passed(word),
        Outcome::Changes | Outcome::Refused => End::Failure(word, meaning, told),
        Outcome::Failed
        | Outcome::Incomplete
        | Outcome::Denied
        | Outcome::Usage
        | Outcome::Interrupted => End::Error(word, meaning, told),
    }
}

/// One line, as an attribute or text of XML 1.0 may hold it.
fn text(foreign: &str) -> String {
    escape(line(foreign).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")).into_owned()
}

/// Several lines.
fn block(foreign: &str) -> String {
    foreign.lines().map(text).collect::<Vec<_>>().join("\n")
}

fn say(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{document, text};
    use crate::outcome::Outcome;
    use crate::plan::StepState;
    use crate::report::{Subject, samples};
    use crate::trouble::Trouble;

    #[test]
    fn a_verification() {
        let text = document(&samples::everything(3));
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "(version)"));
    }

    #[test]
    fn with_strict_a_warning_fails_and_the_unknowable_is_an_error() {
        let mut report = samples::everything(3);
        assert!(
            document(&report).contains("tests=\"7\" failures=\"2\" errors=\"1\" skipped=\"2\"")
        );
        report.strict = true;
        assert!(
            document(&report).contains("tests=\"7\" failures=\"3\" errors=\"2\" skipped=\"1\"")
        );
    }

    #[test]
    fn steps_end_as_they_ended() {
        let mut plan = samples::plan(2);
        plan.steps[0].state = StepState::Done;
        plan.steps[1].state =
            StepState::Failed(Trouble::new("axl-fault", Outcome::Failed, "refused"));
        plan.steps[2].state = StepState::Deferred("phone busy".to_owned());
        let report = samples::report(Subject::Apply, Outcome::Failed, plan);
        // The four steps, the error, the outcome.
        assert!(
            document(&report).contains("tests=\"6\" failures=\"1\" errors=\"3\" skipped=\"1\"")
        );
    }

    #[test]
    fn foreign_text_is_text_that_xml_may_hold() {
        assert_eq!(
            text("a<b>\"&\u{1}\u{ffff}\n]]>"),
            "a&lt;b&gt;&quot;&amp;\\u{1}\\u{ffff}\\n]]&gt;"
        );
    }
}
