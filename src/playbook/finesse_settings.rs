//! `finesse_settings`: who makes Finesse's IP Phone Agent Settings, and the request that a site has found out.

use super::decode::{self, Keys, Section, Value};
use super::diagnostic::shown;
use super::product::Product;
use super::provisioning::{
    FinesseSettings, ReadBack, SettingsMethod, SettingsMode, SettingsRequest,
};
use super::reading::{Mistake, Reading};
use super::secrecy;
use super::template::{self, Flaw};

/// Keys that describe the request of mode `rest`.
const REQUEST: [&str; 4] = ["method", "path", "body", "read_back"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Operator,
    Rest,
    Elsewhere,
}

/// `finesse_settings`; `product` is Finesse's, where that is known.
pub fn finesse_settings(
    reading: &mut Reading,
    value: &Value<'_>,
    product: Option<Product>,
) -> Option<FinesseSettings> {
    let keys = Keys { known: &["mode", "site", "method", "path", "body", "read_back"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    // Whatever stands in a body, it is never shown beside a mistake.
    if let Some(body) = section.get("body") {
        secrecy::hide_all(reading, body.node);
    }
    let modes =
        [("operator", Mode::Operator), ("rest", Mode::Rest), ("elsewhere", Mode::Elsewhere)];
    let mode = match section.get("mode") {
        Some(value) => decode::word(reading, &value, &modes),
        None => Some(Mode::Operator),
    };
    let site = site(reading, &section, product);
    if mode.is_some_and(|mode| mode != Mode::Rest) {
        for value in REQUEST.iter().filter_map(|key| section.get(key)) {
            let message = format!("`{}` belongs to `mode: rest` only", value.path);
            reading.report(
                Mistake::new("bad-value", value.key, message)
                    .then("write `mode: rest`, or leave it out"),
            );
        }
    }
    let mode = match mode? {
        Mode::Operator => SettingsMode::Operator,
        Mode::Rest => SettingsMode::Rest(request(reading, &section)?),
        Mode::Elsewhere => SettingsMode::Elsewhere,
    };
    Some(FinesseSettings { mode, site, at: reading.locate(section.at.start) })
}

fn site(reading: &mut Reading, section: &Section<'_>, product: Option<Product>) -> Option<String> {
    let value = section.get("site")?;
    if let Some(product) = product.filter(|product| *product != Product::Pcce) {
        let message = format!("`{}` does not exist on {}", value.path, product.word());
        reading.report(
            Mistake::new("bad-value", value.key, message)
                .then("only PCCE has these settings per site: leave it out"),
        );
    }
    decode::text(reading, &value)
}

fn request(reading: &mut Reading, section: &Section<'_>) -> Option<SettingsRequest> {
    let methods = [("PUT", SettingsMethod::Put), ("POST", SettingsMethod::Post)];
    let method = section
        .get("method")
        .and_then(|value| decode::word(reading, &value, &methods))
        .unwrap_or(SettingsMethod::Put);
    let path = section.need(reading, "path").and_then(|value| path(reading, &value));
    let body = section.need(reading, "body").and_then(|value| body(reading, &value));
    let declared = section.get("read_back");
    let read_back = declared.as_ref().and_then(|value| read_back(reading, value));
    Some(SettingsRequest { method, path: path?, body: body?, read_back })
}

fn path(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    if template::writes_a_secret(&text) {
        secrecy::hide_all(reading, value.node);
        let message = format!("`{}` has a secret written into it; secrets never are", value.path);
        reading.report(
            Mistake::new("inline-secret", value.point(), message)
                .then("the password goes into the body, as {{ password }}"),
        );
        return None;
    }
    let path = text.starts_with('/') && !text.starts_with("//");
    if path && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
        return Some(text);
    }
    let near = text.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest.get(at..)));
    let near = near.flatten().filter(|path| !secrecy::holds_a_secret(path)).map(str::to_owned);
    let message = format!("`{}` is not a path for `{}`", shown(&text), value.path);
    reading.report(
        Mistake::new("bad-value", value.point(), message)
            .near(near)
            .then("it begins with one slash, without host; no blanks, no `#`, ASCII only"),
    );
    None
}

fn body(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::passage(reading, value)?;
    let flaws = template::flaws(&text);
    let path = &value.path;
    for flaw in &flaws {
        // What is wrong may be a secret in the wrong place: the key is underlined, the body not shown.
        let mistake = |code, message| Mistake::new(code, value.key, message);
        let mistake = match flaw {
            Flaw::Missing(word) => mistake("bad-value", format!("`{path}` lacks {{{{ {word} }}}}"))
                .then("write it where the console's request has that value"),
            Flaw::Unknown(near) => {
                mistake("unknown-word", format!("`{path}` has an unknown placeholder"))
                    .near(near.map(|word| format!("{{{{ {word} }}}}")))
                    .then("placeholders: {{ user }}, {{ password }}")
            }
            Flaw::Open => {
                mistake("bad-value", format!("`{path}` opens `{{{{` and does not close it"))
                    .then("placeholders: {{ user }}, {{ password }}")
            }
            Flaw::Literal => mistake(
                "inline-secret",
                format!("`{path}` has a secret written into it; secrets never are"),
            )
            .then("write {{ password }} in its place; the value is application_user.password"),
        };
        reading.report(mistake);
    }
    flaws.is_empty().then_some(text)
}

fn read_back(reading: &mut Reading, value: &Value<'_>) -> Option<ReadBack> {
    let section = decode::section(reading, value, Keys { known: &["path", "user"], later: &[] })?;
    let path = section.need(reading, "path").and_then(|value| path(reading, &value));
    let user = section.need(reading, "user").and_then(|value| place(reading, &value));
    Some(ReadBack { path: path?, user: user? })
}

/// Where a value stands in an answer: `//name`, or names from the root on.
fn place(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    let name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let fits = match text.strip_prefix("//") {
        Some(rest) => name(rest),
        None => text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(name)),
    };
    if fits {
        return Some(text);
    }
    let near = name(&text).then(|| format!("//{text}"));
    let message = format!("`{}` is not a place in an answer", shown(&text));
    reading.report(
        Mistake::new("bad-value", value.point(), message)
            .near(near)
            .then("written like //username or /Settings/username, names without prefix"),
    );
    None
}
