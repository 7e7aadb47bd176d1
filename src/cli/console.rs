//! Where the result and everything else is written.

use std::io::{self, Write as _};

use crate::outcome::Outcome;
use crate::report::style::{Ink, Style};
use crate::report::terminal;
use crate::report::wrap::wrapped;
use crate::report::{Report, json, sanitize};
use crate::trouble::Trouble;

use super::args::{Color, Global};
use super::connect;

/// stdout for the result, stderr for everything else.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    /// How text on stdout looks.
    pub result: Style,
    /// How text on stderr looks.
    pub aside: Style,
    quiet: bool,
}

impl Console {
    /// As the flags and the terminal want it.
    pub fn new(global: &Global) -> Self {
        let style = |is_terminal: bool| {
            let taken = is_terminal && connect::terminal::takes_colours();
            let color = match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => taken && !connect::no_color(),
            };
            Style { color, full: global.full }
        };
        Self {
            result: style(connect::terminal::stdout_is_terminal()),
            aside: style(connect::terminal::stderr_is_terminal()),
            quiet: global.quiet,
        }
    }

    /// The result.
    pub fn result(text: &str) -> Result<(), Trouble> {
        Self::written(|stdout| stdout.write_all(sanitize::screen(text).as_bytes()))
    }

    /// A report as JSON, which escapes by itself what a terminal would obey.
    pub fn document(report: &Report) -> Result<(), Trouble> {
        Self::written(|stdout| json::write(report, stdout))
    }

    /// A reader that has gone away has seen enough: that is no failure.
    fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), Trouble> {
        let mut stdout = io::stdout().lock();
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Trouble::new(
                "stdout-unwritable",
                Outcome::Failed,
                "The result cannot be written",
            )
            .because(error.to_string())),
            _ => Ok(()),
        }
    }

    /// The result as text: its lines fit the terminal where it is one.
    pub fn page(text: &str) -> Result<(), Trouble> {
        match connect::terminal::stdout_columns() {
            Some(columns) => Self::result(&wrapped(text, columns)),
            None => Self::result(text),
        }
    }

    /// Text that has to be seen, on stderr. Its lines fit the terminal where it is one.
    pub fn aside(text: &str) {
        let text = sanitize::screen(text);
        let fitting = connect::terminal::stderr_columns().map(|columns| wrapped(&text, columns));
        let text = fitting.as_ref().unwrap_or(&text);
        let end = if connect::terminal::breaks_off() { "\n" } else { "" };
        // With stderr gone there is nobody left to tell.
        drop(io::stderr().lock().write_all([end, text].concat().as_bytes()));
    }

    /// An error, on stderr.
    pub fn error(self, trouble: &Trouble) {
        Self::aside(&terminal::error(trouble, self.aside));
    }

    /// Something to know, on stderr unless `--quiet`.
    pub fn note(self, text: &str) {
        if let Some(line) = self.noted(text) {
            Self::aside(&line);
        }
    }

    /// The line of a note; none with `--quiet`.
    pub fn noted(self, text: &str) -> Option<String> {
        let word = self.aside.paint(Ink::Faint, "note:");
        (!self.quiet).then(|| format!("{word} {}\n", sanitize::lines(text)))
    }

    /// Text for orientation, on stderr unless `--quiet`.
    pub fn show(self, text: &str) {
        if !self.quiet {
            Self::aside(text);
        }
    }
}
