//! A report as text: the result for stdout, the errors for stderr, and the last line.

use std::collections::BTreeMap;

use crate::plan::Disturbance;
use crate::trouble::Trouble;

use super::sanitize::{line, lines};
use super::sentence::last_line;
use super::style::{Ink, Style, count};
use super::{Report, Section, Subject, capture, doctor, findings, steps};

/// The result, for stdout; its last line says the outcome.
pub fn result(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for section in &report.sections {
        if report.sections.len() > 1 {
            let heading = format!("== {}: {}", line(&section.name), section.outcome.word());
            say(&mut out, &style.paint(Ink::Bold, &heading));
        }
        match report.subject {
            Subject::Validate | Subject::Export => mistakes(&mut out, section),
            Subject::Plan => plan(&mut out, section, style),
            Subject::OneShot(_) if only_shown(section) => plan(&mut out, section, style),
            Subject::Apply | Subject::Undo | Subject::Remove | Subject::OneShot(_) => {
                apply(&mut out, section, style);
            }
            Subject::Verify => verify(&mut out, section, style),
            Subject::Capture => {
                section.captured.iter().for_each(|captured| capture::draw(&mut out, captured));
            }
            Subject::Doctor => {
                section.examined.iter().for_each(|seen| doctor::draw(&mut out, seen, style));
            }
        }
        if !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    if let Some(chain) = &report.chain {
        let key = if chain.keyed { ", keyed" } else { "" };
        say(
            &mut out,
            &format!("history {}: head {}{key}", count(chain.entries, "report"), chain.head),
        );
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
    report.troubles.iter().for_each(|trouble| out.push_str(&error(trouble, style)));
    out
}

/// One error: what, where, why, what next.
pub fn error(trouble: &Trouble, style: Style) -> String {
    let code = format!("error[{}]", trouble.code);
    let mut out = format!("{}: {}\n", style.paint(Ink::Bad, &code), lines(&trouble.what));
    for (word, text) in [("where", &trouble.place), ("why", &trouble.why), ("next", &trouble.next)]
    {
        if !text.is_empty() {
            let indented = lines(text).replace('\n', "\n        ");
            // Blanks stay outside of the colour: they say where a line that is broken goes on.
            let label =
                format!("{}{:blanks$}", style.paint(Ink::Faint, word), "", blanks = 6 - word.len());
            say(&mut out, &format!("  {label}{indented}"));
        }
    }
    out
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
    for refusal in &section.refusals {
        let Trouble { what, why, next, .. } = refusal;
        let text = format!("apply would refuse: {what}; {why}; {next}");
        say(out, &style.paint(Ink::Bad, &line(&text)));
    }
    findings::draw_unanswered(out, &section.plan, style);
    findings::draw_not_checked(out, &section.plan.not_checked, style);
    if !section.plan.fingerprint.is_empty() {
        say(out, &format!("fingerprint {}", section.plan.fingerprint));
    }
}

/// Whether a plan was shown that nobody was asked about: `--dry-run`.
fn only_shown(section: &Section) -> bool {
    let performed = section.journal.is_some() || section.plan.counts.writes > 0;
    let steps = !section.plan.steps.is_empty();
    steps && !performed && section.troubles.is_empty() && !section.plan.read_back
}

fn apply(out: &mut String, section: &Section, style: Style) {
    // Whoever was asked has just seen the plan: what counts is that nothing was done.
    if section.troubles.iter().any(|trouble| trouble.code == "no-confirmation") {
        return;
    }
    steps::draw(out, &section.plan.steps, style);
    findings::draw_unanswered(out, &section.plan, style);
    findings::draw_not_checked(out, &section.plan.not_checked, style);
    if let Some(journal) = &section.journal {
        say(out, &format!("journal {}", line(journal)));
    }
}

fn verify(out: &mut String, section: &Section, style: Style) {
    findings::draw_with(out, section.counting(), |finding| section.standing(finding), style);
    findings::draw_waived(out, section, style);
    findings::draw_not_checked(out, &section.plan.not_checked, style);
}

fn say(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{error, result};
    use crate::outcome::Outcome;
    use crate::plan::{Plan, StepState};
    use crate::report::sentence::last_line;
    use crate::report::style::Style;
    use crate::report::{Subject, samples};
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
        let read_back = samples::report(
            Subject::Apply,
            Outcome::Refused,
            Plan { read_back: true, ..plan.clone() },
        );
        assert_eq!(
            last_line(&read_back, PLAIN),
            "refused: 5 steps: 3 done, 1 failed, 1 refused; read back, 0 of 3 devices as declared, 1 error"
        );
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

        refused: 5 steps: 3 done, 1 failed, 1 refused, 1 error
        ");
    }

    #[test]
    fn what_no_step_changes_is_said_and_never_in_sync() {
        let mut plan = samples::findings();
        plan.not_checked.clear();
        for (subject, outcome, last) in [
            (Subject::Plan, Outcome::Done, "done: nothing to write; "),
            (Subject::Plan, Outcome::Changes, "changes: nothing to write; "),
            (Subject::Apply, Outcome::Changes, "changes: nothing to write; "),
        ] {
            let report = samples::report(subject, outcome, plan.clone());
            let stays = "2 phones: a phone is not subscribed (subscription-missing)";
            assert_eq!(last_line(&report, PLAIN), format!("{last}{stays}"));
            let text = result(&report, PLAIN);
            assert!(text.starts_with("error subscription-missing  2 phones: SEP0"), "{text}");
        }
    }

    #[test]
    fn what_would_refuse_an_apply_is_said() {
        let mut report = samples::report(Subject::Plan, Outcome::Done, samples::plan(20));
        report.sections[0].refusals.push(
            Trouble::new("threshold-altered", Outcome::Refused, "20 of 20 would be altered")
                .because("limits.max_altered_percent is 30")
                .then("look at the plan"),
        );
        let text = result(&report, PLAIN);
        let said = "apply would refuse: 20 of 20 would be altered; limits.max_altered_percent is 30; look at the plan\n";
        assert!(text.contains(said), "{text}");
        assert!(text.ends_with("nothing written, apply would refuse\n"), "{text}");
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
