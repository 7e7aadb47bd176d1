//! Any text is answered, and no secret is ever shown.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Folder, SMALL, folder, mistakes};
use crate::playbook::parse;

const MARKER: &str = "Zq9Marker";

/// Playbooks with a secret typed where a reference belongs.
fn leaks() -> Vec<String> {
    let secret = "{ env: AXL_PASSWORD }";
    [
        "Zq9Marker",
        "\"Zq9Marker\"",
        "[Zq9Marker]",
        "{ Zq9Marker }",
        "{ env: \"Zq9Marker !\" }",
        "{ enw: Zq9Marker }",
        "{ command: Zq9Marker }",
        "{ command: [a, { b: Zq9Marker }] }",
        "{ prompt: Zq9Marker }",
        "{ env: A, value: Zq9Marker }",
        "*Zq9Marker",
        "!Zq9Marker x",
        "&Zq9Marker x",
        "\"Zq9Marker",
        "'Zq9Marker\n  x: y\n",
        "[Zq9Marker",
        "|\n    Zq9Marker\n    Zq9Marker: x",
        "@Zq9Marker",
        "x, password: Zq9Marker",
        "x }\n  pasword: Zq9Marker\n  axle: { passphrase: Zq9Marker",
        "x } Zq9Marker",
    ]
    .iter()
    .map(|typed| SMALL.replace(secret, typed))
    .chain([
        SMALL.replace("cucm-pub.example.com", "https://admin:Zq9Marker@pub"),
        SMALL.replace("fin-a.example.com", "{ host: \"admin:Zq9Marker@fin\", hots: x }"),
        SMALL.replace("  id: ippa\n  password: { file: secrets/ippa }\n", "  Zq9Marker\n"),
        SMALL.to_owned() + "agents: { passwords: Zq9Marker, rooster: x }\n",
        SMALL.to_owned() + "one_button_sign_in: { password: Zq9Marker, id: x }\n",
        SMALL.to_owned()
            + "finesse_settings: { mode: rest, body: \"<X><password>Zq9Marker</password></X>\" }\n",
        SMALL.to_owned()
            + "finesse_settings:\n  mode: rest\n  path: /x?password=Zq9Marker\n  body: |\n    <password>\n      Zq9Marker\n    </password>\n",
        SMALL.to_owned()
            + "agents: { roster: [{ device: SEP1, pin: x, password: Zq9Marker, usr: 1 }] }\n",
    ])
    .collect()
}

#[test]
fn a_secret_is_shown_nowhere() {
    for text in leaks() {
        let found = mistakes(&text, &folder(&[]));
        assert!(!found.is_empty(), "{text}");
        for mistake in found {
            let out = mistake.render(true) + &format!("{mistake:?}");
            assert!(!out.contains(MARKER), "{out}\n{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}|[a-z:{}\\[\\],\"'&*!|>#\\- \n\t\r]{0,200}") {
        prop_assert!(parse("p.yaml", &text, &folder(&[])).is_err());
    }

    #[test]
    fn any_roster_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), tail in "[a-z,\"\r\n;é]{0,80}") {
        let mut csv = b"device,id,extension\n".to_vec();
        csv.extend(tail.as_bytes());
        csv.extend(bytes);
        let text = format!("{SMALL}agents: {{ roster: agents.csv }}\n");
        drop(parse("p.yaml", &text, &Folder(BTreeMap::from([("agents.csv", csv)]))));
    }

    #[test]
    fn a_damaged_playbook_shows_no_secret(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), put in "[{}\\[\\]:,\"'\n #&*-]{1,3}",
    ) {
        let texts = leaks();
        let text = which.get(&texts);
        let cut = text.char_indices().map(|(cut, _)| cut).collect::<Vec<_>>();
        // Damage outside the secret itself and outside the word `password` that announces it.
        let cut = *at.get(&cut);
        let near = text.match_indices(MARKER).chain(text.match_indices("pass")).chain(text.match_indices("pasw"))
            .any(|(from, _)| from <= cut && cut <= from + 10);
        prop_assume!(!near);
        let (before, after) = text.split_at(cut);
        let damaged = format!("{before}{put}{after}");
        for mistake in mistakes(&damaged, &folder(&[])) {
            let out = mistake.render(false);
            prop_assert!(!out.contains(MARKER), "{}\n{}", out, damaged);
        }
    }
}
