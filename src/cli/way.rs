//! What `sso` and `agent` share: the playbook, the way to Finesse and to the hosts of a sign-in, and the orderly end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use secrecy::SecretString;

use crate::clients::sso::{Allowed, SsoSettings};
use crate::engine::tokens::Refreshing;
use crate::engine::{Secrets as _, Stop};
use crate::outcome::Outcome;
use crate::playbook::{Deployment, Endpoint, Location, RefreshForm, SecretRef, SecretSource};
use crate::report::Section;
use crate::trouble::Trouble;

use super::Call;
use super::args::Password;
use super::connect::secrets::Vault;
use super::connect::tokens::TokenFiles;
use super::interrupt::{Ended, guard, unwritten};
use super::link::Link;
use super::load::{Loaded, load};
use super::meeting::Servers;

/// Why a command ends without a result.
#[derive(Debug)]
pub enum Failure {
    /// For this reason.
    Trouble(Trouble),
    /// The playbook does not validate.
    Invalid(Box<Section>),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// An open way to one deployment's Finesse.
#[derive(Debug)]
pub struct Way<'a> {
    /// The call.
    pub call: &'a Call,
    /// The playbook, as the command line names it.
    pub file: &'a str,
    /// What it declares.
    pub deployment: &'a Deployment,
    /// Connections, and the state folder.
    pub link: &'a Link,
    /// Ends waits.
    pub stop: &'a Stop,
    /// The agents' tokens.
    pub store: TokenFiles,
    settings: SsoSettings,
}

/// Whom a command speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeaksTo {
    /// Nobody: it looks into the state folder.
    Nobody,
    /// Finesse, for an agent with a token.
    Finesse,
    /// Finesse, for an agent with a password.
    Desk,
    /// Finesse and the hosts of a sign-in.
    SignIn,
}

/// Opens the way, does the work, and passes on Ctrl-C and the deadline.
pub fn travel<T>(
    call: &Call,
    file: &str,
    speaks: SpeaksTo,
    work: impl AsyncFnOnce(&Way<'_>, &Vault) -> Result<T, Trouble>,
) -> Result<T, Failure> {
    let Loaded { deployment, warnings } =
        load(file, call.console.aside.color).map_err(Failure::Invalid)?;
    // Of a playbook's warnings, those that are these commands' matter.
    for warning in warnings.iter().filter(|warning| warning.code.starts_with("sso-")) {
        call.console.note(&format!("{}: {}", warning.code, warning.message));
    }
    let runtime = super::runtime()?;
    let vault = Vault::new(call.interactive, call.global.sandbox).naming(&deployment);
    let servers = match speaks {
        SpeaksTo::Nobody => None,
        SpeaksTo::Finesse | SpeaksTo::Desk => Some(servers(&deployment, false)),
        SpeaksTo::SignIn => Some(servers(&deployment, true)),
    };
    let servers = servers.filter(|_| call.interactive);
    let sso = speaks != SpeaksTo::Desk;
    let link = Link::to_finesse(&call.global, &deployment, &vault, (servers, sso), &call.refusals);
    let link = runtime.block_on(unwritten(link))?;
    if link.sandbox_control().is_some() {
        call.sandboxed.store(true, Ordering::Relaxed);
    }
    let stop = Stop::default();
    let settings = SsoSettings {
        finesse: deployment.finesse.primary.api.clone(),
        allowed: Allowed::of(&deployment),
        http: link.http.clone(),
        refusals: call.refusals.clone(),
        stop: stop.clone(),
    };
    let store = TokenFiles::new(&link.state);
    let way =
        Way { call, file, deployment: &deployment, link: &link, stop: &stop, store, settings };
    let deadline = call.global.deadline.map(Duration::from_secs);
    let deadline = deadline.map(|deadline| deadline.saturating_sub(call.began.elapsed()));
    let say = |text: &str| call.console.note(text);
    let ended = runtime.block_on(guard(work(&way, &vault), &stop, deadline, say));
    for note in vault.take_notes().iter().chain(&link.http.settings().trust.take_warnings()) {
        call.console.note(note);
    }
    match ended {
        Ended::Finished(result) => result.map_err(Failure::Trouble),
        Ended::Left => {
            let what = "Left at once, calls in flight were not awaited";
            Err(Trouble::new("interrupted", Outcome::Interrupted, what).into())
        }
    }
}

fn servers(deployment: &Deployment, sign_in: bool) -> Servers {
    let finesse = &deployment.finesse;
    let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    let mut tls: Vec<Endpoint> = nodes.map(|node| node.api.clone()).collect();
    if let Some(sso) = deployment.sso.as_ref().filter(|_| sign_in) {
        tls.extend(sso.ids.iter().chain(&sso.idp).cloned());
    }
    Servers { tls, shells: Vec::new() }
}

impl Way<'_> {
    /// The way to tokens.
    pub fn settings(&self) -> &SsoSettings {
        &self.settings
    }

    /// How a token is refreshed.
    pub fn form(&self) -> RefreshForm {
        self.deployment.sso.as_ref().map_or(RefreshForm::default(), |sso| sso.refresh)
    }

    /// What it takes to refresh a token.
    pub fn refreshing(&self) -> Refreshing<'_> {
        Refreshing {
            store: &self.store,
            settings: &self.settings,
            form: self.form(),
            playbook: self.file,
        }
    }
}

/// The password that the flags name, or a person types. `whose` is what the question says.
pub fn password(vault: &Vault, flags: &Password, whose: &str) -> Result<SecretString, Trouble> {
    let (flag, source) = if let Some(name) = &flags.password_env {
        ("--password-env", SecretSource::Env(name.clone()))
    } else if let Some(path) = &flags.password_file {
        ("--password-file", SecretSource::File(path.clone()))
    } else if flags.password_command.is_empty() {
        ("--password-env", SecretSource::Prompt)
    } else {
        ("--password-command", SecretSource::Command(flags.password_command.clone()))
    };
    let at = Location { file: Arc::from(flag), line: 1, column: 1 };
    vault.resolve(&SecretRef { source, purpose: whose.to_owned(), at }).map_err(|trouble| {
        Trouble { place: flag.to_owned(), ..trouble }.then(
            "give --password-env, --password-file or --password-command, or run at a terminal",
        )
    })
}
