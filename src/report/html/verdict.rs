//! What is seen first of a deployment: how it ended, what to do next, and which devices are affected by what.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint;
use crate::plan::{Finding, ObjectKind, Severity};
use crate::report::style::{Style, count};
use crate::report::{Report, Section, next, sentence};

use super::markup::Html;
use super::{headline, sign, tone};

/// Names given under a group; the table of devices has them all.
const MOST_NAMES: usize = 200;
/// Groups shown before the others are folded away.
const MOST_GROUPS: usize = 6;

/// Objects that one check speaks of.
pub(super) struct Affected<'a> {
    /// How bad.
    pub(super) severity: Severity,
    /// The check.
    pub(super) check: &'static str,
    /// What the objects are.
    pub(super) kind: ObjectKind,
    /// Deployment and name.
    pub(super) objects: BTreeSet<(&'a str, &'a str)>,
}

/// The headline and what follows from it.
pub(super) fn draw(html: &mut Html, report: &Report, section: &Section) {
    html.raw("<section class=\"verdict ").raw(tone(section.outcome)).raw("\">\n");
    sign(html, section.outcome);
    html.raw("<div><h2>").raw(headline(report.subject, section.outcome));
    html.raw(" <span class=\"where\">").text(&section.name).raw("</span></h2>\n");
    html.element("p", "sentence", &sentence::of(report.subject, section)).raw("\n");
    html.raw("<p class=\"meaning\">exit code ").number(section.outcome.code().into()).raw(": ");
    html.text(&section.outcome.meaning().replace('`', "")).raw("</p>\n</div>\n");
    draw_next(html, &next::of(report.subject, section));
    html.raw("</section>\n");
    draw_affected(html, &affected(std::slice::from_ref(section)));
}

/// The command to copy.
pub(super) fn draw_next(html: &mut Html, next: &next::Next) {
    html.raw("<div class=\"next\"><p class=\"label\">Next</p><pre tabindex=\"0\" aria-label=\"the next command\"><code>");
    html.text(&next.command).raw("</code></pre>");
    html.element("p", "purpose", &next.purpose).raw("</div>\n");
}

/// Everything that is found wrong and not waived, check by check, the worst and the most frequent first.
pub(super) fn affected(sections: &[Section]) -> Vec<Affected<'_>> {
    type Key = (Severity, &'static str, ObjectKind);
    let mut groups: BTreeMap<Key, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for section in sections {
        let counts = |finding: &&Finding| {
            finding.severity > Severity::Info && section.waived(finding).is_none()
        };
        for finding in section.plan.findings.iter().filter(counts) {
            let key = (finding.severity, finding.check, finding.object.kind);
            groups.entry(key).or_default().insert((&section.name, &finding.object.name));
        }
    }
    let mut all: Vec<Affected<'_>> = groups
        .into_iter()
        .map(|((severity, check, kind), objects)| Affected { severity, check, kind, objects })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.severity, one.objects.len())));
    all
}

/// The groups, each with its names one click away.
pub(super) fn draw_affected(html: &mut Html, groups: &[Affected<'_>]) {
    if groups.is_empty() {
        return;
    }
    html.raw("<section class=\"affected\" aria-label=\"What is affected\">\n");
    let (first, rest) = groups.split_at(groups.len().min(MOST_GROUPS));
    for one in first {
        group(html, one);
    }
    if !rest.is_empty() {
        html.raw("<details class=\"rest\"><summary>and ").text(&count(rest.len(), "other check"));
        html.raw("</summary>\n");
        for one in rest {
            group(html, one);
        }
        html.raw("</details>\n");
    }
    html.raw("</section>\n");
}

fn group(html: &mut Html, one: &Affected<'_>) {
    let title = lint::check(one.check).map_or("", |check| check.title);
    html.raw("<details class=\"group\"><summary>");
    severity(html, one.severity);
    html.raw("<strong>").text(&count(one.objects.len(), one.kind.word())).raw("</strong> ");
    html.text(title).raw(" ");
    html.element("code", "check", one.check).raw("</summary>\n<p class=\"names\">");
    let several = one.objects.first().map(|first| first.0) != one.objects.last().map(|last| last.0);
    for (index, (deployment, name)) in one.objects.iter().take(MOST_NAMES).enumerate() {
        if index > 0 {
            html.raw(", ");
        }
        html.raw("<span>").text(name);
        if several {
            html.raw(" (").text(deployment).raw(")");
        }
        html.raw("</span>");
    }
    if one.objects.len() > MOST_NAMES {
        html.raw(" and ").text(&count(one.objects.len() - MOST_NAMES, "other"));
    }
    html.raw("</p>\n");
    if matches!(one.kind, ObjectKind::Phone | ObjectKind::DeviceProfile) {
        html.raw("<p><a class=\"show\" href=\"#devices\" data-check=\"").text(one.check);
        html.raw("\">Show them in the table of devices</a></p>\n");
    }
    html.raw("</details>\n");
}

/// A severity as sign and word.
pub(super) fn severity(html: &mut Html, severity: Severity) {
    html.raw(match severity {
        Severity::Error => "<span class=\"tag bad\">✕ error</span> ",
        Severity::Warning => "<span class=\"tag careful\">▲ warning</span> ",
        Severity::Info => "<span class=\"tag calm\">i info</span> ",
    });
}

/// Values are shown whole on a page.
pub(super) const WHOLE: Style = Style { color: false, full: true };
