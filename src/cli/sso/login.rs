//! `sso login`: with a browser and a person, by filling in forms, or from a file.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use crate::clients::finesse::{AgentClient, AgentCredential};
use crate::clients::sso::{Granted, SignIn, SsoError, Unread, address, answer, claims, sign_in};
use crate::engine::agent;
use crate::engine::tokens::{Kept, TokenStore as _};
use crate::outcome::Outcome;
use crate::playbook::Product;
use crate::playbook::release::{asserts_with_alias, takes_token_parameters};
use crate::trouble::Trouble;

use super::super::args::SsoLogin;
use super::super::connect::secrets::Vault;
use super::super::connect::{files, terminal};
use super::super::console::Console;
use super::super::way::{Failure, SpeaksTo, Way, password, travel};
use super::super::{Call, browser};
use super::{Shown, shown, view};

/// Signs in, and keeps the tokens.
pub(super) fn login(call: &Call, flags: &SsoLogin) -> Result<Shown, Failure> {
    let speaks = if flags.idp.is_some() { SpeaksTo::SignIn } else { SpeaksTo::Finesse };
    travel(call, &flags.who.playbook, speaks, async |way, vault| {
        let granted = if flags.idp.is_some() {
            by_forms(way, flags, vault).await?
        } else {
            let text = handed_over(way, flags).await?;
            answer::read(text.expose_secret().as_bytes()).map_err(|why| unread(way, flags, why))?
        };
        if granted.refresh.is_none() {
            call.console.note(
                "sso-release: no refresh token came although it was asked for; this release may give it as a cookie only",
            );
        }
        let by_claims = claims(granted.access.expose_secret()).and_then(|claims| claims.user_id);
        let users: Vec<String> = granted.user_id.clone().into_iter().chain(by_claims).collect();
        let mut kept = Kept::new(&flags.who.agent, granted, Timestamp::now());
        if !flags.unchecked {
            kept.login_id = whose(way, flags, &kept, &users).await?;
        }
        let held = way.refreshing().hold(&kept.agent).await?;
        way.store.keep(&kept)?;
        drop(held);
        let (text, fields, outcome) = shown(vec![view(way, &kept)], Outcome::Done);
        Ok((
            format!("signed in; the tokens are kept in {}\n{text}", way.link.state.display()),
            fields,
            outcome,
        ))
    })
}

async fn by_forms(way: &Way<'_>, flags: &SsoLogin, vault: &Vault) -> Result<Granted, Trouble> {
    let declared = way.deployment.sso.as_ref();
    if declared.is_none_or(|sso| sso.ids.is_empty() || sso.idp.is_empty()) {
        return Err(Trouble::new(
            "sso-hosts-missing",
            Outcome::Usage,
            "The playbook does not name the hosts of a sign-in",
        )
        .at(way.file)
        .because("without sso.ids and sso.idp nobody knows where a password may go")
        .then("add to the playbook: sso: { ids: ids.example.com:8553, idp: [adfs.example.com] }"));
    }
    let user = flags.idp_user.clone().unwrap_or_default();
    let password = password(
        vault,
        &flags.password,
        &format!("credentials at the identity provider, password of {user}"),
    )?;
    let agent = &flags.who.agent;
    let who = SignIn { user, password };
    let signed = sign_in(way.settings(), agent, &who).await;
    let finesse = &way.deployment.finesse;
    if signed.old_address
        && finesse.product == Product::Uccx
        && asserts_with_alias(&finesse.release)
    {
        way.call.console.note(
            "sso-acs-url: the identity provider sends its answer to an address without ?metaAlias=/sp, which UCCX 12.5(1)SU2 \
             and later expect; import the service provider's metadata into it again",
        );
    }
    signed.result.map_err(|(place, error)| {
        if let SsoError::UnknownPage { .. } = &error {
            way.call.console.note("sso-browser-needed: this sign-in needs a browser and a person");
        }
        way.stop.check().err().unwrap_or_else(|| error.trouble(&place, agent))
    })
}

/// The JSON, from a file, from another program, or from a person with a browser.
async fn handed_over(way: &Way<'_>, flags: &SsoLogin) -> Result<SecretString, Trouble> {
    let failed = |why: String| {
        Trouble::new("sso-answer-absent", Outcome::Usage, "No tokens are handed over")
            .because(why)
            .then("copy the JSON text that the browser shows after the sign-in into --token-file FILE, or pipe it in")
    };
    match flags.token_file.as_deref() {
        Some("-") => return taken(way, failed).await,
        Some(path) => {
            return from_file(path, way.call.global.sandbox).map_err(|why| failed(why).at(path));
        }
        None => {}
    }
    let address = address(&way.settings().finesse, &flags.who.agent);
    let release = &way.deployment.finesse.release;
    if takes_token_parameters(release) == Some(false) {
        let note =
            format!("sso-release: Finesse {release} may ignore the parameters of this address");
        way.call.console.note(&note);
    }
    if flags.open
        && let Err(why) = browser::open(&address)
    {
        way.call.console.note(&format!("the browser cannot be opened: {why}"));
    }
    Console::aside(&format!(
        "Sign in as agent {} in a browser at\n\n  {address}\n\n",
        flags.who.agent
    ));
    if terminal::is_piped() {
        let text = taken(way, failed).await?;
        if text.expose_secret().trim().is_empty() {
            return Err(failed("standard input is empty".to_owned()));
        }
        return Ok(text);
    }
    if !way.call.interactive {
        return Err(failed("there is nobody to paste it".to_owned()));
    }
    Console::aside(
        "then copy the JSON text that it shows, from { to }, and paste it here. It is not shown.\n",
    );
    taken(way, failed).await
}

/// What standard input holds: piped in, or pasted at a terminal, where it is not shown.
async fn taken(way: &Way<'_>, failed: fn(String) -> Trouble) -> Result<SecretString, Trouble> {
    if terminal::is_piped() {
        let piped = terminal::piped(way.stop).await;
        way.stop.check()?;
        let piped = piped.ok_or_else(|| failed("standard input was not read".to_owned()))?;
        return piped.map_err(|error| failed(error.to_string()));
    }
    let pasted = terminal::pasted(way.stop, answer::complete).await;
    way.stop.check()?;
    pasted.ok_or_else(|| failed("nothing was pasted".to_owned()))
}

fn from_file(path: &str, sandbox: bool) -> Result<SecretString, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    if files::open_to_others(&file).map_err(|error| error.to_string())? && !sandbox {
        return Err(format!("it can be read by others than its owner (chmod 600 {path})"));
    }
    files::read_text(std::path::Path::new(path)).map(SecretString::from)
}

fn unread(way: &Way<'_>, flags: &SsoLogin, why: Unread) -> Trouble {
    let error = match why {
        Unread::Error { error, description } => SsoError::Identity { error, description },
        Unread::Other(why) => {
            return Trouble::new(
                "sso-answer-unreadable",
                Outcome::Failed,
                "What was handed over is not the answer of a token call",
            )
            .because(why)
            .then("copy the whole JSON text that the browser shows, from { to }");
        }
    };
    error.trouble(&way.settings().finesse, &flags.who.agent)
}

/// Asks Finesse with the new token, which shows that it works. Whose it is say `users`, from the answer or the token itself:
/// a supervisor's token can ask for the agents of a team, too.
async fn whose(
    way: &Way<'_>,
    flags: &SsoLogin,
    kept: &Kept,
    users: &[String],
) -> Result<Option<String>, Trouble> {
    let (endpoint, http) = (way.settings().finesse.clone(), way.link.http.clone());
    let credential = AgentCredential::Bearer(kept.access.clone());
    let agent = &flags.who.agent;
    let client = AgentClient::new(endpoint.clone(), http, credential, way.call.refusals.clone());
    let client = client.map_err(|error| error.trouble(endpoint.to_string()))?;
    match client.now(agent).await {
        Ok(Some(now)) => {
            let (id, name) = (&now.user.login_id, now.user.login_name.as_deref());
            if let Some(other) = users.iter().find(|user| !names(user, id, name)) {
                return Err(somebody_elses(other, agent));
            }
            let id = now.user.login_id;
            if id != *agent {
                let note = format!(
                    "sso-user-id: {agent} is a login name; the loginId {id} is used from now on"
                );
                way.call.console.note(&note);
            }
            Ok(Some(id))
        }
        Ok(None) => Err(agent::unknown(agent)),
        Err(error) if error.may_pass() => {
            way.call.console.note(&format!("the token could not be tried: {error}"));
            Ok(None)
        }
        Err(error) => Err(agent::trouble(&error, true, agent, &client, way.file)),
    }
}

/// Whether a token's user is this agent. Either name may have a realm that the other leaves out.
fn names(user: &str, login_id: &str, login_name: Option<&str>) -> bool {
    let local = |name: &str| name.split('@').next().unwrap_or_default().to_lowercase();
    let same = |name: &str| {
        let both = user.contains('@') && name.contains('@');
        if both { user.to_lowercase() == name.to_lowercase() } else { local(user) == local(name) }
    };
    same(login_id) || login_name.is_some_and(same)
}

fn somebody_elses(user: &str, agent: &str) -> Trouble {
    Trouble::new("sso-token-refused", Outcome::Denied, "The token is not this agent's")
        .at(format!("agent {agent}"))
        .because(format!("it is of the user {user}; it is not kept"))
        .then("sign in as the agent, in a browser that is not signed in as somebody else")
}

#[cfg(test)]
mod tests {
    use super::{names, somebody_elses};
    use crate::outcome::Outcome;

    #[test]
    fn a_token_is_its_users_alone() {
        let is = |user: &str, login_name: &str| names(user, "1001", Some(login_name));
        for own in ["1001", "agent1", "AGENT1", "agent1@example.com"] {
            assert!(is(own, "Agent1"), "{own}");
        }
        for other in ["1002", "boss", "agent11", "", "10011", "boss@example.com"] {
            assert!(!is(other, "Agent1"), "{other}");
        }
        assert!(
            is("agent1", "agent1@example.com") && !is("agent1@example.org", "agent1@example.com")
        );
        assert!(!names("boss", "1001", None));
        let trouble = somebody_elses("boss", "1001");
        assert_eq!((trouble.outcome, trouble.code), (Outcome::Denied, "sso-token-refused"));
        assert!(trouble.why.contains("boss"));
    }
}
