//! `apply`: plan, confirm, perform, and observe again.

use crate::engine::{Answers, Finished, Task};
use crate::plan::{Plan, guard};
use crate::report::{Report, Subject, findings, steps};

use super::confirm::{Consent, decide};
use super::connect::terminal;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};
use super::{Call, args};

struct Applying<'a> {
    flags: &'a args::Apply,
}

/// Applies one playbook.
pub fn apply(call: &Call, pipeline: &impl Pipeline, flags: &args::Apply) -> Report {
    let section = run(call, pipeline, &flags.playbook, &Applying { flags });
    Report::new(Subject::Apply, &call.started, vec![section])
}

impl Work for Applying<'_> {
    fn subject(&self) -> Subject {
        Subject::Apply
    }

    fn prepare<'t>(&'t self, task: &mut Task<'t>) {
        task.rewrite_secrets = self.flags.rewrite_secrets;
        task.restart_now = self.flags.restart_now;
        task.reboot = &self.flags.reboot;
        task.wait_deferred = self.flags.wait_deferred;
        task.max_failures = self.flags.max_failures.and_then(|number| usize::try_from(number).ok());
    }

    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished {
        let (planned, prepared) = match pipeline.prepare(task).await {
            Ok(prepared) => prepared,
            Err(failed) => return failed,
        };
        progress.clear();
        if let Err(trouble) = guard::expected(&planned.plan, self.flags.expect.as_deref()) {
            return planned.with(trouble);
        }
        let mut answers =
            Answers { operator_done: self.flags.operator_done.clone(), ..Answers::default() };
        if !planned.plan.steps.is_empty() {
            show(call, &planned.plan);
            let consent = Consent::of(&call.global);
            let ask = async |question: &str| terminal::agreed(question, task.stop).await;
            let ask = call.interactive.then_some(ask);
            let decision = decide(&planned.plan, &consent, ask).await;
            if let Err(asked) = task.stop.check() {
                return planned.with(asked.then("run again; nothing was written"));
            }
            answers.allow = match decision {
                Ok(allow) => allow,
                Err(trouble) => return planned.with(trouble),
            };
        }
        let finished = pipeline.apply(task, prepared, &answers).await;
        progress.clear();
        finished
    }
}

/// Shows a plan before it is confirmed.
pub(super) fn show(call: &Call, plan: &Plan) {
    let mut text = String::new();
    steps::draw(&mut text, &plan.steps, call.console.aside);
    findings::draw_unanswered(&mut text, plan, call.console.aside);
    call.console.show(&format!("{text}fingerprint {}\n", plan.fingerprint));
}
