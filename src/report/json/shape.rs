//! The keys of the JSON document and their order.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub(super) schema: String,
    pub(super) tool: Tool,
    pub(super) started: &'a str,
    pub(super) outcome: &'static str,
    pub(super) exit_code: u8,
    pub(super) deployments: Vec<DeploymentView<'a>>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

pub(super) const TOOL: Tool =
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
pub(super) struct DeploymentView<'a> {
    pub(super) name: &'a str,
    pub(super) outcome: &'static str,
    pub(super) counts: CountsView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) captured: Option<CapturedView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lines: Option<Vec<LineView<'a>>>,
    pub(super) steps: Vec<StepView<'a>>,
    pub(super) findings: Vec<FindingView<'a>>,
    pub(super) not_checked: Vec<NotCheckedView<'a>>,
    /// What would refuse an apply of this plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) would_refuse: Vec<ErrorView<'a>>,
    pub(super) errors: Vec<ErrorView<'a>>,
}

#[derive(Serialize)]
pub(super) struct CapturedView<'a> {
    pub(super) folder: &'a str,
    pub(super) holds: &'static str,
    pub(super) exchanges: &'a BTreeMap<String, usize>,
    pub(super) secrets: usize,
    pub(super) of_agents: usize,
    pub(super) missing: &'a [String],
}

#[derive(Serialize)]
pub(super) struct LineView<'a> {
    pub(super) area: &'static str,
    pub(super) subject: &'a str,
    pub(super) state: &'static str,
    pub(super) seen: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) fix: &'a str,
    /// The check or error code that `explain` knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) check: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct CountsView<'a> {
    pub(super) devices: usize,
    pub(super) devices_in_sync: usize,
    pub(super) altered: usize,
    pub(super) removals: usize,
    pub(super) writes: usize,
    pub(super) steps: usize,
    pub(super) findings: usize,
    pub(super) not_checked: usize,
    pub(super) requests: &'a BTreeMap<String, u64>,
}

#[derive(Serialize)]
pub(super) struct ObjectView<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
}

#[derive(Serialize)]
pub(super) struct StepView<'a> {
    pub(super) kind: &'static str,
    pub(super) object: ObjectView<'a>,
    pub(super) changes: Vec<ChangeView<'a>>,
    pub(super) disturbs: Vec<&'static str>,
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) reason: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operator: Option<OperatorView<'a>>,
}

#[derive(Serialize)]
pub(super) struct ChangeView<'a> {
    pub(super) field: &'a str,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct OperatorView<'a> {
    pub(super) id: &'a str,
    pub(super) console: &'a str,
    pub(super) entries: &'a [String],
    pub(super) checked_by: &'a str,
    pub(super) token: &'a str,
}

#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    pub(super) check: &'a str,
    pub(super) severity: &'static str,
    pub(super) object: ObjectView<'a>,
    pub(super) field: &'a str,
    pub(super) expected: Option<&'a str>,
    pub(super) found: Option<&'a str>,
    pub(super) declared: Option<LocationView<'a>>,
    pub(super) why: &'a str,
    pub(super) fix: &'a str,
}

#[derive(Serialize)]
pub(super) struct LocationView<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
}

#[derive(Serialize)]
pub(super) struct NotCheckedView<'a> {
    pub(super) subject: &'a str,
    pub(super) reason: &'a str,
    pub(super) not_checkable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attested: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ErrorView<'a> {
    pub(super) code: &'a str,
    pub(super) what: &'a str,
    #[serde(rename = "where")]
    pub(super) place: String,
    pub(super) why: &'a str,
    pub(super) next: &'a str,
}
