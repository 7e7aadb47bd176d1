//! The command to give next: one line to copy, chosen by how a deployment ended.

use crate::outcome::Outcome;
use crate::plan::{Call, StepState};

use super::{Section, Subject};

/// What to do next: a command, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The line to copy; empty where there is nothing to do.
    pub command: String,
    /// What it does, or why nothing has to be done.
    pub purpose: String,
}

/// What to do next after this deployment.
pub fn of(subject: Subject, section: &Section) -> Next {
    let on = |command: &str, rest: &str, purpose: &str| Next {
        // `undo` knows its run, and takes no playbook.
        command: match command {
            "undo" => format!("ippactl undo{rest}"),
            _ => format!("ippactl {command} {}{rest}", quoted(playbook(section))),
        },
        purpose: purpose.to_owned(),
    };
    let again = || {
        on(
            subject.word(),
            flags(subject),
            "the same again: it reads first, then finishes what is missing",
        )
    };
    match section.outcome {
        Outcome::Interrupted => again(),
        Outcome::Usage => on("validate", "", "when the lines named here are put right"),
        Outcome::Denied => on("doctor", "", "tells which account or role is missing"),
        Outcome::Refused => refused(subject, section, on),
        Outcome::Failed => failed(section, on),
        Outcome::Incomplete => incomplete(subject, section, on),
        Outcome::Changes | Outcome::Done => went_well(subject, section, on),
    }
}

/// Where the devices and values of a command stand that does one part alone.
fn flags(subject: Subject) -> &'static str {
    if matches!(subject, Subject::OneShot(_)) { " …" } else { "" }
}

/// The playbook's path, or its place in a command.
fn playbook(section: &Section) -> &str {
    let path = section.scope.as_ref().map_or("", |scope| scope.playbook.as_str());
    if path.is_empty() { "PLAYBOOK" } else { path }
}

fn refused(subject: Subject, section: &Section, on: impl Fn(&str, &str, &str) -> Next) -> Next {
    let first = section.refusals.iter().chain(section.all_troubles()).map(|one| one.next.as_str());
    let purpose = first.into_iter().find(|next| !next.is_empty() && !next.contains('\n'));
    match subject {
        Subject::Verify | Subject::Doctor | Subject::Capture | Subject::Export => {
            on("doctor", "", purpose.unwrap_or("tells what is not trusted or not allowed"))
        }
        Subject::Validate | Subject::Plan | Subject::Apply | Subject::Undo | Subject::Remove => {
            on("plan", "", purpose.unwrap_or("shows what was refused, and why"))
        }
        Subject::OneShot(part) => {
            on(part.word(), " … --dry-run", purpose.unwrap_or("shows what was refused, and why"))
        }
    }
}

fn failed(section: &Section, on: impl Fn(&str, &str, &str) -> Next) -> Next {
    match section.all_troubles().first() {
        Some(trouble) => Next {
            command: format!("ippactl explain {}", trouble.code),
            purpose: "tells what the error means and what to do".to_owned(),
        },
        None => on("doctor", "", "looks for the cause"),
    }
}

fn incomplete(subject: Subject, section: &Section, on: impl Fn(&str, &str, &str) -> Next) -> Next {
    let steps = &section.plan.steps;
    if matches!(subject, Subject::Apply | Subject::Remove | Subject::Undo | Subject::OneShot(_)) {
        let left = steps.iter().find_map(|step| match (&step.call, &step.state) {
            (Call::Operator(by_hand), StepState::Operator) if !by_hand.token.is_empty() => {
                Some(format!(" --operator-done {}={}", by_hand.id, by_hand.token))
            }
            _ => None,
        });
        if let Some(done) = left {
            return on(subject.word(), &done, "once the step for a person, below, is done");
        }
        if steps.iter().any(|step| matches!(step.state, StepState::Deferred(_))) {
            return on(subject.word(), " --wait-deferred 8h", "waits for what was busy");
        }
    }
    on("doctor", "", "looks at what could not be read, and says how to mend it")
}

fn went_well(subject: Subject, section: &Section, on: impl Fn(&str, &str, &str) -> Next) -> Next {
    let plan = &section.plan;
    match (subject, section.outcome) {
        (Subject::Plan, _) if !plan.steps.is_empty() => {
            let expect = match plan.fingerprint.as_str() {
                "" => String::new(),
                fingerprint => format!(" --expect {fingerprint}"),
            };
            on("apply", &expect, "does what this plan shows, and nothing if it has changed since")
        }
        (Subject::Validate | Subject::Doctor | Subject::Export, _) => {
            on("plan", "", "shows every step, writes nothing")
        }
        (Subject::Verify, Outcome::Changes) => {
            on("plan", "", "shows the steps that would put it right, writes nothing")
        }
        (Subject::Capture, _) => {
            let folder = section.captured.as_ref().map_or("DIR", |captured| &captured.folder);
            Next {
                command: format!("ippactl sandbox --from {} --ready FILE", quoted(folder)),
                purpose: "plays what was captured".to_owned(),
            }
        }
        (Subject::Verify, _) => on("verify", "", "nothing to do; the same proves it again any day"),
        (
            Subject::Plan | Subject::Apply | Subject::Undo | Subject::Remove | Subject::OneShot(_),
            _,
        ) => on("verify", "", "proves, any day after, how it is"),
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{of, quoted};
    use crate::outcome::Outcome;
    use crate::plan::{Plan, StepState};
    use crate::report::{Section, Subject, samples};
    use crate::trouble::Trouble;

    #[test]
    fn the_command_fits_how_it_ended() {
        let command = |subject, outcome, plan: Plan| {
            let mut section = Section::new("x", outcome);
            section.plan = plan;
            of(subject, &section).command
        };
        let none = Plan::default;
        assert_eq!(command(Subject::Verify, Outcome::Changes, none()), "ippactl plan PLAYBOOK");
        assert_eq!(
            command(Subject::Verify, Outcome::Incomplete, none()),
            "ippactl doctor PLAYBOOK"
        );
        assert_eq!(command(Subject::Verify, Outcome::Done, none()), "ippactl verify PLAYBOOK");
        assert_eq!(command(Subject::Undo, Outcome::Interrupted, none()), "ippactl undo");
        assert_eq!(
            command(Subject::Plan, Outcome::Changes, samples::plan(2)),
            "ippactl apply PLAYBOOK --expect 0123456789abcdef"
        );
        let mut deferred = samples::plan(2);
        deferred.steps[2].state = StepState::Deferred("busy".to_owned());
        assert_eq!(
            command(Subject::Apply, Outcome::Incomplete, deferred),
            "ippactl apply PLAYBOOK --wait-deferred 8h"
        );
        let lost = Trouble::new("axl-fault", Outcome::Failed, "lost");
        let failed = of(Subject::Apply, &Section::of("x", lost));
        assert_eq!(failed.command, "ippactl explain axl-fault");
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        let mut report = samples::everything(1);
        report.sections[0].scope.as_mut().unwrap().playbook = "my site's.yaml".to_owned();
        let next = of(Subject::Verify, &report.sections[0]);
        assert_eq!(next.command, "ippactl plan 'my site'\\''s.yaml'");
        assert_eq!(quoted(""), "''");
    }
}
