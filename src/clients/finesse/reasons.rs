//! `ReasonCodes` and `WrapUpReasons`: what an agent can choose from, for all teams or for one.

use crate::clients::xml::Element;

/// What a reason is for; a phone lists each kind apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Not ready.
    NotReady,
    /// Sign out.
    Logout,
    /// Wrap-up: an object of its own, without a code.
    WrapUp,
}

impl Category {
    /// As it is called in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotReady => "Not Ready reason codes",
            Self::Logout => "Sign Out reason codes",
            Self::WrapUp => "Wrap-Up reasons",
        }
    }
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What tells it from all others: every release writes the address, old ones no id.
    pub uri: String,
    /// What it is for.
    pub category: Category,
    /// What the agent reads.
    pub label: String,
    /// For all teams.
    pub global: bool,
    /// Made by the system; releases that do not say count as no.
    pub system: bool,
}

/// A list that was not read whole must not look like a short one.
fn all(body: &[u8], item: &str, list: &str, category: Kind) -> Result<Vec<Reason>, String> {
    let (mut found, mut wrong) = (Vec::new(), 0);
    let root = Element::each(body, item, |reason| match read(&reason, category) {
        Some(reason) => found.push(reason),
        None => wrong += 1,
    })?;
    if !root.name.eq_ignore_ascii_case(list) {
        return Err(format!("another element than {list}"));
    }
    if wrong > 0 {
        return Err(format!("{wrong} reasons without uri, label or category"));
    }
    Ok(found)
}

#[derive(Clone, Copy)]
enum Kind {
    Told,
    Is(Category),
}

fn read(reason: &Element, category: Kind) -> Option<Reason> {
    let says = |name, word: &str| {
        reason.loose_text(name).is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    let category = match category {
        Kind::Is(category) => category,
        Kind::Told if says("category", "NOT_READY") => Category::NotReady,
        Kind::Told if says("category", "LOGOUT") => Category::Logout,
        Kind::Told => return None,
    };
    Some(Reason {
        uri: reason.loose_text("uri")?.to_owned(),
        category,
        label: reason.loose_text("label")?.to_owned(),
        global: !says("forAll", "false"),
        system: says("systemCode", "true"),
    })
}

/// All of a `ReasonCodes` document; an error says what is wrong with it.
pub(super) fn codes(body: &[u8]) -> Result<Vec<Reason>, String> {
    all(body, "ReasonCode", "ReasonCodes", Kind::Told)
}

/// All of a `WrapUpReasons` document; an error says what is wrong with it.
pub(super) fn wrap_ups(body: &[u8]) -> Result<Vec<Reason>, String> {
    all(body, "WrapUpReason", "WrapUpReasons", Kind::Is(Category::WrapUp))
}

#[cfg(test)]
mod tests {
    use super::{Category, codes, wrap_ups};

    const CODE: &str = "<ReasonCode><uri>/finesse/api/ReasonCode/29</uri><category>NOT_READY</category>\
        <code>201</code><label>Training</label><forAll>TRUE</forAll></ReasonCode>";

    #[test]
    fn old_and_new_forms() {
        let system = CODE
            .replace("/29", "/30")
            .replace("NOT_READY", "LOGOUT")
            .replace("<forAll>TRUE", "<systemCode>true</systemCode><forAll>false");
        let text = format!("<ReasonCodes category=\"ALL\">{CODE}{system}</ReasonCodes>");
        let found = codes(text.as_bytes()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].category, found[0].global, found[0].system),
            (Category::NotReady, true, false)
        );
        assert_eq!(
            (found[1].category, found[1].global, found[1].system),
            (Category::Logout, false, true)
        );
        let text = "<WrapUpReasons><WrapUpReason><uri>/finesse/api/WrapUpReason/1</uri><label>Sale</label>\
            <forAll>false</forAll></WrapUpReason></WrapUpReasons>";
        let found = wrap_ups(text.as_bytes()).unwrap();
        assert_eq!(
            (found[0].category, found[0].label.as_str(), found[0].global),
            (Category::WrapUp, "Sale", false)
        );
        assert!(codes(b"<ReasonCodes/>").unwrap().is_empty());
    }

    #[test]
    fn a_list_that_cannot_be_read_whole_is_no_list() {
        for text in [
            CODE.to_owned(),
            format!("<ReasonCodes>{}</ReasonCodes>", CODE.replace("uri", "url")),
            format!("<ReasonCodes>{}</ReasonCodes>", CODE.replace("NOT_READY", "WRAP")),
            format!("<ReasonCodes>{CODE}"),
            "<WrapUpReasons/>".to_owned(),
        ] {
            assert!(codes(text.as_bytes()).is_err(), "{text}");
        }
    }
}
