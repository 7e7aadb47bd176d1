//! `report`: over reports that were kept as JSON.

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::report::history::folder::{self, ChainTold, Verdict};
use crate::report::sanitize::line;
use crate::report::{Report, diff, json, merge};
use crate::trouble::Trouble;

use super::args::ReportsAction;
use super::connect::files;
use super::ending::{conclude, ended, fail};
use super::{Call, history};

/// Does it.
pub fn reports(call: &Call, action: &ReportsAction) -> Outcome {
    let done = match action {
        ReportsAction::Merge { reports } => {
            return match merged(reports) {
                Ok(report) => conclude(call, report),
                Err(trouble) => fail(call, "report", &trouble),
            };
        }
        ReportsAction::Diff { earlier, later } => differences(call, earlier, later),
        ReportsAction::VerifyChain { folder, history_key, head } => {
            chain(call, folder, history_key.as_deref(), head.as_deref())
        }
    };
    done.unwrap_or_else(|trouble| fail(call, "report", &trouble))
}

/// One report of several; they are of one command.
fn merged(paths: &[PathBuf]) -> Result<Report, Trouble> {
    let reports = paths.iter().map(|path| kept(path)).collect::<Result<Vec<_>, _>>()?;
    merge::merge(reports).map_err(|why| {
        Trouble::new("reports-unlike", Outcome::Usage, "The reports cannot be made into one")
            .because(why)
            .then("merge reports of one command")
    })
}

/// A report that was kept.
fn kept(path: &Path) -> Result<Report, Trouble> {
    let unusable = |why: String| {
        Trouble::new("report-unreadable", Outcome::Usage, "A kept report cannot be read")
            .at(path.display().to_string())
            .because(why)
            .then("give a file that --report json=PATH or --output json wrote")
    };
    let text = files::read_report(path).map_err(unusable)?;
    json::read(&text).map_err(unusable)
}

fn differences(call: &Call, earlier: &Path, later: &Path) -> Result<Outcome, Trouble> {
    let (earlier, later) = (kept(earlier)?, kept(later)?);
    let found = diff::diff(&earlier, &later);
    let outcome = if found.is_empty() { Outcome::Done } else { Outcome::Changes };
    let text = diff::text(&found, call.console.result);
    ended(call, "report-diff", outcome, &text, &diff::fields(&found))?;
    Ok(outcome)
}

fn chain(
    call: &Call,
    folder: &Path,
    key: Option<&str>,
    head: Option<&str>,
) -> Result<Outcome, Trouble> {
    let key = history::key(call, key)?;
    let verdict = folder::verify(folder, key.as_ref(), head)?;
    let outcome = if !verdict.defects.is_empty() {
        Outcome::Failed
    } else if call.global.strict && !verdict.not_checked.is_empty() {
        Outcome::Incomplete
    } else {
        Outcome::Done
    };
    let said = text(&verdict, outcome);
    ended(call, "report-verify-chain", outcome, &said, &ChainTold::from(verdict))?;
    Ok(outcome)
}

fn text(verdict: &Verdict, outcome: Outcome) -> String {
    let mut lines: Vec<String> =
        verdict.defects.iter().map(|defect| format!("wrong: {}", line(defect))).collect();
    lines.extend(verdict.not_checked.iter().map(|item| format!("not checked: {}", line(item))));
    lines.push(format!("head {}", line(&verdict.head)));
    let said = match verdict.defects.len() {
        0 => "the chain holds".to_owned(),
        number => format!("{number} wrong"),
    };
    lines.push(format!("{}: {} entries, {said}", outcome.word(), verdict.entries));
    lines.join("\n") + "\n"
}
