//! The deployment as a drawing: CUCM's nodes, the phone services, the Finesse nodes that they point at, and phones by state.

use crate::report::Section;
use crate::report::scope::{Device, DeviceState, Node, Role, Scope, Service};
use crate::report::style::count;

use super::markup::Html;

/// Columns of the drawing: left edge and width of a box.
const CUCM: f64 = 10.0;
const SERVICES: f64 = 340.0;
const FINESSE: f64 = 670.0;
const WIDTH: f64 = 280.0;
/// Height of a box, and from one box to the next.
const HEIGHT: f64 = 52.0;
const PITCH: f64 = 66.0;
/// Where the first box begins.
const TOP: f64 = 34.0;
/// Letters that fit a box.
const LETTERS: usize = 36;

/// The picture, and the numbers of phones by state.
pub(super) fn draw(html: &mut Html, section: &Section) {
    let Some(scope) = &section.scope else { return };
    html.raw("<section><h3>Deployment</h3>\n");
    nodes(html, scope);
    phones(html, &scope.devices);
    html.raw("</section>\n");
}

fn nodes(html: &mut Html, scope: &Scope) {
    let (cucm, finesse): (Vec<&Node>, Vec<&Node>) = scope
        .nodes
        .iter()
        .partition(|node| matches!(node.role, Role::CucmPublisher | Role::CucmNode));
    let rows = cucm.len().max(finesse.len()).max(scope.services.len()).max(1);
    html.raw("<svg class=\"picture\" role=\"img\" aria-label=\"CUCM nodes, phone services and Finesse nodes\" viewBox=\"0 0 960 ");
    html.length(TOP + PITCH * index(rows)).raw("\">\n");
    for (x, title) in [(CUCM, "CUCM"), (SERVICES, "Phone services"), (FINESSE, "Finesse")] {
        html.raw("<text class=\"title\" y=\"20\" x=\"")
            .length(x)
            .raw("\">")
            .raw(title)
            .raw("</text>\n");
    }
    for (row, service) in scope.services.iter().enumerate() {
        arrows(html, row, service, &finesse, !cucm.is_empty());
    }
    for (row, node) in cucm.iter().enumerate() {
        draw_node(html, CUCM, row, node);
    }
    for (row, service) in scope.services.iter().enumerate() {
        boxed(html, (SERVICES, row), "box service", &service.name, &service.host);
    }
    for (row, node) in finesse.iter().enumerate() {
        draw_node(html, FINESSE, row, node);
    }
    html.raw("</svg>\n");
    for node in scope.nodes.iter().filter(|node| node.silent.is_some()) {
        html.raw("<p class=\"silent\"><span class=\"tag bad\">✕ silent</span> ").text(&node.host);
        html.raw(": ").text(node.silent.as_deref().unwrap_or("")).raw("</p>\n");
    }
}

fn arrows(html: &mut Html, row: usize, service: &Service, finesse: &[&Node], from_cucm: bool) {
    let line = |html: &mut Html, class: &'static str, from: (f64, f64), to: (f64, f64)| {
        let middle = f64::midpoint(from.0, to.0);
        html.raw("<path class=\"")
            .raw(class)
            .raw("\" d=\"M")
            .length(from.0)
            .raw(" ")
            .length(from.1);
        html.raw(" C").length(middle).raw(" ").length(from.1).raw(" ").length(middle).raw(" ");
        html.length(to.1).raw(" ").length(to.0).raw(" ").length(to.1).raw("\"/>\n");
    };
    let y = centre(row);
    if from_cucm {
        line(html, "line", (CUCM + WIDTH, centre(0)), (SERVICES, y));
    }
    // The service's host may be another name of the node: then the declared order tells which it is.
    let by_host = finesse.iter().position(|node| node.host == service.host);
    if let Some(target) = by_host.or((row < finesse.len()).then_some(row)) {
        line(html, "line", (SERVICES + WIDTH, y), (FINESSE, centre(target)));
        let (x, y) = (FINESSE, centre(target));
        html.raw("<path class=\"head\" d=\"M")
            .length(x)
            .raw(" ")
            .length(y)
            .raw(" l-9 -5 v10 z\"/>\n");
    }
}

fn draw_node(html: &mut Html, x: f64, row: usize, node: &Node) {
    let word = match node.role {
        Role::CucmPublisher => "publisher",
        Role::CucmNode => "node",
        Role::FinessePrimary => "primary",
        Role::FinesseSecondary => "secondary",
    };
    match node.silent {
        Some(_) => boxed(html, (x, row), "box silent", &node.host, &format!("{word} ✕ silent")),
        None => boxed(html, (x, row), "box", &node.host, word),
    }
}

fn boxed(html: &mut Html, at: (f64, usize), class: &'static str, name: &str, under: &str) {
    let y = TOP + PITCH * index(at.1);
    html.raw("<g class=\"")
        .raw(class)
        .raw("\"><title>")
        .text(name)
        .raw(" ")
        .text(under)
        .raw("</title><rect rx=\"6\" x=\"");
    html.length(at.0).raw("\" y=\"").length(y).raw("\" width=\"").length(WIDTH).raw("\" height=\"");
    html.length(HEIGHT).raw("\"/><text x=\"").length(at.0 + 14.0).raw("\" y=\"").length(y + 22.0);
    html.raw("\">").text(&cut(name)).raw("</text><text class=\"under\" x=\"").length(at.0 + 14.0);
    html.raw("\" y=\"").length(y + 40.0).raw("\">").text(&cut(under)).raw("</text></g>\n");
}

/// Phones by state, as one bar and as words.
fn phones(html: &mut Html, devices: &[Device]) {
    if devices.is_empty() {
        html.raw("<p>The roster has no devices.</p>\n");
        return;
    }
    let number = |state| devices.iter().filter(|device| device.state == state).count();
    let scale = 950.0 / index(devices.len());
    html.raw("<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 960 18\" preserveAspectRatio=\"none\">");
    let mut x = 5.0;
    for state in DeviceState::ALL {
        let width = index(number(state)) * scale;
        if width > 0.0 {
            html.raw("<rect y=\"2\" height=\"14\" class=\"")
                .raw(class(state))
                .raw("\" x=\"")
                .length(x);
            html.raw("\" width=\"").length(width.max(2.0)).raw("\"/>");
            x += width;
        }
    }
    html.raw("</svg>\n<ul class=\"legend\">");
    for (at, state) in DeviceState::ALL.into_iter().enumerate().filter(|(_, s)| number(*s) > 0) {
        html.raw("<li><a class=\"")
            .raw(class(state))
            .raw("\" href=\"#devices\" data-state=\"")
            .number(at);
        html.raw("\"><span aria-hidden=\"true\">").raw(sign(state)).raw("</span> ");
        html.text(&count(number(state), "device")).raw(" ").raw(state.words()).raw("</a></li>");
    }
    html.raw("</ul>\n");
}

/// The sign of a state, which reads without colour.
pub(super) fn sign(state: DeviceState) -> &'static str {
    match state {
        DeviceState::AsDeclared => "✓",
        DeviceState::Warned => "▲",
        DeviceState::Waived => "∥",
        DeviceState::NotChecked => "?",
        DeviceState::Differs => "≠",
        DeviceState::Absent => "✕",
    }
}

/// The class of a state.
pub(super) fn class(state: DeviceState) -> &'static str {
    match state {
        DeviceState::AsDeclared => "good",
        DeviceState::Waived => "calm",
        DeviceState::Warned | DeviceState::NotChecked => "careful",
        DeviceState::Differs | DeviceState::Absent => "bad",
    }
}

fn centre(row: usize) -> f64 {
    TOP + PITCH * index(row) + HEIGHT / 2.0
}

/// A small count as a factor of a length.
fn index(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    text.chars().take(LETTERS - 1).chain(['…']).collect()
}
