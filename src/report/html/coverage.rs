//! What was checked, what should have been and was not, and what nobody can check.

use crate::checks::doctor::{Area, Line, State};
use crate::plan::NotChecked;
use crate::report::scope::DeviceState;
use crate::report::style::count;
use crate::report::{Section, doctor};

use super::markup::Html;

/// Three numbers, and under them what was not judged.
pub(super) fn draw(html: &mut Html, section: &Section) {
    if let Some(examination) = &section.examined {
        html.raw("<section><h3>What was looked at</h3>\n");
        html.element("p", "", &doctor::tally(examination));
        for area in Area::ALL {
            looks(html, area, examination.lines.iter().filter(|line| line.area == area));
        }
        html.raw("</section>\n");
    }
    let all = &section.plan.not_checked;
    let (unknowable, missing): (Vec<&NotChecked>, Vec<&NotChecked>) =
        all.iter().partition(|item| item.not_checkable);
    if section.scope.is_none() && all.is_empty() {
        return;
    }
    html.raw("<section><h3>Coverage</h3>\n<ul class=\"tiles\">\n");
    let (number, said) = checked(section);
    tile(html, "good", "checked", number, &said);
    let class = if missing.is_empty() { "calm" } else { "bad" };
    tile(html, class, "not checked", missing.len(), "should have worked, and did not");
    let class = if unknowable.is_empty() { "calm" } else { "careful" };
    tile(html, class, "not checkable", unknowable.len(), "no interface can tell");
    html.raw("</ul>\n");
    list(html, "Not checked: these reads should have worked", "bad", &missing);
    list(html, "Not checkable: no interface can tell", "careful", &unknowable);
    html.raw("</section>\n");
}

/// Devices that were compared, and the rest of what was looked at.
fn checked(section: &Section) -> (usize, String) {
    let counts = section.plan.counts;
    let mut said = format!(
        "{} compared, {} as declared",
        if counts.devices == 1 { "device" } else { "devices" },
        counts.devices_in_sync
    );
    if let Some(scope) = &section.scope {
        let skipped = |state| scope.devices.iter().filter(|device| device.state == state).count();
        let unread = skipped(DeviceState::NotChecked);
        if unread > 0 {
            said = format!("{said}, {unread} not looked at");
        }
        let spoke = scope.nodes.iter().filter(|node| node.silent.is_none()).count();
        said = format!("{said}; {spoke} of {} answered", count(scope.nodes.len(), "node"));
    }
    (counts.devices, said)
}

fn tile(html: &mut Html, class: &'static str, word: &'static str, number: usize, said: &str) {
    html.raw("<li class=\"").raw(class).raw("\"><strong>");
    html.text(count(number, "").trim_end_matches(['s', ' '])).raw("</strong> <b>");
    html.raw(word).raw("</b> ").element("span", "", said).raw("</li>\n");
}

fn list(html: &mut Html, heading: &'static str, class: &'static str, items: &[&NotChecked]) {
    if items.is_empty() {
        return;
    }
    html.raw("<div class=\"card ")
        .raw(class)
        .raw("\"><h4>")
        .raw(heading)
        .raw("</h4><dl class=\"wide\">\n");
    for item in items {
        html.raw("<dt>").text(&item.subject).raw("</dt><dd>").text(&item.reason);
        match &item.attested {
            Some(attested) => {
                html.raw("<br><small>last attested: ").text(attested).raw("</small>");
            }
            None if item.not_checkable => {
                html.raw("<br><small>never attested</small>");
            }
            None => {}
        }
        html.raw("</dd>\n");
    }
    html.raw("</dl></div>\n");
}

fn looks<'a>(html: &mut Html, area: Area, lines: impl Iterator<Item = &'a Line>) {
    let lines: Vec<&Line> = lines.collect();
    if lines.is_empty() {
        return;
    }
    html.raw("<h4>").text(area.word()).raw("</h4>\n<table class=\"plain\"><tbody>\n");
    for line in lines {
        let tag = match line.state {
            State::Ok => "<td><span class=\"tag good\">✓ ok</span>",
            State::Warning => "<td><span class=\"tag careful\">▲ warning</span>",
            State::Failed(_) => "<td><span class=\"tag bad\">✕ failed</span>",
            State::NotChecked => "<td><span class=\"tag bad\">? not checked</span>",
            State::NotCheckable => "<td><span class=\"tag careful\">– not checkable</span>",
        };
        html.raw("<tr>").raw(tag).raw("</td><th scope=\"row\">").text(&line.subject);
        html.raw("</th><td>").text(&line.seen);
        if !line.fix.is_empty() {
            html.raw("<br><small class=\"lines\">fix: ").lines(&line.fix).raw("</small>");
        }
        html.raw("</td><td>").element("code", "check", line.id).raw("</td></tr>\n");
    }
    html.raw("</tbody></table>\n");
}
