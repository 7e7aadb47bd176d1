//! Error codes: reports that were kept.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Incomplete, Usage};

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
    ErrorCode {
        code: "history-missing",
        subject: "report",
        outcomes: &[Usage],
        title: "There is no history",
        why: "The folder has no chain of kept reports.",
        next: "Give a folder that `verify --history` or `plan --history` wrote.",
    },
    ErrorCode {
        code: "history-key",
        subject: "report",
        outcomes: &[Usage],
        title: "The key of the history does not fit",
        why: "A chain is made with a key from its beginning to its end, or without one. The key that was given is empty, or one was \
              given or left out where the chain has the other kind.",
        next: "Give --history-key as in the runs before, or begin a new folder.",
    },
    ErrorCode {
        code: "history-broken",
        subject: "report",
        outcomes: &[Failed],
        title: "The history is not whole",
        why: "Its last entry has been changed or was made with another key, or its file is not what ippactl writes. Nothing is \
              added to such a chain.",
        next: "Look at it with `ippactl report verify-chain`; keep it as it is, and begin a new folder.",
    },
    ErrorCode {
        code: "history-unwritable",
        subject: "report",
        outcomes: &[Failed],
        title: "The report cannot be kept",
        why: "The folder of `--history` cannot be made or written: rights, a full disk, a read-only system.",
        next: "Check the folder. The result itself is complete.",
    },
    ErrorCode {
        code: "part-missing",
        subject: "report",
        outcomes: &[Incomplete],
        title: "A part of a call that was split is missing",
        why: "Of what `--shard` has split, not every part's report was given: what is missing may hide anything.",
        next: "Run the missing part, and merge again with its report.",
    },
    ErrorCode {
        code: "events-unwritable",
        subject: "report",
        outcomes: &[Failed],
        title: "The events cannot be written",
        why: "The file of `--events` cannot be made, or its disk is full; the run itself is not stopped by it.",
        next: "Check the path of `--events`.",
    },
];
