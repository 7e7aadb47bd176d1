//! One report made of several.

use super::Report;

/// Puts the deployments of all reports behind each other; the reports are of one command.
pub fn merge(reports: Vec<Report>) -> Result<Report, String> {
    let mut all = reports.into_iter();
    let mut merged = all.next().ok_or("there is no report")?;
    for report in all {
        if report.subject != merged.subject {
            return Err(format!(
                "one is of {}, another of {}",
                merged.subject.word(),
                report.subject.word()
            ));
        }
        merged.started = merged.started.min(report.started);
        merged.strict |= report.strict;
        merged.sections.extend(report.sections);
    }
    let strict = merged.strict;
    Ok(Report { strict, ..Report::new(merged.subject, merged.started, merged.sections) })
}
