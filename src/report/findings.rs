//! Findings and what could not be judged, as text.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint;
use crate::plan::{Finding, NotChecked, Object, ObjectKind, Plan, Severity};

use super::Section;
use super::sanitize::line;
use super::standing::{Drift, Standing, Waived};
use super::style::{Ink, Style};
use super::{grouping, steps};

/// Groups drawn without `--full`.
const MOST_GROUPS: usize = 20;
/// Names given per group without `--full`.
const MOST_NAMES: usize = 3;

/// Draws findings, the worst first: what, where, expected, found, the declaring line, the fix.
pub fn draw<'a>(out: &mut String, findings: impl IntoIterator<Item = &'a Finding>, style: Style) {
    draw_with(out, findings, |_| None, style);
}

/// The same, with since when each stands and what kind of drift it is.
pub fn draw_with<'a>(
    out: &mut String,
    findings: impl IntoIterator<Item = &'a Finding>,
    standing: impl Fn(&Finding) -> Option<&'a Standing>,
    style: Style,
) {
    let mut groups: Vec<Vec<&Finding>> = if style.full {
        findings.into_iter().map(|finding| vec![finding]).collect()
    } else {
        grouping::findings(findings)
    };
    groups.sort_by_key(|group| std::cmp::Reverse(group.first().map(|finding| finding.severity)));
    let most = if style.full { usize::MAX } else { MOST_GROUPS };
    for group in groups.iter().take(most) {
        draw_group(out, group, &standing, style);
    }
    if let Some(rest) = groups.get(most..).filter(|rest| !rest.is_empty()) {
        let number: usize = rest.iter().map(Vec::len).sum();
        say(out, &format!("… and {number} more findings; --full shows all"));
    }
}

/// Draws what no step of the plan answers, where it is more than something to know.
pub fn draw_unanswered(out: &mut String, plan: &Plan, style: Style) {
    draw(out, plan.unanswered().filter(|finding| finding.severity > Severity::Info), style);
}

/// What stays wrong, a few words per check: which objects, and what is the matter with them.
pub fn phrases<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    let mut checks: BTreeMap<(&str, ObjectKind), BTreeSet<&Object>> = BTreeMap::new();
    for finding in findings {
        let objects = checks.entry((finding.check, finding.object.kind)).or_default();
        objects.insert(&finding.object);
    }
    let phrase = |(check, kind): (&str, ObjectKind), objects: &BTreeSet<&Object>| {
        let which = match objects.first() {
            Some(only) if objects.len() == 1 => format!("{} {}", kind.word(), line(&only.name)),
            _ => super::style::count(objects.len(), kind.word()),
        };
        match lint::check(check) {
            Some(row) => format!("{which}: {} ({check})", uncapitalised(row.title)),
            None => format!("{which}: {check}"),
        }
    };
    checks.iter().map(|(key, objects)| phrase(*key, objects)).collect()
}

/// A sentence as part of another; an abbreviation or a name at its beginning stays.
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

fn draw_group<'a>(
    out: &mut String,
    group: &[&Finding],
    standing: impl Fn(&Finding) -> Option<&'a Standing>,
    style: Style,
) {
    let Some(first) = group.first() else { return };
    let mut objects: Vec<&Object> = group.iter().map(|finding| &finding.object).collect();
    objects.dedup();
    let check = style.paint(Ink::Bold, first.check);
    say(
        out,
        &format!("{} {check}  {}", style.severity(first.severity), steps::names(&objects, style)),
    );
    let expected = grouping::values(group.iter().map(|finding| &finding.expected), style);
    let found = grouping::values(group.iter().map(|finding| &finding.found), style);
    say(out, &format!("    {}  expected {expected}, found {found}", field(group, style)));
    if let Some(at) = group.iter().find_map(|finding| finding.declared.as_ref()) {
        let more = match group.len() {
            1 => String::new(),
            number => format!(" and {} more", number - 1),
        };
        say(out, &format!("    declared  {}{more}", line(&at.to_string())));
    }
    let standings: Vec<&Standing> = group.iter().filter_map(|finding| standing(finding)).collect();
    let since = since(&standings);
    if !since.is_empty() {
        say(out, &format!("    since     {since}"));
    }
    if let Some(check) = lint::check(first.check) {
        say(out, &format!("    why       {}", check.why));
        say(out, &format!("    fix       {}", check.fix));
    }
}

/// The field of a group, or of fields that differ in the name at their end the first few names.
fn field(group: &[&Finding], style: Style) -> String {
    let fields: BTreeSet<&str> = group.iter().map(|finding| finding.field.as_str()).collect();
    let parts: Vec<(&str, &str)> = fields.iter().filter_map(|one| grouping::stem(one)).collect();
    let (Some((stem, _)), [_, _, ..]) = (parts.first(), parts.as_slice()) else {
        return group.first().map_or(String::new(), |one| line(&one.field).into_owned());
    };
    let most = if style.full { usize::MAX } else { MOST_NAMES };
    let names: Vec<_> = parts.iter().take(most).map(|(_, name)| line(name)).collect();
    let rest = match parts.len().saturating_sub(most) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    format!("{}s {}{rest}", line(stem), names.join(", "))
}

/// Since when a group stands, when it was last all right, and what kinds of drift it is.
fn since(standings: &[&Standing]) -> String {
    let first = standings.iter().filter_map(|one| one.first_seen.as_deref()).min();
    let ok = standings.iter().filter_map(|one| one.last_ok.as_deref()).max();
    let kinds: BTreeSet<&str> = standings
        .iter()
        .filter_map(|one| one.drift)
        .filter(|kind| *kind != Drift::Unknown)
        .map(Drift::words)
        .collect();
    let mut parts = Vec::new();
    parts.extend(first.map(|when| line(when).into_owned()));
    parts.extend(ok.map(|when| format!("last all right {}", line(when))));
    let kinds: Vec<&str> = kinds.into_iter().collect();
    parts.extend((!kinds.is_empty()).then(|| format!("drift: {}", kinds.join(", "))));
    parts.join("; ")
}

/// Draws what is waived: it does not count, and is not hidden.
pub fn draw_waived(out: &mut String, section: &Section, style: Style) {
    let mut groups: BTreeMap<(&str, &str, &str, &str), Vec<&Object>> = BTreeMap::new();
    for finding in &section.plan.findings {
        if let Some(Waived { owner, reason, expires }) = section.waived(finding) {
            groups
                .entry((finding.check, owner, reason, expires))
                .or_default()
                .push(&finding.object);
        }
    }
    if groups.is_empty() {
        return;
    }
    say(out, &style.paint(Ink::Faint, "WAIVED: found, and somebody answers for it"));
    for ((check, owner, reason, expires), mut objects) in groups {
        objects.dedup();
        say(out, &format!("  {check}  {}", steps::names(&objects, style)));
        let (owner, reason) = (line(owner), line(reason));
        say(out, &format!("    until {expires}, {owner}: {reason}"));
    }
}

/// Draws what could not be judged, apart from what no interface can ever tell.
pub fn draw_not_checked(out: &mut String, not_checked: &[NotChecked], style: Style) {
    for (heading, ink, not_checkable) in [
        ("NOT CHECKED: these reads should have worked", Ink::Bad, false),
        ("NOT CHECKABLE: no interface can tell", Ink::Careful, true),
    ] {
        let items: Vec<&NotChecked> =
            not_checked.iter().filter(|item| item.not_checkable == not_checkable).collect();
        if items.is_empty() {
            continue;
        }
        say(out, &style.paint(ink, heading));
        let most = if style.full { usize::MAX } else { MOST_GROUPS };
        for item in items.iter().take(most) {
            say(out, &format!("  {}: {}", line(&item.subject), line(&item.reason)));
            match &item.attested {
                Some(attested) => say(out, &format!("    last attested: {}", line(attested))),
                None if not_checkable => say(out, "    never attested"),
                None => {}
            }
        }
        if items.len() > most {
            say(out, &format!("  … and {} more; --full shows all", items.len() - most));
        }
    }
}

/// `2 errors, 1 warning`; empty when there is none.
pub fn tally<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut numbers: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings {
        *numbers.entry(finding.severity).or_default() += 1;
    }
    let parts: Vec<String> = numbers
        .iter()
        .rev()
        .map(|(severity, number)| match severity {
            Severity::Info => format!("{number} info"),
            Severity::Warning | Severity::Error => super::style::count(*number, severity.word()),
        })
        .collect();
    parts.join(", ")
}

fn say(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
