//! The words that answers are given in, and what a wrong one is told.

use crate::playbook::diagnostic::nearest;
use crate::playbook::draft::SignInDraft;
use crate::playbook::{Endpoint, FilledBy, Product, Scope, SecretSource, SubscriptionKind};

use crate::cli::args::{Place, place};
use crate::cli::endpoint;

/// What a file of passwords, variables and commands is named by.
pub(super) const PLACES: &str = "env:NAME, file:PATH, keyring:NAME, command:PROGRAM … or prompt";

/// What else a playbook does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Also {
    /// *IP Phone Agent Settings* of Finesse, and the restarts behind them.
    pub(super) settings: bool,
    /// Trust stores.
    pub(super) certificates: bool,
}

/// What the roster begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beginning {
    /// The phones that are subscribed already.
    Subscribed,
    /// Nothing but the header.
    Empty,
    /// What is pasted at the terminal.
    Pasted,
    /// A file, or standard input.
    File(String),
}

/// One of a few words.
fn one<T: Clone>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(meaning.clone());
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let near = nearest(text, &names).map(|near| format!("did you mean {near}? "));
    Err(format!("{}one of: {}", near.unwrap_or_default(), names.join(", ")))
}

/// Text as it is; that it fits is the playbook's matter.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a reader")]
pub(super) fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// A place for a password. What is refused is not repeated: it may be the password.
pub(super) fn source(text: &str) -> Result<SecretSource, String> {
    place(text).and_then(named)
}

/// The place that a flag names.
pub(super) fn named(place: Place) -> Result<SecretSource, String> {
    place.0.ok_or_else(|| {
        format!("that does not say where the password is: {PLACES}; never the password itself")
    })
}

/// A second node, or none.
pub(super) fn second(text: &str) -> Result<Option<Endpoint>, String> {
    if text == "none" { Ok(None) } else { endpoint::finesse(text).map(Some) }
}

pub(super) fn product(text: &str) -> Result<Product, String> {
    let words = [Product::Uccx, Product::Ucce, Product::Pcce].map(|one| (one.word(), one));
    one(&text.to_ascii_lowercase(), &words)
}

pub(super) fn subscription(text: &str) -> Result<SubscriptionKind, String> {
    let words = [
        ("manual", SubscriptionKind::Manual),
        ("enterprise", SubscriptionKind::Enterprise),
        ("self-care", SubscriptionKind::SelfCare),
    ];
    one(text, &words)
}

/// The sign-ins that have a word of their own: id, extension, password.
const SIGN_INS: [(&str, [FilledBy; 3]); 4] = {
    use FilledBy::{Administrator, Agent, SignIn};
    [
        ("id-extension", [Administrator, Administrator, SignIn]),
        ("all", [Administrator, Administrator, Administrator]),
        ("agent", [Agent, Agent, SignIn]),
        ("nothing", [SignIn, SignIn, SignIn]),
    ]
};

/// The word of a sign-in, where it has one.
pub(super) fn sign_in_word(who: SignInDraft) -> Option<&'static str> {
    let all = [who.id, who.extension, who.password];
    SIGN_INS.iter().find(|(_, known)| *known == all).map(|(word, _)| *word)
}

pub(super) fn sign_in(text: &str) -> Result<SignInDraft, String> {
    let of = |[id, extension, password]: [FilledBy; 3]| SignInDraft { id, extension, password };
    let parts: Vec<&str> = text.split([',', ' ']).filter(|part| !part.is_empty()).collect();
    let [id, extension, password] = parts.as_slice() else {
        return one(text, &SIGN_INS).map(of).map_err(|why| {
            format!("{why}; or administrator, agent or sign-in for id, extension and password each")
        });
    };
    let words = [
        ("administrator", FilledBy::Administrator),
        ("agent", FilledBy::Agent),
        ("sign-in", FilledBy::SignIn),
    ];
    let by = |word: &str| one(word, &words);
    Ok(of([by(id)?, by(extension)?, by(password)?]))
}

pub(super) fn scope(text: &str) -> Result<Option<Scope>, String> {
    let words = [
        ("phones", Some(Scope::Phones)),
        ("common-phone-profile", Some(Scope::CommonPhoneProfile)),
        ("enterprise", Some(Scope::Enterprise)),
        ("no", None),
    ];
    one(text, &words)
}

pub(super) fn beginning(text: &str) -> Result<Beginning, String> {
    let words = [
        ("subscribed", Beginning::Subscribed),
        ("empty", Beginning::Empty),
        ("paste", Beginning::Pasted),
    ];
    match one(text, &words) {
        Err(why) if !text.contains(['.', '/', '\\']) && text != "-" => {
            Err(format!("{why}, or a CSV file"))
        }
        Err(_) => Ok(Beginning::File(text.to_owned())),
        found => found,
    }
}

pub(super) fn also(text: &str) -> Result<Also, String> {
    let mut also = Also::default();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        match one(part, &[("finesse-settings", 0), ("certificates", 1), ("none", 2)])? {
            0 => also.settings = true,
            1 => also.certificates = true,
            _ => {}
        }
    }
    Ok(also)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_word_is_told_the_right_ones() {
        let why = subscription("manuel").unwrap_err();
        assert_eq!(why, "did you mean manual? one of: manual, enterprise, self-care");
        assert!(scope("yes").unwrap_err().ends_with("enterprise, no"));
        assert!(product("UCCX").is_ok() && product("cce").is_err());
    }

    #[test]
    fn sign_ins_have_words_and_parts() {
        let all = sign_in("all").unwrap();
        assert_eq!(sign_in("administrator, administrator, administrator"), Ok(all));
        assert_eq!(sign_in_word(all), Some("all"));
        let other = sign_in("administrator,agent,sign-in").unwrap();
        assert_eq!((other.extension, sign_in_word(other)), (FilledBy::Agent, None));
        assert!(sign_in("everything").unwrap_err().contains("id-extension"));
        assert!(sign_in("agent,agent,nobody").is_err());
    }

    #[test]
    fn a_password_in_place_of_its_place_is_not_repeated() {
        let why = source("hunter2").unwrap_err();
        assert!(!why.contains("hunter2") && why.contains("env:NAME"), "{why}");
        assert_eq!(source("env:AXL_PASSWORD"), Ok(SecretSource::Env("AXL_PASSWORD".to_owned())));
    }

    #[test]
    fn a_roster_begins_with_a_word_or_a_file() {
        assert_eq!(beginning("empty"), Ok(Beginning::Empty));
        assert_eq!(beginning("agents.csv"), Ok(Beginning::File("agents.csv".to_owned())));
        assert_eq!(beginning("-"), Ok(Beginning::File("-".to_owned())));
        assert!(beginning("emty").unwrap_err().contains("did you mean empty?"));
    }

    #[test]
    fn both_or_one_or_none() {
        let both = Also { settings: true, certificates: true };
        assert_eq!(also("finesse-settings,certificates"), Ok(both));
        assert_eq!(also("none"), Ok(Also::default()));
        assert!(also("everything").is_err());
    }
}
