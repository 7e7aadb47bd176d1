//! What is decided of an agent's state and calls before something is sent, and after. Pure.

use crate::clients::finesse::{AgentNow, Code, Dialog, StateChange, StateWord};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

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

/// Compares what was asked for with what Finesse says now.
pub(super) fn standing(change: &StateChange, now: &AgentNow) -> Standing {
    let state = now.state();
    let wanted = change.state.word();
    // A reason that nobody gave fits any.
    let reason = |told: &Option<String>| match (&change.reason_id, told) {
        (Some(wanted), Some(told)) => wanted == told,
        (Some(_), None) | (None, _) => true,
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
    let labelled: Vec<&Code> =
        codes.iter().filter(|code| code.label.to_lowercase() == wanted.to_lowercase()).collect();
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

/// Which of the agent's calls is meant: the one that is named, or the only one that fits.
pub(super) fn which<'a>(
    dialogs: &'a [Dialog],
    extension: &str,
    named: Option<&str>,
    states: &[&str],
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
        dialog.state_at(extension).is_none_or(|state| states.is_empty() || states.contains(&state))
    };
    let fitting: Vec<&Dialog> = dialogs.iter().filter(fits).collect();
    match fitting.as_slice() {
        [one] => Ok(one),
        [] => Err(none(format!("no call of the agent is {}", in_words(states)))),
        [_, _, ..] => {
            let ids: Vec<&str> = fitting.iter().map(|dialog| dialog.id.as_str()).collect();
            Err(Trouble::new("agent-call-unclear", Outcome::Usage, "Several calls could be meant")
                .because(ids.join(", "))
                .then("name one with --dialog"))
        }
    }
}

fn in_words(states: &[&str]) -> String {
    if states.is_empty() { "there".to_owned() } else { states.join(" or ") }
}

#[cfg(test)]
mod tests {
    use super::{Standing, disturbs, reason, standing, which};
    use crate::clients::finesse::{AgentNow, Code, Dialog, StateChange, StateWord, User};

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
            reason: None,
            since: None,
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
        agent.reason_id = None;
        assert_eq!(standing(&lunch, &agent), Standing::Reached, "a release that does not tell it");
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
        assert!(reason(&codes, "Lunch").unwrap_err().why.contains("several"));
        assert!(reason(&codes, "Tea").unwrap_err().why.contains("Training (29)"));
        assert!(reason(&[], "Tea").is_err());
    }

    #[test]
    fn the_only_call_that_fits_is_meant() {
        let call = |id: &str, state: &str| Dialog {
            id: id.to_owned(),
            state: Some(state.to_owned()),
            from: None,
            to: None,
            participants: Vec::new(),
        };
        let calls = [call("1", "ALERTING"), call("2", "ACTIVE"), call("3", "ACTIVE")];
        assert_eq!(which(&calls, "2001", None, &["ALERTING"]).unwrap().id, "1");
        assert_eq!(which(&calls, "2001", Some("3"), &[]).unwrap().id, "3");
        assert_eq!(which(&calls, "2001", None, &[]).unwrap_err().code, "agent-call-unclear");
        assert_eq!(which(&calls, "2001", Some("9"), &[]).unwrap_err().code, "agent-no-call");
        assert_eq!(which(&[], "2001", None, &["ALERTING"]).unwrap_err().code, "agent-no-call");
    }
}
