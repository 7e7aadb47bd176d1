//! The table of all checks: what each means, why it matters, how it is found, how to fix it, where it comes from.

mod access;
mod agent;
mod app_user;
mod certificate;
mod controls;
mod extension;
mod maintenance;
mod one_button;
mod phone;
mod restart;
mod self_care;
mod service;
mod servlet;
mod settings;
mod sso;
mod subscription;
mod waiver;

use crate::plan::Severity;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// A stable kebab-case id; `obsi` in it stands for one button sign-in.
    pub id: &'static str,
    /// What it is about: `access`, `app-user`, `phone`, `service` and so on.
    pub subject: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What is the matter, one line without a full stop.
    pub title: &'static str,
    /// What one notices, and what it comes from.
    pub why: &'static str,
    /// How it is found.
    pub how: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// What judges it.
    pub judged: Judged,
}

impl Check {
    /// Controls of NIST SP 800-53 revision 5 that the check bears on, for an auditor.
    pub fn controls(&self) -> &'static [&'static str] {
        controls::of(self.subject, self.id)
    }
}

/// What judges a check; the first of these that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// `validate`, offline.
    Lint,
    /// `verify`.
    Verify,
    /// `doctor`.
    Doctor,
    /// `apply`, before or after a step that it guards.
    Apply,
    /// `sso` and `agent`, when they sign in, refresh or call with a token.
    SignIn,
    /// Nothing that a program can read tells it, for this reason.
    Never(&'static str),
}

/// The subjects in the order of a set-up.
const SUBJECTS: [&[Check]; 16] = [
    access::ROWS,
    app_user::ROWS,
    phone::ROWS,
    extension::ROWS,
    service::ROWS,
    one_button::ROWS,
    subscription::ROWS,
    self_care::ROWS,
    certificate::ROWS,
    settings::ROWS,
    restart::ROWS,
    maintenance::ROWS,
    agent::ROWS,
    servlet::ROWS,
    sso::ROWS,
    waiver::ROWS,
];

/// Every check, subject by subject.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    SUBJECTS.into_iter().flatten()
}

/// The check of this id.
pub fn check(id: &str) -> Option<&'static Check> {
    checks().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{check, checks};

    #[test]
    fn every_check_stands_once_and_is_complete() {
        let ids: BTreeSet<&str> = checks().map(|check| check.id).collect();
        assert_eq!(ids.len(), checks().count());
        for check in checks() {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(check.id.chars().all(kebab), "{}", check.id);
            assert!(!check.title.is_empty() && !check.title.ends_with('.'), "{}", check.id);
            for text in [check.why, check.how, check.fix] {
                assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", check.id);
            }
            assert!(!check.source.is_empty(), "{}", check.id);
        }
    }

    #[test]
    fn a_check_is_found_by_its_id() {
        assert_eq!(check("phone-web-access").map(|check| check.subject), Some("phone"));
        assert_eq!(check("phone-web"), None);
    }

    /// Words of the playbook and of flags that look like ids.
    const WORDS: [&str; 3] = ["clear-values", "self-care", "sign-in"];

    #[test]
    fn checks_named_in_a_text_exist() {
        for row in checks() {
            for text in [row.why, row.how, row.fix] {
                for word in text.split('`').skip(1).step_by(2) {
                    let like_an_id = word.contains('-')
                        && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                        && !word.starts_with('-');
                    assert!(
                        !like_an_id || WORDS.contains(&word) || check(word).is_some(),
                        "{}: {word}",
                        row.id
                    );
                }
            }
        }
    }
}
