//! The identity provider's accounts and forms, and how strictly the Identity Service takes what it sends.

use super::sso::{FETCH, signed_in, site_of, turned, visitor};
use crate::sandbox::options::Product;
use crate::sandbox::sso::knobs::Assertions;

#[test]
fn accounts_need_a_domain_and_the_right_password_and_are_locked() {
    let site = site_of(Product::Uccx, "15.0(1)");
    let visitor = visitor(&site);
    let page = visitor.get(FETCH);
    let tried = |user: &str, password: &str| {
        let got = visitor.submit(&page, &[("UserName", user), ("Password", password)]);
        assert_eq!(got.status, 200);
        got.body
            .split("id=\"errorText\">")
            .nth(1)
            .map_or("", |rest| rest.split('<').next().unwrap())
            .to_owned()
    };
    assert!(tried("agent1001", "sandbox-demo").contains("format"));
    assert!(tried("agent1001@example.org", "sandbox-demo").contains("format"));
    assert!(tried("nobody@example.com", "sandbox-demo").contains("Incorrect"));
    for _ in 0..5 {
        assert!(tried("agent1001@example.com", "wrong").contains("Incorrect"));
    }
    assert!(tried("agent1001@example.com", "sandbox-demo").contains("locked"));
    assert_eq!(tried("example\\agent1002", "sandbox-demo"), "");
    turned(&site, |knobs| knobs.domain = false);
    assert_eq!(tried("agent1003", "sandbox-demo"), "");
    let method =
        visitor.post(&page.form().0, &[("UserName", "agent1004"), ("Password", "sandbox-demo")]);
    assert!(method.body.contains("loginForm"), "without AuthMethod it is no sign-in");
}

#[test]
fn hidden_fields_cookies_and_origins_have_to_come_back() {
    let site = site_of(Product::Uccx, "15.0(1)");
    turned(&site, |knobs| knobs.context = true);
    let first = visitor(&site);
    let page = first.get(FETCH);
    let user = [("UserName", "agent1001@example.com"), ("Password", "sandbox-demo")];
    let bare = [user[0], user[1], ("AuthMethod", "FormsAuthentication")];
    assert!(first.post(&page.form().0, &bare).body.contains("too old"));
    let post = first.submit(&page, &user);
    assert!(post.body.contains("hiddenform"));
    // A client that has lost its cookies is another visitor.
    let other = visitor(&site);
    let lost = other.submit(&post, &[]);
    assert!(lost.status == 500 && lost.body.contains("SAML processing failed"));
    turned(&site, |knobs| {
        knobs.context = false;
        knobs.origin = true;
    });
    let third = visitor(&site);
    let page = third.get(FETCH);
    let post = third.submit(&page, &user);
    assert_eq!(third.submit(&post, &[]).status, 403);
    let (action, hidden) = post.form();
    let fields: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://adfs.example.com"),
    ];
    let sent = third.send("POST", &action, &headers, &super::visitor::encoded(&fields));
    assert!(sent.body.contains("name=\"uniqueId\""));
    turned(&site, |knobs| {
        knobs.origin = false;
        knobs.assertions = Assertions::Stale;
    });
    let fourth = visitor(&site);
    let page = fourth.get(FETCH);
    assert_eq!(fourth.sign_in(&page, user[0].1).status, 500, "the address of another release");
}

#[test]
fn pages_submit_themselves_or_have_a_button() {
    let site = site_of(Product::Uccx, "15.0(1)");
    let user = [("UserName", "agent1001@example.com"), ("Password", "sandbox-demo")];
    let shown = |scripts: bool| {
        turned(&site, |knobs| {
            knobs.scripts = scripts;
            knobs.remembers = false;
            knobs.whole_action = !scripts;
        });
        let visitor = visitor(&site);
        let page = visitor.get(FETCH);
        assert_eq!(page.body.contains("action=\"https://adfs"), !scripts);
        visitor.submit(&page, &user).body
    };
    let scripted = shown(true);
    assert!(scripted.contains("<script>") && scripted.contains("<noscript>"));
    let plain = shown(false);
    assert!(!plain.contains("<script") && !plain.contains("<noscript>"));
    assert!(plain.contains("type=\"submit\""));
}

#[test]
fn a_provider_that_forgets_asks_again() {
    let site = site_of(Product::Uccx, "15.0(1)");
    turned(&site, |knobs| knobs.remembers = false);
    let visitor = visitor(&site);
    let page = visitor.get(FETCH);
    assert!(visitor.sign_in(&page, "agent1001@example.com").json()["token"].is_string());
    assert_eq!(visitor.get(FETCH).title(), "Sign In");
    assert_eq!(signed_in(&site, "1002").0.len(), 172, "opaque: base64 of 128 bytes");
}
