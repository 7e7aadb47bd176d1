//! What `doctor` found: one line per thing that was looked at, and how all of them together end the call.

pub mod clocks;
pub mod finesse;
pub mod names;
pub mod phones;
pub mod services;
pub mod shells;
pub mod web;

use crate::lint;
use crate::outcome::Outcome;
use crate::plan::Severity;
use crate::trouble::Trouble;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Names, connections, certificates, clocks.
    Network,
    /// AXL and CUCM's services.
    Cucm,
    /// Phones and the credential that is used on them.
    Phones,
    /// Finesse nodes.
    Finesse,
    /// Platform shells.
    Platform,
}

impl Area {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 5] =
        [Self::Network, Self::Cucm, Self::Phones, Self::Finesse, Self::Platform];

    /// The word for a person and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Cucm => "cucm",
            Self::Phones => "phones",
            Self::Finesse => "finesse",
            Self::Platform => "platform",
        }
    }
}

/// How a look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it has to be.
    Ok,
    /// Works, and should be otherwise.
    Warning,
    /// Does not work; the outcome says how that ends the call.
    Failed(Outcome),
    /// A look that should have worked did not, or rests on one that did not.
    NotChecked,
    /// No interface tells, or the playbook gives no way to ask.
    NotCheckable,
}

impl State {
    /// The word for a person and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed(_) => "failed",
            Self::NotChecked => "not checked",
            Self::NotCheckable => "not checkable",
        }
    }

    fn outcome(self, strict: bool) -> Outcome {
        match self {
            Self::Failed(outcome) => outcome,
            Self::Warning if strict => Outcome::Failed,
            Self::NotChecked => Outcome::Incomplete,
            Self::NotCheckable if strict => Outcome::Incomplete,
            Self::Ok | Self::Warning | Self::NotCheckable => Outcome::Done,
        }
    }
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub area: Area,
    /// What was looked at, with the host concerned.
    pub subject: String,
    /// How it ended.
    pub state: State,
    /// What was seen, or why nothing was.
    pub seen: String,
    /// What to do; empty where nothing is to be done.
    pub fix: String,
    /// The check or error code that `explain` tells more about; empty where there is none.
    pub id: &'static str,
}

impl Line {
    fn new(area: Area, subject: impl Into<String>, state: State, seen: impl Into<String>) -> Self {
        let (subject, seen) = (subject.into(), seen.into());
        Self { area, subject, state, seen, fix: String::new(), id: "" }
    }

    /// All is well.
    pub fn ok(area: Area, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::new(area, subject, State::Ok, seen)
    }

    /// Works, and should be otherwise.
    pub fn warning(area: Area, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::new(area, subject, State::Warning, seen)
    }

    /// Does not work.
    pub fn failed(area: Area, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::new(area, subject, State::Failed(Outcome::Failed), seen)
    }

    /// A finding of this check, as grave as the table has it.
    pub fn found(
        area: Area,
        subject: impl Into<String>,
        check: &'static str,
        seen: impl Into<String>,
    ) -> Self {
        let error = lint::check(check).is_none_or(|row| row.severity == Severity::Error);
        let state = if error { State::Failed(Outcome::Failed) } else { State::Warning };
        Self { id: check, ..Self::new(area, subject, state, seen) }
    }

    /// A look that should have worked and did not.
    pub fn not_checked(area: Area, subject: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(area, subject, State::NotChecked, why)
    }

    /// Nobody can tell.
    pub fn not_checkable(area: Area, subject: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(area, subject, State::NotCheckable, why)
    }

    /// An error as a line: what is only incomplete was not checked, everything else has failed.
    pub fn of(area: Area, subject: impl Into<String>, trouble: &Trouble) -> Self {
        let state = match trouble.outcome {
            Outcome::Incomplete | Outcome::Done | Outcome::Changes => State::NotChecked,
            Outcome::Failed | Outcome::Usage => State::Failed(Outcome::Failed),
            outcome @ (Outcome::Denied | Outcome::Refused | Outcome::Interrupted) => {
                State::Failed(outcome)
            }
        };
        let seen = match (trouble.what.as_str(), trouble.why.as_str()) {
            (what, "") => what.to_owned(),
            (what, why) => format!("{what}: {why}"),
        };
        Self { id: trouble.code, ..Self::new(area, subject, state, seen).fix(&trouble.next) }
    }

    /// The same with what to do.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }

    /// The same under the name of this check, or error code.
    #[must_use]
    pub fn under(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// The same, failed in any case.
    #[must_use]
    pub fn as_failed(self) -> Self {
        let state = match self.state {
            State::Failed(outcome) => State::Failed(outcome),
            State::Ok | State::Warning | State::NotChecked | State::NotCheckable => {
                State::Failed(Outcome::Failed)
            }
        };
        Self { state, ..self }
    }
}

/// All lines of one deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    /// In the order in which they were looked at.
    pub lines: Vec<Line>,
}

impl Examination {
    /// How the call ends. Warnings, and what nobody can tell, count with `strict` only.
    pub fn outcome(&self, strict: bool) -> Outcome {
        Outcome::winner(self.lines.iter().map(|line| line.state.outcome(strict)))
    }

    /// Lines in this state, whatever the outcome behind it.
    pub fn count(&self, word: &str) -> usize {
        self.lines.iter().filter(|line| line.state.word() == word).count()
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, Examination, Line, State};
    use crate::outcome::Outcome;
    use crate::trouble::Trouble;

    fn outcome(lines: Vec<Line>, strict: bool) -> Outcome {
        Examination { lines }.outcome(strict)
    }

    #[test]
    fn warnings_and_what_nobody_can_tell_count_when_asked_for() {
        let warning = || Line::warning(Area::Network, "clock", "70 s");
        let unknowable = || Line::not_checkable(Area::Cucm, "writing", "no read tells");
        let unread = || Line::not_checked(Area::Cucm, "services", "no answer");
        assert_eq!(outcome(vec![warning(), unknowable()], false), Outcome::Done);
        assert_eq!(outcome(vec![warning(), unknowable()], true), Outcome::Failed);
        assert_eq!(outcome(vec![unknowable()], true), Outcome::Incomplete);
        assert_eq!(outcome(vec![warning(), unread()], false), Outcome::Incomplete);
        assert_eq!(outcome(Vec::new(), true), Outcome::Done);
    }

    #[test]
    fn a_refused_password_wins_over_a_failure() {
        let failed = Line::failed(Area::Network, "port", "refused");
        let denied = Trouble::new("finesse-credential-refused", Outcome::Denied, "refused")
            .because("HTTP 401")
            .then("correct it");
        let denied = Line::of(Area::Finesse, "administrator", &denied);
        assert_eq!(
            (denied.seen.as_str(), denied.fix.as_str()),
            ("refused: HTTP 401", "correct it")
        );
        assert_eq!(outcome(vec![failed, denied], false), Outcome::Denied);
        let lost = Trouble::new("axl-timeout", Outcome::Incomplete, "no answer");
        let lost = Line::of(Area::Cucm, "AXL", &lost);
        assert_eq!(lost.state, State::NotChecked);
        assert_eq!(lost.as_failed().state, State::Failed(Outcome::Failed));
    }

    #[test]
    fn the_table_says_how_grave_a_finding_is() {
        let line = |check| Line::found(Area::Network, "x", check, "y").state;
        assert_eq!(line("clock-skew"), State::Warning);
        assert_eq!(line("finesse-name-unresolved"), State::Failed(Outcome::Failed));
    }
}
