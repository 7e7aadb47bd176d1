//! A row of the roster, wherever it stands: its columns, their forms, and rows written into the playbook.

use std::borrow::Cow;

use compact_str::CompactString;

use super::decode::{self, Value};
use super::deployment::{AgentRow, Cell, Manage};
use super::diagnostic::{nearest, shown};
use super::reading::{Mistake, Reading, Span};
use super::secrecy;
use super::tree::NodeKind;

/// A column of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `device`.
    Device,
    /// `device_profile`.
    DeviceProfile,
    /// `id`.
    Id,
    /// `extension`.
    Extension,
    /// `user`.
    User,
    /// `manage`.
    Manage,
}

impl Column {
    /// All columns.
    pub const ALL: [Self; 6] =
        [Self::Device, Self::DeviceProfile, Self::Id, Self::Extension, Self::User, Self::Manage];

    /// The header's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::DeviceProfile => "device_profile",
            Self::Id => "id",
            Self::Extension => "extension",
            Self::User => "user",
            Self::Manage => "manage",
        }
    }
}

/// One row as written: text and place of each cell, empty cells left out.
#[derive(Debug, Default)]
pub struct Raw<'a> {
    /// The cells.
    pub cells: Vec<(Column, Cow<'a, str>, Span)>,
    /// Where the row begins.
    pub at: Span,
}

impl Raw<'_> {
    fn get(&self, column: Column) -> Option<(&str, Span)> {
        let found = self.cells.iter().find(|(name, _, _)| *name == column)?;
        Some((&*found.1, found.2))
    }
}

/// Reports a column that is none, with the nearest that is one.
pub fn unknown_column(reading: &mut Reading, name: &str, span: Span, columns: &[Column]) {
    if secrecy::names_a_secret(name) {
        let message = "a roster has no column for passwords";
        reading.report(Mistake::new("inline-secret", span, message).then(
            "remove it; passwords come from `agents.passwords`, a file or command with \
             `id,password`",
        ));
        return;
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let near = nearest(name, &names);
    let mistake =
        Mistake::new("unknown-column", span, format!("`{}` is not a column", shown(name)));
    let list = format!("columns: {}", names.join(", "));
    reading.report(if near.is_some() { mistake.near(near) } else { mistake.then(list) });
}

/// Reports columns that one button sign-in needs and nobody wrote.
pub fn missing_columns(reading: &mut Reading, span: Span, present: &[Column], needed: &[Column]) {
    for column in needed.iter().filter(|column| !present.contains(column)) {
        let name = column.name();
        let message = format!("the roster has no `{name}`");
        reading.report(Mistake::new("subscription-values-missing", span, message).then(format!(
            "one_button_sign_in.{name} is `administrator`: add the column (an empty cell means not \
             prefilled), or write `{name}: sign-in`"
        )));
    }
}

/// Rows written into the playbook as a list of mappings, each with the place to underline.
pub fn inline(
    reading: &mut Reading,
    value: &Value<'_>,
    columns: &[Column],
    needed: &[Column],
) -> Vec<(AgentRow, Span)> {
    let mut rows = Vec::new();
    let mut present = Vec::new();
    let items = decode::list(reading, value).unwrap_or_default();
    for item in &items {
        let Some(section) = decode::mapping(reading, item) else { continue };
        let mut raw = Raw { at: item.key, ..Raw::default() };
        for (key, cell) in section.all() {
            let Some(column) = columns.iter().find(|column| column.name() == key.text) else {
                secrecy::hide_all(reading, cell.node);
                unknown_column(reading, &key.text, key.span, columns);
                continue;
            };
            present.push(*column);
            match &cell.node.kind {
                NodeKind::Scalar { .. } if cell.node.is_nothing() => {}
                NodeKind::Scalar { text, .. } if text.is_empty() => {}
                NodeKind::Scalar { text, .. } => {
                    raw.cells.push((*column, text.as_str().into(), cell.point()));
                }
                NodeKind::List(_) | NodeKind::Map(_) => {
                    drop(decode::text(reading, &cell));
                }
            }
        }
        let span = raw.cells.first().map_or(item.key, |cell| cell.2);
        rows.extend(row(reading, &raw).map(|row| (row, span)));
    }
    if !items.is_empty() {
        present.sort_unstable();
        present.dedup();
        missing_columns(reading, value.key, &present, needed);
    }
    rows
}

/// Reads one row; every cell that is wrong is reported.
pub fn row(reading: &mut Reading, raw: &Raw<'_>) -> Option<AgentRow> {
    let device = name(reading, raw, Column::Device, device_form);
    let device_profile = name(reading, raw, Column::DeviceProfile, |text| limited(text, 50));
    let user = name(reading, raw, Column::User, |text| limited(text, 128));
    let words =
        [("all", Manage::All), ("subscription", Manage::Subscription), ("verify", Manage::Verify)];
    let manage = match raw.get(Column::Manage) {
        None => Some(Manage::All),
        Some((text, span)) => {
            let found = words.iter().find(|(word, _)| *word == text).map(|(_, manage)| *manage);
            if found.is_none() {
                let names = words.map(|(word, _)| word);
                reading.report(
                    Mistake::new(
                        "unknown-word",
                        span,
                        format!("`{}` is not a word for `manage`", shown(text)),
                    )
                    .near(nearest(text, &names))
                    .then(format!("one of: {}", names.join(", "))),
                );
            }
            found
        }
    };
    if raw.get(Column::Device).is_none() && raw.get(Column::DeviceProfile).is_none() {
        let message = "the row has neither `device` nor `device_profile`";
        reading.report(Mistake::new("missing-value", raw.at, message));
        return None;
    }
    Some(AgentRow {
        device: device?,
        device_profile: device_profile?,
        id: cell(raw, Column::Id),
        extension: cell(raw, Column::Extension),
        user: user?,
        manage: manage?,
        at: reading.locate(raw.at.start),
    })
}

fn cell(raw: &Raw<'_>, column: Column) -> Cell {
    match raw.get(column) {
        None => Cell::Empty,
        Some(("keep", _)) => Cell::Keep,
        Some((text, _)) => Cell::Value(text.into()),
    }
}

/// Why a name is refused, and the one that was probably meant.
pub(super) type Refusal = (String, Option<String>);

/// The outer `None` is a mistake, the inner one an empty cell.
#[expect(
    clippy::option_option,
    reason = "an empty cell is not a mistake, and both end the row differently"
)]
fn name(
    reading: &mut Reading,
    raw: &Raw<'_>,
    column: Column,
    form: impl Fn(&str) -> Result<(), Refusal>,
) -> Option<Option<CompactString>> {
    let Some((text, span)) = raw.get(column) else { return Some(None) };
    match form(text) {
        Ok(()) => Some(Some(text.into())),
        Err((why, near)) => {
            let message = format!("`{}` is not a {}: {why}", shown(text), column.name());
            reading.report(Mistake::new("bad-value", span, message).near(near));
            None
        }
    }
}

/// Phones with a MAC address are named SEP and 12 hexadecimal digits, upper case; other device names have up to
/// 128 letters, digits, dots, underscores and hyphens (AXL 14.0 schema).
pub(super) fn device_form(text: &str) -> Result<(), Refusal> {
    let upper = text.to_ascii_uppercase();
    if let Some(address) = upper.strip_prefix("SEP") {
        let hex = address.len() == 12 && address.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex {
            return Err((
                "SEP is followed by the 12 hexadecimal digits of the MAC address".into(),
                None,
            ));
        }
        if upper != text {
            return Err(("device names are upper case".into(), Some(upper)));
        }
        return Ok(());
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if text.len() <= 128 && text.bytes().all(plain) {
        Ok(())
    } else {
        Err(("up to 128 letters, digits, dots, underscores and hyphens".into(), None))
    }
}

/// Whether the column `device` can hold this name.
pub fn holds_device(name: &str) -> bool {
    !name.is_empty() && device_form(name).is_ok()
}

/// Whether the column `device_profile` can hold this name.
pub fn holds_profile(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && limited(name, 50).is_ok()
}

fn limited(text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().any(char::is_control) {
        return Err(("it holds a control character".into(), None));
    }
    if text.chars().count() > most {
        return Err((format!("more than {most} characters"), None));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::device_form;

    #[test]
    fn device_names() {
        for good in ["SEP0011223344AA", "CSFJOHN", "TCT.x-y_z", "ATA0011223344AA"] {
            assert!(device_form(good).is_ok(), "{good}");
        }
        for bad in ["SEP00112233", "SEP00112233445G", "a b", "ä", "sep001122334455"] {
            assert!(device_form(bad).is_err(), "{bad}");
        }
        let near = device_form("sep0011223344aa").err().and_then(|(_, near)| near);
        assert_eq!(near.as_deref(), Some("SEP0011223344AA"));
    }
}
