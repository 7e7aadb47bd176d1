//! The keys of the JSON document and their order. What is written here is read again by [`super::read`], and its schema
//! is what `ippactl schema report` prints.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::plan::Step;
use crate::report::history::ChainHead;
use crate::report::merge::Part;
use crate::report::scope::Scope;
use crate::report::standing::{Standing, WaiverUse};

/// Text that belongs to the report, or to the document that was read.
pub(super) type Text<'a> = Cow<'a, str>;

/// A report of ippactl.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "ippactl report")]
pub(super) struct Document<'a> {
    /// `ippactl.<command>/v1`.
    pub(super) schema: Text<'a>,
    /// What wrote it.
    pub(super) tool: Tool<'a>,
    /// When the call began, RFC 3339, UTC.
    pub(super) started: Text<'a>,
    /// How it ended: done, failed, changes, incomplete, denied, refused, usage, interrupted.
    pub(super) outcome: Text<'a>,
    /// The process's exit code, which says the same.
    pub(super) exit_code: u8,
    /// Warnings, and what nobody can tell, count: `--strict`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) strict: bool,
    /// The head of the history's hash chain after this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) chain: Option<Cow<'a, ChainHead>>,
    /// Which part of a call that was split this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Cow<'a, Part>>,
    /// One entry per playbook, in the order of the command line.
    pub(super) deployments: Vec<DeploymentView<'a>>,
    /// What went wrong that belongs to no deployment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<ErrorView<'a>>,
}

/// What wrote a report.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Tool<'a> {
    /// `ippactl`.
    pub(super) name: Text<'a>,
    /// Its version.
    pub(super) version: Text<'a>,
}

pub(super) const TOOL: Tool<'static> = Tool {
    name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
    version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
};

/// What is reported of one deployment.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct DeploymentView<'a> {
    /// Its name; the playbook's path where it could not be read that far.
    pub(super) name: Text<'a>,
    /// How it ended.
    pub(super) outcome: Text<'a>,
    /// How much was looked at and found.
    pub(super) counts: CountsView<'a>,
    /// Of the whole plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fingerprint: Option<Text<'a>>,
    /// The journal of a run that wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<Text<'a>>,
    /// The cluster was read again after the last write of a run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) read_back: bool,
    /// What a capture kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) captured: Option<CapturedView<'a>>,
    /// What doctor looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lines: Option<Vec<LineView<'a>>>,
    /// What was looked at, with which accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Cow<'a, Scope>>,
    /// What has to be done, in the order in which it is done.
    pub(super) steps: Steps<'a>,
    /// What was found.
    pub(super) findings: Vec<FindingView<'a>>,
    /// What could not be judged.
    pub(super) not_checked: Vec<NotCheckedView<'a>>,
    /// Every waiver of the playbook's file, used or not.
    #[serde(default, skip_serializing_if = "<[WaiverUse]>::is_empty")]
    pub(super) waivers: Cow<'a, [WaiverUse]>,
    /// What would refuse an apply of this plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) would_refuse: Vec<ErrorView<'a>>,
    /// What went wrong.
    pub(super) errors: Vec<ErrorView<'a>>,
}

/// What a capture kept.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct CapturedView<'a> {
    pub(super) folder: Text<'a>,
    pub(super) holds: Text<'a>,
    pub(super) exchanges: Cow<'a, BTreeMap<String, usize>>,
    pub(super) secrets: usize,
    pub(super) of_agents: usize,
    pub(super) missing: Cow<'a, [String]>,
}

/// One thing that doctor looked at.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct LineView<'a> {
    pub(super) area: Text<'a>,
    pub(super) subject: Text<'a>,
    /// ok, warning, failed, not checked, not checkable.
    pub(super) state: Text<'a>,
    pub(super) seen: Text<'a>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(super) fix: Text<'a>,
    /// The check or error code that `explain` knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) check: Option<Text<'a>>,
}

/// How much was looked at, and how much of it needs a change.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct CountsView<'a> {
    /// Roster phones and device profiles compared.
    pub(super) devices: usize,
    /// Those on which nothing has to change.
    pub(super) devices_in_sync: usize,
    /// Roster phones on which something that is there is replaced or removed.
    pub(super) altered: usize,
    /// Subscriptions and associations taken away.
    pub(super) removals: usize,
    /// Writes performed.
    pub(super) writes: usize,
    /// Entries of `steps`.
    pub(super) steps: usize,
    /// Entries of `findings`.
    pub(super) findings: usize,
    /// Entries of `not_checked`.
    pub(super) not_checked: usize,
    /// Requests sent, by operation.
    pub(super) requests: Cow<'a, BTreeMap<String, u64>>,
}

/// A thing on the cluster, by name.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ObjectView<'a> {
    /// What it is, in the field's words.
    pub(super) kind: Text<'a>,
    /// Its name.
    pub(super) name: Text<'a>,
}

/// Steps as they were read, or those of a plan, each of which is put into its form only while it is written.
#[derive(Debug)]
pub(super) enum Steps<'a> {
    Planned(&'a [Step]),
    Read(Vec<StepView<'a>>),
}

impl Serialize for Steps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Planned(steps) => serializer.collect_seq(steps.iter().map(super::step)),
            Self::Read(steps) => steps.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Steps<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::Read)
    }
}

impl JsonSchema for Steps<'_> {
    fn inline_schema() -> bool {
        Vec::<StepView<'static>>::inline_schema()
    }

    fn schema_name() -> Text<'static> {
        Vec::<StepView<'static>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<StepView<'static>>::json_schema(generator)
    }
}

/// One thing to do, on one object.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct StepView<'a> {
    /// The resource.
    pub(super) kind: Text<'a>,
    /// What is written.
    pub(super) object: ObjectView<'a>,
    /// The fields that change.
    pub(super) changes: Vec<ChangeView<'a>>,
    /// What it disturbs; words of `--allow`.
    pub(super) disturbs: Vec<Text<'a>>,
    /// planned, done, failed, unknown, deferred, refused, operator.
    pub(super) state: Text<'a>,
    /// Why it is where it is.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(super) reason: Text<'a>,
    /// What to know before it is allowed.
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    pub(super) notes: Cow<'a, [String]>,
    /// What it rests on: observed, remembered, running.
    pub(super) basis: Text<'a>,
    /// What a person has to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) operator: Option<OperatorView<'a>>,
}

/// One field that changes.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ChangeView<'a> {
    /// The field in the field's own terms.
    pub(super) field: Text<'a>,
    /// What is there; null: absent.
    pub(super) before: Option<Text<'a>>,
    /// What will be there; null: absent.
    pub(super) after: Option<Text<'a>>,
    /// The check that the drift answers to.
    pub(super) check: Text<'a>,
    /// The line that declares the value.
    pub(super) declared: LocationView<'a>,
}

/// What a person has to do at a console.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct OperatorView<'a> {
    /// Short id, unique within the plan.
    pub(super) id: Text<'a>,
    /// The console's path.
    pub(super) console: Text<'a>,
    /// What to enter.
    pub(super) entries: Cow<'a, [String]>,
    /// How ippactl checks it.
    pub(super) checked_by: Text<'a>,
    /// `--operator-done ID=TOKEN`.
    pub(super) token: Text<'a>,
}

/// One finding.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct FindingView<'a> {
    /// The same for the same check, object and field of one deployment, whatever the values.
    pub(super) id: Text<'a>,
    /// The check's id.
    pub(super) check: Text<'a>,
    /// error, warning, info.
    pub(super) severity: Text<'a>,
    /// What it is about.
    pub(super) object: ObjectView<'a>,
    /// The field.
    pub(super) field: Text<'a>,
    /// What should be there; null: absent.
    pub(super) expected: Option<Text<'a>>,
    /// What is there; null: absent.
    pub(super) found: Option<Text<'a>>,
    /// The line that declares the value.
    pub(super) declared: Option<LocationView<'a>>,
    /// Waived, since when, what kind of drift.
    #[serde(flatten)]
    pub(super) standing: Cow<'a, Standing>,
    /// Controls of NIST SP 800-53 that the check bears on.
    #[serde(default, skip_serializing_if = "<[Text<'_>]>::is_empty")]
    pub(super) controls: Cow<'a, [Text<'a>]>,
    /// Why it matters.
    pub(super) why: Text<'a>,
    /// What to do about it.
    pub(super) fix: Text<'a>,
}

/// A place in a playbook or roster.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct LocationView<'a> {
    /// The file's path.
    pub(super) file: Text<'a>,
    /// From 1.
    pub(super) line: u32,
    /// From 1.
    pub(super) column: u32,
}

/// Something that could not be judged.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct NotCheckedView<'a> {
    /// What was not judged.
    pub(super) subject: Text<'a>,
    /// Why.
    pub(super) reason: Text<'a>,
    /// false: a read that should have worked failed. true: no interface can tell.
    pub(super) not_checkable: bool,
    /// The last attestation: who, when, for which values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attested: Option<Text<'a>>,
}

/// What went wrong.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ErrorView<'a> {
    /// The code that `explain` knows.
    pub(super) code: Text<'a>,
    /// What happened.
    pub(super) what: Text<'a>,
    /// Where.
    #[serde(rename = "where")]
    pub(super) place: Text<'a>,
    /// Why.
    pub(super) why: Text<'a>,
    /// What to do next.
    pub(super) next: Text<'a>,
}
