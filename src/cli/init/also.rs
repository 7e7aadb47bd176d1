//! Questions about what else a playbook does, and the accounts that this takes.

use crate::cli::args::Init;
use crate::playbook::draft::{
    AccountDraft, CertificatesDraft, Draft, FinesseSettingsDraft, RestartDraft,
};
use crate::playbook::{RestartWhen, SettingsMode, TrustMode};
use crate::trouble::Trouble;

use super::questions::{beside, place_of};
use super::wizard::{Question, Wizard, wrong};
use super::words;

pub(super) async fn also(wizard: &mut Wizard<'_>, flags: &Init) -> Result<(), Trouble> {
    let question = Question {
        flag: "--also",
        word: "also",
        about: "What else shall the playbook do? One or both, with a comma, or none\n\
                \x20 finesse-settings  IP Phone Agent Settings: a person enters them, step by step\n\
                \x20 certificates      compares what CUCM and Finesse present with their trust stores",
        default: Some("finesse-settings,certificates".to_owned()),
    };
    let given = flags.also.as_deref().map(words::also).transpose();
    let given = given.map_err(|why| wrong("--also", &why))?;
    let put = |draft: &mut Draft, also: words::Also| {
        let settings = FinesseSettingsDraft { mode: SettingsMode::Operator, site: None };
        draft.finesse_settings = also.settings.then_some(settings);
        let never = RestartDraft { finesse_tomcat: RestartWhen::Never, between_nodes: None };
        draft.restart = also.settings.then_some(never);
        draft.certificates = also.certificates.then_some(CertificatesDraft {
            finesse_tomcat_trust: TrustMode::Verify,
            cucm_phone_trust: TrustMode::Verify,
            via: Vec::new(),
        });
    };
    let also = wizard.ask(question, given, words::also, put).await?;
    let administrator = flags.site.finesse_user.clone();
    if let Some(user) = administrator {
        let password = place_of("--finesse-password", flags.site.finesse_password.as_ref())?;
        let password =
            password.unwrap_or_else(|| beside(&wizard.draft, "FINESSE_PASSWORD", "finesse"));
        wizard.draft.credentials.finesse = Some(AccountDraft { user, password });
    }
    if also.is_some_and(|also| also.settings) || flags.site.finesse_os_user.is_some() {
        return platform(wizard, flags).await;
    }
    Ok(())
}

/// Who restarts Finesse's Tomcat.
async fn platform(wizard: &mut Wizard<'_>, flags: &Init) -> Result<(), Trouble> {
    let question = Question {
        flag: "--finesse-os-user",
        word: "OS user",
        about: "The platform administrator of the Finesse nodes, or none\n\
                Settings take effect after a restart of Finesse Tomcat over SSH, primary first. \
                With none, somebody else restarts, and it is said when.",
        default: Some("none".to_owned()),
    };
    let given = place_of("--finesse-os-password", flags.site.finesse_os_password.as_ref())?;
    let password =
        given.unwrap_or_else(|| beside(&wizard.draft, "FINESSE_OS_PASSWORD", "finesse-os"));
    let put = |draft: &mut Draft, user: String| {
        let user = Some(user).filter(|user| user != "none");
        draft.restart = draft.restart.take().filter(|_| user.is_none());
        let password = password.clone();
        draft.credentials.finesse_platform = user.map(|user| AccountDraft { user, password });
    };
    let given = flags.site.finesse_os_user.clone();
    wizard.ask(question, given, words::text, put).await.map(drop)
}
