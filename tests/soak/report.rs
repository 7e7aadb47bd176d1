//! The totals: a table on the terminal, and `target/soak/report.json` with the same.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::size::Size;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The folder of reports and of transcripts of what went wrong.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("soak");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Prints one test's totals as a table, and puts them into the report beside those of the others.
#[expect(clippy::print_stdout, reason = "what a soak test is run for")]
pub(crate) fn publish(test: &str, size: Size, totals: &[(String, Value)]) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    println!("\n{test} ({} size)", size.name);
    let width = totals.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in totals {
        println!("  {name:width$}  {value}");
    }
    let file = folder().join("report.json");
    let known = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut report: Map<String, Value> = known.unwrap_or_default();
    let fields: Map<String, Value> = totals.iter().cloned().collect();
    report.insert(test.to_owned(), json!({ "size": size.name, "totals": fields }));
    fs::write(file, format!("{:#}\n", Value::Object(report))).unwrap();
}

/// Notes that a case has ended, for whoever waits for all of them.
pub(crate) fn progress(test: &str, line: &str) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let file = folder().join(format!("{test}-progress.txt"));
    let mut file = fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}

/// Keeps what a case has shown that went wrong, or whose run stopped.
pub(crate) fn keep(name: &str, transcript: &str) {
    fs::write(folder().join(format!("{name}.txt")), transcript).unwrap();
}
