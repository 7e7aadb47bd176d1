//! Confirmation: what `--yes` and `--allow` cover, and what a person is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Task;
use crate::outcome::Outcome;
use crate::plan::{Disturbance, Plan, StepState};
use crate::report::style::{Ink, count};
use crate::report::{findings, steps};
use crate::trouble::Trouble;

use super::Call;
use super::args::Global;
use super::connect::terminal;

/// What the command line says about confirmation.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// `--yes`.
    pub yes: bool,
    /// `--allow`.
    pub allow: BTreeSet<Disturbance>,
    /// `--sandbox`: `--yes` then allows everything.
    pub sandbox: bool,
}

/// Shows a plan and has it confirmed, asking whether to `verb` so many steps: what may be disturbed. Nothing was written where it was not.
pub async fn consented(
    call: &Call,
    task: &Task<'_>,
    plan: &Plan,
    verb: &str,
) -> Result<BTreeSet<Disturbance>, Trouble> {
    if plan.steps.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Some(_floor) = call.floor.ask(task.stop).await else {
        task.stop.check().map_err(|asked| asked.then("run again; nothing was written"))?;
        return Ok(BTreeSet::new());
    };
    show(call, &task.deployment.name, plan);
    let ask = async |question: &str| terminal::agreed(question, task.stop).await;
    let decision =
        decide(plan, verb, &Consent::of(&call.global), call.interactive.then_some(ask)).await;
    task.stop.check().map_err(|asked| asked.then("run again; nothing was written"))?;
    decision
}

fn show(call: &Call, name: &str, plan: &Plan) {
    let mut text = String::new();
    if call.progress.are_several() {
        text.push_str(&call.console.aside.paint(Ink::Faint, name));
        text.push('\n');
    }
    steps::draw(&mut text, &plan.steps, call.console.aside);
    findings::draw_unanswered(&mut text, plan, call.console.aside);
    call.console.show(&format!("{text}fingerprint {}\n", plan.fingerprint));
}

impl Consent {
    /// From the flags.
    pub fn of(global: &Global) -> Self {
        let allow = global.allow.iter().copied().collect();
        Self { yes: global.yes, allow, sandbox: global.sandbox }
    }
}

/// What may be disturbed; steps that disturb in other ways are left out by the engine. `ask` is there when a person
/// can be asked, whether to `verb` so many steps.
pub async fn decide(
    plan: &Plan,
    verb: &str,
    consent: &Consent,
    mut ask: Option<impl AsyncFnMut(&str) -> bool>,
) -> Result<BTreeSet<Disturbance>, Trouble> {
    let planned = || {
        plan.steps
            .iter()
            .filter(|step| matches!(step.state, StepState::Planned | StepState::Operator))
    };
    let total = planned().count();
    if consent.sandbox && consent.yes {
        return Ok(Disturbance::ALL.into_iter().collect());
    }
    let mut allowed = consent.allow.clone();
    if total == 0 {
        return Ok(allowed);
    }
    if !consent.yes {
        let Some(ask) = ask.as_mut() else {
            return Err(Trouble::new("no-confirmation", Outcome::Refused, "Nothing was confirmed")
                .because(format!(
                    "{} planned, and there is no terminal to ask at",
                    count(total, "step")
                ))
                .then("review the plan, then run again with --yes (and --expect FINGERPRINT)"));
        };
        if !ask(&format!("{verb} {}?", count(total, "step"))).await {
            return Err(Trouble::new("no-confirmation", Outcome::Refused, "Nothing was confirmed")
                .because("the answer was no")
                .then("run again when the plan is as wanted; nothing was written"));
        }
    }
    let mut disturbing: BTreeMap<Disturbance, usize> = BTreeMap::new();
    for kind in planned().flat_map(|step| &step.disturbs) {
        *disturbing.entry(*kind).or_default() += 1;
    }
    for (kind, number) in disturbing {
        if !allowed.contains(&kind)
            && let Some(ask) = ask.as_mut()
            && ask(&question(kind, number)).await
        {
            allowed.insert(kind);
        }
    }
    Ok(allowed)
}

fn question(kind: Disturbance, number: usize) -> String {
    format!("{} would {}.\nAllow {} too?", count(number, "step"), meaning(kind), kind.word())
}

fn meaning(kind: Disturbance) -> &'static str {
    match kind {
        Disturbance::Reboot => "start a CUCM node anew: its phones and calls move to other nodes",
        Disturbance::ReplaceService => {
            "rename a service, create its successor and move the subscriptions"
        }
        Disturbance::ClearValues => "clear values of phones that are not listed",
        Disturbance::ClusterWide => "change something for every phone of the cluster",
        Disturbance::Removal => "take subscriptions or associations away",
        Disturbance::Sql => "write to CUCM's database directly",
        Disturbance::Restart => "restart Finesse Tomcat, which signs every agent of the node out",
        Disturbance::PhoneReset => {
            "let phones register or start anew, which ends what runs on them"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::{Consent, decide};
    use crate::outcome::Outcome;
    use crate::plan::{Disturbance, Plan};
    use crate::report::samples;
    use crate::trouble::Trouble;

    fn consent(yes: bool, sandbox: bool) -> Consent {
        Consent { yes, sandbox, allow: BTreeSet::new() }
    }

    type Allowed = Result<BTreeSet<Disturbance>, Trouble>;

    /// Decides with a person who always gives this answer, or with nobody; and what was asked.
    fn decided(plan: &Plan, consent: &Consent, answer: Option<bool>) -> (Allowed, Vec<String>) {
        let asked = RefCell::new(Vec::new());
        let ask = answer.map(|answer| {
            let asked = &asked;
            async move |question: &str| {
                asked.borrow_mut().push(question.to_owned());
                answer
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let allowed = runtime.block_on(decide(plan, "Apply", consent, ask));
        (allowed, asked.into_inner())
    }

    #[test]
    fn without_terminal_and_without_yes_nothing_is_done() {
        let (allowed, _) = decided(&samples::plan(3), &consent(false, false), None);
        let trouble = allowed.unwrap_err();
        assert_eq!((trouble.code, trouble.outcome), ("no-confirmation", Outcome::Refused));
    }

    #[test]
    fn yes_covers_only_what_disturbs_nothing() {
        let (allowed, _) = decided(&samples::plan(3), &consent(true, false), None);
        assert_eq!(allowed.unwrap(), BTreeSet::new());
        let (all, _) = decided(&samples::plan(3), &consent(true, true), None);
        assert_eq!(all.unwrap().len(), Disturbance::ALL.len());
    }

    #[test]
    fn a_person_is_asked_once_for_the_plan_and_once_per_kind() {
        let (allowed, asked) = decided(&samples::plan(3), &consent(false, false), Some(true));
        assert_eq!(allowed.unwrap(), BTreeSet::from([Disturbance::Removal]));
        let removal = "1 step would take subscriptions or associations away.\nAllow removal too?";
        assert_eq!(asked, ["Apply 5 steps?", removal]);
        let (allowed, asked) = decided(&samples::plan(3), &consent(false, false), Some(false));
        assert!(allowed.is_err());
        assert_eq!(asked.len(), 1);
        let (allowed, asked) = decided(&samples::plan(3), &consent(true, false), Some(false));
        assert!(allowed.unwrap().is_empty());
        assert_eq!(asked, [removal]);
    }

    #[test]
    fn an_empty_plan_needs_nobody() {
        assert!(decided(&Plan::default(), &consent(false, false), None).0.is_ok());
    }
}
