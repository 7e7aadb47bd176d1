//! `/desktop/sso/…` of a Finesse node: fetching and refreshing tokens.
//!
//! Source: facts/finesse.md sections 10.1, 10.2, 10.4. Parameters that no document has are refused.

use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::fields::{Fields, cookie, is_form};
use super::jws::Signer;
use super::knobs::{Gone, Look, SignOnKnobs, UserId};
use super::state::{PATIENCE, Wanted};
use super::tokens::{About, Usage};
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::cluster::{Cluster, Side};
use crate::sandbox::finesse::knobs::{AuthMode, Knobs};
use crate::sandbox::finesse::roster::{self, Agent};
use crate::sandbox::finesse::route::Call;
use crate::sandbox::options::{Product, SignOnHosts};
use crate::sandbox::site::Site;
use crate::sandbox::tls;

/// Where all of it is.
pub const PREFIX: &str = "/desktop/sso/";
/// The client that Finesse is registered as.
pub const CLIENT: &str = "4f1c2a7e-finesse";
const USER: &str = "cc_username";
const ACCESS: &str = "finesse_sso_token";
const REFRESH: &str = "finesse_sso_refresh";

/// What a request meets.
struct Desk<'a> {
    site: &'a Site,
    hosts: &'a SignOnHosts,
    knobs: Knobs,
    product: Product,
    /// The query is read.
    reads: bool,
    /// As the node was addressed.
    address: String,
    call: &'a Call<'a>,
}

/// What was asked of a request that has a name for it in the record.
pub fn shape(call: &Call<'_>) -> &'static str {
    let refresh = Fields::of(call.query).get("refresh-token").is_some();
    match (call.path, call.method) {
        ("/desktop/sso/token", "POST") => "refresh-post",
        ("/desktop/sso/token", "GET") if refresh => "refresh-get",
        ("/desktop/sso/token", "GET") => "fetch",
        ("/desktop/sso/authcode", _) => "authcode",
        _ => "other",
    }
}

/// Answers; none: the site has no single sign-on.
pub fn answer(site: &Site, call: &Call<'_>) -> Option<Reply> {
    let hosts = site.options.sso.as_ref()?;
    let (knobs, product, dead, in_service, own, old) = site.finesse(|cluster, _| {
        let node = &cluster.nodes[call.side.index()];
        let own = format!("{}:{}", node.host, node.api_port);
        let service = cluster.in_service(call.side);
        (cluster.knobs.clone(), cluster.product, node.is_dead(), service, own, !reads(cluster))
    });
    if dead {
        return Some(Reply::bad_gateway());
    }
    if !in_service {
        return Some(error(503, "SERVER_OUT_OF_SERVICE", "Service Unavailable", ""));
    }
    if call.side == Side::Secondary && knobs.sso.secondary_refuses {
        return Some(error(403, "Forbidden", "HTTP Forbidden", ""));
    }
    let address = call.headers.get("host").and_then(|host| host.to_str().ok());
    let address = address.unwrap_or(&own).to_owned();
    let reads = knobs.sso.query.or(!old);
    let desk = Desk { site, hosts, knobs, product, reads, address, call };
    Some(match (call.path, call.method) {
        ("/desktop/sso/token", "GET") => desk.get(),
        ("/desktop/sso/token", "POST") => desk.post(),
        ("/desktop/sso/authcode", "GET") => desk.authcode(),
        ("/desktop/sso/token" | "/desktop/sso/authcode", _) => {
            Reply { status: 405, ..Reply::default() }
        }
        _ => error(404, "Not Found", "HTTP Not Found", ""),
    })
}

/// Whether this release reads the query of the token call: from 11.6(1) ES10, 12.0(1) ES3, 12.5(1) ES1 on.
fn reads(cluster: &Cluster) -> bool {
    let special = cluster.release_text.rsplit_once("ES").and_then(|(_, rest)| rest.parse().ok());
    let special: u32 = special.unwrap_or(0);
    let support = cluster.release_text.contains("SU");
    match cluster.release {
        release if release < (11, 6) => false,
        (11, _) => support || special >= 10,
        (12, 0) => support || special >= 3,
        (12, 1..=5) => support || special >= 1,
        _ => true,
    }
}

/// An error of the Desktop Interface APIs.
fn error(status: u16, kind: &str, message: &str, data: &str) -> Reply {
    let one = json!({ "errorType": kind, "errorMessage": message, "errorData": data });
    Reply::json(status, &json!({ "status": status, "apiErrors": one }))
}

fn bad(kind: &str, data: &str) -> Reply {
    error(400, kind, "HTTP Bad Request", data)
}

/// An error of the token API itself.
fn refusal(status: u16, word: &str, sentence: &str) -> Reply {
    Reply::json(status, &json!({ "error": word, "error_description": sentence }))
}

/// Whom tokens of this agent are about.
pub fn about(knobs: &Knobs, product: Product, hosts: &SignOnHosts, agent: &Agent) -> About {
    let login = match knobs.sso.user_id {
        UserId::Auto => product != Product::Uccx,
        UserId::Login => true,
        UserId::Id => false,
    };
    About {
        agent: agent.id.clone(),
        user_id: if login { agent.login.clone() } else { agent.id.clone() },
        realm: hosts.realm.clone(),
        upn: format!("{}@{}", agent.login, hosts.realm),
        issuer: hosts.ids.host.clone(),
        client: CLIENT,
    }
}

/// A key for signed tokens, where they are wanted and there is none yet.
pub fn ready_to_sign(site: &Site, knobs: &SignOnKnobs) {
    if knobs.tokens == Look::Opaque || site.front().sso.tokens.signer.is_some() {
        return;
    }
    let key = tls::signing_key(site.options.keys.as_deref()).ok();
    site.front().sso.tokens.signer = key.and_then(|key| Signer::new(&key));
}

impl Desk<'_> {
    fn get(&self) -> Reply {
        let query = if self.reads { Fields::of(self.call.query) } else { Fields::default() };
        if query.get("refresh-token").is_some() {
            return self.get_refresh(&query);
        }
        let known = [USER, "return_user", "return_refresh_token", "state"];
        if let Some(reply) = self.checked(&query, &known) {
            return reply;
        }
        let headers = self.call.headers;
        let user = query.get(USER).map(str::to_owned).or_else(|| cookie(headers, USER));
        if let Some(reply) = self.barred(user.as_deref()) {
            return reply;
        }
        let handed_out = query.get("return_refresh_token") == Some("true");
        if let Some(pair) = query.get("state").and_then(|id| self.site.front().sso.pairs.take(id)) {
            return self.given(&query, &pair.access, Some(&pair.refresh).filter(|_| handed_out));
        }
        let kept = cookie(headers, ACCESS)
            .filter(|token| self.site.front().sso.tokens.check(token, Usage::Access).is_some());
        if let Some(token) = kept.filter(|_| !handed_out) {
            return self.given(&query, &token, None);
        }
        self.begin(Wanted { query: self.call.query.to_owned(), handed_out })
    }

    /// Values of the parameters that every call may have, and no others.
    fn checked(&self, fields: &Fields, known: &[&str]) -> Option<Reply> {
        if let Some(name) = fields.wrong(known) {
            return Some(bad("Bad Request", name));
        }
        let of = |name: &str, words: [&str; 2]| {
            let wrong = fields.get(name).is_some_and(|word| !words.contains(&word));
            wrong.then(|| bad("Invalid Input", name))
        };
        let off = self.knobs.auth_mode == AuthMode::NonSso;
        let off = off.then(|| bad("Finesse API Error", "systemAuthMode"));
        off.or_else(|| of("return_user", ["yes", "no"]))
            .or_else(|| of("return_refresh_token", ["true", "false"]))
    }

    /// Why this user may have no token at all.
    fn barred(&self, user: Option<&str>) -> Option<Reply> {
        let Some(user) = user else {
            let hybrid = self.knobs.auth_mode == AuthMode::Hybrid;
            return hybrid.then(|| bad("Parameter Missing", USER));
        };
        let agent = roster::find(&self.knobs, user);
        let sso =
            agent.is_some_and(|agent| roster::mode(&self.knobs, &agent) != Some(AuthMode::NonSso));
        (!sso).then(|| bad("Invalid Input", USER))
    }

    /// Sends the caller to the Identity Service.
    fn begin(&self, wanted: Wanted) -> Reply {
        let state = self.site.front().sso.wanted.give(wanted, PATIENCE);
        let redirect = format!("https://{}/desktop/sso/authcode", self.address);
        let text = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        Reply::moved(format!(
            "https://{}/ids/v1/oauth/authorize?response_type=code&client_id={CLIENT}&redirect_uri={}&state={state}",
            self.hosts.ids,
            text(&redirect)
        ))
    }

    fn authcode(&self) -> Reply {
        let query = Fields::of(self.call.query);
        if let Some(name) = query.wrong(&["code", "state"]) {
            return bad("Bad Request", name);
        }
        let (Some(code), Some(state)) = (query.get("code"), query.get("state")) else {
            return bad("Parameter Missing", "code");
        };
        let knobs = &self.knobs.sso;
        ready_to_sign(self.site, knobs);
        let here = format!("https://{}/desktop/sso/authcode", self.address);
        let mut front = self.site.front();
        let code = front.sso.codes.take(code).filter(|code| code.redirect_uri == here);
        let Some((code, wanted)) = code.zip(front.sso.wanted.take(state)) else {
            return refusal(401, "invalid_grant", "Invalid Authorization Code.");
        };
        let Some(agent) = roster::find(&self.knobs, &code.agent) else {
            return refusal(401, "invalid_grant", "Unknown user.");
        };
        let about = about(&self.knobs, self.product, self.hosts, &agent);
        let Some(pair) = front.sso.tokens.pair(&about, knobs) else {
            return error(500, "RUNTIME_EXCEPTION", "no key to sign with", "");
        };
        let mut query: Vec<&str> =
            wanted.query.split('&').filter(|own| !own.starts_with("state=")).collect();
        query.retain(|own| !own.is_empty());
        let mut reply = Reply::default();
        let state;
        if wanted.handed_out {
            let id = front.sso.pairs.give(pair, Duration::from_mins(1));
            state = format!("state={id}");
            query.push(&state);
        } else {
            let set = |name: &str, value: &str| {
                format!("{name}={value}; Path=/desktop; Secure; HttpOnly; SameSite=Lax")
            };
            reply.cookies = vec![
                set(USER, &agent.login),
                set(ACCESS, &pair.access),
                set(REFRESH, &pair.refresh),
            ];
        }
        reply.status = 302;
        reply.location =
            Some(format!("https://{}/desktop/sso/token?{}", self.address, query.join("&")));
        reply
    }

    /// The answer to a fetch or a refresh.
    fn given(&self, fields: &Fields, access: &str, refresh: Option<&String>) -> Reply {
        let front = self.site.front();
        let Some(grant) = front.sso.tokens.check(access, Usage::Access) else {
            return error(500, "RUNTIME_EXCEPTION", "the token has ended", "");
        };
        let mut told = serde_json::Map::new();
        told.insert("token".to_owned(), json!(access));
        if let Some(refresh) = refresh {
            told.insert("refresh_token".to_owned(), json!(refresh));
        }
        told.insert("expires_in".to_owned(), json!(grant.left()));
        let agent = roster::find(&self.knobs, &grant.agent);
        if let Some(agent) = agent.filter(|_| fields.get("return_user") == Some("yes")) {
            let about = about(&self.knobs, self.product, self.hosts, &agent);
            told.insert("user_id".to_owned(), json!(about.user_id));
            told.insert("realm".to_owned(), json!(about.realm));
            told.insert("user_principal".to_owned(), json!(about.upn));
        }
        Reply::json(200, &Value::Object(told))
    }

    fn get_refresh(&self, query: &Fields) -> Reply {
        let known = [USER, "refresh-token", "return_user", "return_refresh_token"];
        if let Some(reply) = self.checked(query, &known) {
            return reply;
        }
        let user = query.get(USER).map(str::to_owned).or_else(|| cookie(self.call.headers, USER));
        if let Some(reply) = self.barred(user.as_deref()) {
            return reply;
        }
        let refresh = query.get("refresh-token").unwrap_or_default();
        self.refreshed(query, user.as_deref(), (None, refresh))
    }

    fn post(&self) -> Reply {
        let query = Fields::of(self.call.query);
        if let Some(name) = query.wrong(&[USER]) {
            return bad("Bad Request", name);
        }
        // What is no form has no fields.
        if !is_form(self.call.headers) {
            return bad("Parameter Missing", "token");
        }
        let form = Fields::of_body(self.call.body);
        if let Some(reply) = self.checked(&form, &["token", "refresh-token", "return_user"]) {
            return reply;
        }
        let Some(access) = form.get("token") else { return bad("Parameter Missing", "token") };
        let Some(refresh) = form.get("refresh-token") else {
            return bad("Parameter Missing", "refresh-token");
        };
        self.refreshed(&form, query.get(USER), (Some(access), refresh))
    }

    fn refreshed(
        &self,
        fields: &Fields,
        user: Option<&str>,
        (access, refresh): (Option<&str>, &str),
    ) -> Reply {
        let knobs = &self.knobs.sso;
        ready_to_sign(self.site, knobs);
        let good = self.site.front().sso.tokens.refreshable(access, refresh);
        let agent = good.and_then(|id| roster::find(&self.knobs, &id));
        let agent =
            agent.filter(|agent| roster::mode(&self.knobs, agent) != Some(AuthMode::NonSso));
        let Some(agent) = agent else { return self.gone() };
        if user.is_some_and(|user| user != agent.id && user != agent.login) {
            return error(401, "Invalid Authorization User Specified", "UNAUTHORIZED", "");
        }
        let about = about(&self.knobs, self.product, self.hosts, &agent);
        let fresh = self.site.front().sso.tokens.refresh(&about, (access, refresh), knobs);
        match fresh {
            Some((access, refresh)) => self.given(fields, &access, refresh.as_ref()),
            None => error(500, "RUNTIME_EXCEPTION", "no key to sign with", ""),
        }
    }

    /// A token has ended: somebody has to sign in.
    fn gone(&self) -> Reply {
        match self.knobs.sso.gone {
            Gone::Redirect => {
                let query = "return_refresh_token=true".to_owned();
                self.begin(Wanted { query, handed_out: true })
            }
            Gone::Page => Reply::page(200, super::pages::signed_out()),
            Gone::Unauthorized => {
                refusal(401, "invalid_token", "The token has expired or is invalid.")
            }
        }
    }
}

/// The token that a request carries.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("authorization")?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
