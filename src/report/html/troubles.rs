//! Errors, refusals, and what a playbook has wrong: what, where, why, what next.

use crate::plan::Severity;
use crate::report::Section;
use crate::trouble::Trouble;

use super::markup::Html;
use super::verdict::severity;

/// Everything that went wrong; nothing where nothing did.
pub(super) fn draw(html: &mut Html, section: &Section) {
    let errors = section.all_troubles();
    let refusals: Vec<&Trouble> = section.refusals.iter().collect();
    for (heading, class, list) in
        [("Errors", "bad", errors), ("Apply would refuse", "careful", refusals)]
    {
        if list.is_empty() {
            continue;
        }
        html.raw("<section><h3>").raw(heading).raw("</h3>\n");
        for trouble in list {
            one(html, trouble, class);
        }
        html.raw("</section>\n");
    }
    if section.mistakes.is_empty() {
        return;
    }
    html.raw("<section><h3>In the playbook</h3>\n");
    for mistake in &section.mistakes {
        let class = if mistake.severity == Severity::Error { "bad" } else { "careful" };
        html.raw("<div class=\"card ").raw(class).raw("\"><p>");
        severity(html, mistake.severity);
        html.element("strong", "", &mistake.message).raw(" ");
        html.element("code", "check", &mistake.code)
            .raw("</p>\n<pre tabindex=\"0\" aria-label=\"the line\"><code>");
        html.lines(mistake.rendered.trim_end()).raw("</code></pre>\n<dl>");
        html.pair("next", &mistake.next).raw("</dl></div>\n");
    }
    html.raw("</section>\n");
}

fn one(html: &mut Html, trouble: &Trouble, class: &'static str) {
    html.raw("<div class=\"card ").raw(class).raw("\"><p><strong>").text(&trouble.what);
    html.raw("</strong> ").element("code", "check", trouble.code).raw("</p><dl>");
    for (word, text) in [("where", &trouble.place), ("why", &trouble.why), ("next", &trouble.next)]
    {
        if !text.is_empty() {
            // Some errors give lines to copy, which stay as they are.
            html.raw("<dt>").raw(word).raw("</dt><dd class=\"lines\">").lines(text).raw("</dd>");
        }
    }
    html.raw("</dl></div>\n");
}
