//! From a playbook's file to a deployment, with every mistake in a form that can be reported.

use std::path::Path;

use crate::lint;
use crate::outcome::Outcome;
use crate::plan::Severity;
use crate::playbook::diagnostic::nearest;
use crate::playbook::{self, Deployment, Diagnostic};
use crate::report::sanitize;
use crate::report::{Mistake, Section};
use crate::trouble::Trouble;

use super::connect::files::{self, Disk};

/// A playbook that validates, with its warnings.
#[derive(Debug)]
pub struct Loaded {
    /// What it declares.
    pub deployment: Deployment,
    /// Its warnings.
    pub warnings: Vec<Mistake>,
}

/// A playbook that validates; or what to report when it does not.
pub fn load(file: &str, color: bool) -> Result<Loaded, Box<Section>> {
    load_text(file, &text_of(file)?, color)
}

/// The same of a playbook's text, which is known as `file`.
pub fn load_text(file: &str, text: &str, color: bool) -> Result<Loaded, Box<Section>> {
    let deployment = playbook::parse(file, text, &Disk)
        .map_err(|diagnostics| invalid(file, &diagnostics, color))?;
    let diagnostics = lint::lint(&deployment);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(invalid(&deployment.name, &diagnostics, color));
    }
    Ok(Loaded { deployment, warnings: mistakes(&diagnostics, color) })
}

/// The text of a playbook; or what to report when it cannot be read.
pub fn text_of(file: &str) -> Result<String, Box<Section>> {
    files::read_text(Path::new(file)).map_err(|why| {
        let trouble =
            Trouble::new("playbook-unreadable", Outcome::Usage, "The playbook cannot be read")
                .at(file)
                .because(why)
                .then(nearest_file(Path::new(file)).map_or_else(
                    || "check the path".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ));
        Box::new(Section::of(file, trouble))
    })
}

/// Of a file that is not there, the one beside it whose name is nearest.
fn nearest_file(file: &Path) -> Option<String> {
    if file.exists() {
        return None;
    }
    let name = file.file_name()?.to_str()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = files::names_in(folder.unwrap_or(Path::new(".")));
    let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
    let near = file.with_file_name(nearest(name, &beside)?);
    Some(sanitize::line(&near.display().to_string()).into_owned())
}

/// Diagnostics as they are reported.
pub fn mistakes(diagnostics: &[Diagnostic], color: bool) -> Vec<Mistake> {
    diagnostics.iter().map(|diagnostic| mistake(diagnostic, color)).collect()
}

/// A deployment that ends with these mistakes.
pub fn invalid(name: &str, diagnostics: &[Diagnostic], color: bool) -> Box<Section> {
    let mut section = Section::new(name, Outcome::Usage);
    section.mistakes = mistakes(diagnostics, color);
    Box::new(section)
}

fn mistake(diagnostic: &Diagnostic, color: bool) -> Mistake {
    // A snippet may carry control characters from the file; then colour is given up for a harmless text.
    let plain = diagnostic.render(false);
    let harmless = sanitize::lines(&plain);
    let rendered =
        if color && harmless == plain { diagnostic.render(true) } else { harmless.into_owned() };
    Mistake {
        code: diagnostic.code.to_owned(),
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        at: diagnostic.location.clone(),
        next: match &diagnostic.suggestion {
            Some(word) if diagnostic.next.is_empty() => format!("did you mean `{word}`?"),
            Some(word) => format!("did you mean `{word}`? {}", diagnostic.next),
            None => diagnostic.next.clone(),
        },
        rendered,
    }
}
