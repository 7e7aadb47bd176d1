//! `report`: over reports that were kept as JSON.

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::report::{Report, json, merge};
use crate::trouble::Trouble;

use super::connect::files;

/// One report of several; they are of one command.
pub fn merged(paths: &[PathBuf]) -> Result<Report, Trouble> {
    let reports = paths.iter().map(|path| kept(path)).collect::<Result<Vec<_>, _>>()?;
    merge::merge(reports).map_err(|why| {
        Trouble::new("reports-unlike", Outcome::Usage, "The reports cannot be made into one")
            .because(why)
            .then("merge reports of one command")
    })
}

/// A report that was kept.
pub fn kept(path: &Path) -> Result<Report, Trouble> {
    let unusable = |why: String| {
        Trouble::new("report-unreadable", Outcome::Usage, "A kept report cannot be read")
            .at(path.display().to_string())
            .because(why)
            .then("give a file that --report json=PATH or --output json wrote")
    };
    let text = files::read_text(path).map_err(unusable)?;
    json::read(&text).map_err(unusable)
}
