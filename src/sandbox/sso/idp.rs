//! An identity provider like AD FS: forms sign-in, its session, and the pages of other kinds that it may show.
//!
//! Source: facts/finesse.md section 10.5. The account of an agent is `EXAMPLE\<login name>` or `<login name>@example.com`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{Fields, cookie, is_form};
use super::ids;
use super::knobs::{Assertions, Broken, First, SignOnKnobs, Then};
use super::pages;
use super::record::Asked;
use super::state::{Assertion, PATIENCE, SamlRequest, fresh};
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::knobs::Knobs;
use crate::sandbox::finesse::roster;
use crate::sandbox::options::SignOnHosts;
use crate::sandbox::site::Site;

/// Its session.
const SESSION: &str = "MSISAuth";
/// Its own accounts, among other providers.
const HOME: &str = "AD AUTHORITY";
/// How long a session lasts.
const DAY: Duration = Duration::from_hours(8);

/// What a wrong account or password is told.
const WRONG: &str =
    "Incorrect user ID or password. Type the correct user ID and password, and try again.";

struct Visit<'a> {
    site: &'a Site,
    hosts: &'a SignOnHosts,
    asked: &'a Asked<'a>,
    knobs: Knobs,
    query: Fields,
    request: SamlRequest,
    relay: String,
}

/// Answers.
pub fn answer(site: &Site, hosts: &SignOnHosts, asked: &Asked<'_>) -> Reply {
    if !matches!(asked.path, "/adfs/ls" | "/adfs/ls/") {
        return Reply::html(404, "404 Not Found");
    }
    if !matches!(asked.method, "GET" | "POST") {
        return Reply { status: 405, ..Reply::default() };
    }
    let knobs = site.finesse(|cluster, _| cluster.knobs.clone());
    let query = Fields::of(asked.query);
    let relay = query.get("RelayState").unwrap_or_default().to_owned();
    let request = site.front().sso.requests.look(&relay).cloned();
    // Only what the Identity Service has asked is answered.
    let request = request.filter(|own| query.get("SAMLRequest") == Some(own.text.as_str()));
    let broken = knobs.sso.broken == Broken::RelyingParty;
    let Some(request) = request.filter(|_| !broken) else {
        return Reply::page(200, pages::provider_error());
    };
    let visit = Visit { site, hosts, asked, knobs, query, request, relay };
    if asked.method == "GET" { visit.get() } else { visit.post() }
}

impl Visit<'_> {
    fn sso(&self) -> &SignOnKnobs {
        &self.knobs.sso
    }

    /// The address of the form: this page, with an id for the provider's log.
    fn action(&self, whole: bool) -> String {
        let own: Vec<&str> = self
            .asked
            .query
            .split('&')
            .filter(|pair| !pair.starts_with("client-request-id="))
            .collect();
        let path = format!("/adfs/ls/?{}&client-request-id={}", own.join("&"), fresh());
        if whole { format!("https://{}{path}", self.authority()) } else { path }
    }

    /// This provider as it was addressed.
    fn authority(&self) -> String {
        let own = self.hosts.idp.iter().find(|own| own.host == self.asked.host);
        own.map(SignOnHosts::authority).unwrap_or_default()
    }

    fn outside(&self) -> String {
        format!("https://{}", SignOnHosts::authority(&self.hosts.stranger))
    }

    fn get(&self) -> Reply {
        let session = cookie(self.asked.headers, SESSION).unwrap_or_default();
        let agent = self.site.front().sso.sessions.look(&session).cloned();
        if let Some(agent) = agent {
            return self.assert(&agent);
        }
        self.first()
    }

    /// Whether the visitor has chosen this provider.
    fn at_home(&self) -> bool {
        self.query.get("RedirectToIdentityProvider") == Some(HOME)
    }

    fn first(&self) -> Reply {
        match self.sso().first {
            First::HomeRealm if !self.at_home() => {
                let realms = [(HOME, "Example"), ("partner", "Partner")];
                Reply::page(200, pages::home_realm(&self.action(self.sso().whole_action), &realms))
            }
            First::Login | First::HomeRealm | First::OutsideForm => self.form("", None),
            First::Certificate => Reply::page(200, pages::certificate(&self.action(false))),
            First::Windows => {
                Reply { challenge: Some("Negotiate"), ..Reply::html(401, "401 - Unauthorized") }
            }
            First::OutsideRedirect => Reply::moved(format!("{}/sign-in", self.outside())),
        }
    }

    fn form(&self, user: &str, wrong: Option<&str>) -> Reply {
        let context = self.site.front().sso.contexts.give((), PATIENCE);
        let action = if self.sso().first == First::OutsideForm {
            format!("{}/adfs/ls/", self.outside())
        } else {
            self.action(self.sso().whole_action)
        };
        Reply::page(200, pages::login(&action, &context, user, wrong))
    }

    fn post(&self) -> Reply {
        if !is_form(self.asked.headers) {
            return Reply::page(200, pages::provider_error());
        }
        let form = Fields::of_body(self.asked.body);
        if self.sso().first == First::HomeRealm && !self.at_home() {
            return match form.get("HomeRealmSelection") {
                Some(HOME) => {
                    let to =
                        format!("{}&RedirectToIdentityProvider=AD+AUTHORITY", self.action(true));
                    Reply::moved(to)
                }
                Some(_) => Reply::moved(format!("{}/sign-in", self.outside())),
                None => self.first(),
            };
        }
        if !matches!(self.sso().first, First::Login | First::HomeRealm) {
            return self.first();
        }
        let user = form.get("UserName").unwrap_or_default();
        if form.get("AuthMethod") != Some("FormsAuthentication") {
            return self.form(user, Some("The sign-in method is not available."));
        }
        let context = form.get("Context").unwrap_or_default();
        let shown = self.site.front().sso.contexts.take(context).is_some();
        if self.sso().context && !shown {
            return self.form(user, Some("This page is too old. Try again."));
        }
        match self.signed_in(user, form.get("Password").unwrap_or_default()) {
            Ok(agent) => self.then(&agent),
            Err(why) => self.form(user, Some(why)),
        }
    }

    /// The agent whose account and password these are.
    fn signed_in(&self, user: &str, password: &str) -> Result<String, &'static str> {
        let realm = format!("@{}", self.hosts.realm);
        let domain = user.split_once('\\').filter(|(domain, _)| {
            domain.eq_ignore_ascii_case(self.hosts.realm.split('.').next().unwrap_or_default())
        });
        let name = domain.map(|(_, name)| name).or_else(|| user.strip_suffix(&realm));
        let name = name.or_else(|| (!self.sso().domain).then_some(user));
        let Some(name) = name else {
            return Err("Enter your user ID in the format \"domain\\user\" or \"user@domain\".");
        };
        let agents = roster::agents(&self.knobs);
        let agent = agents.iter().find(|agent| agent.login == name).ok_or(WRONG)?;
        let mut front = self.site.front();
        let tries = front.sso.wrong.entry(agent.id.clone()).or_default();
        if *tries >= self.knobs.sso.lock_after {
            return Err("Your account is locked. Try again later.");
        }
        if password != self.hosts.password {
            *tries += 1;
            return Err(WRONG);
        }
        *tries = 0;
        Ok(agent.id.clone())
    }

    /// What comes after the right password.
    fn then(&self, agent: &str) -> Reply {
        match self.sso().then {
            Then::Mfa => Reply::page(200, pages::second_factor(&self.action(false))),
            Then::PasswordExpired => {
                Reply::page(200, pages::expired("/adfs/portal/updatepassword/"))
            }
            Then::SignedIn | Then::OutsideForm => {
                let lasts = if self.sso().remembers { DAY } else { Duration::from_secs(30) };
                let id = self.site.front().sso.sessions.give(agent.to_owned(), lasts);
                let mut reply = Reply::moved(self.action(true));
                let attributes = "Path=/adfs; Secure; HttpOnly; SameSite=None";
                reply.cookies = vec![format!("{SESSION}={id}; {attributes}")];
                reply
            }
        }
    }

    /// The page that brings the assertion to the Identity Service.
    fn assert(&self, agent: &str) -> Reply {
        let assertion = Assertion { request: self.request.id.clone(), agent: agent.to_owned() };
        let (wanted, stale) = ids::consumers(self.site, self.hosts);
        let action = match (self.sso().then, self.sso().assertions) {
            (Then::OutsideForm, _) => format!("{}/ids/saml/response", self.outside()),
            (Then::SignedIn | Then::Mfa | Then::PasswordExpired, Assertions::AsWanted) => wanted,
            (Then::SignedIn | Then::Mfa | Then::PasswordExpired, Assertions::Stale) => stale,
        };
        let mut front = self.site.front();
        if !self.sso().remembers {
            // The session was for the one way back.
            front.sso.sessions.take(&cookie(self.asked.headers, SESSION).unwrap_or_default());
        }
        let id = front.sso.assertions.give(assertion, PATIENCE);
        drop(front);
        let said = format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" InResponseTo=\"{}\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">http://{}/adfs/services/trust</saml:Issuer></samlp:Response>",
            self.request.id, self.asked.host
        );
        let fields = [("SAMLResponse", STANDARD.encode(said)), ("RelayState", self.relay.clone())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        Reply::page(200, pages::submits(&action, &fields, self.sso().scripts))
    }
}
