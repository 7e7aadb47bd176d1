//! What an export wrote and what it left out, as text and as fields of a JSON document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::sanitize::line;
use super::style::count;

/// Names of one entry in text; the playbook and the JSON document have more.
const NAMES: usize = 8;

/// What `export` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExportReport {
    /// What was written; never a secret.
    pub export: Exported,
}

/// What was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exported {
    /// The folder.
    pub folder: String,
    /// The playbook's path.
    pub playbook: String,
    /// The files in the folder, the playbook first.
    pub files: Vec<FileView>,
    /// The deployment's name.
    pub deployment: String,
    /// The services that are declared, the primary node's first.
    pub services: Vec<ServiceView>,
    /// The application user; null where it could not be told.
    pub application_user: Option<String>,
    /// manual, enterprise or self-care.
    pub subscription: String,
    /// Phones and device profiles in the rosters.
    pub devices: usize,
    /// What was found and is not in the playbook, or only to be verified.
    pub left_out: Vec<LeftOutView>,
    /// What a plan of the playbook would change, one line for each step; none where the estate is as declared.
    pub changes: Vec<String>,
    /// Requests sent, by operation.
    pub requests: BTreeMap<String, u64>,
}

/// A file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// Rows of a roster; null for the playbook.
    pub rows: Option<usize>,
}

/// A service that is declared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ServiceView {
    /// Its name.
    pub name: String,
    /// The Finesse node that it leads to.
    pub host: String,
}

/// What was left out, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LeftOutView {
    /// node, service, parameter, application-user, device, section.
    pub kind: String,
    /// Which ones.
    pub names: Vec<String>,
    /// Why, and what stands in the playbook instead.
    pub why: String,
}

/// As fields of a document.
pub fn fields(report: &ExportReport) -> Value {
    // Strings, numbers and string keys only: this cannot fail.
    serde_json::to_value(report).unwrap_or_default()
}

/// As text.
pub fn text(report: &ExportReport) -> String {
    let export = &report.export;
    let mut out = String::new();
    let mut say = |text: &str| {
        // Writing to a String cannot fail.
        let _infallible = writeln!(out, "{text}");
    };
    for file in &export.files {
        let rows = file.rows.map_or(String::new(), |rows| format!("  {}", count(rows, "row")));
        say(&format!("  {}/{}{rows}", line(&export.folder), line(&file.name)));
    }
    for service in &export.services {
        say(&format!("service {} on {}", line(&service.name), line(&service.host)));
    }
    let user = export.application_user.as_deref();
    say(&match user {
        Some(user) => format!("application user {}", line(user)),
        None => "application user: none could be told; look for CHECK in the playbook".to_owned(),
    });
    say(&format!(
        "{} in the rosters, subscription {}",
        count(export.devices, "device"),
        export.subscription
    ));
    if !export.left_out.is_empty() {
        say("\nleft out, or only verified (all of it stands at the end of the playbook):");
    }
    for left in &export.left_out {
        let (first, more) = left.names.split_at(left.names.len().min(NAMES));
        let first: Vec<_> = first.iter().map(|name| line(name)).collect();
        let more =
            if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let kind = if left.kind == "section" { String::new() } else { format!("{} ", left.kind) };
        say(&format!("  {kind}{}{more}: {}", first.join(", "), line(&left.why)));
    }
    if !export.changes.is_empty() {
        say(
            "\na plan of it would change, because the estate has it otherwise than IP Phone Agent needs it:",
        );
        export.changes.iter().for_each(|change| say(&format!("  {}", line(change))));
    }
    say(&format!("\nnext: ippactl plan {}", line(&export.playbook)));
    out
}

/// The last line.
pub fn sentence(report: &ExportReport) -> String {
    let export = &report.export;
    let plan = match export.changes.len() {
        0 => "a plan of it changes nothing".to_owned(),
        number => format!("a plan of it has {}", count(number, "step")),
    };
    let left: usize = export.left_out.len();
    let left = if left == 0 {
        "nothing left out".to_owned()
    } else {
        format!("{left} kinds of things left out")
    };
    format!("done: {} written · {plan} · {left}", line(&export.playbook))
}
