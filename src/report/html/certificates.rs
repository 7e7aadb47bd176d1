//! Certificates on a time line: from when until when each is valid, and where the report stands.

use jiff::Timestamp;

use crate::report::scope::CertificateShown;
use crate::report::{Report, Section};

use super::day;
use super::markup::Html;

/// Where the time line begins, and how long it is.
const LEFT: f64 = 360.0;
const LENGTH: f64 = 580.0;
/// From one certificate to the next.
const PITCH: f64 = 28.0;
/// Days before the end from which on a certificate is shown as ending.
const SOON: f64 = 90.0;
const DAY: f64 = 86_400.0;

/// The span of the drawing, in seconds since 1970.
struct Span {
    from: f64,
    until: f64,
    now: f64,
}

impl Span {
    fn of(now: f64, certificates: &[CertificateShown]) -> Self {
        let times = || {
            certificates.iter().flat_map(|one| [seconds(&one.from), seconds(&one.until)]).flatten()
        };
        // Room at both ends, so that "now" never stands on an edge.
        let from = times().fold(now, f64::min) - 15.0 * DAY;
        let until = times().fold(now, f64::max) + 15.0 * DAY;
        Self { from, until, now }
    }

    fn x(&self, time: f64) -> f64 {
        LEFT + (time - self.from) / (self.until - self.from) * LENGTH
    }
}

/// The time line and the certificates in full; nothing where none was shown.
pub(super) fn draw(html: &mut Html, report: &Report, section: &Section) {
    let certificates = section.scope.as_ref().map_or(&[][..], |scope| &scope.certificates);
    if certificates.is_empty() {
        return;
    }
    html.raw("<section><h3>Certificates</h3>\n");
    if let Some(now) = seconds(&report.started) {
        line(html, &Span::of(now, certificates), certificates);
    }
    html.raw("<details class=\"group\"><summary>Subjects, issuers and fingerprints</summary>\n");
    html.raw("<table class=\"plain\"><thead><tr><th scope=\"col\">Node</th><th scope=\"col\">Subject</th><th scope=\"col\">Issuer</th>");
    html.raw("<th scope=\"col\">From</th><th scope=\"col\">Until</th><th scope=\"col\">Fingerprint</th></tr></thead><tbody>\n");
    for one in certificates {
        html.raw("<tr><th scope=\"row\">").text(&one.node).raw("</th>");
        html.element("td", "", &one.subject).element("td", "", &one.issuer);
        html.element("td", "", day(&one.from)).element("td", "", day(&one.until));
        html.raw("<td>").element("code", "long", &one.fingerprint).raw("</td></tr>\n");
    }
    html.raw("</tbody></table></details></section>\n");
}

fn line(html: &mut Html, span: &Span, certificates: &[CertificateShown]) {
    let rows = u32::try_from(certificates.len()).unwrap_or(u32::MAX);
    let bottom = 30.0 + PITCH * f64::from(rows);
    html.raw("<svg class=\"timeline\" role=\"img\" aria-label=\"Validity of certificates; the table below has the days\" viewBox=\"0 0 960 ");
    html.length(bottom + 8.0).raw("\">\n");
    years(html, span, bottom);
    let mut y = 30.0;
    for one in certificates {
        let (Some(from), Some(until)) = (seconds(&one.from), seconds(&one.until)) else { continue };
        let (class, said) = said(span.now, from, until);
        html.raw("<g class=\"")
            .raw(class)
            .raw("\"><title>")
            .text(&one.node)
            .raw(": ")
            .text(day(&one.from));
        html.raw(" to ")
            .text(day(&one.until))
            .raw("</title><text x=\"0\" y=\"")
            .length(y + 12.0)
            .raw("\">");
        html.text(&short(&one.node)).raw("</text><text class=\"under\" x=\"").length(LEFT - 8.0);
        html.raw("\" text-anchor=\"end\" y=\"")
            .length(y + 12.0)
            .raw("\">")
            .text(&said)
            .raw("</text>");
        html.raw("<rect rx=\"3\" height=\"12\" y=\"")
            .length(y + 2.0)
            .raw("\" x=\"")
            .length(span.x(from));
        let width = (span.x(until) - span.x(from)).max(2.0);
        html.raw("\" width=\"").length(width).raw("\"/></g>\n");
        y += PITCH;
    }
    let now = span.x(span.now);
    html.raw("<path class=\"now\" d=\"M")
        .length(now)
        .raw(" 20 V")
        .length(bottom)
        .raw("\"/><text class=\"now\" text-anchor=\"middle\" y=\"14\" x=\"");
    html.length(now.clamp(LEFT + 30.0, LEFT + LENGTH - 30.0)).raw("\">now</text>\n</svg>\n");
}

/// A mark at the beginning of every year, or of every few where there are many.
fn years(html: &mut Html, span: &Span, bottom: f64) {
    let year = |time: f64| moment(time).map(|at| jiff::tz::Offset::UTC.to_datetime(at).year());
    let (Some(first), Some(last)) = (year(span.from), year(span.until)) else { return };
    let every = (last - first) / 8 + 1;
    for mark in (first + 1..=last).filter(|mark| mark % every == 0) {
        let Some(at) = seconds(&format!("{mark:04}-01-01T00:00:00Z")) else { continue };
        let x = span.x(at);
        html.raw("<path class=\"year\" d=\"M").length(x).raw(" 22 V").length(bottom).raw("\"/>");
        // The word "now" has the place where they would meet.
        if (x - span.x(span.now)).abs() > 36.0 {
            html.raw("<text class=\"under\" text-anchor=\"middle\" y=\"14\" x=\"")
                .length(x)
                .raw("\">");
            html.number(usize::try_from(mark).unwrap_or(0)).raw("</text>\n");
        }
    }
}

/// The class and the words of what is left of a certificate's time.
fn said(now: f64, from: f64, until: f64) -> (&'static str, String) {
    let days = (until - now) / DAY;
    if until < now {
        ("bad", format!("✕ ended {:.0} days ago", -days))
    } else if from > now {
        ("bad", "✕ not valid yet".to_owned())
    } else if days < SOON {
        ("careful", format!("▲ {days:.0} days left"))
    } else {
        ("good", format!("✓ {days:.0} days left"))
    }
}

fn moment(seconds: f64) -> Option<Timestamp> {
    Timestamp::UNIX_EPOCH.checked_add(jiff::SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}

fn seconds(text: &str) -> Option<f64> {
    Some(text.parse::<Timestamp>().ok()?.as_duration().as_secs_f64())
}

/// A node's name, cut where it would run into the days left.
fn short(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    name.chars().take(23).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{DAY, said};

    #[test]
    fn what_is_left_is_said() {
        let said = |from: f64, until: f64| said(100.0 * DAY, from * DAY, until * DAY);
        assert_eq!(said(0.0, 95.0), ("bad", "✕ ended 5 days ago".to_owned()));
        assert_eq!(said(101.0, 900.0), ("bad", "✕ not valid yet".to_owned()));
        assert_eq!(said(0.0, 130.0), ("careful", "▲ 30 days left".to_owned()));
        assert_eq!(said(0.0, 500.0), ("good", "✓ 400 days left".to_owned()));
    }
}
