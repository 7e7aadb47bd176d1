//! What Finesse says of one agent at this moment, and the reason codes that the agent can choose from.

use super::User;
use crate::clients::xml::Element;

/// An agent as Finesse has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentNow {
    /// Who.
    pub user: User,
    /// The state that follows the call, where one waits for its end.
    pub pending: Option<String>,
    /// The object's id of the reason that the agent has given.
    pub reason_id: Option<String>,
    /// Whether Finesse tells of a reason at all: where it does, no id means that none was given.
    pub reason_told: bool,
    /// That reason's label.
    pub reason: Option<String>,
    /// Since when the state is what it is, in Finesse's words.
    pub since: Option<String>,
}

impl AgentNow {
    /// From a `User` element; `None` without an id.
    pub(super) fn read(root: &Element) -> Option<Self> {
        let user = User::read(root)?;
        let text = |name| root.loose_text(name).map(str::to_owned);
        let reason = root.loose("ReasonCode");
        let of_reason = |name| reason.and_then(|reason| reason.loose_text(name)).map(str::to_owned);
        let given = |id: &String| id != "-1";
        let reason_id =
            text("reasonCodeId").filter(given).or_else(|| of_reason("id").filter(given));
        Some(Self {
            user,
            pending: text("pendingState"),
            reason_id,
            reason_told: reason.is_some() || root.loose("reasonCodeId").is_some(),
            reason: of_reason("label"),
            since: text("stateChangeTime"),
        })
    }

    /// The state's word; `UNKNOWN` when it is not told.
    pub fn state(&self) -> &str {
        self.user.state.as_deref().unwrap_or("UNKNOWN")
    }
}

/// A reason code of an agent's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The object's id, which a state change names.
    pub id: String,
    /// The number that reports show; not the id.
    pub code: Option<String>,
    /// What the agent reads.
    pub label: String,
}

/// All codes of a list; an error says what is wrong with it.
pub(super) fn codes(body: &[u8]) -> Result<Vec<Code>, String> {
    let (mut found, mut wrong) = (Vec::new(), 0);
    let root = Element::each(body, "ReasonCode", |reason| match code(&reason) {
        Some(code) => found.push(code),
        None => wrong += 1,
    })?;
    if !root.name.eq_ignore_ascii_case("ReasonCodes") {
        return Err("another element than ReasonCodes".to_owned());
    }
    if wrong > 0 {
        return Err(format!("{wrong} reasons without id or label"));
    }
    Ok(found)
}

fn code(reason: &Element) -> Option<Code> {
    // Old releases write no id; the address ends with it.
    let of_address = || reason.loose_text("uri")?.rsplit('/').next();
    Some(Code {
        id: reason.loose_text("id").or_else(of_address)?.to_owned(),
        code: reason.loose_text("code").map(str::to_owned),
        label: reason.loose_text("label")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{AgentNow, codes};
    use crate::clients::xml::Element;

    fn now(inside: &str) -> AgentNow {
        let text = format!("<User><loginId>1001</loginId>{inside}</User>");
        AgentNow::read(&Element::parse(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_state_with_its_reason_and_what_follows() {
        let agent = now("<state>NOT_READY</state><pendingState/><reasonCodeId>29</reasonCodeId>\
             <ReasonCode><id>29</id><label>Training</label></ReasonCode><extension>2001</extension>");
        assert_eq!((agent.state(), &agent.pending), ("NOT_READY", &None));
        assert_eq!(
            (agent.reason_id.as_deref(), agent.reason.as_deref()),
            (Some("29"), Some("Training"))
        );
        let talking = now(
            "<state>TALKING</state><pendingState>NOT_READY</pendingState><reasonCodeId>-1</reasonCodeId>",
        );
        assert_eq!((talking.pending.as_deref(), &talking.reason_id), (Some("NOT_READY"), &None));
        assert_eq!(now("").state(), "UNKNOWN");
    }

    #[test]
    fn no_reason_is_another_thing_than_nothing_told_of_it() {
        for none in [
            "<reasonCodeId>-1</reasonCodeId>",
            "<reasonCodeId/>",
            "<ReasonCode/>",
            "<reasonCodeId>-1</reasonCodeId><ReasonCode><id>-1</id></ReasonCode>",
        ] {
            let agent = now(none);
            assert_eq!((&agent.reason_id, agent.reason_told), (&None, true), "{none}");
        }
        let untold = now("<state>NOT_READY</state>");
        assert_eq!((&untold.reason_id, untold.reason_told), (&None, false));
        assert!(now("<reasonCodeId>29</reasonCodeId>").reason_told);
    }

    #[test]
    fn a_reasons_id_stands_in_its_address_where_it_stands_nowhere_else() {
        let text = b"<ReasonCodes category=\"NOT_READY\"><ReasonCode><uri>/finesse/api/ReasonCode/29</uri><code>201</code>\
            <label>Training</label></ReasonCode><ReasonCode><id>30</id><label>Lunch</label></ReasonCode></ReasonCodes>";
        let found = codes(text).unwrap();
        assert_eq!((found[0].id.as_str(), found[0].code.as_deref()), ("29", Some("201")));
        assert_eq!((found[1].id.as_str(), found[1].label.as_str()), ("30", "Lunch"));
        assert!(codes(b"<ReasonCodes><ReasonCode/></ReasonCodes>").is_err());
        assert!(codes(b"<Users/>").is_err());
    }
}
