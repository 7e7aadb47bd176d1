//! What is decided of an agent's state and calls before something is sent, and after. Pure.

use crate::clients::finesse::{Action, AgentNow, Code, Dialog, StateChange, StateWord};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

use super::Ended;

/// How far a change of state has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is so.
    Reached,
    /// It will be so after the call that the agent is in.
    Pending,
    /// Not yet, or never.
    NotYet,
}

/// Whether it was so before anything was sent. Of a reason that is not told nothing is known.
pub(super) fn already(change: &StateChange, before: &AgentNow) -> bool {
    let reason = change.reason_id.is_none()
        || change.state != StateWord::NotReady
        || change.reason_id == before.reason_id;
    reason && standing(change, before) == Standing::Reached
}

/// Compares what was asked for with what Finesse says once it has accepted it.
pub(super) fn standing(change: &StateChange, now: &AgentNow) -> Standing {
    let state = now.state();
    let wanted = change.state.word();
    // A reason that was not asked for fits any; one that the release does not tell fits what was accepted.
    let reason = |told: &Option<String>| match (&change.reason_id, told) {
        (Some(wanted), Some(told)) => wanted == told,
        (Some(_), None) => !now.reason_told,
        (None, _) => true,
    };
    let there = match change.state {
        StateWord::Login => {
            let here = |wanted: &String| now.user.extension.as_ref() == Some(wanted);
            signed_in(now) && change.extension.as_ref().is_none_or(here)
        }
        StateWord::NotReady => state == wanted && reason(&now.reason_id),
        StateWord::Ready | StateWord::Logout => state == wanted,
    };
    if there {
        Standing::Reached
    } else if now.pending.as_deref() == Some(wanted) && change.state != StateWord::Login {
        Standing::Pending
    } else {
        Standing::NotYet
    }
}

/// Whether somebody is signed in as this agent. A state that is not told counts as yes: nobody is thrown out for want
/// of a word.
pub fn signed_in(now: &AgentNow) -> bool {
    !now.user.signed_out()
}

/// Why a change would disturb somebody. `own` is the extension at which this tool has signed the agent in.
pub fn disturbs(change: &StateChange, now: &AgentNow, own: Option<&str>) -> Option<String> {
    if !signed_in(now) {
        return None;
    }
    let there = now.user.extension.as_deref();
    let ours = own.is_some() && there == own;
    let moves = change.state == StateWord::Login && change.extension.as_deref() != there;
    if ours && !moves {
        return None;
    }
    let place = there.map_or_else(String::new, |extension| format!(" at extension {extension}"));
    Some(format!("the agent is signed in{place}, state {}, and not by ippactl", now.state()))
}

/// The refusal that follows from it.
pub fn refusal(agent: &str, why: String) -> Trouble {
    Trouble::new("agent-signed-in", Outcome::Refused, "Somebody is signed in as this agent")
        .at(format!("agent {agent}"))
        .because(why)
        .then("ask the agent first; --disturb does it all the same")
}

/// The id of a reason that is given by label, id or code.
pub(super) fn reason<'a>(codes: &'a [Code], wanted: &str) -> Result<&'a Code, Trouble> {
    let exact = codes.iter().filter(|code| code.label == wanted);
    let mut labelled: Vec<&Code> = exact.collect();
    if labelled.is_empty() {
        let lower = wanted.to_lowercase();
        labelled = codes.iter().filter(|code| code.label.to_lowercase() == lower).collect();
    }
    let unclear = |why: String| {
        let next = "give the id instead of the label";
        Trouble::new("agent-reason-unknown", Outcome::Usage, "That is no reason of this agent")
            .because(why)
            .then(next)
    };
    match labelled.as_slice() {
        [one] => return Ok(one),
        [] => {}
        [_, _, ..] => return Err(unclear(format!("several reasons are labelled {wanted}"))),
    }
    if let Some(code) = codes.iter().find(|code| code.id == wanted) {
        return Ok(code);
    }
    let labels: Vec<String> =
        codes.iter().take(20).map(|code| format!("{} ({})", code.label, code.id)).collect();
    let has = if labels.is_empty() {
        "the agent has no reason for that".to_owned()
    } else {
        format!("there are {}", labels.join(", "))
    };
    Err(unclear(has).then("give one of the labels, or the number behind it"))
}

/// What came of a call that was asked for, of those that were not there before; `None` while nothing is known.
pub(super) fn called(dialogs: &[Dialog], known: &[String], extension: &str) -> Option<Ended> {
    let own = dialogs
        .iter()
        .filter(|dialog| !known.contains(&dialog.id) && dialog.from.as_deref() == Some(extension));
    let states = own.filter_map(|dialog| {
        let failed = dialog.state.as_deref().filter(|state| dead(state));
        failed.or_else(|| dialog.state_at(extension))
    });
    let ended = |state| if dead(state) { Ended::NotEffective } else { Ended::Reached };
    let all: Vec<Ended> = states.map(ended).collect();
    if all.contains(&Ended::Reached) { Some(Ended::Reached) } else { all.first().copied() }
}

/// What came of an action on a call; `None` while nothing is known.
pub(super) fn acted(
    dialogs: &[Dialog],
    id: &str,
    extension: &str,
    action: Action,
) -> Option<Ended> {
    let dialog = dialogs.iter().find(|dialog| dialog.id == id);
    let state = dialog.and_then(|dialog| dialog.state_at(extension));
    match (action, state) {
        (Action::Answer, Some("ACTIVE" | "HELD")) => Some(Ended::Reached),
        // Nobody answers it any more.
        (Action::Answer, Some(state)) if dead(state) => Some(Ended::NotEffective),
        (Action::Drop, Some(state)) if over(state) => Some(Ended::Reached),
        (Action::Drop, None) if dialog.is_none() => Some(Ended::Reached),
        (Action::Answer | Action::Drop, _) => None,
    }
}

/// Whether nobody talks in a call of this state, nor will.
fn dead(state: &str) -> bool {
    matches!(state, "DROPPED" | "FAILED")
}

/// Whether a call has ended for whoever is in this state, after a talk or without one.
fn over(state: &str) -> bool {
    dead(state) || state == "WRAP_UP"
}

/// Which of the agent's calls is meant: the one that is named, or the only one that fits.
pub(super) fn which<'a>(
    dialogs: &'a [Dialog],
    extension: &str,
    named: Option<&str>,
    action: Action,
) -> Result<&'a Dialog, Trouble> {
    let none = |why: String| {
        Trouble::new("agent-no-call", Outcome::Failed, "There is no such call")
            .because(why)
            .then("ippactl agent dialogs lists the agent's calls")
    };
    if let Some(id) = named {
        let found = dialogs.iter().find(|dialog| dialog.id == id);
        return found.ok_or_else(|| none(format!("the agent has no call {id}")));
    }
    let fits = |dialog: &&Dialog| {
        dialog.state_at(extension).is_none_or(|state| match action {
            Action::Answer => state == "ALERTING",
            Action::Drop => !over(state),
        })
    };
    let fitting: Vec<&Dialog> = dialogs.iter().filter(fits).collect();
    match fitting.as_slice() {
        [one] => Ok(one),
        [] => Err(none(match action {
            Action::Answer => "no call of the agent is ALERTING".to_owned(),
            Action::Drop => "the agent has no call that could be ended".to_owned(),
        })),
        [_, _, ..] => {
            let ids: Vec<&str> = fitting.iter().map(|dialog| dialog.id.as_str()).collect();
            Err(Trouble::new("agent-call-unclear", Outcome::Usage, "Several calls could be meant")
                .because(ids.join(", "))
                .then("name one with --dialog"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ended;
    use super::{Standing, acted, already, called, disturbs, reason, standing, which};
    use crate::clients::finesse::{
        Action, AgentNow, Code, Dialog, Participant, StateChange, StateWord, User,
    };

    fn now(state: &str, pending: Option<&str>, extension: Option<&str>) -> AgentNow {
        AgentNow {
            user: User {
                login_id: "1001".to_owned(),
                login_name: None,
                roles: Vec::new(),
                state: Some(state.to_owned()),
                extension: extension.map(str::to_owned),
                team_id: None,
                team_name: None,
                mobile: false,
            },
            pending: pending.map(str::to_owned),
            reason_id: None,
            reason_told: true,
            reason: None,
            since: None,
        }
    }

    /// A call in this state at the extension 2001.
    fn call(id: &str, from: &str, state: &str) -> Dialog {
        let leg =
            Participant { address: "2001".to_owned(), state: Some(state.to_owned()), cause: None };
        Dialog {
            id: id.to_owned(),
            state: Some("ACTIVE".to_owned()),
            from: Some(from.to_owned()),
            to: None,
            participants: vec![leg],
        }
    }

    fn to(state: StateWord) -> StateChange {
        StateChange { state, extension: None, reason_id: None }
    }

    #[test]
    fn a_state_is_reached_or_follows_the_call() {
        let ready = to(StateWord::Ready);
        assert_eq!(standing(&ready, &now("READY", None, Some("2001"))), Standing::Reached);
        let talking = now("TALKING", Some("READY"), Some("2001"));
        assert_eq!(standing(&ready, &talking), Standing::Pending);
        assert_eq!(standing(&ready, &now("NOT_READY", None, Some("2001"))), Standing::NotYet);
        let login = StateChange { extension: Some("2001".to_owned()), ..to(StateWord::Login) };
        assert_eq!(standing(&login, &now("NOT_READY", None, Some("2001"))), Standing::Reached);
        assert_eq!(standing(&login, &now("NOT_READY", None, Some("2002"))), Standing::NotYet);
        assert_eq!(standing(&login, &now("LOGOUT", None, None)), Standing::NotYet);
        assert_eq!(standing(&to(StateWord::Logout), &now("LOGOUT", None, None)), Standing::Reached);
    }

    #[test]
    fn another_reason_is_another_state() {
        let lunch = StateChange { reason_id: Some("30".to_owned()), ..to(StateWord::NotReady) };
        let mut agent = now("NOT_READY", None, Some("2001"));
        agent.reason_id = Some("29".to_owned());
        assert_eq!(standing(&lunch, &agent), Standing::NotYet);
        assert_eq!(standing(&to(StateWord::NotReady), &agent), Standing::Reached);
        agent.reason_id = Some("30".to_owned());
        assert!(already(&lunch, &agent));
        agent.reason_id = None;
        assert_eq!(standing(&lunch, &agent), Standing::NotYet, "no reason was given");
        assert!(!already(&lunch, &agent));
        agent.reason_told = false;
        assert_eq!(standing(&lunch, &agent), Standing::Reached, "a release that does not tell it");
        assert!(!already(&lunch, &agent), "but nothing is known of it before the write");
        assert!(already(&to(StateWord::NotReady), &agent));
        let gone = StateChange { reason_id: Some("40".to_owned()), ..to(StateWord::Logout) };
        assert!(already(&gone, &now("LOGOUT", None, None)), "whoever is signed out stays so");
    }

    #[test]
    fn somebody_who_is_signed_in_is_left_alone() {
        let there = now("READY", None, Some("2001"));
        assert!(disturbs(&to(StateWord::Logout), &there, None).is_some());
        assert!(disturbs(&to(StateWord::Logout), &there, Some("2002")).is_some());
        assert_eq!(disturbs(&to(StateWord::Logout), &there, Some("2001")), None);
        let elsewhere = StateChange { extension: Some("2009".to_owned()), ..to(StateWord::Login) };
        assert!(disturbs(&elsewhere, &there, Some("2001")).is_some());
        assert_eq!(disturbs(&elsewhere, &now("LOGOUT", None, None), None), None);
        assert!(disturbs(&to(StateWord::Ready), &now("UNKNOWN", None, None), None).is_some());
    }

    #[test]
    fn reasons_are_found_by_label_and_by_id() {
        let code =
            |id: &str, label: &str| Code { id: id.to_owned(), code: None, label: label.to_owned() };
        let codes = [code("29", "Training"), code("30", "Lunch"), code("31", "lunch")];
        assert_eq!(reason(&codes, "training").unwrap().id, "29");
        assert_eq!(reason(&codes, "30").unwrap().label, "Lunch");
        assert_eq!(reason(&codes, "Lunch").unwrap().id, "30");
        assert_eq!(reason(&codes, "lunch").unwrap().id, "31");
        assert!(reason(&codes, "LUNCH").unwrap_err().why.contains("several"));
        let twice = [code("30", "Lunch"), code("31", "Lunch"), code("32", "lunch")];
        assert!(reason(&twice, "Lunch").unwrap_err().why.contains("several"));
        assert!(reason(&codes, "Tea").unwrap_err().why.contains("Training (29)"));
        assert!(reason(&[], "Tea").is_err());
    }

    #[test]
    fn the_only_call_that_fits_is_meant() {
        let calls =
            [call("1", "3001", "ALERTING"), call("2", "3001", "ACTIVE"), call("3", "2001", "HELD")];
        let code = |calls: &[Dialog], named: Option<&str>, action| {
            which(calls, "2001", named, action).unwrap_err().code
        };
        assert_eq!(which(&calls, "2001", None, Action::Answer).unwrap().id, "1");
        assert_eq!(which(&calls, "2001", Some("3"), Action::Drop).unwrap().id, "3");
        assert_eq!(code(&calls, None, Action::Drop), "agent-call-unclear");
        assert_eq!(code(&calls, Some("9"), Action::Drop), "agent-no-call");
        assert_eq!(code(&[], None, Action::Answer), "agent-no-call");
    }

    #[test]
    fn a_call_that_is_over_is_not_ended_again() {
        let over = ["DROPPED", "FAILED", "WRAP_UP"];
        let mut calls: Vec<Dialog> = over.iter().map(|state| call(state, "3001", state)).collect();
        let none = which(&calls, "2001", None, Action::Drop).unwrap_err();
        assert_eq!(none.code, "agent-no-call");
        calls.push(call("4", "3001", "ACTIVE"));
        assert_eq!(which(&calls, "2001", None, Action::Drop).unwrap().id, "4");
    }

    #[test]
    fn a_call_of_ones_own_counts_as_made_unless_it_failed() {
        let known = ["1".to_owned()];
        let ended = |calls: &[Dialog]| called(calls, &known, "2001");
        assert_eq!(ended(&[call("1", "2001", "ACTIVE")]), None, "it was there before");
        assert_eq!(ended(&[call("2", "3001", "ALERTING")]), None, "somebody else's");
        for state in ["INITIATED", "ACTIVE"] {
            assert_eq!(ended(&[call("2", "2001", state)]), Some(Ended::Reached), "{state}");
        }
        for state in ["FAILED", "DROPPED"] {
            assert_eq!(ended(&[call("2", "2001", state)]), Some(Ended::NotEffective), "{state}");
        }
        let failed = Dialog { state: Some("FAILED".to_owned()), ..call("2", "2001", "INITIATED") };
        assert_eq!(ended(std::slice::from_ref(&failed)), Some(Ended::NotEffective));
        let both = [failed, call("3", "2001", "INITIATED")];
        assert_eq!(ended(&both), Some(Ended::Reached));
    }

    #[test]
    fn an_action_is_seen_at_the_agents_own_leg() {
        let ended = |state: &str, action| acted(&[call("7", "3001", state)], "7", "2001", action);
        for (state, answered) in [
            ("ALERTING", None),
            ("INITIATED", None),
            ("ACTIVE", Some(Ended::Reached)),
            ("HELD", Some(Ended::Reached)),
            ("DROPPED", Some(Ended::NotEffective)),
            ("FAILED", Some(Ended::NotEffective)),
        ] {
            assert_eq!(ended(state, Action::Answer), answered, "{state}");
        }
        assert_eq!(acted(&[], "7", "2001", Action::Answer), None);
        assert_eq!(ended("ACTIVE", Action::Drop), None);
        for state in ["DROPPED", "FAILED", "WRAP_UP"] {
            assert_eq!(ended(state, Action::Drop), Some(Ended::Reached), "{state}");
        }
        assert_eq!(acted(&[], "7", "2001", Action::Drop), Some(Ended::Reached));
    }
}
