//! TLS as nodes are found in the field: each profile connects, or ends in the words that name the cause and the way out.

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};
use crate::restarts::REST;

const CUCM: &str = "cucm-pub.example.com:8443";
const PRIMARY: &str = "fin-a.example.com:8445";

/// What the playbook trusts.
#[derive(Clone, Copy, PartialEq)]
enum Trusted {
    Pins,
    Nothing,
    Authority,
    OwnCertificate,
}

fn lab(profiles: &[&str]) -> Lab {
    let flags: Vec<&str> =
        profiles.iter().flat_map(|profile| ["--tls-profile", *profile]).collect();
    Lab::start(&flags)
}

/// A playbook that reads CUCM, and Finesse where it is wanted.
fn write(lab: &Lab, trusted: Trusted, finesse: bool) {
    let tls = match trusted {
        Trusted::Pins => lab.pins(),
        Trusted::Nothing => "tls: { pins: {} }".to_owned(),
        Trusted::Authority => {
            lab.write("ca.pem", lab.authority());
            "tls: { ca_files: [ca.pem] }".to_owned()
        }
        Trusted::OwnCertificate => {
            // Whoever judges speaks to Finesse too.
            let own = [CUCM, PRIMARY, "fin-b.example.com:8445"].map(|own| lab.certificate(own));
            lab.write("own.pem", &own.concat());
            "tls: { ca_files: [own.pem] }".to_owned()
        }
    };
    let settings =
        if finesse { format!("{REST}restart: {{ finesse_tomcat: never }}") } else { String::new() };
    let text = format!(
        r#"version: 1
deployment: site
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ env: FINESSE_PASSWORD }} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_services: {{ primary: {{ name: Desk A }}, secondary: {{ name: Desk B }}, sql_writes: allow }}
agents:
  roster:
  - {{ device: SEP001122330001 }}
{settings}
{tls}
"#
    );
    lab.write("site.yaml", &text);
}

fn verified(profiles: &[&str], trusted: Trusted) -> (Lab, Ran) {
    let lab = lab(profiles);
    write(&lab, trusted, false);
    let ran = lab.run(&["verify", "site.yaml"]);
    (lab, ran)
}

/// Everything was read: what is not there yet is drift.
#[track_caller]
fn connects(ran: Ran) -> Ran {
    let ran = ran.expect(2);
    assert!(!ran.stderr.contains("error["), "{}", ran.stderr);
    ran
}

/// Ended with this code, these words on stderr, and no request.
#[track_caller]
fn ends(lab: &Lab, ran: Ran, code: i32, words: &[&str]) {
    let ran = ran.expect(code);
    for word in words {
        assert!(ran.stderr.contains(word), "no {word:?} in\n{}", ran.stderr);
    }
    assert!(!ran.stdout.contains("in sync"), "{}", ran.stdout);
    assert_eq!(lab.requests()["reads"], json!(0));
}

/// A profile whose pinned certificate is taken, without a word about it.
#[track_caller]
fn connects_by_pin(profile: &str) {
    let (_lab, ran) = verified(&[profile], Trusted::Pins);
    let ran = connects(ran);
    assert!(!ran.stderr.contains("accepted by its pin"), "{}", ran.stderr);
}

#[test]
fn self_signed_as_before_15su3() {
    connects_by_pin("self-signed");
    let (lab, ran) = verified(&["self-signed"], Trusted::Nothing);
    let line = format!("add under tls.pins: \"{CUCM}\": [\"sha256:");
    ends(&lab, ran, 5, &["error[certificate-unknown]", "CA:TRUE", &line]);
}

#[test]
fn self_signed_as_from_15su3() {
    connects_by_pin("self-signed-15su3");
    let (lab, ran) = verified(&["self-signed-15su3"], Trusted::Nothing);
    ends(&lab, ran, 5, &["error[certificate-unknown]", "no authority that is trusted here"]);
}

#[test]
fn a_self_signed_certificate_as_a_file_of_authorities() {
    for profile in ["self-signed", "self-signed-15su3", "ecdsa"] {
        let (_lab, ran) = verified(&[profile], Trusted::OwnCertificate);
        connects(ran);
    }
}

#[test]
fn signed_by_an_authority() {
    let (lab, ran) = verified(&["ca-signed"], Trusted::Authority);
    connects(ran);
    write(&lab, Trusted::Nothing, false);
    lab.reset();
    let ran = lab.run(&["verify", "site.yaml"]);
    ends(&lab, ran, 5, &["error[certificate-unknown]", "no authority that is trusted here"]);
}

#[test]
fn signed_by_an_authority_whose_intermediate_is_not_sent() {
    let profile = ["ca-signed-without-intermediate"];
    let (lab, ran) = verified(&profile, Trusted::Authority);
    let line = format!("then add under tls.pins: \"{CUCM}\": [\"sha256:");
    let words = [
        "error[certificate-unknown]",
        "CN=Example Issuing CA",
        "whose certificate the server does not send",
        "its chain is incomplete",
        "let the server send it: upload it to the server's tomcat-trust",
        &line,
    ];
    ends(&lab, ran, 5, &words);
    let (_lab, ran) = verified(&profile, Trusted::Pins);
    connects(ran);
    // A chain that is complete is not said to lack anything where only its root is unknown.
    let (lab, ran) = verified(&["ca-signed"], Trusted::Nothing);
    assert!(!ran.stderr.contains("does not send"), "{}", ran.stderr);
    ends(&lab, ran, 5, &["no authority that is trusted here"]);
}

#[test]
fn signed_by_an_authority_for_another_name() {
    let (lab, ran) = verified(&["ca-signed-wrong-name"], Trusted::Authority);
    let name = "made out to another-node.example.com and not to cucm-pub.example.com";
    ends(&lab, ran, 5, &["error[certificate-unknown]", name, "pins:"]);
}

#[test]
fn ecdsa_key() {
    connects_by_pin("ecdsa");
}

#[test]
fn expired() {
    let (_lab, ran) = verified(&["expired"], Trusted::Pins);
    let ran = connects(ran);
    let said = format!("certificate of {CUCM} is accepted by its pin, although it has expired on");
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    let (lab, ran) = verified(&["expired"], Trusted::Nothing);
    ends(&lab, ran, 5, &["error[certificate-unknown]", "it has expired on", "pins:"]);
}

#[test]
fn not_yet_valid() {
    let (_lab, ran) = verified(&["not-yet-valid"], Trusted::Pins);
    let ran = connects(ran);
    assert!(ran.stderr.contains("although it is not valid before"), "{}", ran.stderr);
    let (lab, ran) = verified(&["not-yet-valid"], Trusted::Nothing);
    ends(&lab, ran, 5, &["error[certificate-unknown]", "it is not valid before", "pins:"]);
}

#[test]
fn made_out_to_another_name() {
    let (_lab, ran) = verified(&["wrong-name"], Trusted::Pins);
    let ran = connects(ran);
    let name = "it is made out to another-node.example.com and not to cucm-pub.example.com";
    assert!(ran.stderr.contains(&format!("although {name}")), "{}", ran.stderr);
    let (lab, ran) = verified(&["wrong-name"], Trusted::Nothing);
    ends(&lab, ran, 5, &["error[certificate-unknown]", name, "pins:"]);
}

#[test]
fn one_suite_ecdhe_rsa_aes128() {
    connects_by_pin("tls12-ecdhe-rsa-aes128-gcm-sha256");
}

#[test]
fn one_suite_ecdhe_rsa_aes256() {
    connects_by_pin("tls12-ecdhe-rsa-aes256-gcm-sha384");
}

#[test]
fn one_suite_ecdhe_ecdsa() {
    connects_by_pin("tls12-ecdhe-ecdsa-aes128-gcm-sha256");
    connects_by_pin("tls12-ecdhe-ecdsa-aes256-gcm-sha384");
}

#[test]
fn tls13_alone() {
    connects_by_pin("tls13");
}

#[test]
fn narrowed_to_rsa_key_exchange() {
    let words = ["error[tls-no-common-cipher]", CUCM, "ECDHE with AES-GCM", "Cipher Management"];
    let (lab, ran) = verified(&["rsa-key-exchange-only"], Trusted::Pins);
    ends(&lab, ran, 1, &words);
    let shown = lab.run(&["trust", "show", CUCM]).expect(1);
    assert!(shown.stderr.contains("error[tls-no-common-cipher]"), "{}", shown.stderr);
}

#[test]
fn nothing_newer_than_tls10() {
    let (lab, ran) = verified(&["tls10-only"], Trusted::Pins);
    ends(&lab, ran, 1, &["error[tls-no-common-version]", CUCM, "neither TLS 1.2 nor TLS 1.3"]);
}

/// The same on a Finesse node while CUCM is fine.
fn at_finesse(profile: &str, trusted: Trusted) -> Ran {
    let lab = lab(&[&format!("fin-a.example.com={profile}")]);
    write(&lab, trusted, true);
    lab.run(&["verify", "site.yaml"])
}

#[test]
fn finesse_narrowed_or_too_old() {
    for (profile, code) in [
        ("rsa-key-exchange-only", "error[tls-no-common-cipher]"),
        ("tls10-only", "error[tls-no-common-version]"),
    ] {
        let ran = at_finesse(profile, Trusted::Pins).expect(1);
        assert!(ran.stderr.contains(code) && ran.stderr.contains(PRIMARY), "{}", ran.stderr);
    }
}

#[test]
fn finesse_expired_is_taken_by_its_pin() {
    let ran = connects(at_finesse("expired", Trusted::Pins));
    let said =
        format!("certificate of {PRIMARY} is accepted by its pin, although it has expired on");
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
}

#[test]
fn finesse_signed_by_an_authority() {
    let lab = lab(&["ca-signed", "fin-b.example.com=ca-signed-wrong-name"]);
    write(&lab, Trusted::Authority, true);
    let ran = lab.run(&["verify", "site.yaml"]).expect(5);
    let words = ["error[certificate-unknown]", "fin-b.example.com:8445", "another-node"];
    assert!(words.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
}

#[test]
fn a_port_without_tls() {
    let lab = lab(&[]);
    write(&lab, Trusted::Pins, false);
    let control = lab.control_port();
    let plain = format!("{CUCM}={control}");
    let mut command = lab.command(&["verify", "site.yaml"]);
    let ran = Ran::of(&command.args(["--connect-to", &plain]).output().unwrap()).expect(1);
    assert!(ran.stderr.contains("error[tls-not-spoken]"), "{}", ran.stderr);
}

#[test]
fn profiles_that_do_not_exist_are_refused() {
    let lab = lab(&[]);
    let ran = lab.run(&["sandbox", "--tls-profile", "rot13"]).expect(64);
    assert!(ran.stderr.contains("ca-signed-wrong-name"), "{}", ran.stderr);
    assert_eq!(lab.requests()["last"], Value::Array(Vec::new()));
}
