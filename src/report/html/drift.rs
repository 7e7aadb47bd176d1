//! Findings, grouped, the worst first: expected and found, since when, why it matters, how to fix it. Waived ones last,
//! and marked.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint;
use crate::plan::{Finding, Object};
use crate::report::standing::{Drift, Standing, WaiverState};
use crate::report::style::count;
use crate::report::{Section, grouping};

use super::day;
use super::markup::Html;
use super::verdict::{WHOLE, severity};

/// Names given in a group; the table of devices has them all.
const MOST_NAMES: usize = 40;
/// Groups that stand open.
const MOST_OPEN: usize = 8;

/// Findings and waivers; nothing where there are none.
pub(super) fn draw(html: &mut Html, section: &Section) {
    let (waived, counted): (Vec<&Finding>, Vec<&Finding>) =
        section.plan.findings.iter().partition(|finding| section.waived(finding).is_some());
    if !section.plan.findings.is_empty() {
        html.raw("<section><h3>Findings</h3>\n");
        let mut groups = grouping::findings(counted);
        groups.sort_by_key(|group| std::cmp::Reverse(group.first().map(|one| one.severity)));
        for (index, group) in groups.iter().enumerate() {
            one(html, section, group, index < MOST_OPEN);
        }
        for group in grouping::findings(waived) {
            one(html, section, &group, false);
        }
        html.raw("</section>\n");
    }
    waivers(html, section);
}

fn one(html: &mut Html, section: &Section, group: &[&Finding], open: bool) {
    let Some(first) = group.first() else { return };
    let check = lint::check(first.check);
    let waived = section.waived(first);
    html.raw(if open {
        "<details class=\"group\" open><summary>"
    } else {
        "<details class=\"group\"><summary>"
    });
    severity(html, first.severity);
    if waived.is_some() {
        html.raw("<span class=\"tag calm\">∥ waived</span> ");
    }
    html.raw("<strong>").text(&subject(group)).raw("</strong> ");
    html.text(check.map_or("", |check| check.title)).raw(" ");
    html.element("code", "check", first.check).raw("</summary>\n<div class=\"columns\"><dl>");
    html.pair("field", &first.field);
    let expected = grouping::values(group.iter().map(|finding| &finding.expected), WHOLE);
    let found = grouping::values(group.iter().map(|finding| &finding.found), WHOLE);
    html.pair("expected", &expected).pair("found", &found);
    html.pair("declared", &declared(group));
    html.pair("since", &since(section, group)).pair("drift", &classes(section, group));
    if let Some(waived) = waived {
        let (owner, expires, reason) = (&waived.owner, &waived.expires, &waived.reason);
        html.pair("waived", &format!("by {owner} until {expires}: {reason}"));
    }
    html.raw("</dl><dl>");
    if let Some(check) = check {
        html.pair("why", check.why).pair("fix", check.fix);
        html.pair("controls", &check.controls().join(", "));
    }
    html.raw("</dl></div>\n");
    if group.len() > 1 {
        let names: BTreeSet<&str> = group.iter().map(|one| one.object.name.as_str()).collect();
        let some: Vec<&str> = names.iter().copied().take(MOST_NAMES).collect();
        html.raw("<p class=\"names\">").text(&some.join(", "));
        if names.len() > MOST_NAMES {
            html.raw(" and ").text(&count(names.len() - MOST_NAMES, "other"));
        }
        html.raw("</p>\n");
    }
    html.raw("</details>\n");
}

/// The one object by name, or how many there are.
fn subject(group: &[&Finding]) -> String {
    let objects: BTreeSet<&Object> = group.iter().map(|finding| &finding.object).collect();
    match objects.first() {
        Some(only) if objects.len() == 1 => only.to_string(),
        Some(first) => count(objects.len(), first.kind.word()),
        None => String::new(),
    }
}

fn declared(group: &[&Finding]) -> String {
    let lines: Vec<String> =
        group.iter().filter_map(|one| one.declared.as_ref()).map(ToString::to_string).collect();
    match lines.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// Since when the oldest of the group stands, and when the latest was last all right.
fn since(section: &Section, group: &[&Finding]) -> String {
    let standings = || group.iter().filter_map(|one| section.standing(one));
    let first = standings().filter_map(|standing| standing.first_seen.as_deref()).min();
    let last = standings().filter_map(|standing| standing.last_ok.as_deref()).max();
    since_words(first, last)
}

/// `2026-11-20, last all right 2026-11-19`.
fn since_words(first: Option<&str>, last: Option<&str>) -> String {
    let first = first.map(|time| day(time).to_owned());
    let last = last.map(|time| format!("last all right {}", day(time)));
    first.into_iter().chain(last).collect::<Vec<_>>().join(", ")
}

fn classes(section: &Section, group: &[&Finding]) -> String {
    let mut numbers: BTreeMap<Drift, usize> = BTreeMap::new();
    for drift in group.iter().filter_map(|one| section.standing(one)?.drift) {
        *numbers.entry(drift).or_default() += 1;
    }
    let parts: Vec<String> = numbers
        .iter()
        .map(|(drift, number)| match group.len() {
            1 => drift.words().to_owned(),
            _ => format!("{number} {}", drift.words()),
        })
        .collect();
    parts.join(", ")
}

/// What is known of a finding beyond itself, in one line.
pub(super) fn standing_words(standing: &Standing) -> String {
    let mut parts = Vec::new();
    let since = since_words(standing.first_seen.as_deref(), standing.last_ok.as_deref());
    if !since.is_empty() {
        parts.push(format!("since {since}"));
    }
    parts.extend(standing.drift.map(|drift| drift.words().to_owned()));
    if let Some(waived) = &standing.waived {
        let (owner, expires, reason) = (&waived.owner, &waived.expires, &waived.reason);
        parts.push(format!("waived by {owner} until {expires}: {reason}"));
    }
    parts.join(" · ")
}

fn waivers(html: &mut Html, section: &Section) {
    if section.waivers.is_empty() {
        return;
    }
    html.raw("<section><h3>Waivers</h3>\n<table class=\"plain\"><thead><tr><th scope=\"col\">State</th><th scope=\"col\">Check</th>");
    html.raw("<th scope=\"col\">Object</th><th scope=\"col\">Owner</th><th scope=\"col\">Reason</th><th scope=\"col\">Until</th>");
    html.raw("<th scope=\"col\">Findings</th><th scope=\"col\">Line</th></tr></thead><tbody>\n");
    for waiver in &section.waivers {
        html.raw("<tr><td>").raw(match waiver.state {
            WaiverState::Used => "<span class=\"tag calm\">∥ used</span>",
            WaiverState::Expired => "<span class=\"tag bad\">✕ expired</span>",
            WaiverState::Unused => "<span class=\"tag careful\">▲ unused</span>",
        });
        html.raw("</td><td>").element("code", "", &waiver.check).raw("</td>");
        html.element("td", "", &waiver.object).element("td", "", &waiver.waived.owner);
        html.element("td", "", &waiver.waived.reason).element("td", "", &waiver.waived.expires);
        html.raw("<td>").number(waiver.findings).raw("</td>");
        html.element("td", "", &waiver.declared).raw("</tr>\n");
    }
    html.raw("</tbody></table></section>\n");
}
