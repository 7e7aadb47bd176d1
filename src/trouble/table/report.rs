//! Error codes: reports that were kept.

use super::ErrorCode;
use crate::outcome::Outcome::Usage;

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "waivers-unreadable",
        subject: "report",
        outcomes: &[Usage],
        title: "The waivers cannot be read",
        why: "The file that `--waivers` names, or the one beside the playbook, is not there, too large, or not readable. Without it \
              what somebody answers for would count as drift.",
        next: "Correct the path or who may read it; without the file nothing is waived.",
    },
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
