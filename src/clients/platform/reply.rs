//! What is sent when a command asks for more: once, and to the question that is expected alone.

use std::time::Duration;

/// A reply.
pub(super) struct Reply<'a> {
    /// Words of the question, in lower case.
    pub(super) to: &'a str,
    /// What is sent.
    pub(super) text: String,
    /// How long the node needs before it listens: what is typed before is lost.
    pub(super) pause: Duration,
}

impl<'a> Reply<'a> {
    /// A text and an empty line behind it.
    pub(super) fn paste(to: &'a str, text: &str, pause: Duration) -> Self {
        Self { to, text: format!("{}\n\n", text.trim_end()), pause }
    }

    /// The word *yes*.
    pub(super) fn yes(to: &'a str) -> Self {
        Self { to, text: "yes\n".to_owned(), pause: Duration::ZERO }
    }
}
