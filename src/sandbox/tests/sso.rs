//! Single sign-on from the first call to the tokens: the whole way, and what is refused on it.

use axum::http::{HeaderMap, HeaderName};
use serde_json::json;

use super::visitor::{Got, Sent, Visitor};
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::knobs::{AuthMode, Presence};
use crate::sandbox::finesse::route::{self, Call};
use crate::sandbox::options::{FinesseOptions, Product, SignOnHosts};
use crate::sandbox::site::Site;
use crate::sandbox::sso::knobs::{Broken, First, SignOnKnobs, Then};
use crate::sandbox::sso::record::Asked;
use crate::sandbox::sso::{idp, ids};
use crate::sandbox::{SandboxOptions, state};

/// The call for a token.
pub(super) const FETCH: &str =
    "https://fin-a.example.com:8445/desktop/sso/token?cc_username=1001&return_refresh_token=true";
pub(super) const TOKEN: &str = "https://fin-a.example.com:8445/desktop/sso/token";
pub(super) const USER: &str = "agent1001@example.com";

/// A site where everybody uses single sign-on.
pub(super) fn site_of(product: Product, release: &str) -> Site {
    let finesse = FinesseOptions { product, release: release.into(), ..FinesseOptions::default() };
    let sso = Some(SignOnHosts::default());
    let options = SandboxOptions { finesse, sso, ..SandboxOptions::default() };
    let database = state::open(&options).unwrap();
    Site::new(options, database).unwrap()
}

pub(super) fn site() -> Site {
    site_of(Product::Ucce, "12.6(2)")
}

pub(super) fn turned(site: &Site, change: impl FnOnce(&mut SignOnKnobs)) {
    site.finesse(|cluster, _| change(&mut cluster.knobs.sso));
}

fn got(reply: Reply) -> Got {
    Got {
        url: String::new(),
        status: reply.status,
        location: reply.location,
        cookies: reply.cookies,
        media: reply.media.to_owned(),
        body: reply.body,
    }
}

/// Asks the site without a wire.
fn carried(site: &Site, sent: &Sent) -> Got {
    let mut headers = HeaderMap::new();
    for (name, value) in &sent.headers {
        headers.append(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
    }
    let rest = sent.url.strip_prefix("https://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (method, body) = (sent.method, sent.body.as_bytes());
    let host = host.split(':').next().unwrap();
    let asked = Asked { host, method, path, query, headers: &headers, body };
    let hosts = site.options.sso.clone().unwrap();
    got(match host {
        "ids.example.com" => ids::answer(site, &hosts, &asked),
        "adfs.example.com" => idp::answer(site, &hosts, &asked),
        "stranger.example.net" => Reply::html(200, "Welcome"),
        node => {
            let second = node.starts_with("fin-b");
            let at = if second { Side::Secondary } else { Side::Primary };
            route::answer(site, &Call { side: at, method, path, query, headers: &headers, body })
        }
    })
}

pub(super) fn visitor(site: &Site) -> Visitor<'_> {
    Visitor::new(|sent| carried(site, sent))
}

/// Access and refresh token of an agent.
pub(super) fn signed_in(site: &Site, agent: &str) -> (String, String) {
    let visitor = visitor(site);
    let page = visitor.get(FETCH);
    let told = visitor.sign_in(&page, &format!("agent{agent}@example.com")).json();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    (text("token"), text("refresh_token"))
}

#[test]
fn a_sign_in_goes_the_documented_way_and_ends_in_tokens() {
    for (product, release, consumer) in
        [(Product::Ucce, "12.6(2)", false), (Product::Uccx, "12.5(1)SU3", true)]
    {
        let site = site_of(product, release);
        let visitor = visitor(&site);
        let page = visitor.get(FETCH);
        assert_eq!((page.status, page.title()), (200, "Sign In"));
        let (action, hidden) = page.form();
        assert!(page.body.contains("action=\"/adfs/ls/?SAMLRequest="), "a path, no address");
        assert!(action.starts_with("https://adfs.example.com/adfs/ls/?"));
        assert!(hidden.contains(&("AuthMethod".to_owned(), "FormsAuthentication".to_owned())));
        let post = visitor.submit(&page, &[("UserName", USER), ("Password", "sandbox-demo")]);
        let (action, hidden) = post.form();
        assert_eq!(action.ends_with("/ids/saml/response?metaAlias=/sp"), consumer);
        let names: Vec<&str> = hidden.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["SAMLResponse", "RelayState"]);
        let relay = visitor.submit(&post, &[]);
        assert_eq!(relay.form().0, "https://ids.example.com:8553/ids/relay");
        let end = visitor.submit(&relay, &[]);
        let told = end.json();
        assert_eq!(told["expires_in"], 3600);
        assert!(told["token"].is_string() && told["refresh_token"].is_string());
        assert_eq!(told.as_object().unwrap().len(), 3);
        assert!(!visitor.has_cookie("fin-a.example.com", "cc_username"), "no cookies of Finesse");
        assert!(visitor.has_cookie("ids.example.com", "IDSSESSION"));
        assert_eq!(
            *visitor.asked.borrow(),
            [
                "GET https://fin-a.example.com:8445/desktop/sso/token",
                "GET https://ids.example.com:8553/ids/v1/oauth/authorize",
                "GET https://adfs.example.com/adfs/ls/",
                "POST https://adfs.example.com/adfs/ls/",
                "GET https://adfs.example.com/adfs/ls/",
                "POST https://ids.example.com:8553/ids/saml/response",
                "POST https://ids.example.com:8553/ids/relay",
                "GET https://fin-a.example.com:8445/desktop/sso/authcode",
                "GET https://fin-a.example.com:8445/desktop/sso/token",
            ]
        );
        // Every id was good once.
        assert_eq!(visitor.submit(&post, &[]).title(), "Cisco Identity Service");
        assert_eq!(visitor.submit(&relay, &[]).status, 400);
        // The provider remembers: no form, other tokens.
        let again = visitor.get(FETCH);
        let again = visitor.submit(&visitor.submit(&again, &[]), &[]).json();
        assert_ne!(again["token"], told["token"]);
    }
}

#[test]
fn a_session_is_kept_in_cookies_unless_the_refresh_token_is_wanted() {
    let site = site();
    turned(&site, |knobs| knobs.spent_s = 16);
    let visitor = visitor(&site);
    let page = visitor.get(&format!("{TOKEN}?cc_username=agent1001&return_user=yes"));
    let told = visitor.sign_in(&page, "EXAMPLE\\agent1001").json();
    assert_eq!(told["expires_in"], 3584, "the rest of its life");
    assert_eq!(told["user_id"], "agent1001", "the login name, on UCCE");
    assert_eq!((&told["realm"], &told["user_principal"]), (&json!("example.com"), &json!(USER)));
    assert!(told["refresh_token"].is_null());
    assert!(visitor.has_cookie("fin-a.example.com", "cc_username"));
    let again = visitor.get(TOKEN).json();
    assert_eq!(again["token"], told["token"], "the session's");
    let handed = visitor.get(FETCH);
    assert!(handed.body.contains("hiddenform"), "a pair of its own");
}

#[test]
fn parameters_are_held_to_the_documents() {
    let site = site();
    let visitor = visitor(&site);
    let at = |query: &str| {
        let got = visitor.send("GET", &format!("{TOKEN}?{query}"), &[], "");
        if got.status == 302 {
            return (302, String::new());
        }
        let told = got.json();
        (got.status, told["apiErrors"]["errorData"].as_str().unwrap().to_owned())
    };
    assert_eq!(
        at("cc_username=1001&return_refresh_toekn=true"),
        (400, "return_refresh_toekn".into())
    );
    assert_eq!(at("cc_username=1001&refresh_token=x").1, "refresh_token");
    assert_eq!(at("return_refresh_token=yes").1, "return_refresh_token");
    assert_eq!(at("return_user=true").1, "return_user");
    assert_eq!(at("cc_username=1001&cc_username=1002").1, "cc_username");
    assert_eq!(at("").0, 302, "cc_username is needed in hybrid mode only");
    site.finesse(|cluster, _| {
        cluster.knobs.auth_mode = AuthMode::Hybrid;
        cluster.knobs.sso_agents = vec!["1001".into()];
    });
    assert_eq!(at(""), (400, "cc_username".into()));
    assert_eq!(at("cc_username=1002"), (400, "cc_username".into()), "has a password");
    assert_eq!(at("cc_username=1001&return_refresh_token=true").0, 302);
    let cookie = visitor.send("GET", TOKEN, &[("cookie", "cc_username=1001")], "");
    assert_eq!(cookie.status, 302);
    assert_eq!(visitor.send("PUT", TOKEN, &[], "").status, 405);
    let second = TOKEN.replace("fin-a", "fin-b");
    assert_eq!(visitor.send("GET", &second, &[], "").status, 403);
    turned(&site, |knobs| knobs.secondary_refuses = false);
    assert_eq!(visitor.send("GET", &format!("{second}?cc_username=1001"), &[], "").status, 302);
    site.finesse(|cluster, _| cluster.knobs.auth_mode = AuthMode::NonSso);
    assert_eq!(at("cc_username=1001").0, 400);
}

#[test]
fn old_releases_ignore_the_query() {
    for (release, reads) in [
        ("12.5(1)", false),
        ("12.5(1)ES1", true),
        ("12.5(1)SU1", true),
        ("12.0(1)ES2", false),
        ("12.0(1)ES3", true),
        ("11.6(1)ES10", true),
        ("11.6(1)ES9", false),
        ("15.0(1)", true),
    ] {
        let site = site_of(Product::Ucce, release);
        let visitor = visitor(&site);
        let page = visitor.get(FETCH);
        let told = visitor.sign_in(&page, USER).json();
        assert_eq!(told["refresh_token"].is_string(), reads, "{release}");
    }
    let site = site();
    turned(&site, |knobs| knobs.query = Presence::Never);
    let visitor = visitor(&site);
    let page = visitor.get(FETCH);
    assert!(visitor.sign_in(&page, USER).json()["refresh_token"].is_null());
}

#[test]
fn what_is_broken_is_said_as_documented() {
    let site = site();
    let until_form = |broken: Broken| {
        turned(&site, |knobs| knobs.broken = broken);
        visitor(&site).get(FETCH)
    };
    for (broken, status, word) in [
        (Broken::InvalidClient, 401, "invalid_client"),
        (Broken::InvalidRedirectUri, 401, "invalid_redirectUri"),
        (Broken::MetadataMissing, 503, "service_unavailable"),
    ] {
        let got = until_form(broken);
        assert_eq!((got.status, &got.json()["error"]), (status, &json!(word)));
    }
    assert_eq!(until_form(Broken::RelyingParty).title(), "Error");
    for (broken, text) in [
        (Broken::InvalidSignature, "invalidSignature"),
        (Broken::SamlProcessing, "IdP configuration error : SAML processing failed"),
        (Broken::NoUserIdentifier, "Could not retrieve user identifier from SAML response"),
        (Broken::NoUserPrincipal, "Could not retrieve user principal from SAML response"),
    ] {
        turned(&site, |knobs| knobs.broken = broken);
        let visitor = visitor(&site);
        let page = visitor.get(FETCH);
        let got = visitor.sign_in(&page, USER);
        assert!(got.status == 500 && got.body.contains(text), "{broken:?}: {}", got.body);
    }
    turned(&site, |knobs| {
        knobs.broken = Broken::Nothing;
        knobs.idp_ahead_s = 400;
    });
    let visitor = visitor(&site);
    let page = visitor.get(FETCH);
    assert_eq!(visitor.sign_in(&page, USER).status, 500, "clocks are too far apart");
    let other = FETCH.replace("fin-a.example.com", "192.0.2.1");
    assert_eq!(visitor.get(&other).json()["error"], "invalid_redirectUri", "an address, no name");
}

#[test]
fn the_provider_has_pages_of_other_kinds() {
    let site = site();
    let first = |first: First| {
        turned(&site, |knobs| knobs.first = first);
        visitor(&site).get(FETCH)
    };
    assert_eq!(first(First::Certificate).title(), "Certificate required");
    assert_eq!(first(First::Windows).status, 401);
    let outside = first(First::OutsideForm);
    assert_eq!(outside.form().0, "https://stranger.example.net/adfs/ls/");
    assert!(first(First::OutsideRedirect).url.starts_with("https://stranger.example.net/"));
    let realms = first(First::HomeRealm);
    assert!(realms.body.contains("<form id=\"hrd\""));
    let visitor = visitor(&site);
    let realms = visitor.get(FETCH);
    let page = visitor.submit(&realms, &[("HomeRealmSelection", "AD AUTHORITY")]);
    assert_eq!(visitor.sign_in(&page, USER).json()["expires_in"], 3600);
    let partner = visitor.submit(&first(First::HomeRealm), &[("HomeRealmSelection", "partner")]);
    assert!(partner.url.starts_with("https://stranger.example.net/"));
    turned(&site, |knobs| knobs.first = First::Login);
    let then = |then: Then| {
        turned(&site, |knobs| knobs.then = then);
        let visitor = self::visitor(&site);
        let page = visitor.get(FETCH);
        visitor.submit(&page, &[("UserName", USER), ("Password", "sandbox-demo")])
    };
    assert_eq!(then(Then::Mfa).title(), "Verify your identity");
    assert_eq!(then(Then::PasswordExpired).title(), "Update Password");
    assert!(then(Then::OutsideForm).form().0.starts_with("https://stranger.example.net/"));
}
