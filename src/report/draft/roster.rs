//! Rosters as CSV: the columns that their rows fill and that the playbook needs, in the order of the manual.
//!
//! A value is written as it is, whatever a spreadsheet would make of it: a sign put before it would be read back as part of
//! the value.

use crate::playbook::draft::{RosterDraft, RowDraft, SignInDraft};
use crate::playbook::roster::Column;
use crate::playbook::{Cell, FilledBy, Manage};

/// The roster of agents.
pub(super) fn agents(list: &RosterDraft, who: Option<SignInDraft>, user: bool) -> String {
    let by_administrator =
        |by: fn(SignInDraft) -> FilledBy| who.map(by) == Some(FilledBy::Administrator);
    let mut needed = vec![Column::Device];
    needed.extend(by_administrator(|who| who.id).then_some(Column::Id));
    needed.extend(by_administrator(|who| who.extension).then_some(Column::Extension));
    needed.extend(user.then_some(Column::User));
    table(list, &Column::ALL, &needed)
}

/// The phones without values.
pub(super) fn phones(list: &RosterDraft) -> String {
    let columns = [Column::Device, Column::DeviceProfile, Column::Manage];
    table(list, &columns, &[Column::Device])
}

fn table(list: &RosterDraft, columns: &[Column], needed: &[Column]) -> String {
    let filled = |column| list.rows.iter().any(|row| !cell(row, column).is_empty());
    let mut columns = columns.to_vec();
    columns.retain(|column| needed.contains(column) || filled(*column));
    // A roster of profiles alone has no use for an empty column of devices.
    if columns.contains(&Column::DeviceProfile) && !filled(Column::Device) {
        columns.retain(|column| *column != Column::Device);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has the header's length.
    let _infallible = out.write_record(columns.iter().map(|column| column.name()));
    for row in &list.rows {
        let _infallible = out.write_record(columns.iter().map(|column| cell(row, *column)));
    }
    let bytes = out.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn cell(row: &RowDraft, column: Column) -> &str {
    match column {
        Column::Device => row.device.as_deref().unwrap_or_default(),
        Column::DeviceProfile => row.device_profile.as_deref().unwrap_or_default(),
        Column::Id => text(&row.id),
        Column::Extension => text(&row.extension),
        Column::User => row.user.as_deref().unwrap_or_default(),
        Column::Manage => match row.manage {
            Manage::All => "",
            Manage::Subscription => "subscription",
            Manage::Verify => "verify",
        },
    }
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Empty => "",
        Cell::Keep => "keep",
        Cell::Value(text) => text,
    }
}
