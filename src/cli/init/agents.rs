//! Questions about agents and phones: how they sign in, how they are subscribed, and who they are.

use std::path::Path;

use secrecy::ExposeSecret as _;

use crate::cli::args::Init;
use crate::cli::connect::files::read_text;
use crate::cli::connect::terminal;
use crate::cli::console::Console;
use crate::engine::Stop;
use crate::playbook::draft::{
    AgentsDraft, Draft, PasswordsDraft, PhoneSettingsDraft, RosterDraft, RowDraft, SelfCareDraft,
    SignInDraft,
};
use crate::playbook::{Cell, FilledBy, SecretSource, SubscriptionKind};
use crate::trouble::Trouble;

use super::found::Found;
use super::list;
use super::target::Target;
use super::wizard::{Question, Wizard, wrong};
use super::words::{self, Beginning};

pub(super) async fn subscription(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
) -> Result<SubscriptionKind, Trouble> {
    let question = Question {
        flag: "--subscription",
        word: "subscription",
        about: "How do phones come to be subscribed?\n\
                \x20 manual      you subscribe the phones of the roster\n\
                \x20 enterprise  every phone of the cluster gets the service, without values\n\
                \x20 self-care   agents subscribe their phones in the Self Care Portal",
        default: Some(if found.enterprise { "enterprise" } else { "manual" }.to_owned()),
    };
    let given = flags.subscription.as_deref().map(words::subscription).transpose();
    let given = given.map_err(|why| wrong("--subscription", &why))?;
    let put = |draft: &mut Draft, kind| draft.phone_services.subscription = Some(kind);
    let kind = wizard.ask(question, given, words::subscription, put).await?;
    Ok(kind.unwrap_or(SubscriptionKind::Manual))
}

pub(super) async fn sign_in(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
    subscription: SubscriptionKind,
) -> Result<(), Trouble> {
    let default = match subscription {
        SubscriptionKind::Manual => found.sign_in.map_or("id-extension".to_owned(), |who| {
            let parts = [who.id, who.extension, who.password].map(filled_word);
            words::sign_in_word(who).map_or_else(|| parts.join(","), str::to_owned)
        }),
        SubscriptionKind::Enterprise => "nothing".to_owned(),
        SubscriptionKind::SelfCare => "agent".to_owned(),
    };
    let question = Question {
        flag: "--sign-in",
        word: "sign-in",
        about: "How do agents sign in: who fills in id, extension and password?\n\
                \x20 id-extension  you fill in id and extension, from the roster; agents type the password\n\
                \x20 all           you fill in all three: one press. CUCM keeps passwords as plain text\n\
                \x20 agent         agents fill in id and extension in the Self Care Portal\n\
                \x20 nothing       agents type all three at each sign-in\n\
                Or a word for each of the three, such as: administrator,agent,sign-in",
        default: Some(default),
    };
    let given = flags.sign_in.as_deref().map(words::sign_in).transpose();
    let given = given.map_err(|why| wrong("--sign-in", &why))?;
    let put = |draft: &mut Draft, who: SignInDraft| {
        let all = [who.id, who.extension, who.password];
        let none = all.iter().all(|by| *by == FilledBy::SignIn);
        draft.one_button_sign_in = (!none).then_some(who);
        let passwords = format!("secrets/{}-agents.csv", draft.deployment);
        let agents = draft.agents.get_or_insert_default();
        let by_administrator = who.password == FilledBy::Administrator;
        agents.passwords =
            by_administrator.then_some(PasswordsDraft::At(SecretSource::File(passwords)));
        let portal = subscription == SubscriptionKind::SelfCare || all.contains(&FilledBy::Agent);
        let (publisher, _) =
            draft.cucm.publisher.split_once(':').unwrap_or((&draft.cucm.publisher, ""));
        let default_server = Some(publisher.to_owned());
        draft.self_care = portal.then_some(SelfCareDraft { default_server });
    };
    wizard.ask(question, given, words::sign_in, put).await.map(drop)
}

pub(super) async fn phone_settings(wizard: &mut Wizard<'_>, flags: &Init) -> Result<(), Trouble> {
    let question = Question {
        flag: "--phone-settings",
        word: "phone settings",
        about: "Where are the phones' Web Access and HTTPS Server set? IP Phone Agent needs both\n\
                \x20 phones                on each phone of the roster\n\
                \x20 common-phone-profile  in the profiles of these phones, which others may share\n\
                \x20 enterprise            for every phone of the cluster\n\
                \x20 no                    somebody else does it",
        default: Some("phones".to_owned()),
    };
    let given = flags.phone_settings.as_deref().map(words::scope).transpose();
    let given = given.map_err(|why| wrong("--phone-settings", &why))?;
    let put = |draft: &mut Draft, scope: Option<_>| {
        draft.phone_settings =
            scope.map(|scope| PhoneSettingsDraft { scope, overrides: None, except: Vec::new() });
    };
    wizard.ask(question, given, words::scope, put).await.map(drop)
}

pub(super) async fn roster(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
    target: &Target,
) -> Result<(), Trouble> {
    let subscribed = found.rows.len();
    let piped = match flags.roster.as_deref() {
        Some("-") => Some(handed_over().await?),
        _ => None,
    };
    let about = format!(
        "What does the roster begin with?\n{}\
         \x20 paste       a list that you paste here\n\
         \x20 FILE.csv    a list from a file: device,id,extension,user, or with a header\n\
         \x20 empty       nothing but the header; you fill it in",
        match subscribed {
            0 => String::new(),
            number => format!("  subscribed  the {number} phones that are subscribed already\n"),
        }
    );
    let question = Question {
        flag: "--roster",
        word: "roster",
        about: &about,
        default: Some(if subscribed == 0 { "empty" } else { "subscribed" }.to_owned()),
    };
    let read = |text: &str| match words::beginning(text)? {
        Beginning::Subscribed if subscribed == 0 => {
            Err("no phone is known to be subscribed: paste, a CSV file, or empty".to_owned())
        }
        Beginning::File(path) => {
            let text = match &piped {
                Some(piped) if path == "-" => piped.clone(),
                _ => read_text(Path::new(&path)).map_err(|why| format!("{path}: {why}"))?,
            };
            list::rows(&path, &text).map(Some)
        }
        Beginning::Subscribed => Ok(Some(found.rows.clone())),
        Beginning::Empty => Ok(Some(Vec::new())),
        Beginning::Pasted => Ok(None),
    };
    let given = flags.roster.as_deref().map(read).transpose();
    let given = given.map_err(|why| wrong("--roster", &why))?;
    if given == Some(None) && !wizard.call.interactive {
        return Err(wrong("--roster", "there is no terminal to paste at: name a file, or `-`"));
    }
    let path = target.roster_name();
    let put = |draft: &mut Draft, rows: Vec<RowDraft>| {
        let who = draft.one_button_sign_in;
        let rows = rows.into_iter().map(|row| fitting(row, who)).collect();
        let agents: &mut AgentsDraft = draft.agents.get_or_insert_default();
        agents.roster = Some(RosterDraft { path: path.clone(), rows });
    };
    let chosen = wizard
        .ask(question, given, read, |draft, rows| put(draft, rows.unwrap_or_default()))
        .await?;
    while let Some(None) = chosen {
        Console::aside("Paste the list, then an empty line:\n");
        let text = wizard.lines().await?;
        match list::rows("the list", &text).and_then(|rows| wizard.take(rows, put)) {
            Ok(()) => break,
            Err(why) => wizard.refuse(&why),
        }
    }
    Ok(())
}

/// The list at standard input.
async fn handed_over() -> Result<String, Trouble> {
    let read = if terminal::is_piped() { terminal::piped(&Stop::default()).await } else { None };
    match read {
        Some(Ok(text)) => Ok(text.expose_secret().to_owned()),
        Some(Err(error)) => Err(wrong("--roster", &format!("standard input: {error}"))),
        None => Err(wrong("--roster", "nothing is handed over at standard input")),
    }
}

/// A row with the values that the administrator fills in.
fn fitting(mut row: RowDraft, who: Option<SignInDraft>) -> RowDraft {
    let theirs = |by: fn(SignInDraft) -> FilledBy| who.map(by) == Some(FilledBy::Administrator);
    if !theirs(|who| who.id) {
        row.id = Cell::Empty;
    }
    if !theirs(|who| who.extension) {
        row.extension = Cell::Empty;
    }
    row
}

fn filled_word(by: FilledBy) -> &'static str {
    match by {
        FilledBy::Administrator => "administrator",
        FilledBy::Agent => "agent",
        FilledBy::SignIn => "sign-in",
    }
}
