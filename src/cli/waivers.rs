//! The waivers that hold for a playbook: those of `--waivers`, else those of the file beside it.

use std::path::Path;

use crate::lint;
use crate::outcome::Outcome;
use crate::playbook::{Deployment, Diagnostic, Waivers, waivers, waivers_path};
use crate::report::Section;
use crate::trouble::Trouble;

use super::connect::files;
use super::load;

/// Reads them; a playbook without such a file has none. What is wrong with the file is the deployment's report.
pub fn of(
    deployment: &Deployment,
    given: Option<&Path>,
    color: bool,
) -> Result<Waivers, Box<Section>> {
    let beside = waivers_path(&deployment.file);
    let path = given.unwrap_or(Path::new(&beside));
    if given.is_none() && !path.exists() {
        return Ok(Waivers::default());
    }
    let text = files::read_text(path).map_err(|why| {
        let trouble =
            Trouble::new("waivers-unreadable", Outcome::Usage, "The waivers cannot be read")
                .at(path.display().to_string())
                .because(why)
                .then("check the path, or leave out --waivers");
        Box::new(Section::of(&deployment.name, trouble))
    })?;
    let checks: Vec<&str> = lint::checks().map(|check| check.id).collect();
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let invalid = |mistakes: Vec<Diagnostic>| load::invalid(&deployment.name, &mistakes, color);
    waivers(&path.display().to_string(), &text, today, &checks).map_err(invalid)
}
