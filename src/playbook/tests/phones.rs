//! `phone_settings`, `phone_apply`, `self_care`, the RMCM user and the site's words.

use super::{SMALL, folder, read, rendered};
use crate::playbook::{
    ApplyHow, ApplyWhen, Busy, Deployment, ExceptedPhones, Overrides, RmcmDevices, Scope,
};

fn with(lines: &str) -> Deployment {
    read(&format!("{SMALL}{lines}"), &folder(&[]))
}

fn wrong(lines: &str) -> String {
    rendered(&format!("{SMALL}{lines}"), &folder(&[]))
}

#[test]
fn sections_that_are_left_out_ask_for_nothing() {
    let small = with("");
    assert!(small.phone_settings.is_none() && small.phone_apply.is_none());
    assert!(small.finesse_settings.is_none() && small.self_care.is_none());
    assert!(small.windows.is_empty());
}

#[test]
fn phone_settings_have_defaults_and_bring_phone_apply() {
    let found = with("phone_settings: {}\n");
    let settings = found.phone_settings.unwrap();
    assert_eq!((settings.scope, settings.overrides), (Scope::Phones, Overrides::Report));
    assert!(settings.except.is_empty());
    let apply = found.phone_apply.unwrap();
    assert_eq!((apply.when, apply.how), (ApplyWhen::AfterChange, ApplyHow::Apply));
    assert_eq!((apply.busy, apply.per_minute), (Busy::Defer, 60));
    assert_eq!(apply.at, settings.at);
    assert_eq!(apply.at.to_string(), "books/p.yaml:16:1");
}

#[test]
fn every_word_of_phone_settings_and_phone_apply() {
    let found = with(
        "phone_settings:\n  scope: common-phone-profile\n  web_access: enabled\n  \
         https_server: https-only\n  overrides: fix\n  except:\n    \
         - { model: 8821, reason: separate project }\n    - { device: SEP001122334455, reason: lab }\n\
         phone_apply: { when: never, how: reset, busy: proceed, per_minute: 6000 }\n",
    );
    let settings = found.phone_settings.unwrap();
    assert_eq!((settings.scope, settings.overrides), (Scope::CommonPhoneProfile, Overrides::Fix));
    let [model, device] = settings.except.as_slice() else { panic!("two exceptions") };
    assert_eq!(model.phones, ExceptedPhones::Model("8821".to_owned()));
    assert_eq!(model.reason, "separate project");
    assert_eq!(device.phones, ExceptedPhones::Device("SEP001122334455".to_owned()));
    assert_eq!(device.at.to_string(), "books/p.yaml:23:7");
    let apply = found.phone_apply.unwrap();
    assert_eq!((apply.when, apply.how), (ApplyWhen::Never, ApplyHow::Reset));
    assert_eq!((apply.busy, apply.per_minute), (Busy::Proceed, 6000));
    assert_eq!(apply.at.to_string(), "books/p.yaml:24:1");
    let alone = with("phone_apply: { how: restart }\n");
    assert_eq!(alone.phone_apply.map(|apply| apply.how), Some(ApplyHow::Restart));
    assert!(alone.phone_settings.is_none());
    let wide = with("phone_settings: { scope: enterprise }\n").phone_settings;
    assert_eq!(wide.map(|settings| settings.scope), Some(Scope::Enterprise));
}

#[test]
fn mistakes_of_phone_settings() {
    insta::assert_snapshot!(wrong("phone_settings:\n  scope: phone\n  web_access: disabled\n  \
        https_server: http-only\n  overrides: [fix]\n  overide: fix\n  except: 8821\n"), @r#"
    error[unknown-word]: `phone` is not a word for `phone_settings.scope`
      --> books/p.yaml:17:10
       |
    17 |   scope: phone
       |          ^^^^^
       = did you mean `phones`?
       = one of: phones, common-phone-profile, enterprise
    error[unknown-word]: `disabled` is not a word for `phone_settings.web_access`
      --> books/p.yaml:18:15
       |
    18 |   web_access: disabled
       |               ^^^^^^^^
       = one of: enabled
    error[unknown-word]: `http-only` is not a word for `phone_settings.https_server`
      --> books/p.yaml:19:17
       |
    19 |   https_server: http-only
       |                 ^^^^^^^^^
       = did you mean `https-only`?
       = one of: https-only
    error[wrong-type]: `phone_settings.overrides` must be one word, not a list
      --> books/p.yaml:20:3
       |
    20 |   overrides: …
       |   ^^^^^^^^^
    error[unknown-key]: `overide` is not a key of phone_settings
      --> books/p.yaml:21:3
       |
    21 |   overide: …
       |   ^^^^^^^
       = did you mean `overrides`?
    error[wrong-type]: `phone_settings.except` must be a list, not `8821`
      --> books/p.yaml:22:11
       |
    22 |   except: 8821
       |           ^^^^
    "#);
}

#[test]
fn mistakes_of_exceptions() {
    insta::assert_snapshot!(wrong("phone_settings:\n  except:\n    - { model: Cisco 8821, reason: x }\n    \
        - { device: sep001122334455, reason: x }\n    - { model: 8821 }\n    - { reason: x }\n    \
        - { model: 8821, device: SEP001122334455, reason: x }\n    - { modl: 8821, reason: x }\n    \
        - { model: 7841, reason: x }\n    - { model: 7841, reason: y }\n"), @r#"
    error[bad-value]: `Cisco 8821` is not a model
      --> books/p.yaml:18:16
       |
    18 |     - { model: Cisco 8821 …
       |                ^^^^^^^^^^
       = did you mean `8821`?
       = written as its number, like 8821
    error[bad-value]: `sep001122334455` is not a device: device names are upper case
      --> books/p.yaml:19:17
       |
    19 |     - { device: sep001122334455 …
       |                 ^^^^^^^^^^^^^^^
       = did you mean `SEP001122334455`?
    error[missing-key]: `phone_settings.except[3].reason` is missing
      --> books/p.yaml:20:7
       |
    20 |     - { …
       |       ^
    error[missing-key]: `phone_settings.except[4]` has neither `model` nor `device`
      --> books/p.yaml:21:7
       |
    21 |     - { …
       |       ^
       = name a model (8821) or one phone (SEP001122334455)
    error[bad-value]: `phone_settings.except[5]` has both `model` and `device`
      --> books/p.yaml:22:22
       |
    22 |     - { model: 8821, device: …
       |                      ^^^^^^
       = write two entries, each with its reason
    error[missing-key]: `phone_settings.except[6]` has neither `model` nor `device`
      --> books/p.yaml:23:7
       |
    23 |     - { …
       |       ^
       = name a model (8821) or one phone (SEP001122334455)
    error[unknown-key]: `modl` is not a key of phone_settings.except[6]
      --> books/p.yaml:23:9
       |
    23 |     - { modl: …
       |         ^^^^
       = did you mean `model`?
    error[duplicate-entry]: `phone_settings.except[8]` excepts the same phones again
      --> books/p.yaml:25:7
       |
    25 |     - { …
       |       ^
       = first excepted: books/p.yaml:24:7
    "#);
}

#[test]
fn mistakes_of_phone_apply() {
    insta::assert_snapshot!(wrong("phone_apply: { when: always, how: aply, busy: yes, per_minute: 0, hwo: x }\n"), @r#"
    error[unknown-word]: `always` is not a word for `phone_apply.when`
      --> books/p.yaml:16:22
       |
    16 | phone_apply: { when: always …
       |                      ^^^^^^
       = one of: never, after-change
    error[unknown-word]: `aply` is not a word for `phone_apply.how`
      --> books/p.yaml:16:35
       |
    16 | phone_apply: { when: always, how: aply …
       |                                   ^^^^
       = did you mean `apply`?
       = one of: apply, restart, reset
    error[unknown-word]: `yes` is not a word for `phone_apply.busy`
      --> books/p.yaml:16:47
       |
    16 | phone_apply: { when: always, how: aply, busy: yes …
       |                                               ^^^
       = one of: defer, proceed
    error[bad-value]: `phone_apply.per_minute` must be a whole number from 1 to 6000
      --> books/p.yaml:16:64
       |
    16 | phone_apply: { when: always, how: aply, busy: yes, per_minute: 0 …
       |                                                                ^
    error[unknown-key]: `hwo` is not a key of phone_apply
      --> books/p.yaml:16:67
       |
    16 | phone_apply: { when: always, how: aply, busy: yes, per_minute: 0, hwo: …
       |                                                                   ^^^
       = did you mean `how`?
    "#);
    assert!(wrong("phone_apply: { per_minute: 6001 }\n").contains("from 1 to 6000"));
    assert!(wrong("phone_apply: never\n").contains("must be a mapping"));
}

#[test]
fn self_care_keeps_the_server_as_it_is_written() {
    let server = |lines| with(lines).self_care.unwrap().default_server;
    assert_eq!(server("self_care: {}\n"), None);
    assert_eq!(server("self_care: { default_server: 10.0.0.10 }\n").as_deref(), Some("10.0.0.10"));
    assert_eq!(server("self_care: { default_server: CUCM-pub }\n").as_deref(), Some("CUCM-pub"));
    insta::assert_snapshot!(wrong("self_care: { default_server: http://pub/ucmuser, server: x }\n"), @r#"
    error[bad-value]: `http://pub/ucmuser` is not a host for `self_care.default_server`: write host and port only, no scheme and no path
      --> books/p.yaml:16:30
       |
    16 | self_care: { default_server: http://pub/ucmuser …
       |                              ^^^^^^^^^^^^^^^^^^
       = did you mean `pub`?
    error[unknown-key]: `server` is not a key of self_care
      --> books/p.yaml:16:50
       |
    16 | self_care: { default_server: http://pub/ucmuser, server: …
       |                                                  ^^^^^^
       = its keys: default_server
    "#);
    assert!(wrong("self_care:\n").contains("must be a mapping (`key: value`), not nothing"));
}

#[test]
fn the_rmcm_user_is_uccx_own() {
    let rmcm = |product: &str, rmcm: &str| {
        SMALL
            .replace("product: uccx", &format!("product: {product}"))
            .replace("  id: ippa\n", &format!("  id: ippa\n  uccx_rmcm: {rmcm}\n"))
    };
    let found = |text| read(&rmcm("uccx", text), &folder(&[])).application_user.uccx_rmcm.unwrap();
    assert_eq!(found("{ user: rmcm }").devices, RmcmDevices::Verify);
    let add = found("{ user: rmcm, devices: add }");
    assert_eq!((add.user.as_str(), add.devices), ("rmcm", RmcmDevices::Add));
    assert_eq!(add.at.to_string(), "books/p.yaml:13:3");
    let files = folder(&[]);
    insta::assert_snapshot!(
        rendered(&rmcm("ucce", "{ user: rmcm }"), &files)
            + &rendered(&rmcm("uccx", "{ devices: ad, usr: x }"), &files), @r#"
    error[bad-value]: `application_user.uccx_rmcm` does not exist on ucce
      --> books/p.yaml:13:3
       |
    13 |   uccx_rmcm: …
       |   ^^^^^^^^^
       = only UCCX has an RMCM user: leave it out, or write `product: uccx`
    error[unknown-word]: `ad` is not a word for `application_user.uccx_rmcm.devices`
      --> books/p.yaml:13:25
       |
    13 |   uccx_rmcm: { devices: ad …
       |                         ^^
       = did you mean `add`?
       = one of: verify, add
    error[unknown-key]: `usr` is not a key of application_user.uccx_rmcm
      --> books/p.yaml:13:29
       |
    13 |   uccx_rmcm: { devices: ad, usr: …
       |                             ^^^
       = did you mean `user`?
    "#);
}

#[test]
fn the_site_has_its_own_words() {
    let auto = with("dialect: { https_only_value: auto, self_care_parameter: auto }\n").dialect;
    assert_eq!((auto.https_only_value, auto.self_care_parameter), (None, None));
    insta::assert_snapshot!(
        wrong("dialect: { https_only_value: '<1>', self_care_parameter: a b, self_care: x }\n"), @r#"
    error[bad-value]: `<1>` is not a value for `dialect.https_only_value`
      --> books/p.yaml:16:30
       |
    16 | dialect: { https_only_value: '<1>' …
       |                              ^^^^^
       = `auto`, or up to 32 letters, digits, dots, underscores and hyphens
    error[bad-value]: `a b` is not a name for `dialect.self_care_parameter`
      --> books/p.yaml:16:58
       |
    16 | dialect: { https_only_value: '<1>', self_care_parameter: a b …
       |                                                          ^^^
       = `auto`, or up to 128 letters, digits, dots, underscores and hyphens
    error[unknown-key]: `self_care` is not a key of dialect
      --> books/p.yaml:16:63
       |
    16 | dialect: { https_only_value: '<1>', self_care_parameter: a b, self_care: …
       |                                                               ^^^^^^^^^
       = its keys: url_separator, https_only_value, self_care_parameter
    "#);
}

#[test]
fn host_keys_stand_in_a_file() {
    assert_eq!(with("ssh: {}\n").ssh.known_hosts, None);
    assert!(
        wrong("ssh: { known_hosts: [a] }\n").contains("`ssh.known_hosts` must be text, not a list")
    );
    assert!(wrong("ssh: { known_host: a }\n").contains("did you mean `known_hosts`?"));
}
