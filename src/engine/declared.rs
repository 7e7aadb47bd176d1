//! What stood in the playbook when the cluster was last as declared: so that drift can be told from a declaration that is
//! newer. A file of the state folder beside what runs owe; it never replaces an observation.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::plan::{Basis, Drift, Finding, Object, Plan, StepState};
use crate::playbook::{Deployment, Location};

use super::Task;
use super::journal::now;
use super::remembered::put;

const FILE: &str = "declared.json";

/// Checks of what is there although nothing declares it.
const UNDECLARED: [&str; 3] =
    ["subscription-undeclared", "controlled-device-undeclared", "subscription-value-undeclared"];

/// What is remembered.
#[derive(Debug, Default)]
pub struct Declared {
    /// Digests of the lines that stood; none where nothing is remembered.
    lines: Option<BTreeSet<u64>>,
    /// Objects that were not as declared even then.
    left: BTreeSet<String>,
}

impl Declared {
    /// Reads it.
    pub fn read(state: &Path) -> Self {
        let text = fs::read_to_string(state.join(FILE)).unwrap_or_default();
        let Ok(content) = serde_json::from_str::<Value>(&text) else { return Self::default() };
        let words = |key: &str| content.get(key).and_then(Value::as_array);
        let line = |value: &Value| u64::from_str_radix(value.as_str()?, 16).ok();
        let object = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            lines: words("lines").map(|lines| lines.iter().filter_map(line).collect()),
            left: words("left")
                .map_or_else(BTreeSet::new, |left| left.iter().filter_map(object).collect()),
        }
    }

    /// What kind of drift each finding is, in their order; none where it is no drift.
    pub fn drift(&self, deployment: &Deployment, plan: &Plan) -> Vec<Option<Drift>> {
        let observed = plan.steps.iter().filter(|step| step.basis == Basis::Observed);
        let changes: HashMap<(&Object, &str, &str), &Location> = observed
            .flat_map(|step| step.changes.iter().map(move |change| (&step.object, change)))
            .map(|(object, one)| ((object, one.check, one.field.as_str()), &one.declared))
            .collect();
        let of = |finding: &Finding| {
            if UNDECLARED.contains(&finding.check) {
                return Some(Drift::Unmanaged);
            }
            let declared =
                changes.get(&(&finding.object, finding.check, finding.field.as_str()))?;
            let Some(lines) = &self.lines else { return Some(Drift::Unknown) };
            let stood = deployment.lines.at(declared).is_some_and(|line| lines.contains(&line));
            let finished = !self.left.contains(&finding.object.to_string());
            Some(if stood && finished { Drift::ChangedOutside } else { Drift::Pending })
        };
        plan.findings.iter().map(of).collect()
    }
}

/// Notes that the cluster is as this playbook declares, but for what `plan` leaves.
pub fn note(task: &Task<'_>, plan: &Plan) {
    let undone = plan.steps.iter().filter(|step| step.state != StepState::Done);
    let wrong = plan.unanswered_errors().map(|finding| &finding.object);
    let left: BTreeSet<String> =
        undone.map(|step| &step.object).chain(wrong).map(ToString::to_string).collect();
    write(task, &task.deployment.lines.all(), &left);
}

/// Notes that nothing of a playbook is on the cluster because ippactl took it away.
pub fn forget(task: &Task<'_>) {
    write(task, &BTreeSet::new(), &BTreeSet::new());
}

fn write(task: &Task<'_>, lines: &BTreeSet<u64>, left: &BTreeSet<String>) {
    let lines: Vec<String> = lines.iter().map(|line| format!("{line:016x}")).collect();
    let content = json!({ "when": now(), "lines": lines, "left": left });
    if let Err(error) = put(task.state, FILE, &content) {
        // Without it drift is of unknown kind, which is said; nothing else rests on it.
        tracing::warn!(%error, "what was declared is not remembered");
    }
}
