//! A report as one HTML page that needs nothing else: no network, no other file. Light and dark, on screen and paper.

mod certificates;
mod coverage;
mod devices;
mod drift;
mod evidence;
mod markup;
mod overview;
mod picture;
mod steps;
mod troubles;
mod verdict;

use crate::outcome::Outcome;

use super::rows::Tally;
use super::{Report, Section, Subject};
use markup::Html;

/// The page's style sheet.
const STYLE: &str = include_str!("html/style.css");
/// What makes the table of devices searchable; the page is whole without it, except for that table.
const SCRIPT: &str = include_str!("html/page.js");

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut html = Html::default();
    head(&mut html, report);
    html.raw("<body>\n<a class=\"skip\" href=\"#main\">Skip to the result</a>\n");
    banner(&mut html, report);
    html.raw("<main id=\"main\">\n");
    let several = report.sections.len() != 1;
    if several {
        overview::draw(&mut html, report);
    }
    for (number, section) in report.sections.iter().enumerate() {
        deployment(&mut html, report, section, number);
    }
    devices::draw(&mut html, report);
    evidence::of_call(&mut html, report);
    html.raw("</main>\n<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
    html.finish()
}

fn head(html: &mut Html, report: &Report) {
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ",
    );
    html.hash_of(STYLE).raw("; script-src ").hash_of(SCRIPT);
    html.raw("; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html.text(report.outcome.word()).raw(": ").text(&subject(report)).raw("</title>\n<style>");
    html.raw(STYLE).raw("</style>\n</head>\n");
}

fn banner(html: &mut Html, report: &Report) {
    html.raw("<header class=\"banner\"><h1>").text(&subject(report)).raw("</h1><p>");
    html.raw("<time>").text(&moment(&report.started)).raw("</time> · ippactl ");
    html.text(env!("CARGO_PKG_VERSION")).raw("</p></header>\n");
}

/// `verify emea-prod`, `verify 20 deployments`.
fn subject(report: &Report) -> String {
    match report.sections.as_slice() {
        [one] => format!("{} {}", report.subject.word(), one.name),
        all => {
            format!("{} {}", report.subject.word(), super::style::count(all.len(), "deployment"))
        }
    }
}

fn deployment(html: &mut Html, report: &Report, section: &Section, number: usize) {
    html.raw("<section class=\"deployment\" data-outcome=\"").raw(section.outcome.word());
    html.raw("\" data-exit-code=\"").number(section.outcome.code().into());
    for (name, count) in Tally::of(section).named() {
        html.raw("\" data-").text(&name.replace(' ', "-")).raw("=\"").number(count);
    }
    html.raw("\" id=\"deployment-").number(number).raw("\">\n");
    verdict::draw(html, report, section);
    troubles::draw(html, section);
    coverage::draw(html, section);
    steps::draw(html, section);
    drift::draw(html, section);
    picture::draw(html, section);
    certificates::draw(html, report, section);
    evidence::draw(html, section);
    html.raw("</section>\n");
}

/// `2026-11-25 04:00:07 UTC` of an RFC 3339 time; anything else stays as it is.
fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// The day of an RFC 3339 time.
fn day(text: &str) -> &str {
    text.split_once('T').map_or(text, |(day, _)| day)
}

/// How bad something is, as a class; its colour is never all that tells it.
fn tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "good",
        Outcome::Changes | Outcome::Incomplete => "careful",
        Outcome::Failed
        | Outcome::Denied
        | Outcome::Refused
        | Outcome::Usage
        | Outcome::Interrupted => "bad",
    }
}

/// The outcome's sign, which reads without colour.
fn sign(html: &mut Html, outcome: Outcome) {
    html.raw("<span class=\"sign ").raw(tone(outcome)).raw("\" aria-hidden=\"true\">");
    html.raw(match outcome {
        Outcome::Done => "✓",
        Outcome::Changes => "≠",
        Outcome::Incomplete => "?",
        Outcome::Failed | Outcome::Usage => "✕",
        Outcome::Denied | Outcome::Refused => "⊘",
        Outcome::Interrupted => "‖",
    });
    html.raw("</span>");
}

/// The outcome in two words.
fn headline(subject: Subject, outcome: Outcome) -> &'static str {
    match (outcome, subject) {
        (Outcome::Done, Subject::Verify) => "In sync",
        (Outcome::Done, Subject::Validate) => "Valid",
        (Outcome::Done, Subject::Plan) => "Planned",
        (Outcome::Done, _) => "Done",
        (Outcome::Changes, Subject::Plan) => "Changes pending",
        (Outcome::Changes, _) => "Drift found",
        (Outcome::Incomplete, _) => "Incomplete",
        (Outcome::Failed, _) => "Failed",
        (Outcome::Denied, _) => "Access denied",
        (Outcome::Refused, _) => "Refused for safety",
        (Outcome::Usage, _) => "Not valid",
        (Outcome::Interrupted, _) => "Interrupted",
    }
}

#[cfg(test)]
mod tests {
    use super::{Html, SCRIPT, STYLE, page};
    use crate::outcome::Outcome;
    use crate::plan::StepState;
    use crate::report::{Report, Subject, samples};

    const HOSTILE: &str = "</script><img onerror=x>\u{202e}";

    fn hash(asset: &'static str) -> String {
        let mut html = Html::default();
        html.hash_of(asset);
        html.finish()
    }

    /// Without style and script, which are files of their own and held to the real browser.
    #[test]
    fn a_verification() {
        let text = page(&samples::everything(3)).replace(env!("CARGO_PKG_VERSION"), "(version)");
        let text = text.replace(STYLE, "(style)").replace(SCRIPT, "(script)");
        assert!(text.contains("(style)") && text.contains("(script)"));
        let text = text.replace(&hash(STYLE), "(style's)").replace(&hash(SCRIPT), "(script's)");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_page_says_outcome_next_command_and_what_is_affected() {
        let text = page(&samples::everything(3));
        for said in [
            "Drift found",
            "exit code 2",
            "ippactl plan emea.yaml",
            "<strong>1 phone</strong> A phone is not subscribed",
            "waived",
            "jane@example.com",
            "since</dt><dd>2026-11-20, last all right 2026-11-19",
            "changed outside",
            "✕ silent",
            "sql_writes: never",
            "axlreader",
            "CUCM does not answer",
            "Not checkable: no interface can tell",
            &"ab".repeat(32),
        ] {
            assert!(text.contains(said), "{said}");
        }
    }

    #[test]
    fn nothing_foreign_is_markup() {
        let mut report = samples::everything(2);
        let section = &mut report.sections[0];
        section.name = HOSTILE.to_owned();
        section.plan.findings[0].object.name = HOSTILE.to_owned();
        section.plan.findings[0].field = HOSTILE.to_owned();
        section.plan.not_checked[0].reason = HOSTILE.to_owned();
        section.troubles[0].what = HOSTILE.to_owned();
        let scope = section.scope.as_mut().unwrap();
        scope.devices[0].name = HOSTILE.to_owned();
        scope.nodes[0].host = HOSTILE.to_owned();
        scope.services[0].name = HOSTILE.to_owned();
        scope.accounts[0].user = HOSTILE.to_owned();
        scope.certificates[0].subject = HOSTILE.to_owned();
        scope.playbook = HOSTILE.to_owned();
        let text = page(&report);
        assert!(!text.contains("<img") && !text.contains('\u{202e}'));
        // The script, its data, and no third.
        assert_eq!(text.matches("</script>").count(), 2);
    }

    #[test]
    fn the_policy_names_what_the_page_has() {
        let text = page(&samples::everything(1));
        assert!(text.contains("default-src 'none'; style-src 'sha256-"));
        assert!(
            !text.contains("unsafe")
                && !text.contains(" style=\"")
                && !text.contains("http-equiv=\"refresh")
        );
        assert!(!text.contains("src=\"") && !text.contains("url("));
    }

    #[test]
    fn steps_show_their_state() {
        let mut plan = samples::plan(3);
        plan.steps[0].state = StepState::Done;
        plan.steps[2].state = StepState::Deferred("somebody is logged in".to_owned());
        let text = page(&samples::report(Subject::Apply, Outcome::Incomplete, plan));
        for said in [
            "✓ done",
            "… deferred",
            "somebody is logged in",
            "needs --allow removal",
            "--wait-deferred 8h",
        ] {
            assert!(text.contains(said), "{said}");
        }
        for subject in Subject::ALL {
            let empty = samples::report(subject, Outcome::Done, crate::plan::Plan::default());
            assert!(page(&empty).contains("This report speaks of no devices"));
        }
    }

    #[test]
    fn several_deployments_have_an_overview_first() {
        let mut all = samples::everything(2).sections;
        all.extend(
            samples::report(Subject::Verify, Outcome::Incomplete, crate::plan::Plan::default())
                .sections,
        );
        let text = page(&Report::new(Subject::Verify, "2026-11-25T04:00:00Z", all));
        assert!(text.contains("2 deployments: 1 changes, 1 incomplete"), "{text}");
        assert!(text.contains("href=\"#deployment-1\""));
    }
}
