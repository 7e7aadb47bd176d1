//! What a first playbook tells its reader beside the answers.

use crate::playbook::draft::{Draft, EDITOR};
use crate::playbook::{FilledBy, SecretSource};

use super::found::Found;

/// Adds the comments. `file` is the playbook, as a command line names it.
pub(super) fn comments(draft: &mut Draft, found: &Found, file: &str, sandbox: bool) {
    let embedded = if sandbox { " --sandbox" } else { "" };
    draft.heading = vec![
        format!(
            "IP Phone Agent on {}, begun by `ippactl init`. Every key is explained in",
            draft.cucm.publisher
        ),
        "playbooks/reference.yaml of ippactl. Look through it, then:".to_owned(),
        String::new(),
        format!("  ippactl plan {file}{embedded}"),
    ];
    draft.heading.extend(EDITOR.map(str::to_owned));
    draft.note("finesse", "Product and release are as they were said: no interface tells them.");
    draft.note(
        "credentials",
        "Each account is a user and the place of its password, never the password.",
    );
    draft.note(
        "application_user",
        "The user that Finesse pushes screens with. It gets the roster's phones and two groups.",
    );
    if draft.application_user.uccx_rmcm.is_some() {
        draft.note("application_user.uccx_rmcm", "has to control the same phones: verify | add");
    }
    if draft.phone_settings.is_some() {
        draft.note("phone_settings.scope", "phones | common-phone-profile | enterprise");
    } else {
        draft.note(
            "phone_settings",
            "phone_settings is left out: Web Access and HTTPS Server of the phones are left alone.",
        );
    }
    draft.note(
        "phone_services",
        "One service for each Finesse node. URLs and parameters follow from the rest.",
    );
    draft.note("phone_services.subscription", "manual | enterprise | self-care");
    services(draft);
    if draft.one_button_sign_in.is_some() {
        draft.note(
            "one_button_sign_in",
            "Who fills each in: administrator | agent | sign-in (typed each time).",
        );
    } else {
        draft.note("one_button_sign_in", "one_button_sign_in is left out: agents type id, extension and password at each sign-in.");
    }
    agents(draft);
    if draft.finesse_settings.is_some() {
        draft.note(
            "finesse_settings",
            "A person enters them: the plan shows the page and what to type.",
        );
    } else {
        draft.note(
            "finesse_settings",
            "finesse_settings is left out: somebody else gives Finesse the application user.",
        );
    }
    if draft.certificates.is_some() {
        draft.note("certificates", "verify: what is missing is found. import puts it there, which takes accounts of the platforms.");
    }
    if draft.restart.is_some() {
        draft.note(
            "restart",
            "Somebody else restarts Finesse Tomcat; it is said when a restart is owed.",
        );
    }
    draft.left_out = found.left_out(&draft.application_user.id);
    draft.left_out.extend(found.not_looked_at.iter().map(|what| format!("not looked at: {what}")));
}

fn services(draft: &mut Draft) {
    let renamed = [
        ("phone_services.primary", draft.phone_services.primary.adopt.is_some()),
        (
            "phone_services.secondary",
            draft.phone_services.secondary.as_ref().is_some_and(|own| own.adopt.is_some()),
        ),
    ];
    for (path, _) in renamed.into_iter().filter(|(_, renamed)| *renamed) {
        draft.note(path, "renames the service that is there; its subscribers stay");
    }
}

fn agents(draft: &mut Draft) {
    let Some(agents) = &draft.agents else { return };
    let empty = agents.roster.as_ref().is_some_and(|roster| roster.rows.is_empty());
    if empty {
        draft.note("agents.roster", "a header only so far: fill it in");
    }
    let who = draft.one_button_sign_in;
    if who.is_some_and(|who| who.password == FilledBy::Administrator) {
        draft.note(
            "agents.passwords",
            "two columns id,password; readable by you alone, kept out of git",
        );
    }
}

/// Every place of a secret that the playbook names, with what it is for.
pub(super) fn secrets(draft: &Draft) -> Vec<(&'static str, &SecretSource)> {
    use crate::playbook::draft::PasswordsDraft;
    let credentials = &draft.credentials;
    let mut all = vec![("credentials.axl.password", &credentials.axl.password)];
    let others = [
        ("credentials.finesse.password", &credentials.finesse),
        ("credentials.finesse_platform.password", &credentials.finesse_platform),
        ("credentials.cucm_platform.password", &credentials.cucm_platform),
        ("credentials.serviceability.password", &credentials.serviceability),
    ];
    for (purpose, account) in others {
        all.extend(account.as_ref().map(|account| (purpose, &account.password)));
    }
    all.push(("application_user.password", &draft.application_user.password));
    if let Some(PasswordsDraft::At(source)) =
        draft.agents.as_ref().and_then(|agents| agents.passwords.as_ref())
    {
        all.push(("agents.passwords", source));
    }
    all
}
