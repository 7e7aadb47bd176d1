//! The result of a call as one value, and the one outcome behind its exit code, its last line and its JSON.

use std::collections::BTreeMap;

use crate::checks::doctor::Examination;
use crate::outcome::Outcome;
use crate::plan::OneShot;
use crate::plan::{Finding, Plan, Severity, StepState};
use crate::playbook::Location;
use crate::trouble::Trouble;

use history::ChainHead;
use merge::Part;
use scope::Scope;
use standing::{Standing, Waived, WaiverUse};

pub mod sanitize;
pub mod capture;
pub mod doctor;
pub mod style;
pub mod table;
pub mod explain;
pub mod sandbox;
pub mod wrap;
pub mod grouping;
pub mod steps;
pub mod findings;
pub mod sentence;
pub mod terminal;
pub mod json;
pub mod runs;
pub mod sso;
pub mod config;
pub mod trust;
pub mod keyring;
pub mod agent;
pub mod scope;
pub mod standing;
pub mod history;
pub mod format;
pub mod rows;
pub mod junit;
pub mod sarif;
pub mod csv;
pub mod markdown;
mod markdown_text;
pub mod prometheus;
pub mod merge;
pub mod diff;
pub mod events;
#[cfg(test)]
mod agreement;
pub mod next;
pub mod draft;
pub mod init;
pub mod export;
pub mod html;

/// The command whose result is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// `validate`.
    Validate,
    /// `plan`.
    Plan,
    /// `apply`.
    Apply,
    /// `undo`.
    Undo,
    /// `remove`.
    Remove,
    /// `verify`.
    Verify,
    /// `capture`.
    Capture,
    /// `doctor`.
    Doctor,
    /// A command that does one part of `apply` alone.
    OneShot(OneShot),
    /// `export`, where it came to nothing: what it wrote is reported by itself.
    Export,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Validate,
        Self::Plan,
        Self::Apply,
        Self::Undo,
        Self::Remove,
        Self::Verify,
        Self::Capture,
        Self::Doctor,
        Self::OneShot(OneShot::AppUser),
        Self::OneShot(OneShot::PhoneService),
        Self::OneShot(OneShot::PhoneSettings),
        Self::OneShot(OneShot::Subscribe),
        Self::OneShot(OneShot::Unsubscribe),
        Self::OneShot(OneShot::SelfCare),
        Self::OneShot(OneShot::Certificates),
        Self::OneShot(OneShot::FinesseSettings),
        Self::OneShot(OneShot::Restart),
        Self::Export,
    ];

    /// The word on the command line and in the JSON schema's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Undo => "undo",
            Self::Remove => "remove",
            Self::Verify => "verify",
            Self::Capture => "capture",
            Self::Doctor => "doctor",
            Self::OneShot(part) => part.word(),
            Self::Export => "export",
        }
    }
}

/// A mistake in a playbook or its roster, or a warning about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// A check's id, or the parser's code.
    pub code: String,
    /// Errors keep a playbook from validating.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The place in the file.
    pub at: Location,
    /// What to do next; may be empty.
    pub next: String,
    /// Message and underlined line, as the terminal shows them.
    pub rendered: String,
}

/// What is reported of one deployment.
#[derive(Debug, Clone)]
pub struct Section {
    /// The deployment's name; the playbook's file when it could not be read that far.
    pub name: String,
    /// How this deployment ended.
    pub outcome: Outcome,
    /// What was planned, found, performed.
    pub plan: Plan,
    /// What would refuse an apply of this plan.
    pub refusals: Vec<Trouble>,
    /// Errors that belong to no step.
    pub troubles: Vec<Trouble>,
    /// What the playbook itself has wrong.
    pub mistakes: Vec<Mistake>,
    /// Requests sent, by operation.
    pub requests: BTreeMap<String, u64>,
    /// The journal of the run.
    pub journal: Option<String>,
    /// What a capture kept.
    pub captured: Option<capture::Captured>,
    /// What doctor looked at.
    pub examined: Option<Examination>,
    /// What was looked at, with which accounts.
    pub scope: Option<Scope>,
    /// What is known of findings beyond themselves, by [`standing::id`].
    pub standings: BTreeMap<String, Standing>,
    /// The waivers of the playbook's file, used or not.
    pub waivers: Vec<WaiverUse>,
}

impl Section {
    /// A deployment of which nothing is known yet.
    pub fn new(name: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            name: name.into(),
            outcome,
            plan: Plan::default(),
            refusals: Vec::new(),
            troubles: Vec::new(),
            mistakes: Vec::new(),
            requests: BTreeMap::new(),
            journal: None,
            captured: None,
            examined: None,
            scope: None,
            standings: BTreeMap::new(),
            waivers: Vec::new(),
        }
    }

    /// What is known of a finding beyond itself.
    pub fn standing(&self, finding: &Finding) -> Option<&Standing> {
        if self.standings.is_empty() {
            return None;
        }
        self.standings.get(&standing::id(&self.name, finding))
    }

    /// Findings that no waiver covers.
    pub fn counting(&self) -> impl Iterator<Item = &Finding> {
        self.plan.findings.iter().filter(|finding| self.waived(finding).is_none())
    }

    /// The waiver under which a finding does not count.
    pub fn waived(&self, finding: &Finding) -> Option<&Waived> {
        self.standing(finding)?.waived.as_ref()
    }

    /// A deployment that ended with this error before anything was read.
    pub fn of(name: impl Into<String>, trouble: Trouble) -> Self {
        let mut section = Self::new(name, trouble.outcome);
        section.troubles.push(trouble);
        section
    }

    /// Every error: those of the deployment, then those of its steps.
    pub fn all_troubles(&self) -> Vec<&Trouble> {
        let mut all: Vec<&Trouble> = self.troubles.iter().collect();
        for step in &self.plan.steps {
            if let StepState::Failed(trouble) | StepState::Unknown(trouble) = &step.state
                && !all.contains(&trouble)
            {
                all.push(trouble);
            }
        }
        all
    }

    /// Mistakes of this severity.
    pub fn mistakes_of(&self, severity: Severity) -> usize {
        self.mistakes.iter().filter(|mistake| mistake.severity == severity).count()
    }
}

/// The result of a call.
#[derive(Debug, Clone)]
pub struct Report {
    /// The command.
    pub subject: Subject,
    /// When the call began, RFC 3339, UTC.
    pub started: String,
    /// How the call ended, over all deployments.
    pub outcome: Outcome,
    /// Warnings, and what nobody can tell, count for the outcome: `--strict`.
    pub strict: bool,
    /// One entry per deployment, in the order of the command line.
    pub sections: Vec<Section>,
    /// Errors that belong to no deployment.
    pub troubles: Vec<Trouble>,
    /// The head of the history's hash chain after this run.
    pub chain: Option<ChainHead>,
    /// Which part of a call that was split this is; `None` for all of it.
    pub part: Option<Part>,
    /// Something to know at the very end; part of the last line of text.
    pub closing: Option<String>,
}

impl Report {
    /// A report whose outcome is the first in precedence over all deployments.
    pub fn new(subject: Subject, started: impl Into<String>, sections: Vec<Section>) -> Self {
        let outcome = Outcome::winner(sections.iter().map(|section| section.outcome));
        Self {
            subject,
            started: started.into(),
            outcome,
            strict: false,
            sections,
            troubles: Vec::new(),
            chain: None,
            part: None,
            closing: None,
        }
    }
}

#[cfg(test)]
pub mod samples;

#[cfg(test)]
mod tests {
    use super::{Report, Section, Subject};
    use crate::outcome::Outcome;

    #[test]
    fn the_outcome_is_the_first_in_precedence_over_all_deployments() {
        let sections = [Outcome::Changes, Outcome::Incomplete, Outcome::Done]
            .map(|outcome| Section::new("x", outcome));
        assert_eq!(Report::new(Subject::Verify, "", sections.into()).outcome, Outcome::Incomplete);
    }
}
