//! Tables as text: no frame, columns as wide as the terminal lets them be.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with a head. Its cells are harmless text already.
pub fn drawn<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    format!("{}\n", table.trim_fmt())
}
