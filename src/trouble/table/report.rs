//! Error codes: reports that were kept.

use super::ErrorCode;
use crate::outcome::Outcome::Usage;

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "report-unreadable",
        subject: "report",
        outcomes: &[Usage],
        title: "A kept report cannot be read",
        why: "The file is not there, is no JSON report of ippactl, is one of `capture` or `doctor`, or was written by a version \
              that knows words which this one does not.",
        next: "Give a file that `--report json=PATH` or `--output json` wrote.",
    },
    ErrorCode {
        code: "reports-unlike",
        subject: "report",
        outcomes: &[Usage],
        title: "The reports cannot be made into one",
        why: "They are of different commands, or parts of one deployment that do not belong together.",
        next: "Merge reports of one command; of shards, each part once.",
    },
];
