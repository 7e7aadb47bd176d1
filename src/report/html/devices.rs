//! The table of all devices. Its rows are data for the page's script: ten thousand as markup would freeze a browser.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::lint;
use crate::plan::{Finding, ObjectKind, Severity, Step};
use crate::report::sanitize::line;
use crate::report::scope::{DeviceKind, DeviceState};
use crate::report::style::count;
use crate::report::{Report, Section, grouping};

use super::drift::standing_words;
use super::markup::Html;
use super::picture;
use super::verdict::WHOLE;

/// Everything the table shows. Texts stand once in `texts`, rows name them by number.
#[derive(Default, Serialize)]
struct Data {
    deployments: Vec<String>,
    /// Class, sign and words of each state, the best first.
    states: Vec<(&'static str, &'static str, &'static str)>,
    /// Id, title and fix of each check that a row names.
    checks: Vec<(&'static str, &'static str, &'static str)>,
    texts: Vec<String>,
    rows: Vec<Row>,
    #[serde(skip)]
    known: HashMap<String, usize>,
    #[serde(skip)]
    known_checks: HashMap<&'static str, usize>,
}

/// Deployment, name, agent, profile, state, findings, steps.
#[derive(Serialize)]
struct Row(usize, String, String, bool, DeviceStateNumber, Vec<FoundRow>, Vec<StepRow>);

type DeviceStateNumber = usize;

/// Check, severity, field, expected, found, file, line, what else is known.
#[derive(Serialize)]
struct FoundRow(usize, u8, usize, usize, usize, usize, u32, usize);

/// Kind, state, reason, and the fields that change.
#[derive(Serialize)]
struct StepRow(usize, usize, usize, Vec<(usize, usize, usize)>);

/// What one device has.
#[derive(Default)]
struct Entry<'a> {
    agent: &'a str,
    state: Option<DeviceState>,
    findings: Vec<&'a Finding>,
    steps: Vec<&'a Step>,
}

impl Data {
    fn of(report: &Report) -> Self {
        let state =
            |state: DeviceState| (picture::class(state), picture::sign(state), state.words());
        let states = DeviceState::ALL.map(state).to_vec();
        let mut data = Self { states, ..Self::default() };
        // The first text is none.
        data.text("");
        for (number, section) in report.sections.iter().enumerate() {
            data.deployments.push(line(&section.name).into_owned());
            data.section(number, section);
        }
        data
    }

    fn text(&mut self, text: &str) -> usize {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let number = self.texts.len();
        self.texts.push(line(text).into_owned());
        self.known.insert(text.to_owned(), number);
        number
    }

    fn check(&mut self, id: &'static str) -> usize {
        let next = self.checks.len();
        let number = *self.known_checks.entry(id).or_insert(next);
        if number == next {
            let (title, fix) = lint::check(id).map_or(("", ""), |check| (check.title, check.fix));
            self.checks.push((id, title, fix));
        }
        number
    }

    fn section(&mut self, number: usize, section: &Section) {
        let mut entries: BTreeMap<(DeviceKind, &str), Entry<'_>> = BTreeMap::new();
        for device in section.scope.iter().flat_map(|scope| &scope.devices) {
            let entry = entries.entry((device.kind, &device.name)).or_default();
            (entry.agent, entry.state) = (&device.agent, Some(device.state));
        }
        // Devices that the roster does not have are told of, too.
        for finding in &section.plan.findings {
            if let Some(kind) = kind(finding.object.kind) {
                entries.entry((kind, &finding.object.name)).or_default().findings.push(finding);
            }
        }
        for step in &section.plan.steps {
            if let Some(kind) = kind(step.object.kind) {
                entries.entry((kind, &step.object.name)).or_default().steps.push(step);
            }
        }
        for ((kind, name), entry) in entries {
            let state = entry.state.unwrap_or_else(|| foreign(section, &entry.findings));
            let state = DeviceState::ALL.iter().position(|one| *one == state).unwrap_or(0);
            let findings = entry.findings.iter().map(|one| self.finding(section, one)).collect();
            let steps = entry.steps.iter().map(|one| self.step(one)).collect();
            let (name, agent) = (line(name).into_owned(), line(entry.agent).into_owned());
            let profile = kind == DeviceKind::DeviceProfile;
            self.rows.push(Row(number, name, agent, profile, state, findings, steps));
        }
    }

    fn finding(&mut self, section: &Section, finding: &Finding) -> FoundRow {
        let severity = match finding.severity {
            Severity::Error => 2,
            Severity::Warning => 1,
            Severity::Info => 0,
        };
        let (file, at) =
            finding.declared.as_ref().map_or(("", 0), |at| (at.file.as_ref(), at.line));
        let known = section.standing(finding).map(standing_words).unwrap_or_default();
        FoundRow(
            self.check(finding.check),
            severity,
            self.text(&finding.field),
            self.text(&WHOLE.shown(&finding.expected)),
            self.text(&WHOLE.shown(&finding.found)),
            self.text(file),
            at,
            self.text(&known),
        )
    }

    fn step(&mut self, step: &Step) -> StepRow {
        let mut change = |change: &crate::plan::Change| {
            let (before, after) = (WHOLE.shown(&change.before), WHOLE.shown(&change.after));
            (self.text(&change.field), self.text(&before), self.text(&after))
        };
        let changes = step.changes.iter().map(&mut change).collect();
        StepRow(
            self.text(step.kind.word()),
            self.text(step.state.word()),
            self.text(grouping::reason(&step.state)),
            changes,
        )
    }
}

fn kind(object: ObjectKind) -> Option<DeviceKind> {
    [DeviceKind::Phone, DeviceKind::DeviceProfile].into_iter().find(|kind| kind.object() == object)
}

/// How a device is that no roster names.
fn foreign(section: &Section, findings: &[&Finding]) -> DeviceState {
    let of = |finding: &&Finding| match finding.severity {
        _ if section.waived(finding).is_some() => DeviceState::Waived,
        Severity::Error => DeviceState::Differs,
        Severity::Warning => DeviceState::Warned,
        Severity::Info => DeviceState::AsDeclared,
    };
    findings.iter().map(of).max().unwrap_or(DeviceState::NotChecked)
}

/// The table's frame and its data.
pub(super) fn draw(html: &mut Html, report: &Report) {
    let data = Data::of(report);
    html.raw("<section id=\"devices\" class=\"devices\"><h2>Devices</h2>\n");
    if data.rows.is_empty() {
        html.raw("<p>This report speaks of no devices.</p></section>\n");
        return;
    }
    html.raw("<noscript><p class=\"card careful\">This table needs the script of this page. Without it, the findings above name the affected devices, and every row stands in the JSON report (--report json=PATH) and in this page's source, in the element with id \"data\".</p></noscript>\n");
    html.raw("<div id=\"table\" hidden>\n<div class=\"controls\"><label>Search <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"name, agent, check\"></label>\n");
    html.raw("<label>Check <select id=\"check\"><option value=\"\">all checks</option>");
    for (id, ..) in &data.checks {
        html.raw("<option>").text(id).raw("</option>");
    }
    html.raw("</select></label>\n<fieldset id=\"states\"><legend>State</legend>\n");
    choice(html, None, "", "all", data.rows.len());
    for (index, (class, sign, words)) in data.states.iter().enumerate() {
        let number = data.rows.iter().filter(|row| row.4 == index).count();
        if number > 0 {
            choice(html, Some((index, class)), sign, words, number);
        }
    }
    html.raw("</fieldset></div>\n<p id=\"shown\" role=\"status\"></p>\n");
    html.raw("<div id=\"window\" tabindex=\"0\" role=\"region\" aria-label=\"Devices, one row each\"><table id=\"rows\"><thead><tr>");
    let several = report.sections.len() > 1;
    let steps = data.rows.iter().any(|row| !row.6.is_empty());
    for (key, title, wanted) in [
        ("name", "Device", true),
        ("agent", "Agent", true),
        ("deployment", "Deployment", several),
        ("state", "State", true),
        ("step", "Step", steps),
        ("findings", "Findings", true),
    ] {
        if wanted {
            html.raw("<th scope=\"col\" class=\"").raw(key).raw("\" data-key=\"").raw(key);
            html.raw("\"><button type=\"button\">").raw(title);
            html.raw("<span class=\"way\" aria-hidden=\"true\"></span></button></th>");
        }
    }
    html.raw("</tr></thead></table></div>\n</div>\n").data("data", &data).raw("\n</section>\n");
}

fn choice(
    html: &mut Html,
    state: Option<(usize, &'static str)>,
    sign: &'static str,
    words: &'static str,
    number: usize,
) {
    html.raw("<label class=\"choice ").raw(state.map_or("", |(_, class)| class));
    html.raw("\"><input type=\"radio\" name=\"state\" value=\"");
    match state {
        Some((index, _)) => html.number(index).raw("\">"),
        None => html.raw("\" checked>"),
    };
    html.raw("<span><span aria-hidden=\"true\">").raw(sign).raw("</span> ").raw(words).raw(" <b>");
    html.text(count(number, "").trim_end_matches(['s', ' '])).raw("</b></span></label>\n");
}
