//! A report as text: the result for stdout, the errors for stderr, and the last line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::outcome::Outcome;
use crate::plan::{Disturbance, Severity};
use crate::trouble::Trouble;

use super::sanitize::{line, lines};
use super::style::{Ink, Style, count};
use super::{Report, Section, Subject, findings, steps};

/// The result, for stdout; its last line says the outcome.
pub fn result(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for section in &report.sections {
        if report.sections.len() > 1 {
            let heading = format!("== {}: {}", line(&section.name), section.outcome.word());
            say(&mut out, &style.paint(Ink::Bold, &heading));
        }
        match report.subject {
            Subject::Validate => mistakes(&mut out, section),
            Subject::Plan => plan(&mut out, section, style),
            Subject::Apply => apply(&mut out, section, style),
            Subject::Verify => verify(&mut out, section, style),
        }
        if !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    say(&mut out, &last_line(report, style));
    out
}

/// Everything that went wrong, for stderr; empty when nothing did.
pub fn errors(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for section in &report.sections {
        if report.subject != Subject::Validate {
            mistakes(&mut out, section);
        }
        for trouble in section.all_troubles() {
            out.push_str(&error(trouble, style));
        }
    }
    out
}

/// One error: what, where, why, what next.
pub fn error(trouble: &Trouble, style: Style) -> String {
    let code = format!("error[{}]", trouble.code);
    let mut out = format!("{}: {}\n", style.paint(Ink::Bad, &code), lines(&trouble.what));
    for (word, text) in [("where", &trouble.place), ("why", &trouble.why), ("next", &trouble.next)]
    {
        if !text.is_empty() {
            let label = format!("  {word:<5} ");
            let indented = lines(text).replace('\n', "\n        ");
            say(&mut out, &format!("{}{indented}", style.paint(Ink::Faint, &label)));
        }
    }
    out
}

/// The one line that says how the call ended.
pub fn last_line(report: &Report, style: Style) -> String {
    let ink = match report.outcome {
        Outcome::Done => Ink::Good,
        Outcome::Changes | Outcome::Incomplete => Ink::Careful,
        Outcome::Failed
        | Outcome::Denied
        | Outcome::Refused
        | Outcome::Usage
        | Outcome::Interrupted => Ink::Bad,
    };
    let mut sentences: Vec<String> = match report.sections.as_slice() {
        [] => vec![report.outcome.meaning().to_owned()],
        [one] => vec![sentence(report.subject, one)],
        several => several
            .iter()
            .map(|section| format!("{} {}", line(&section.name), sentence(report.subject, section)))
            .collect(),
    };
    sentences.extend(report.closing.clone());
    format!("{}: {}", style.paint(ink, report.outcome.word()), sentences.join(" · "))
}

fn mistakes(out: &mut String, section: &Section) {
    for mistake in &section.mistakes {
        say(out, mistake.rendered.trim_end());
    }
}

fn plan(out: &mut String, section: &Section, style: Style) {
    steps::draw(out, &section.plan.steps, style);
    let mut needs: BTreeMap<Disturbance, usize> = BTreeMap::new();
    for kind in section.plan.steps.iter().flat_map(|step| &step.disturbs) {
        *needs.entry(*kind).or_default() += 1;
    }
    for (kind, number) in needs {
        let number = count(number, "step");
        say(
            out,
            &format!(
                "apply needs --allow {}, or a person at the terminal, for {number}",
                kind.word()
            ),
        );
    }
    findings::draw_not_checked(out, &section.plan.not_checked, style);
    if !section.plan.fingerprint.is_empty() {
        say(out, &format!("fingerprint {}", section.plan.fingerprint));
    }
}

fn apply(out: &mut String, section: &Section, style: Style) {
    steps::draw(out, &section.plan.steps, style);
    findings::draw_not_checked(out, &section.plan.not_checked, style);
    if let Some(journal) = &section.journal {
        say(out, &format!("journal {}", line(journal)));
    }
}

fn verify(out: &mut String, section: &Section, style: Style) {
    findings::draw(out, &section.plan.findings, style);
    findings::draw_not_checked(out, &section.plan.not_checked, style);
}

/// What the outcome of this deployment rests on, in one sentence.
fn sentence(subject: Subject, section: &Section) -> String {
    let mut parts = vec![match subject {
        Subject::Validate => validated(section),
        Subject::Plan => planned(section),
        Subject::Apply => applied(section),
        Subject::Verify => verified(section),
    }];
    let missing = section.plan.not_checked.iter().filter(|item| !item.not_checkable).count();
    if missing > 0 {
        parts.push(format!("{missing} not checked"));
    }
    let unknowable = section.plan.not_checked.len() - missing;
    if unknowable > 0 {
        parts.push(format!("{unknowable} not checkable"));
    }
    let errors = section.all_troubles().len();
    if errors > 0 {
        parts.push(count(errors, "error"));
    }
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { section.outcome.meaning().to_owned() } else { parts.join(", ") }
}

fn validated(section: &Section) -> String {
    let errors = section.mistakes_of(Severity::Error);
    let warnings = section.mistakes_of(Severity::Warning);
    match (errors, warnings) {
        (0, 0) if section.outcome == Outcome::Done => "valid".to_owned(),
        (0, 0) => String::new(),
        (0, warnings) => format!("valid, {}", count(warnings, "warning")),
        (errors, 0) => count(errors, "mistake"),
        (errors, warnings) => {
            format!("{}, {}", count(errors, "mistake"), count(warnings, "warning"))
        }
    }
}

fn planned(section: &Section) -> String {
    match (section.plan.steps.len(), section.outcome) {
        (0, Outcome::Done) => {
            format!("in sync, {} compared", count(section.plan.counts.devices, "device"))
        }
        (0, _) => validated_badly(section),
        (number, _) => format!("{} planned, nothing written", count(number, "step")),
    }
}

fn applied(section: &Section) -> String {
    let steps = &section.plan.steps;
    if steps.is_empty() {
        return planned(section);
    }
    let words = ["done", "failed", "unknown", "refused", "deferred", "operator", "planned"];
    let mut parts = Vec::new();
    for word in words {
        let number = steps.iter().filter(|step| step.state.word() == word).count();
        // "done" is said even when nothing was: that is what the reader looks for.
        if number > 0 || word == "done" {
            let label = match word {
                "operator" => "left to an operator",
                "planned" => "not begun",
                other => other,
            };
            parts.push(format!("{number} {label}"));
        }
    }
    let counts = section.plan.counts;
    let mut said = format!("{}: {}", count(steps.len(), "step"), parts.join(", "));
    if counts.devices > 0 {
        let devices = count(counts.devices, "device");
        let in_sync = counts.devices_in_sync;
        let _infallible = write!(said, "; read back, {in_sync} of {devices} as declared");
    }
    said
}

fn verified(section: &Section) -> String {
    let counts = section.plan.counts;
    let mut parts = vec![findings::tally(&section.plan.findings)];
    if section.outcome == Outcome::Done {
        parts.push("in sync".to_owned());
    }
    if counts.devices > 0 {
        let devices = count(counts.devices, "device");
        parts.push(format!("{} of {devices} as declared", counts.devices_in_sync));
    }
    parts.push(validated_badly(section));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The playbook's own mistakes, where they kept the command from running.
fn validated_badly(section: &Section) -> String {
    if section.mistakes_of(Severity::Error) > 0 { validated(section) } else { String::new() }
}

fn say(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{error, last_line, result};
    use crate::outcome::Outcome;
    use crate::plan::{Plan, StepState};
    use crate::report::style::Style;
    use crate::report::{Report, Section, Subject, samples};
    use crate::trouble::Trouble;

    const PLAIN: Style = Style { color: false, full: false };

    #[test]
    fn a_plan() {
        let report = samples::report(Subject::Plan, Outcome::Done, samples::plan(1000));
        insta::assert_snapshot!(result(&report, PLAIN), @r#"
        application-user
          + application user ippa
              application user  absent → ippa
              password  absent → (secret)
        phone-service
          ~ phone service Cisco Finesse
              secure URL  "" → https://fin-a.example.com:8445/x
        subscription
          + 999 phones: SEP001122330001, SEP001122330002, SEP001122330003 and 996 more
              Cisco Finesse: id  absent → 1001 and 998 others
          ~ phone SEP001122331000  [removal]
              Cisco Finesse: id  absent → 2000
              CAD IP Agent: subscription  subscribed → absent
        apply needs --allow removal, or a person at the terminal, for 1 step
        fingerprint 0123456789abcdef

        done: 1,002 steps planned, nothing written
        "#);
        assert!(result(&report, PLAIN).lines().count() <= 24);
    }

    #[test]
    fn a_verification() {
        let report = samples::report(Subject::Verify, Outcome::Changes, samples::findings());
        let check = crate::lint::check("subscription-missing").unwrap();
        let text = result(&report, PLAIN).replace(check.why, "(why)").replace(check.fix, "(fix)");
        insta::assert_snapshot!(text, @r"
        error subscription-missing  2 phones: SEP001122330001, SEP001122330002
            Cisco Finesse: subscription  expected subscribed, found absent
            declared  agents.csv:2:1 and 1 more
            why       (why)
            fix       (fix)
        warning no-such-check  phone service Cisco Finesse
            description  expected blank, found evil \u{1b}[2J text
        NOT CHECKABLE: no interface can tell
          password of application user ippa: CUCM never tells a password
            never attested

        changes: 2 errors, 1 warning, 1 of 3 devices as declared, 1 not checkable
        ");
    }

    #[test]
    fn an_apply_that_ended_early() {
        let mut plan = samples::plan(3);
        for step in &mut plan.steps {
            step.state = StepState::Done;
        }
        let lost = Trouble::new("axl-fault", Outcome::Failed, "updatePhone was refused");
        plan.steps[3].state = StepState::Failed(lost);
        plan.steps[4].state = StepState::Refused("needs --allow removal".to_owned());
        let report = samples::report(Subject::Apply, Outcome::Refused, plan);
        insta::assert_snapshot!(result(&report, PLAIN), @"
        application-user
          + application user ippa  done
        phone-service
          ~ phone service Cisco Finesse  done
        subscription
          + phone SEP001122330001  done
          + phone SEP001122330002  failed: updatePhone was refused
              Cisco Finesse: id  absent → 1002
          ~ phone SEP001122330003  [removal]  refused: needs --allow removal
              Cisco Finesse: id  absent → 1003
              CAD IP Agent: subscription  subscribed → absent

        refused: 5 steps: 3 done, 1 failed, 1 refused; read back, 0 of 3 devices as declared, 1 error
        ");
    }

    #[test]
    fn nothing_to_do() {
        let report = samples::report(Subject::Apply, Outcome::Done, Plan::default());
        assert_eq!(last_line(&report, PLAIN), "done: in sync, 0 devices compared");
        let report = samples::report(Subject::Validate, Outcome::Done, Plan::default());
        assert_eq!(last_line(&report, PLAIN), "done: valid");
    }

    #[test]
    fn several_deployments_end_in_one_line() {
        let sections = vec![
            Section::new("emea", Outcome::Done),
            Section::of("apac", Trouble::new("axl-unreachable", Outcome::Failed, "No answer")),
        ];
        let report = Report::new(Subject::Verify, "", sections);
        insta::assert_snapshot!(last_line(&report, PLAIN), @"failed: emea in sync · apac 1 error");
    }

    #[test]
    fn an_error_says_what_where_why_and_what_next() {
        let trouble = Trouble::new("axl-unreachable", Outcome::Failed, "CUCM does not answer")
            .at("cucm-pub.example.com:8443")
            .because("connection refused\u{1b}[2J")
            .then("start the service,\nthen try again");
        insta::assert_snapshot!(error(&trouble, PLAIN), @r"
        error[axl-unreachable]: CUCM does not answer
          where cucm-pub.example.com:8443
          why   connection refused\u{1b}[2J
          next  start the service,
                then try again
        ");
    }
}
