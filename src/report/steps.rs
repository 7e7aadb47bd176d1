//! Steps as text: grouped so that a thousand phones fit one screen, or one by one with `--full`.

use std::fmt::Write as _;

use crate::plan::{Call, Change, Object, OperatorStep, Shown, Step, StepState};

use super::grouping;
use super::sanitize::line;
use super::style::{Ink, Style, count};

/// Groups drawn without `--full`.
const MOST_GROUPS: usize = 24;
/// Columns that a line should keep to.
const WIDTH: usize = 100;
/// Changes drawn per group without `--full`.
const MOST_CHANGES: usize = 8;
/// Names given per group without `--full`.
const MOST_NAMES: usize = 3;

/// Draws these steps under a heading per kind.
pub fn draw(out: &mut String, steps: &[Step], style: Style) {
    let groups: Vec<Vec<&Step>> = if style.full {
        steps.iter().map(|step| vec![step]).collect()
    } else {
        grouping::steps(steps)
    };
    let most = if style.full { usize::MAX } else { MOST_GROUPS };
    let mut heading = None;
    for group in groups.iter().take(most) {
        let Some(first) = group.first() else { continue };
        if heading != Some(first.kind) {
            heading = Some(first.kind);
            say(out, &style.paint(Ink::Bold, first.kind.word()));
        }
        draw_group(out, group, first, style);
    }
    if groups.len() > most {
        let rest: usize = groups.iter().skip(most).map(Vec::len).sum();
        say(out, &format!("  … and {} in other groups; --full shows all", count(rest, "step")));
    }
}

/// Names of objects: one by name, several as a count and the first few names.
pub fn names(objects: &[&Object], style: Style) -> String {
    match objects {
        [] => String::new(),
        [one] => format!("{} {}", one.kind.word(), line(&one.name)),
        [first, ..] => {
            let most = if style.full { objects.len() } else { MOST_NAMES };
            let some: Vec<_> = objects.iter().take(most).map(|object| line(&object.name)).collect();
            let rest = match objects.len().saturating_sub(most) {
                0 => String::new(),
                rest => format!(" and {rest} more"),
            };
            format!("{}: {}{rest}", count(objects.len(), first.kind.word()), some.join(", "))
        }
    }
}

fn draw_group(out: &mut String, group: &[&Step], first: &Step, style: Style) {
    let objects: Vec<&Object> = group.iter().map(|step| &step.object).collect();
    let mut head = format!("  {} {}", sign(first, style), names(&objects, style));
    if !first.disturbs.is_empty() {
        let kinds: Vec<&str> = first.disturbs.iter().map(|kind| kind.word()).collect();
        let _infallible =
            write!(head, "  {}", style.paint(Ink::Careful, &format!("[{}]", kinds.join(", "))));
    }
    if first.state != StepState::Planned {
        let _infallible = write!(head, "  {}", state(&first.state, style));
    }
    say(out, &head);
    // What was done needs no second look, field by field.
    if first.state == StepState::Done && !style.full {
        return;
    }
    let runs = runs(&first.changes, style.full || group.len() > 1);
    let most = if style.full { usize::MAX } else { MOST_CHANGES };
    for run in runs.iter().take(most) {
        let side = |pick: fn(&Change) -> &Shown| {
            let index = run.first;
            grouping::values(
                group.iter().filter_map(|step| step.changes.get(index)).map(pick),
                style,
            )
        };
        let (before, after) = (side(|change| &change.before), side(|change| &change.after));
        say(out, &change_line(&run.field, &before, &after, style));
    }
    let left: usize = runs.iter().skip(most).map(|run| run.changes).sum();
    if left > 0 {
        say(out, &format!("      … and {}", count(left, "more field")));
    }
    for note in &first.notes {
        say(out, &format!("      note: {}", line(note)));
    }
    if let Call::Operator(operator) = &first.call {
        draw_operator(out, operator, group.len(), style);
    }
}

/// Changes that differ in nothing but the last word of their field.
struct Run {
    field: String,
    first: usize,
    changes: usize,
}

/// Puts neighbouring changes of one kind into one line (`controlled devices SEP…1, SEP…2 and 22 more`), or leaves
/// each in its own.
fn runs(changes: &[Change], apart: bool) -> Vec<Run> {
    // `controlled device SEP…` is one of many; `password: required` is a field of its own.
    let stem = |change: &Change| {
        let (stem, _) = change.field.rsplit_once(' ')?;
        (!stem.ends_with(':')).then(|| stem.to_owned())
    };
    let alike = |a: &Change, b: &Change| {
        stem(a).is_some() && stem(a) == stem(b) && a.before == b.before && a.after == b.after
    };
    let mut runs = Vec::new();
    let mut first = 0;
    while let Some(change) = changes.get(first) {
        let same = changes.iter().skip(first).take_while(|other| alike(change, other)).count();
        let length = if apart { 1 } else { same.max(1) };
        let field = match stem(change) {
            Some(stem) if length > 1 => {
                let run = changes.iter().skip(first).take(length);
                let last: Vec<String> = run
                    .filter_map(|c| c.field.rsplit_once(' '))
                    .map(|(_, name)| line(name).into())
                    .collect();
                let shown = last.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
                match length.saturating_sub(MOST_NAMES) {
                    0 => format!("{}s {shown}", line(&stem)),
                    more => format!("{}s {shown} and {more} more", line(&stem)),
                }
            }
            _ => line(&change.field).into(),
        };
        runs.push(Run { field, first, changes: length });
        first += length;
    }
    runs
}

/// One change, on two lines where one would be too long.
fn change_line(field: &str, before: &str, after: &str, style: Style) -> String {
    let one = format!("      {field}  {before} → {after}");
    if style.full || one.chars().count() <= WIDTH {
        return one;
    }
    format!("      {field}  {before}\n          → {after}")
}

/// What a person has to do at a console.
fn draw_operator(out: &mut String, operator: &OperatorStep, number: usize, style: Style) {
    if number > 1 {
        say(out, &format!("      by hand, {number} times; the first:"));
    } else {
        say(out, "      by hand:");
    }
    say(out, &instructions(operator, "        ", style));
}

/// The instructions of an operator step, each line indented.
pub fn instructions(operator: &OperatorStep, indent: &str, style: Style) -> String {
    let mut lines = vec![format!("{indent}{}", style.paint(Ink::Bold, &line(&operator.console)))];
    lines.extend(operator.entries.iter().map(|entry| format!("{indent}  {}", line(entry))));
    lines.push(format!("{indent}checked by: {}", line(&operator.checked_by)));
    // What no plan would ask for again has no token.
    if !operator.token.is_empty() {
        let done = format!("{indent}once done: --operator-done {}={}", operator.id, operator.token);
        lines.push(style.paint(Ink::Faint, &done));
    }
    lines.join("\n")
}

fn sign(step: &Step, style: Style) -> String {
    if matches!(step.call, Call::Operator(_)) {
        style.paint(Ink::Careful, "!")
    } else if step.changes.iter().all(|change| change.before == Shown::Absent) {
        style.paint(Ink::Good, "+")
    } else if step.changes.iter().all(|change| change.after == Shown::Absent) {
        style.paint(Ink::Bad, "-")
    } else {
        style.paint(Ink::Careful, "~")
    }
}

fn state(state: &StepState, style: Style) -> String {
    let ink = match state {
        StepState::Planned | StepState::Done => Ink::Good,
        StepState::Deferred(_) | StepState::Operator => Ink::Careful,
        StepState::Failed(_) | StepState::Unknown(_) | StepState::Refused(_) => Ink::Bad,
    };
    let word = match state {
        StepState::Operator => "left to an operator",
        StepState::Planned
        | StepState::Done
        | StepState::Failed(_)
        | StepState::Unknown(_)
        | StepState::Deferred(_)
        | StepState::Refused(_) => state.word(),
    };
    match grouping::reason(state) {
        "" => style.paint(ink, word),
        why => format!("{}: {}", style.paint(ink, word), line(why)),
    }
}

fn say(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::draw;
    use crate::plan::{Call, OperatorStep, StepState};
    use crate::report::samples;
    use crate::report::style::Style;

    fn text(steps: &[crate::plan::Step], full: bool) -> String {
        let mut out = String::new();
        draw(&mut out, steps, Style { full, color: false });
        out
    }

    #[test]
    fn a_thousand_phones_fit_one_screen() {
        insta::assert_snapshot!(text(&samples::plan(1000).steps, false), @r#"
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
        "#);
        assert!(text(&samples::plan(1000).steps, true).lines().count() > 2000);
    }

    #[test]
    fn states_and_operator_steps_are_said() {
        let mut steps = samples::plan(3).steps;
        steps.drain(..2);
        steps[0].state = StepState::Done;
        steps[1].state = StepState::Deferred("somebody is logged in".to_owned());
        steps[2].state = StepState::Operator;
        steps[2].call = Call::Operator(OperatorStep {
            id: "subscription-SEP001122330003".to_owned(),
            console: "Device > Phone > SEP001122330003".to_owned(),
            entries: vec!["id: 1003".to_owned()],
            checked_by: "reading the subscription".to_owned(),
            token: "t0k3n".to_owned(),
        });
        insta::assert_snapshot!(text(&steps, false), @"
        subscription
          + phone SEP001122330001  done
          + phone SEP001122330002  deferred: somebody is logged in
              Cisco Finesse: id  absent → 1002
          ! phone SEP001122330003  [removal]  left to an operator
              Cisco Finesse: id  absent → 1003
              CAD IP Agent: subscription  subscribed → absent
              by hand:
                Device > Phone > SEP001122330003
                  id: 1003
                checked by: reading the subscription
                once done: --operator-done subscription-SEP001122330003=t0k3n
        ");
    }
}
