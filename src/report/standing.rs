//! What is known of a finding beyond itself: its identity over time, whether it is waived, since when it stands, and what
//! kind of drift it is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ring::digest::{Context, SHA256};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::waived::WaiverVerdict;
pub use crate::plan::Drift;
use crate::plan::Finding;
use crate::playbook::{Waiver, Waivers};

use super::Section;

/// What is known of a finding beyond itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// When a kept report first had it, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// When a kept report last did not have it, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ok: Option<String>,
    /// What kind of drift it is: changed outside, pending, unmanaged, unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "drift_words")]
    #[schemars(with = "Option<String>")]
    pub drift: Option<Drift>,
    /// The waiver under which it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// A waiver that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, `2027-01-31`.
    pub expires: String,
}

/// A waiver of the file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverUse {
    /// The check.
    pub check: String,
    /// The pattern of objects.
    pub object: String,
    /// Who answers for it, why, how long.
    #[serde(flatten)]
    pub waived: Waived,
    /// The line of the file.
    pub declared: String,
    /// What became of it.
    pub state: WaiverState,
    /// Findings that it matches.
    pub findings: usize,
}

/// What became of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// It holds for at least one finding.
    Used,
    /// Its day is over: what it was for counts again.
    Expired,
    /// Nothing matches it.
    Unused,
}

impl Section {
    /// Marks what is waived, and tells what became of each waiver.
    pub fn take_waivers(&mut self, waivers: &Waivers, verdicts: &[WaiverVerdict]) {
        for finding in &self.plan.findings {
            let object = &finding.object;
            let held = waivers.covers(finding.check, object.kind.word(), &object.name);
            if let Some(waiver) = held {
                let standing = self.standings.entry(id(&self.name, finding)).or_default();
                standing.waived = Some(Waived::of(waiver));
            }
        }
        let of = |verdict: &WaiverVerdict| {
            let waiver = waivers.rows.get(verdict.index)?;
            Some(WaiverUse {
                check: waiver.check.clone(),
                object: waiver.object.clone(),
                waived: Waived::of(waiver),
                declared: waiver.at.to_string(),
                state: match verdict.findings {
                    _ if verdict.expired => WaiverState::Expired,
                    0 => WaiverState::Unused,
                    _ => WaiverState::Used,
                },
                findings: verdict.findings,
            })
        };
        self.waivers = verdicts.iter().filter_map(of).collect();
    }
}

impl Section {
    /// Keeps what is known of the findings that are still there.
    pub fn forget_others(&mut self) {
        let kept: BTreeSet<String> =
            self.plan.findings.iter().map(|finding| id(&self.name, finding)).collect();
        self.standings.retain(|id, _| kept.contains(id));
    }

    /// Tells of each finding, in their order, what kind of drift it is.
    pub fn take_drift(&mut self, kinds: impl IntoIterator<Item = Option<Drift>>) {
        for (finding, kind) in self.plan.findings.iter().zip(kinds) {
            if let Some(drift) = kind {
                let standing = self.standings.entry(id(&self.name, finding)).or_default();
                standing.drift = Some(drift);
            }
        }
    }
}

impl Waived {
    fn of(waiver: &Waiver) -> Self {
        Self {
            owner: waiver.owner.clone(),
            reason: waiver.reason.clone(),
            expires: waiver.expires.to_string(),
        }
    }
}

/// The same for the same check, object and field of one deployment, whatever the values: 16 hexadecimal digits.
pub fn id(deployment: &str, finding: &Finding) -> String {
    let object = &finding.object;
    id_of(deployment, &[finding.check, object.kind.word(), &object.name, &finding.field])
}

/// An identity of these parts within a deployment.
pub fn id_of(deployment: &str, parts: &[&str]) -> String {
    let mut hash = Context::new(&SHA256);
    for part in std::iter::once(&deployment).chain(parts) {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    let mut text = String::with_capacity(16);
    for byte in hash.finish().as_ref().iter().take(8) {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

/// Drift as its words.
mod drift_words {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use super::Drift;

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(
        drift: &Option<Drift>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match drift {
            Some(drift) => to.serialize_str(drift.words()),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Drift>, D::Error> {
        let words = Option::<String>::deserialize(from)?;
        let known = |words: &String| Drift::ALL.into_iter().find(|drift| drift.words() == words);
        match &words {
            None => Ok(None),
            Some(words) => known(words)
                .map(Some)
                .ok_or_else(|| de::Error::custom(format!("`{words}` is no kind of drift"))),
        }
    }
}
