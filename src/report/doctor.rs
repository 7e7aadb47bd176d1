//! What doctor looked at, as text: one line each, and under those that are not well what to do.

use crate::checks::doctor::{Area, Examination, Line, State};

use super::sanitize::line as harmless;
use super::style::{Ink, Style, count};

/// Subjects are padded to this width at most; longer ones push their line to the right.
const WIDEST: usize = 56;

/// The lines, area by area.
pub(super) fn draw(out: &mut String, examination: &Examination, style: Style) {
    let lines = &examination.lines;
    let subjects = lines.iter().map(|line| line.subject.chars().count());
    let width = subjects.max().unwrap_or(0).min(WIDEST);
    for area in Area::ALL {
        let of_area: Vec<&Line> = lines.iter().filter(|line| line.area == area).collect();
        if of_area.is_empty() {
            continue;
        }
        say(out, &style.paint(Ink::Bold, area.word()));
        for line in of_area {
            one(out, line, width, style);
        }
    }
}

fn one(out: &mut String, line: &Line, width: usize, style: Style) {
    let ink = match line.state {
        State::Ok => Ink::Good,
        State::Warning | State::NotChecked => Ink::Careful,
        State::Failed(_) => Ink::Bad,
        State::NotCheckable => Ink::Faint,
    };
    let word = style.paint(ink, &format!("{:<13}", line.state.word()));
    let subject = format!("{:<width$}", harmless(&line.subject));
    say(out, &format!("  {word}  {subject}  {}", harmless(&line.seen)));
    if line.state == State::Ok {
        return;
    }
    let told =
        if line.id.is_empty() { String::new() } else { format!("ippactl explain {}", line.id) };
    for (label, text) in [("fix", line.fix.as_str()), ("more", told.as_str())] {
        if !text.is_empty() {
            let label = style.paint(Ink::Faint, &format!("{label:<4}"));
            // Some errors give lines to copy, which stay as they are.
            let text = super::sanitize::lines(text).replace('\n', "\n                       ");
            say(out, &format!("                 {label}  {text}"));
        }
    }
}

/// How many lines are in which state.
pub(super) fn tally(examination: &Examination) -> String {
    let mut parts = vec![count(examination.lines.len(), "line")];
    for word in ["ok", "failed", "warning", "not checked", "not checkable"] {
        let number = examination.count(word);
        if number > 0 || word == "ok" {
            parts.push(match (word, number) {
                ("warning", number) => count(number, "warning"),
                (word, number) => format!("{number} {word}"),
            });
        }
    }
    let first = parts.remove(0);
    format!("{first}: {}", parts.join(", "))
}

fn say(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{draw, tally};
    use crate::checks::doctor::{Area, Examination, Line};
    use crate::report::style::Style;

    #[test]
    fn what_is_not_well_has_its_fix_under_it() {
        let stopped =
            Line::found(Area::Cucm, "pub Cisco CTIManager", "cucm-service-stopped", "Stopped");
        let examination = Examination {
            lines: vec![
                stopped.fix("start it"),
                Line::ok(Area::Network, "fin-a:8445 connection", "open\u{1b}[2J"),
                Line::not_checkable(Area::Cucm, "AXL write role", "no read tells it"),
            ],
        };
        let mut out = String::new();
        draw(&mut out, &examination, Style::default());
        insta::assert_snapshot!(out, @r"
        network
          ok             fin-a:8445 connection  open\u{1b}[2J
        cucm
          failed         pub Cisco CTIManager   Stopped
                         fix   start it
                         more  ippactl explain cucm-service-stopped
          not checkable  AXL write role         no read tells it
        ");
        assert_eq!(tally(&examination), "3 lines: 1 ok, 1 failed, 1 not checkable");
    }
}
