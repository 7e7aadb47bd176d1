//! `Dialogs`: an agent's calls.

use crate::clients::xml::Element;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// What tells it from all others.
    pub id: String,
    /// Its state, e.g. `ACTIVE`.
    pub state: Option<String>,
    /// Who calls.
    pub from: Option<String>,
    /// Who is called.
    pub to: Option<String>,
    /// Who takes part.
    pub participants: Vec<Participant>,
}

/// Somebody who takes part in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The extension.
    pub address: String,
    /// e.g. `ALERTING`, `ACTIVE`, `HELD`, `DROPPED`.
    pub state: Option<String>,
    /// Why it stands so, e.g. of a call that failed; in Finesse's words.
    pub cause: Option<String>,
}

impl Dialog {
    /// How the call stands at this extension: the participant's state, or the call's own.
    pub fn state_at(&self, extension: &str) -> Option<&str> {
        let own = self.participants.iter().find(|participant| participant.address == extension);
        own.and_then(|own| own.state.as_deref()).or(self.state.as_deref())
    }

    fn read(dialog: &Element) -> Option<Self> {
        let text = |name| dialog.loose_text(name).map(str::to_owned);
        let of_address = || dialog.loose_text("uri")?.rsplit('/').next().map(str::to_owned);
        let participants = dialog.loose("participants").map(|all| {
            let read = |one: &Element| {
                let text = |name| one.loose_text(name).map(str::to_owned);
                let (state, cause) = (text("state"), text("stateCause"));
                Some(Participant { address: text("mediaAddress")?, state, cause })
            };
            all.loose_all("Participant").filter_map(read).collect()
        });
        Some(Self {
            id: text("id").or_else(of_address)?,
            state: text("state"),
            from: text("fromAddress"),
            to: text("toAddress"),
            participants: participants.unwrap_or_default(),
        })
    }
}

/// All calls of a `Dialogs` document; an error says what is wrong with it.
pub(super) fn all(body: &[u8]) -> Result<Vec<Dialog>, String> {
    let (mut found, mut wrong) = (Vec::new(), 0);
    let root = Element::each(body, "Dialog", |dialog| match Dialog::read(&dialog) {
        Some(dialog) => found.push(dialog),
        None => wrong += 1,
    })?;
    if !root.name.eq_ignore_ascii_case("Dialogs") {
        return Err("another element than Dialogs".to_owned());
    }
    if wrong > 0 { Err(format!("{wrong} calls without an id")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn calls_with_who_takes_part() {
        let text = b"<Dialogs><Dialog><uri>/finesse/api/Dialog/77</uri><state>ALERTING</state><fromAddress>3001</fromAddress>\
            <toAddress>2001</toAddress><participants><Participant><mediaAddress>2001</mediaAddress><state>ALERTING</state>\
            </Participant><Participant><mediaAddress>3001</mediaAddress><state>INITIATED</state><stateCause>BUSY</stateCause></Participant></participants>\
            </Dialog><Dialog><id>78</id><state>ACTIVE</state></Dialog></Dialogs>";
        let calls = all(text).unwrap();
        assert_eq!((calls[0].id.as_str(), calls[0].state_at("3001")), ("77", Some("INITIATED")));
        let causes: Vec<_> = calls[0].participants.iter().map(|one| one.cause.as_deref()).collect();
        assert_eq!(causes, [None, Some("BUSY")]);
        assert_eq!((calls[1].id.as_str(), calls[1].state_at("2001")), ("78", Some("ACTIVE")));
        assert!(all(b"<Dialogs/>").unwrap().is_empty());
        assert!(all(b"<Dialogs><Dialog/></Dialogs>").is_err() && all(b"<User/>").is_err());
    }
}
