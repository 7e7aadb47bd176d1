//! `restart`: whether Finesse Tomcat is restarted, what stands between the two nodes, and how long one may take.

use std::time::Duration;

use super::decode::{self, Keys, Value};
use super::diagnostic::{nearest, shown};
use super::duration::duration;
use super::location::Location;
use super::provisioning::{BetweenNodes, Restart, RestartWhen};
use super::reading::{Mistake, Reading};
use super::tree::NodeKind;

/// Most minutes between the nodes: a day.
const LONGEST: u32 = 1440;
/// A node needs about six minutes (Finesse installation guide); after this it counts as not back.
const BACK_WITHIN: Duration = Duration::from_mins(15);
/// Who waits longer for a node has nobody looking at it.
const LONGEST_BACK: Duration = Duration::from_hours(2);

/// `restart`.
pub fn restart(reading: &mut Reading, value: &Value<'_>) -> Option<Restart> {
    let keys = Keys { known: &["finesse_tomcat", "between_nodes", "back_within"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut restart = unwritten(reading.locate(section.at.start));
    let whens = [("when-needed", RestartWhen::WhenNeeded), ("never", RestartWhen::Never)];
    // A mistake leaves the default, which is never used then: no deployment comes of it.
    if let Some(value) = section.get("finesse_tomcat") {
        restart.finesse_tomcat =
            decode::word(reading, &value, &whens).unwrap_or(restart.finesse_tomcat);
    }
    if let Some(value) = section.get("between_nodes") {
        restart.between_nodes = between_nodes(reading, &value).unwrap_or(restart.between_nodes);
    }
    if let Some(value) = section.get("back_within") {
        restart.back_within = back_within(reading, &value).unwrap_or(restart.back_within);
    }
    Some(restart)
}

fn back_within(reading: &mut Reading, value: &Value<'_>) -> Option<Duration> {
    let text = decode::text(reading, value)?;
    let length = duration(&text).filter(|length| !length.is_zero() && *length <= LONGEST_BACK);
    if length.is_none() {
        let message = format!("`{}` is not a time for `{}`", shown(&text), value.path);
        reading.report(
            Mistake::new("unknown-word", value.point(), message)
                .then("a whole number with s, m or h, from 1s to 2h, as in 15m"),
        );
    }
    length
}

fn between_nodes(reading: &mut Reading, value: &Value<'_>) -> Option<BetweenNodes> {
    let text = decode::text(reading, value)?;
    if text == "confirm" {
        return Some(BetweenNodes::Confirm);
    }
    let number = matches!(value.node.kind, NodeKind::Scalar { plain: true, .. })
        && text.bytes().all(|b| b.is_ascii_digit());
    let minutes = number.then(|| text.parse().ok()).flatten();
    if let Some(minutes) = minutes.filter(|minutes| *minutes <= LONGEST) {
        return Some(BetweenNodes::Minutes(minutes));
    }
    let message = format!("`{}` is not a word or number for `{}`", shown(&text), value.path);
    reading.report(
        Mistake::new("unknown-word", value.point(), message)
            .near(nearest(&text, &["confirm"]))
            .then(format!("`confirm`, or minutes: a whole number from 0 to {LONGEST}")),
    );
    None
}

/// `restart` where it is left out.
pub fn unwritten(at: Location) -> Restart {
    Restart {
        finesse_tomcat: RestartWhen::WhenNeeded,
        between_nodes: BetweenNodes::Confirm,
        back_within: BACK_WITHIN,
        at,
    }
}
