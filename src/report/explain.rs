//! What `explain` tells in JSON: rows of the tables of checks and of error codes.

use schemars::JsonSchema;
use serde::Serialize;

use crate::lint::Check;
use crate::trouble::ErrorCode;

/// What is explained.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// Checks of that name, or all.
    pub checks: Vec<CheckTold>,
    /// Error codes of that name, or all.
    pub error_codes: Vec<CodeTold>,
}

/// One check.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckTold {
    /// Its name.
    pub id: &'static str,
    /// What it is about.
    pub subject: &'static str,
    /// error, warning or info.
    pub severity: &'static str,
    /// What is the matter, in one line.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How it is detected.
    pub how: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Controls of NIST SP 800-53 that it is evidence for.
    pub controls: Vec<&'static str>,
}

/// One error code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CodeTold {
    /// The code.
    pub code: &'static str,
    /// What it is about.
    pub subject: &'static str,
    /// How a call with it ends.
    pub outcomes: Vec<&'static str>,
    /// The exit codes of these.
    pub exit_codes: Vec<u8>,
    /// What happened, in one line.
    pub title: &'static str,
    /// Why.
    pub why: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// Rows of the tables, as they are told.
pub fn fields(checks: &[&'static Check], codes: &[&'static ErrorCode]) -> Explained {
    let check = |check: &&'static Check| CheckTold {
        id: check.id,
        subject: check.subject,
        severity: check.severity.word(),
        title: check.title,
        why: check.why,
        how: check.how,
        fix: check.fix,
        source: check.source,
        controls: check.controls().to_vec(),
    };
    let code = |code: &&'static ErrorCode| CodeTold {
        code: code.code,
        subject: code.subject,
        outcomes: code.outcomes.iter().map(|outcome| outcome.word()).collect(),
        exit_codes: code.outcomes.iter().map(|outcome| outcome.code()).collect(),
        title: code.title,
        why: code.why,
        next: code.next,
    };
    Explained {
        checks: checks.iter().map(check).collect(),
        error_codes: codes.iter().map(code).collect(),
    }
}
