//! The formats of `--report`, each rendered from the same value.

use super::{Report, csv, html, json, junit, markdown, prometheus, sarif};

/// A format of `--report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One document, `ippactl.<command>/v1`.
    Json,
    /// One page that needs nothing else.
    Html,
    /// Test cases, for a pipeline's list of tests.
    Junit,
    /// Results at lines of the playbook, for code scanning.
    Sarif,
    /// A table for a spreadsheet.
    Csv,
    /// A comment on a merge request.
    Markdown,
    /// Gauges for the textfile collector.
    Prometheus,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Json,
        Self::Html,
        Self::Junit,
        Self::Sarif,
        Self::Csv,
        Self::Markdown,
        Self::Prometheus,
    ];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Prometheus => "prometheus",
        }
    }

    /// The whole file.
    pub fn render(self, report: &Report) -> String {
        match self {
            Self::Json => json::document(report),
            Self::Html => html::page(report),
            Self::Junit => junit::document(report),
            Self::Sarif => sarif::document(report),
            Self::Csv => csv::document(report),
            Self::Markdown => markdown::document(report),
            Self::Prometheus => prometheus::document(report),
        }
    }
}
