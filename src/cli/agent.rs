//! `agent`: one agent's state, sign-in and calls, with the agent's own password or token.

use secrecy::SecretString;

use crate::clients::finesse::{
    AgentClient, AgentCredential, FinesseAccount, FinesseError, FinesseReader, FinesseSettings,
};
use crate::engine::Secrets as _;
use crate::engine::agent::{self, Action, AgentNow, Desk, Renewal, StateWord};
use crate::engine::tokens::{Kept, TokenStore as _};
use crate::outcome::Outcome;
use crate::playbook::{Endpoint, passwords};
use crate::report::agent::AgentReport;
use crate::trouble::Trouble;

use super::Call;
use super::args::{Agent, AgentDesk};
use super::connect::secrets::Vault;
use super::connect::sign_ins;
use super::sso::Shown;
use super::way::{Failure, SpeaksTo, Way, password, travel};

/// Does what is asked.
pub fn agent(call: &Call, action: &Agent) -> Result<Shown, Failure> {
    let flags = action.desk();
    let speaks = if flags.bearer { SpeaksTo::Finesse } else { SpeaksTo::Desk };
    travel(call, &flags.who.playbook, speaks, async |way, vault| {
        let credential = credential(way, flags, vault).await?;
        let (desk, now) = desk(way, flags, &credential).await?;
        let report = AgentReport::new(desk.bearer, credential.refreshed);
        perform(way, action, &desk, now, report).await
    })
}

/// What the agent signs in to the API with.
struct Credential {
    secret: SecretString,
    bearer: bool,
    refreshed: bool,
    /// The kept token, where it is one.
    kept: Option<Kept>,
}

impl Credential {
    fn of(&self, user: &str) -> AgentCredential {
        let secret = self.secret.clone();
        if self.bearer {
            AgentCredential::Bearer(secret)
        } else {
            AgentCredential::Basic(FinesseAccount { user: user.to_owned(), password: secret })
        }
    }
}

/// A kept token where there is one and no password is named; else the password that flags, playbook or person give.
async fn credential(
    way: &Way<'_>,
    flags: &AgentDesk,
    vault: &Vault,
) -> Result<Credential, Trouble> {
    let agent = &flags.who.agent;
    let by_token = flags.bearer || !flags.password.is_named() && way.store.load(agent)?.is_some();
    if by_token {
        let current = way.refreshing().current(agent).await?;
        if let Some(note) = &current.note {
            way.call.console.note(note);
        }
        let (kept, refreshed) = (current.kept, current.refreshed);
        let secret = kept.access.clone();
        return Ok(Credential { secret, bearer: true, refreshed, kept: Some(kept) });
    }
    let listed = if flags.password.is_named() { None } else { listed(way, vault, agent)? };
    let secret = match listed {
        Some(secret) => secret,
        None => password(vault, &flags.password, &format!("password of agent {agent}"))?,
    };
    Ok(Credential { secret, bearer: false, refreshed: false, kept: None })
}

/// The agent's password in the playbook's list.
fn listed(way: &Way<'_>, vault: &Vault, agent: &str) -> Result<Option<SecretString>, Trouble> {
    use secrecy::ExposeSecret as _;
    let Some(place) = &way.deployment.agents.passwords else { return Ok(None) };
    if !vault.available(place) {
        return Ok(None);
    }
    let text = vault.resolve(place)?;
    // What is wrong with the list is validate's matter; an agent who is not found in it is asked for.
    let all = passwords("agents.passwords", text.expose_secret()).unwrap_or_default();
    Ok(all.get(agent).cloned())
}

/// The node that serves agents now, and the agent there.
async fn desk<'a>(
    way: &'a Way<'_>,
    flags: &AgentDesk,
    credential: &Credential,
) -> Result<(Desk<'a>, AgentNow), Trouble> {
    let endpoint = serving(way).await?;
    let named = flags.who.agent.as_str();
    let client = client(way, &endpoint, credential.of(named))?;
    let login_id = credential.kept.as_ref().and_then(|kept| kept.login_id.as_deref());
    let asked = login_id.unwrap_or(named);
    let failed =
        |error: &FinesseError| agent::trouble(error, credential.bearer, named, &client, way.file);
    let now = client.now(asked).await.map_err(|error| failed(&error))?;
    let now = now.ok_or_else(|| agent::unknown(named))?;
    let id = now.user.login_id.clone();
    // Where the login name was given, a password belongs to the id all the same: Finesse compares the two.
    let client =
        if id == named { client } else { self::client(way, &endpoint, credential.of(&id))? };
    if !agent::signed_in(&now) {
        sign_ins::forget(&way.link.state, &id);
    }
    let own = sign_ins::extension(&way.link.state, &id);
    let renewal =
        credential.kept.clone().map(|kept| Renewal { refreshing: way.refreshing(), kept });
    let desk = Desk {
        client,
        bearer: credential.bearer,
        renewal,
        id,
        playbook: way.file,
        stop: way.stop,
        own,
        disturb: flags.disturb,
    };
    Ok((desk, now))
}

fn client(
    way: &Way<'_>,
    endpoint: &Endpoint,
    credential: AgentCredential,
) -> Result<AgentClient, Trouble> {
    let (http, refusals) = (way.link.http.clone(), way.call.refusals.clone());
    let client = AgentClient::new(endpoint.clone(), http, credential, refusals);
    client.map_err(|error| error.trouble(endpoint.to_string()))
}

/// The first node that says that it is in service; the primary when none does.
async fn serving(way: &Way<'_>) -> Result<Endpoint, Trouble> {
    let finesse = &way.deployment.finesse;
    let Some(secondary) = &finesse.secondary else { return Ok(finesse.primary.api.clone()) };
    for node in [&finesse.primary, secondary] {
        way.stop.check()?;
        let reader = FinesseReader::new(FinesseSettings {
            endpoint: node.api.clone(),
            account: None,
            http: way.link.http.clone(),
            patience: std::time::Duration::ZERO,
            on_wait: std::sync::Arc::new(|_| ()),
            stop: way.stop.clone(),
            refusals: way.call.refusals.clone(),
        });
        match reader.system_info().await {
            Ok(info) if info.healthy() => return Ok(node.api.clone()),
            // A node that tells nobody without a credential may well serve agents.
            Err(FinesseError::CredentialWanted { .. }) => return Ok(node.api.clone()),
            Err(error @ FinesseError::Certificate(_)) => {
                return Err(error.trouble(node.api.to_string()));
            }
            Ok(_) => way.call.console.note(&format!("{} is not in service", node.api)),
            Err(error) => way.call.console.note(&format!("{}: {error}", node.api)),
        }
    }
    Ok(finesse.primary.api.clone())
}

async fn perform(
    way: &Way<'_>,
    action: &Agent,
    desk: &Desk<'_>,
    now: AgentNow,
    report: AgentReport,
) -> Result<Shown, Trouble> {
    let (state, extension, reason) = match action {
        Agent::State { .. } => return Ok(shown(&report.agent(&now), Outcome::Done)),
        Agent::Dialogs { .. } => {
            return Ok(shown(&report.dialogs(&desk.dialogs().await?), Outcome::Done));
        }
        Agent::Call { to, .. } => {
            let (dialogs, ended) = desk.call(to).await?;
            return Ok(shown(&report.dialogs(&dialogs).ended(ended), ended.outcome()));
        }
        Agent::Answer { dialog, .. } => {
            let (dialogs, ended) = desk.act(Action::Answer, dialog.as_deref()).await?;
            return Ok(shown(&report.dialogs(&dialogs).ended(ended), ended.outcome()));
        }
        Agent::Drop { dialog, .. } => {
            let (dialogs, ended) = desk.act(Action::Drop, dialog.as_deref()).await?;
            return Ok(shown(&report.dialogs(&dialogs).ended(ended), ended.outcome()));
        }
        Agent::Ready { .. } => (StateWord::Ready, None, None),
        Agent::NotReady { reason, .. } => (StateWord::NotReady, None, reason.as_deref()),
        Agent::Logout { reason, .. } => (StateWord::Logout, None, reason.as_deref()),
        Agent::Login { extension, .. } => (StateWord::Login, Some(extension.clone()), None),
    };
    // Noted before anything is seen of it: whoever is accepted may come in after the last look.
    let accepted = || match &extension {
        Some(extension) => sign_ins::note(&way.link.state, &desk.id, extension),
        None => Ok(()),
    };
    let (now, ended) = desk.change(state, extension.clone(), reason, accepted).await?;
    if state == StateWord::Logout && ended == agent::Ended::Reached {
        sign_ins::forget(&way.link.state, &desk.id);
    }
    Ok(shown(&report.agent(&now).ended(ended), ended.outcome()))
}

fn shown(report: &AgentReport, outcome: Outcome) -> Shown {
    (report.text(), report.fields(), outcome)
}
