//! The Identity Service: it takes Finesse's question, asks the identity provider, and brings the answer back.
//!
//! Source: facts/finesse.md sections 10.4 to 10.6.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::desktop::CLIENT;
use super::fields::{Fields, cookie, is_form};
use super::knobs::{Broken, SignOnKnobs};
use super::pages;
use super::record::Asked;
use super::state::{Code, PATIENCE, Relay, SamlRequest, fresh};
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::cluster::Cluster;
use crate::sandbox::options::{Product, SignOnHosts};
use crate::sandbox::site::Site;
use crate::sandbox::soap;

/// Its session.
const SESSION: &str = "IDSSESSION";
/// Where assertions come.
const ASSERTIONS: &str = "/ids/saml/response";

/// What the service knows of the site.
struct Known {
    knobs: SignOnKnobs,
    /// `host:port` of the registered Finesse nodes.
    registered: Vec<String>,
    alias: bool,
}

fn known(site: &Site) -> Known {
    site.finesse(|cluster, _| Known {
        knobs: cluster.knobs.sso.clone(),
        registered: cluster
            .nodes
            .iter()
            .map(|node| format!("{}:{}", node.host, node.api_port).to_ascii_lowercase())
            .collect(),
        alias: alias(cluster),
    })
}

/// Whether assertions come to an address with `?metaAlias=/sp`.
fn alias(cluster: &Cluster) -> bool {
    let support = cluster.release_text.split_once("SU").and_then(|(_, rest)| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    let late = cluster.release > (12, 5)
        || cluster.release == (12, 5) && support.is_some_and(|number| number >= 2);
    cluster.knobs.sso.meta_alias.or(cluster.product == Product::Uccx && late)
}

/// The address where assertions come, and the one where they came in other releases.
pub fn consumers(site: &Site, hosts: &SignOnHosts) -> (String, String) {
    let with = format!("https://{}{ASSERTIONS}?metaAlias=/sp", hosts.ids);
    let without = format!("https://{}{ASSERTIONS}", hosts.ids);
    if known(site).alias { (with, without) } else { (without, with) }
}

/// Answers.
pub fn answer(site: &Site, hosts: &SignOnHosts, asked: &Asked<'_>) -> Reply {
    let known = known(site);
    match (asked.path, asked.method) {
        ("/ids/v1/oauth/authorize", "GET") => authorize(site, hosts, asked, &known),
        (ASSERTIONS, "POST") => assertion(site, hosts, asked, &known),
        ("/ids/relay", "POST") => relay(site, hosts, asked, &known),
        ("/ids/v1/oauth/authorize" | ASSERTIONS | "/ids/relay", _) => {
            Reply { status: 405, ..Reply::default() }
        }
        _ => Reply::html(404, "404 Not Found"),
    }
}

fn refusal(status: u16, word: &str, sentence: &str) -> Reply {
    Reply::json(status, &json!({ "error": word, "error_description": sentence }))
}

fn failure(code: &str, message: &str) -> Reply {
    Reply::page(500, pages::service_error(code, message))
}

fn processing() -> Reply {
    failure("samlProcessingFailed", "IdP configuration error : SAML processing failed")
}

fn authorize(site: &Site, hosts: &SignOnHosts, asked: &Asked<'_>, known: &Known) -> Reply {
    let query = Fields::of(asked.query);
    let broken = known.knobs.broken;
    if query.get("client_id") != Some(CLIENT) || broken == Broken::InvalidClient {
        return refusal(401, "invalid_client", "Invalid ClientId.");
    }
    let redirect = query.get("redirect_uri").unwrap_or_default();
    let there = redirect
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix("/desktop/sso/authcode"))
        .map(str::to_ascii_lowercase);
    let registered = there.is_some_and(|there| known.registered.contains(&there));
    if !registered || broken == Broken::InvalidRedirectUri {
        return refusal(401, "invalid_redirectUri", "Invalid Redirect URI.");
    }
    if query.get("response_type") != Some("code") {
        return refusal(400, "unsupported_response_type", "Invalid response_type.");
    }
    let Some(state) = query.get("state") else {
        return refusal(400, "invalid_request", "Missing state.");
    };
    if broken == Broken::MetadataMissing {
        return refusal(503, "service_unavailable", "SAML Metadata is not initialized");
    }
    let (session, id) = (fresh(), format!("s2{}", fresh()));
    let (consumer, _) = consumers(site, hosts);
    let request = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" AssertionConsumerServiceURL=\"{consumer}\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer></samlp:AuthnRequest>",
        hosts.ids.host
    );
    let text = STANDARD.encode(stored(request.as_bytes()));
    let sent = SamlRequest {
        id,
        text: text.clone(),
        session: session.clone(),
        redirect_uri: redirect.to_owned(),
        state: state.to_owned(),
    };
    let relay = site.front().sso.requests.give(sent, PATIENCE);
    let Some(provider) = hosts.idp.first() else {
        return refusal(503, "service_unavailable", "SAML Metadata is not initialized");
    };
    let request = utf8_percent_encode(&text, NON_ALPHANUMERIC);
    let mut reply = Reply::moved(format!(
        "https://{}/adfs/ls/?SAMLRequest={request}&RelayState={relay}",
        SignOnHosts::authority(provider)
    ));
    let attributes = "Path=/ids; Secure; HttpOnly; SameSite=None";
    reply.cookies = vec![format!("{SESSION}={session}; {attributes}")];
    reply
}

/// Bytes as one stored block of DEFLATE (RFC 1951), which is what the redirect binding wants.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut out = vec![1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
    out
}

/// What is wrong with a post from another page: it is no form, or comes from somewhere else.
fn foreign(hosts: &SignOnHosts, asked: &Asked<'_>, known: &Known) -> Option<Reply> {
    if !is_form(asked.headers) {
        return Some(refusal(400, "invalid_request", "A form is expected."));
    }
    let origin = asked.headers.get("origin").and_then(|origin| origin.to_str().ok());
    let own = |origin: &str| {
        let there = origin.strip_prefix("https://").unwrap_or_default();
        there == hosts.ids.to_string()
            || hosts.idp.iter().any(|own| SignOnHosts::authority(own) == there)
    };
    let wrong = known.knobs.origin && !origin.is_some_and(own);
    wrong.then(|| refusal(403, "access_denied", "Origin is not allowed."))
}

fn assertion(site: &Site, hosts: &SignOnHosts, asked: &Asked<'_>, known: &Known) -> Reply {
    if let Some(reply) = foreign(hosts, asked, known) {
        return reply;
    }
    let query = Fields::of(asked.query);
    if (query.get("metaAlias") == Some("/sp")) != known.alias {
        return processing();
    }
    let form = Fields::of_body(asked.body);
    let knobs = &known.knobs;
    let apart = (knobs.ids_ahead_s - knobs.idp_ahead_s).abs();
    match knobs.broken {
        Broken::InvalidSignature => {
            return failure("invalidSignature", "IdP configuration error : SAML processing failed");
        }
        Broken::SamlProcessing => return processing(),
        Broken::NoUserIdentifier => {
            return failure(
                "samlClaimMissing",
                "Could not retrieve user identifier from SAML response",
            );
        }
        Broken::NoUserPrincipal => {
            return failure(
                "samlClaimMissing",
                "Could not retrieve user principal from SAML response",
            );
        }
        Broken::Nothing
        | Broken::InvalidClient
        | Broken::InvalidRedirectUri
        | Broken::MetadataMissing
        | Broken::RelyingParty => {}
    }
    let said = form.get("SAMLResponse").and_then(|text| STANDARD.decode(text).ok());
    let said = said.and_then(|bytes| soap::parse(&String::from_utf8_lossy(&bytes)).ok());
    let id = said.as_ref().and_then(|node| node.attribute("ID")).unwrap_or_default();
    let mut front = site.front();
    let session = cookie(asked.headers, SESSION).unwrap_or_default();
    // The request is over, whatever comes of it.
    let request = front.sso.requests.take(form.get("RelayState").unwrap_or_default());
    let both = request.zip(front.sso.assertions.take(id));
    let both = both.filter(|(request, assertion)| {
        request.session == session && assertion.request == request.id && apart <= knobs.skew_s
    });
    let Some((request, assertion)) = both else { return processing() };
    let relay = Relay {
        session,
        redirect_uri: request.redirect_uri,
        state: request.state,
        agent: assertion.agent,
    };
    let id = front.sso.relays.give(relay, PATIENCE);
    let action = format!("https://{}/ids/relay", hosts.ids);
    Reply::page(200, pages::submits(&action, &[("uniqueId", &id)], knobs.scripts))
}

fn relay(site: &Site, hosts: &SignOnHosts, asked: &Asked<'_>, known: &Known) -> Reply {
    if let Some(reply) = foreign(hosts, asked, known) {
        return reply;
    }
    let form = Fields::of_body(asked.body);
    let session = cookie(asked.headers, SESSION).unwrap_or_default();
    let mut front = site.front();
    let relay = front.sso.relays.take(form.get("uniqueId").unwrap_or_default());
    let Some(relay) = relay.filter(|relay| relay.session == session) else {
        return refusal(400, "invalid_request", "Unknown uniqueId.");
    };
    let code = Code { redirect_uri: relay.redirect_uri.clone(), agent: relay.agent };
    let code = front.sso.codes.give(code, Duration::from_secs(known.knobs.code_s));
    Reply::moved(format!("{}?code={code}&state={}", relay.redirect_uri, relay.state))
}
