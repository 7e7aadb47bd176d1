//! What goes wrong on purpose on a Finesse node: asked for over the control port, used up request by request.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::{BASIC, Reply};
use crate::sandbox::crafted::Crafted;

/// One planned disturbance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Host of the node; none: any.
    #[serde(default)]
    pub node: Option<String>,
    /// Method; none: any.
    #[serde(default)]
    pub method: Option<String>,
    /// Beginning of the path; empty: any.
    #[serde(default)]
    pub path: String,
    /// `status`, `html`, `redirect`, `close` (nothing done), `close-after` (done, no answer), `delay`, `answer`.
    pub kind: String,
    /// Status of `status` and `html`.
    #[serde(default = "unavailable")]
    pub status: u16,
    /// Body of `status`, target of `redirect`.
    #[serde(default)]
    pub text: String,
    /// What an `answer` is.
    #[serde(default)]
    pub answer: Crafted,
    /// Waits so long before answering, milliseconds.
    #[serde(default)]
    pub delay_ms: u64,
    /// How many matching requests it hits.
    #[serde(default = "once")]
    pub times: usize,
    /// How many matching requests pass before it begins.
    #[serde(default)]
    pub skip: usize,
}

fn unavailable() -> u16 {
    503
}

fn once() -> usize {
    1
}

/// What a request meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// This answer instead of the real one.
    Instead(Reply),
    /// This answer, word for word.
    Crafted(Box<Crafted>),
    /// The real answer, after a while.
    Late(Duration),
    /// The request is performed and not answered.
    Unanswered,
}

/// All planned disturbances.
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

    /// Takes the disturbance for this request.
    pub fn take(&mut self, node: &str, method: &str, path: &str) -> Option<Disturbance> {
        let hit = self.planned.iter_mut().find(|planned| {
            planned.times > 0
                && planned.node.as_deref().is_none_or(|own| own == node)
                && planned.method.as_deref().is_none_or(|own| own == method)
                && path.starts_with(&planned.path)
        })?;
        if hit.skip > 0 {
            hit.skip -= 1;
            return None;
        }
        hit.times -= 1;
        let taken = disturbance(hit).ok();
        self.planned.retain(|planned| planned.times > 0);
        taken
    }
}

fn disturbance(planned: &Planned) -> Result<Disturbance, String> {
    let wait = Duration::from_millis(planned.delay_ms);
    let status = planned.status;
    let title = format!("{status} {}", planned.text);
    let reply = match planned.kind.as_str() {
        "status" => Reply {
            status,
            media: if planned.text.is_empty() { "" } else { "application/xml;charset=UTF-8" },
            body: planned.text.clone(),
            challenge: (status == 401).then_some(BASIC),
            ..Reply::default()
        },
        "html" => Reply::html(status, title.trim_end()),
        "redirect" => {
            Reply { status: 302, location: Some(planned.text.clone()), ..Reply::default() }
        }
        "close" => Reply::default(),
        "answer" => {
            planned.answer.check()?;
            return Ok(Disturbance::Crafted(Box::new(planned.answer.clone())));
        }
        "delay" => return Ok(Disturbance::Late(wait)),
        "close-after" => return Ok(Disturbance::Unanswered),
        other => return Err(format!("unknown kind of fault '{other}'")),
    };
    Ok(Disturbance::Instead(Reply { wait, ..reply }))
}
