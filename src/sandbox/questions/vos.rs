//! Questions about the platform: facts/vos.md section 12, its rows counted from 1.

use super::{Question, Switches};

const fn about(
    id: &'static str,
    asks: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> Question {
    Question { id, asks, switches: Switches::Shells, answers }
}

/// In the document's order.
pub(super) const QUESTIONS: &[Question] = &[about(
    "vos-12.5",
    "whether a pager answers to pagination off",
    &[("usual", r#"{"pager": "usual"}"#), ("everything", r#"{"pager": "everything"}"#)],
)];
