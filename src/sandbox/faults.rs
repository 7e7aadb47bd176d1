//! What goes wrong on purpose: asked for over the control port, used up request by request.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::crafted::Crafted;

/// One planned disturbance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// An operation's name, `read`, `write` or `*`; `selectCmDeviceExt` is `RisPort`'s,
    /// `authenticate.jsp` the phones' page.
    pub operation: String,
    /// How many matching requests it hits.
    #[serde(default = "once")]
    pub times: usize,
    /// How many matching requests pass before it begins.
    #[serde(default)]
    pub skip: usize,
    /// `drop-before`, `drop-after`, `fault`, `slow`, `answer`, or an HTTP status such as `503`.
    pub kind: String,
    /// `axlcode` of a `fault`.
    #[serde(default)]
    pub code: i64,
    /// Text of a `fault` or body of a status.
    #[serde(default)]
    pub text: String,
    /// What an `answer` is.
    #[serde(default)]
    pub answer: Crafted,
    /// Waits so long before answering, milliseconds.
    #[serde(default, rename = "slow-ms")]
    pub slow_ms: u64,
}

fn once() -> usize {
    1
}

/// What a request meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// The connection closes; nothing was done.
    DropBefore,
    /// The operation is performed, then the connection closes.
    DropAfter,
    /// A SOAP fault; nothing was done.
    Fault(i64, String),
    /// An HTTP status; nothing was done.
    Status(u16, String),
    /// This answer, word for word.
    Answer(Box<Crafted>),
    /// Only slow.
    Slow,
}

/// All planned disturbances, in the order they were asked for.
#[derive(Debug, Default)]
pub struct Faults {
    planned: Vec<Planned>,
}

impl Faults {
    /// Adds one.
    ///
    /// # Errors
    /// A sentence when the kind is unknown.
    pub fn plan(&mut self, planned: Planned) -> Result<(), String> {
        disturbance(&planned)?;
        self.planned.push(planned);
        Ok(())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.planned.clear();
    }

    /// Takes the disturbance for this request, with its waiting time.
    pub fn take(&mut self, operation: &str, writes: bool) -> Option<(Disturbance, Duration)> {
        let kind = if writes { "write" } else { "read" };
        self.taken(&[operation, kind, "*"])
    }

    /// The same for an interface whose requests are neither reads nor writes of AXL.
    pub fn take_named(&mut self, operation: &str) -> Option<(Disturbance, Duration)> {
        self.taken(&[operation])
    }

    fn taken(&mut self, names: &[&str]) -> Option<(Disturbance, Duration)> {
        let hit = self
            .planned
            .iter_mut()
            .find(|planned| planned.times > 0 && names.contains(&planned.operation.as_str()))?;
        if hit.skip > 0 {
            hit.skip -= 1;
            return None;
        }
        hit.times -= 1;
        let taken = disturbance(hit).ok().map(|found| (found, Duration::from_millis(hit.slow_ms)));
        self.planned.retain(|planned| planned.times > 0);
        taken
    }
}

fn disturbance(planned: &Planned) -> Result<Disturbance, String> {
    match planned.kind.as_str() {
        "drop-before" => Ok(Disturbance::DropBefore),
        "drop-after" => Ok(Disturbance::DropAfter),
        "fault" => Ok(Disturbance::Fault(planned.code, planned.text.clone())),
        "slow" => Ok(Disturbance::Slow),
        "answer" => {
            planned.answer.check()?;
            Ok(Disturbance::Answer(Box::new(planned.answer.clone())))
        }
        other => match other.parse::<u16>() {
            Ok(status) if (400..600).contains(&status) => {
                Ok(Disturbance::Status(status, planned.text.clone()))
            }
            _ => Err(format!("unknown kind of fault '{other}'")),
        },
    }
}
