//! Steps, grouped, with their state, what they change, and what a person has to do.

use crate::plan::{Call, OperatorStep, Shown, Step, StepState};
use crate::report::style::count;
use crate::report::{Section, grouping};

use super::markup::Html;
use super::verdict::WHOLE;

/// Names given in a group; the table of devices has them all.
const MOST_NAMES: usize = 40;

/// The steps; nothing where there are none.
pub(super) fn draw(html: &mut Html, section: &Section) {
    let steps = &section.plan.steps;
    if steps.is_empty() {
        return;
    }
    html.raw("<section><h3>Steps</h3>\n");
    if !section.plan.fingerprint.is_empty() {
        html.raw("<p>fingerprint <code>").text(&section.plan.fingerprint).raw("</code></p>\n");
    }
    let mut heading = None;
    for group in grouping::steps(steps) {
        let Some(first) = group.first() else { continue };
        if heading != Some(first.kind) {
            heading = Some(first.kind);
            html.raw("<h4>").text(first.kind.word()).raw("</h4>\n");
        }
        one(html, &group, first);
    }
    html.raw("</section>\n");
}

fn one(html: &mut Html, group: &[&Step], first: &Step) {
    html.raw("<details class=\"group\"><summary>");
    html.raw(tag(&first.state)).raw(" <strong>");
    match group {
        [only] => html.text(&only.object.to_string()),
        all => html.text(&count(all.len(), first.object.kind.word())),
    };
    html.raw("</strong>");
    for kind in &first.disturbs {
        html.raw(" <span class=\"tag careful\">needs --allow ").text(kind.word()).raw("</span>");
    }
    html.raw(" ").element("span", "faint", &fields(first));
    let why = grouping::reason(&first.state);
    if !why.is_empty() {
        html.raw(" ").element("span", "", why);
    }
    html.raw("</summary>\n<table class=\"plain values\"><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Before</th>");
    html.raw("<th scope=\"col\">After</th></tr></thead><tbody>\n");
    for (index, change) in first.changes.iter().enumerate() {
        let side = |pick: fn(&crate::plan::Change) -> &Shown| {
            let all = group.iter().filter_map(|step| step.changes.get(index)).map(pick);
            grouping::values(all, WHOLE)
        };
        html.raw("<tr><th scope=\"row\">").text(&change.field).raw("</th><td>");
        html.text(&side(|change| &change.before)).raw("</td><td>");
        html.text(&side(|change| &change.after)).raw("</td></tr>\n");
    }
    html.raw("</tbody></table>\n");
    if group.len() > 1 {
        let names: Vec<&str> =
            group.iter().take(MOST_NAMES).map(|step| step.object.name.as_str()).collect();
        html.raw("<p class=\"names\">").text(&names.join(", "));
        if group.len() > MOST_NAMES {
            html.raw(" and ").text(&count(group.len() - MOST_NAMES, "other"));
        }
        html.raw("</p>\n");
    }
    for note in &first.notes {
        html.raw("<p>note: ").text(note).raw("</p>\n");
    }
    for step in group.iter().take(MOST_NAMES) {
        if let Call::Operator(by_hand) = &step.call {
            operator(html, by_hand);
        }
    }
    html.raw("</details>\n");
}

/// The first few fields, to be seen before the group is opened.
fn fields(first: &Step) -> String {
    let some: Vec<&str> =
        first.changes.iter().take(3).map(|change| change.field.as_str()).collect();
    match first.changes.len().saturating_sub(3) {
        0 => some.join(", "),
        more => format!("{} and {}", some.join(", "), count(more, "more field")),
    }
}

fn tag(state: &StepState) -> &'static str {
    match state {
        StepState::Planned => "<span class=\"tag calm\">○ planned</span>",
        StepState::Done => "<span class=\"tag good\">✓ done</span>",
        StepState::Failed(_) => "<span class=\"tag bad\">✕ failed</span>",
        StepState::Unknown(_) => "<span class=\"tag bad\">? unknown</span>",
        StepState::Deferred(_) => "<span class=\"tag careful\">… deferred</span>",
        StepState::Refused(_) => "<span class=\"tag bad\">⊘ refused</span>",
        StepState::Operator => "<span class=\"tag careful\">! left to an operator</span>",
    }
}

fn operator(html: &mut Html, step: &OperatorStep) {
    html.raw("<div class=\"card careful\"><p>By hand: <strong>").text(&step.console);
    html.raw("</strong></p>\n<ul>");
    for entry in &step.entries {
        html.element("li", "", entry);
    }
    html.raw("</ul><dl>").pair("checked by", &step.checked_by);
    // What no plan would ask for again has no token.
    if !step.token.is_empty() {
        html.raw("<dt>once done</dt><dd><code>--operator-done ").text(&step.id).raw("=");
        html.text(&step.token).raw("</code></dd>");
    }
    html.raw("</dl></div>\n");
}
