//! What is written says the same when it is read again, whatever names the site has.

mod every_key;

use std::collections::BTreeMap;

use proptest::prelude::*;

use every_key::{full, told};

use super::{playbook, rosters};
use crate::playbook::draft::{
    AgentsDraft, CucmDraft, Draft, FinesseDraft, NodeDraft, PasswordsDraft, PhoneServicesDraft,
    RosterDraft, RowDraft, SelfCareDraft, ServiceDraft, SignInDraft, TlsDraft, fits_a_cell,
    fits_a_key,
};
use crate::playbook::{Deployment, Files, FilledBy, Limits, Product, SubscriptionKind, parse};

struct Folder(BTreeMap<String, String>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let text = self.0.get(path).ok_or("no such file")?;
        Ok(text.clone().into_bytes())
    }
}

fn read(draft: &Draft) -> Deployment {
    let files = rosters(draft).into_iter().map(|file| (file.path, file.text)).collect();
    let text = playbook(draft);
    parse("p.yaml", &text, &Folder(files)).unwrap_or_else(|mistakes| {
        let told: String = mistakes.iter().map(|mistake| mistake.render(false)).collect();
        panic!("{told}\n{text}")
    })
}

fn said(draft: &Draft) -> Draft {
    let nothing = Vec::new();
    let draft = draft.clone();
    Draft { heading: nothing.clone(), notes: BTreeMap::new(), left_out: nothing, ..draft }
}

const HOSTILE: [&str; 26] = [
    "it's \"quoted\"",
    "a # b",
    "#x",
    "key: value",
    "x:",
    "- dash",
    "-dash",
    "-",
    "yes",
    "No",
    "null",
    "~",
    "true",
    "0012",
    "1e3",
    "0x1F",
    "12:30",
    "2024-01-01",
    "[a, b]",
    "{ a: b }",
    "&anchor",
    "*alias",
    "!tag",
    "%50",
    "=1+2,\"x\"",
    "ÄÖ 電話 \u{1f4de}",
];

fn hostile() -> impl Strategy<Value = String> {
    let listed = prop::sample::select(HOSTILE.as_slice()).prop_map(str::to_owned);
    let built = "[ -~äß電\u{a0}\u{202e}\u{2066}\u{2028}\u{feff}\u{e0041}]{1,24}";
    prop_oneof![listed, built.prop_filter("one line", |text| fits_a_key(text))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_says_the_same_when_it_is_read(
        words in prop::collection::vec(hostile(), 24),
        cells in prop::collection::vec(hostile().prop_filter("a cell", |text| fits_a_cell(text)), 4),
    ) {
        let draft = full(&words, &cells);
        prop_assert_eq!(said(&draft), told(&read(&draft)), "{}", playbook(&draft));
    }
}

#[test]
fn every_hostile_word_in_every_place() {
    for word in HOSTILE {
        let draft = full(&[word.to_owned()], &[word.to_owned()]);
        assert_eq!(said(&draft), told(&read(&draft)), "{}", playbook(&draft));
    }
}

/// What is needed and nothing else.
fn small() -> Draft {
    let mut draft = full(&["ippa".to_owned()], &["1001".to_owned()]);
    draft.heading = vec!["Written by a test.".to_owned()];
    draft.deployment = "emea-prod".to_owned();
    draft.cucm = CucmDraft { publisher: "pub.example.com".into(), ..CucmDraft::default() };
    draft.finesse = FinesseDraft {
        product: Product::Uccx,
        release: "12.5(1)SU3".into(),
        language_packs: None,
        primary: NodeDraft { host: "fin-a.example.com".into(), ..NodeDraft::default() },
        secondary: None,
    };
    draft.credentials.axl.user = "axladmin".into();
    draft.credentials.finesse = None;
    draft.credentials.finesse_platform = None;
    draft.credentials.cucm_platform = None;
    draft.credentials.serviceability = None;
    draft.tls = TlsDraft::default();
    (draft.known_hosts, draft.limits) = (None, Limits::default());
    draft.application_user.password_change = None;
    draft.application_user.shared = false;
    (draft.phone_settings, draft.phone_apply) = (None, None);
    draft.phone_services = PhoneServicesDraft {
        subscription: None,
        primary: ServiceDraft { name: "Cisco Finesse".into(), adopt: None },
        secondary: None,
        retire: Vec::new(),
        sql_writes: None,
    };
    (draft.one_button_sign_in, draft.agents) = (None, None);
    (draft.finesse_settings, draft.self_care) = (None, None);
    (draft.certificates, draft.restart) = (None, None);
    (draft.notes, draft.left_out) = (BTreeMap::new(), Vec::new());
    draft
}

#[test]
fn the_smallest_is_as_short_as_one_written_by_hand() {
    let draft = small();
    insta::assert_snapshot!(playbook(&draft), @r##"
    # Written by a test.
    version: 1
    deployment: emea-prod

    cucm:
      publisher: pub.example.com

    finesse:
      product: uccx
      release: "12.5(1)SU3"
      primary: fin-a.example.com

    credentials:
      axl: { user: axladmin, password: { env: NAME } }

    application_user:
      id: ippa
      password: { env: A_B }

    phone_services:
      primary: { name: Cisco Finesse }
    "##);
    assert!(rosters(&draft).is_empty());
    let read = read(&draft);
    assert!(read.agents.rows.is_empty() && read.phone_settings.is_none());
}

#[test]
fn comments_stand_where_a_reader_looks_for_them() {
    let mut draft = small();
    draft.note("deployment", "One playbook describes one deployment.");
    draft.note(
        "credentials",
        "Each account is a user and the place of its password, never the password.",
    );
    draft.note("credentials.axl", "export AXL_PASSWORD=…");
    draft.note("phone_services.primary", "found");
    draft.note("phone_services.sql_writes", "not written, so neither is this");
    draft.note("phone_settings", "phone_settings is left out: phones are left alone.");
    draft.note("agents.roster", "A comment that is long enough to have no room behind its key, however far to the left it may begin.");
    draft.phone_services.subscription = Some(SubscriptionKind::Manual);
    draft.note("phone_services.subscription", "manual | enterprise | self-care");
    draft.agents = Some(AgentsDraft {
        roster: Some(RosterDraft { path: "emea-prod.csv".into(), rows: Vec::new() }),
        ..AgentsDraft::default()
    });
    draft.self_care = Some(SelfCareDraft::default());
    draft.left_out =
        vec![format!("service \"Old\", {}", "with very many words ".repeat(8)), "a user".into()];
    insta::assert_snapshot!(playbook(&draft), @r##"
    # Written by a test.
    version: 1

    # One playbook describes one deployment.
    deployment: emea-prod

    cucm:
      publisher: pub.example.com

    finesse:
      product: uccx
      release: "12.5(1)SU3"
      primary: fin-a.example.com

    # Each account is a user and the place of its password, never the password.
    credentials:
      axl: { user: axladmin, password: { env: NAME } }  # export AXL_PASSWORD=…

    application_user:
      id: ippa
      password: { env: A_B }

    # phone_settings is left out: phones are left alone.

    phone_services:
      subscription: manual                       # manual | enterprise | self-care
      primary: { name: Cisco Finesse }           # found

    agents:
      # A comment that is long enough to have no room behind its key, however far to the left it may begin.
      roster: emea-prod.csv

    self_care: {}

    # Found, and not part of this playbook:
    #   - service "Old", with very many words with very many words with very many words with very many words with
    #     very many words with very many words with very many words with very many words
    #   - a user
    "##);
    let written = rosters(&draft);
    assert_eq!(written[0].path, "emea-prod.csv");
    assert_eq!(written[0].text, "device,user\n", "self_care needs the column user");
    read(&draft);
}

#[test]
fn passwords_that_are_stored_are_kept() {
    let mut draft = small();
    let all = FilledBy::Administrator;
    draft.one_button_sign_in = Some(SignInDraft { id: all, extension: all, password: all });
    draft.agents =
        Some(AgentsDraft { passwords: Some(PasswordsDraft::Keep), ..AgentsDraft::default() });
    assert!(playbook(&draft).contains("  passwords: keep\n"));
    assert!(read(&draft).agents.passwords.is_none());
}

#[test]
fn a_roster_has_the_columns_that_are_needed_or_filled() {
    let rows =
        full(&["w".to_owned()], &["=1+2,\"x\"".to_owned()]).agents.unwrap().roster.unwrap().rows;
    let list = |rows| RosterDraft { path: "r.csv".into(), rows };
    let who = SignInDraft {
        id: FilledBy::Administrator,
        extension: FilledBy::SignIn,
        password: FilledBy::SignIn,
    };
    assert_eq!(super::roster::agents(&list(Vec::new()), Some(who), false), "device,id\n");
    assert_eq!(super::roster::agents(&list(Vec::new()), None, false), "device\n");
    assert_eq!(
        super::roster::agents(&list(rows), None, false),
        "device,device_profile,id,extension,user,manage\n\
         SEP001122334401,\"=1+2,\"\"x\"\"\",\"=1+2,\"\"x\"\"\",keep,\"=1+2,\"\"x\"\"\",subscription\n\
         SEP001122334402,,,\"=1+2,\"\"x\"\"\",,verify\n"
    );
    let profile = RowDraft { device_profile: Some("UDP_1".into()), ..RowDraft::default() };
    assert_eq!(super::roster::phones(&list(vec![profile])), "device_profile\nUDP_1\n");
}
