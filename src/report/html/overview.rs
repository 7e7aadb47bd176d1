//! Several deployments at a glance: how the call ended, what is affected over all of them, and one row for each.

use crate::outcome::Outcome;
use crate::report::style::count;
use crate::report::{Report, next, sentence};

use super::markup::Html;
use super::{headline, sign, tone, verdict};

/// The overview.
pub(super) fn draw(html: &mut Html, report: &Report) {
    html.raw("<section class=\"verdict ").raw(tone(report.outcome)).raw("\">\n");
    sign(html, report.outcome);
    html.raw("<div><h2>").raw(headline(report.subject, report.outcome)).raw("</h2>\n");
    html.element("p", "sentence", &tally(report)).raw("\n<p class=\"meaning\">exit code ");
    html.number(report.outcome.code().into()).raw(": ");
    html.text(&report.outcome.meaning().replace('`', "")).raw("</p>\n</div>\n");
    // The deployment that decided the outcome is where to go on.
    if let Some(first) = report.sections.iter().find(|section| section.outcome == report.outcome) {
        verdict::draw_next(html, &next::of(report.subject, first));
    }
    html.raw("</section>\n");
    verdict::draw_affected(html, &verdict::affected(&report.sections));
    if report.sections.is_empty() {
        return;
    }
    html.raw("<section><h2>Deployments</h2>\n<table class=\"plain\"><thead><tr><th scope=\"col\">Deployment</th>");
    html.raw("<th scope=\"col\">Outcome</th><th scope=\"col\">What it rests on</th></tr></thead><tbody>\n");
    for (number, section) in report.sections.iter().enumerate() {
        html.raw("<tr><th scope=\"row\"><a href=\"#deployment-").number(number).raw("\">");
        html.text(&section.name).raw("</a></th><td>");
        sign(html, section.outcome);
        html.raw(" ").text(section.outcome.word()).raw("</td><td>");
        html.text(&sentence::of(report.subject, section)).raw("</td></tr>\n");
    }
    html.raw("</tbody></table></section>\n");
}

/// `20 deployments: 17 done, 2 changes, 1 incomplete`.
fn tally(report: &Report) -> String {
    let number = |outcome: Outcome| report.sections.iter().filter(|s| s.outcome == outcome).count();
    let parts: Vec<String> = Outcome::BY_PRECEDENCE
        .into_iter()
        .rev()
        .map(|outcome| (number(outcome), outcome.word()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    format!("{}: {}", count(report.sections.len(), "deployment"), parts.join(", "))
}
