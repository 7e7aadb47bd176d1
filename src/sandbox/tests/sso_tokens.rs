//! Tokens: refreshed in both documented ways, renewed, ended, signed.

use serde_json::json;

use super::sso::{FETCH, TOKEN, USER, signed_in, site, turned, visitor};
use crate::sandbox::sso::knobs::{Gone, Look};

#[test]
fn both_ways_to_refresh_work_and_need_both_tokens() {
    let site = site();
    let (access, refresh) = signed_in(&site, "1001");
    let visitor = visitor(&site);
    let post = |fields: &[(&str, &str)]| {
        let kind = ("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
        visitor.send("POST", TOKEN, &[kind], &super::visitor::encoded(fields))
    };
    let right = [("token", access.as_str()), ("refresh-token", refresh.as_str())];
    let told = post(&right).json();
    assert!(told["token"].is_string() && told["refresh_token"].is_null());
    assert_ne!(told["token"], access.as_str());
    let with_user = post(&[right[0], right[1], ("return_user", "yes")]).json();
    assert_eq!(with_user["user_principal"], USER);
    let query = super::visitor::encoded(&[("cc_username", "1001"), ("refresh-token", &refresh)]);
    let told = visitor.send("GET", &format!("{TOKEN}?{query}"), &[], "").json();
    assert!(told["token"].is_string());
    for (fields, wrong) in [
        (vec![("token", "a"), ("refresh_token", "b")], "refresh_token"),
        (vec![("access_token", "a"), ("refresh-token", "b")], "access_token"),
        (vec![("refresh-token", "b")], "token"),
        (vec![("token", "a")], "refresh-token"),
    ] {
        let got = post(&fields);
        assert_eq!((got.status, &got.json()["apiErrors"]["errorData"]), (400, &json!(wrong)));
    }
    let body = super::visitor::encoded(&right);
    let text = visitor.send("POST", TOKEN, &[("content-type", "text/plain")], &body);
    assert_eq!(text.status, 400, "no form has no fields");
    let unescaped = format!("token={access}&refresh-token={refresh}");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let plus = visitor.send("POST", TOKEN, &[kind], &unescaped);
    assert_eq!(plus.status, 302, "a plus sign is a space in a form");
    let other = super::visitor::encoded(&[("cc_username", "1002"), ("refresh-token", &refresh)]);
    assert_eq!(visitor.send("GET", &format!("{TOKEN}?{other}"), &[], "").status, 401);
    site.front().sso.tokens.end(crate::sandbox::sso::tokens::Usage::Access, None);
    let gone = post(&right);
    assert!(gone.status == 302 && gone.location.unwrap().contains("/ids/v1/oauth/authorize?"));
    assert_eq!(visitor.send("GET", &format!("{TOKEN}?{query}"), &[], "").status, 302);
    turned(&site, |knobs| knobs.gone = Gone::Page);
    assert!(post(&right).body.contains("<title>Cisco Finesse"));
    turned(&site, |knobs| knobs.gone = Gone::Unauthorized);
    assert_eq!(post(&right).status, 401);
    let front = site.front();
    let count = |shape: &str| front.ledger.sso.requests.get(shape).copied().unwrap_or_default();
    assert_eq!((count("refresh-get"), count("refresh-post")), (3, 11));
    let kept = serde_json::to_string(&front.ledger).unwrap();
    assert!(!kept.contains(&refresh) && !kept.contains(&access), "names alone are kept");
    assert!(kept.contains(r#""form":["token","refresh-token"]"#));
}

#[test]
fn a_new_refresh_token_ends_the_old_one() {
    let site = site();
    turned(&site, |knobs| {
        knobs.new_refresh_token = true;
        knobs.refresh_ends_old = true;
    });
    let (access, refresh) = signed_in(&site, "1001");
    let visitor = visitor(&site);
    let post = |access: &str, refresh: &str| {
        visitor.send(
            "POST",
            TOKEN,
            &[("content-type", "application/x-www-form-urlencoded")],
            &super::visitor::encoded(&[("token", access), ("refresh-token", refresh)]),
        )
    };
    let told = post(&access, &refresh).json();
    let next = (told["token"].as_str().unwrap(), told["refresh_token"].as_str().unwrap());
    assert_eq!(post(&access, &refresh).status, 302);
    assert_eq!(post(&access, next.1).status, 302, "the old access token has ended too");
    assert_eq!(post(next.0, next.1).status, 200);
    let (other, _) = signed_in(&site, "1002");
    let told = post(next.0, next.1);
    assert_eq!(told.status, 302, "it was used");
    assert_eq!(post(&other, next.1).status, 302, "tokens of two sessions are no pair");
}

#[test]
fn tokens_end_when_their_life_is_over() {
    let site = site();
    turned(&site, |knobs| {
        knobs.access_s = 20;
        knobs.spent_s = 19;
    });
    let access = {
        let visitor = visitor(&site);
        let page = visitor.get(FETCH);
        let told = visitor.sign_in(&page, USER).json();
        assert_eq!(told["expires_in"], 1);
        told["token"].as_str().unwrap().to_owned()
    };
    let asks = || {
        let bearer = format!("Bearer {access}");
        let url = "https://fin-a.example.com:8445/finesse/api/User/1001";
        visitor(&site).send("GET", url, &[("authorization", &bearer)], "").status
    };
    assert_eq!(asks(), 200);
    std::thread::sleep(std::time::Duration::from_millis(1_050));
    assert_eq!(asks(), 401);
}

#[test]
fn signed_tokens_have_the_published_shape_and_a_right_signature() {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let site = site();
    turned(&site, |knobs| knobs.tokens = Look::Signed);
    let (access, refresh) = signed_in(&site, "1001");
    let key = STANDARD.decode(site.front().sso.tokens.signer.as_ref().unwrap().public()).unwrap();
    let algorithm = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
    let key = ring::signature::UnparsedPublicKey::new(algorithm, key);
    let opened = |token: &str| {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(head).unwrap(), br#"{"cty":"JWT","alg":"RS256"}"#);
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let subject: serde_json::Value =
            serde_json::from_str(claims["sub"].as_str().unwrap()).unwrap();
        (claims, subject)
    };
    let (claims, subject) = opened(&access);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);
    assert_eq!(subject["expiry"].as_u64().unwrap(), claims["exp"].as_u64().unwrap() * 1000);
    assert_eq!((&subject["usage"], &subject["upn"]), (&json!("access"), &json!(USER)));
    let (claims, subject) = opened(&refresh);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 36_000);
    assert!(
        subject["usage"] == "refresh" && subject["upn"].is_null() && subject["user_id"].is_null()
    );
}
