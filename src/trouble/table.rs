//! The table of all error codes: what happened, how the run ends, why it happens, what to do next.

mod agent;
mod apply;
mod axl;
mod call;
mod capture;
mod certificate;
mod control_center;
mod export;
mod finesse;
mod platform;
mod playbook;
mod risport;
mod report;
mod runs;
mod sandbox;
mod sso;
mod tls;

use crate::outcome::Outcome;

/// One row of the table. Where a check has the same name, the two are two sides of one matter: what is found when
/// looking, and what ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code of a [`super::Trouble`] or of a mistake in a playbook.
    pub code: &'static str,
    /// What it is about: `call`, `playbook`, `axl` and so on.
    pub subject: &'static str,
    /// How a run usually ends with it; none for a warning.
    pub outcomes: &'static [Outcome],
    /// What happened, one line without a full stop.
    pub title: &'static str,
    /// Why it happens.
    pub why: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// The subjects, from the command line to the cluster.
const SUBJECTS: [&[ErrorCode]; 17] = [
    call::ROWS,
    playbook::ROWS,
    tls::ROWS,
    axl::ROWS,
    risport::ROWS,
    control_center::ROWS,
    finesse::ROWS,
    platform::ROWS,
    certificate::ROWS,
    apply::ROWS,
    runs::ROWS,
    report::ROWS,
    capture::ROWS,
    export::ROWS,
    sandbox::ROWS,
    sso::ROWS,
    agent::ROWS,
];

/// Every error code, subject by subject.
pub fn error_codes() -> impl Iterator<Item = &'static ErrorCode> {
    SUBJECTS.into_iter().flatten()
}

/// The row of this code.
pub fn error_code(code: &str) -> Option<&'static ErrorCode> {
    error_codes().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SUBJECTS, error_code, error_codes};

    #[test]
    fn every_code_stands_once_and_is_complete() {
        let codes: BTreeSet<&str> = error_codes().map(|row| row.code).collect();
        assert_eq!(codes.len(), error_codes().count());
        for row in error_codes() {
            let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(row.code.chars().all(kebab), "{}", row.code);
            assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{}", row.code);
            for text in [row.why, row.next] {
                assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", row.code);
            }
        }
    }

    #[test]
    fn a_file_has_one_subject() {
        let subjects: BTreeSet<&str> = error_codes().map(|row| row.subject).collect();
        assert_eq!(subjects.len(), SUBJECTS.len());
        for rows in SUBJECTS {
            assert!(rows.iter().all(|row| row.subject == rows[0].subject));
        }
    }

    #[test]
    fn a_code_is_found_by_its_name() {
        assert_eq!(error_code("axl-timeout").map(|row| row.subject), Some("axl"));
        assert_eq!(error_code("axl-time"), None);
    }
}
