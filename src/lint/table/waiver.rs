//! Checks of waivers themselves.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "waiver-expired",
        subject: "waiver",
        severity: Error,
        title: "A waiver's day is over",
        why: "What was accepted until a day is accepted no longer; what the waiver was for counts again.",
        how: "The file of waivers beside the playbook: `expires` is before today, in UTC.",
        fix: "Put right what it waives and take it out, or agree on a new day with its owner.",
        source: "ippactl: docs/evidence.md, Waivers",
        judged: Judged::Verify,
    },
    Check {
        id: "waiver-unused",
        subject: "waiver",
        severity: Warning,
        title: "A waiver matches nothing",
        why: "What it was for has been put right, or its pattern is wrong: left there it would hide the next one.",
        how: "No finding of its check is about an object that its pattern matches, in a `verify` that could read everything.",
        fix: "Take it out, or correct check and object.",
        source: "ippactl: docs/evidence.md, Waivers",
        judged: Judged::Verify,
    },
];
