//! `certificates`, `checks` and `cucm.nodes`.

use super::{SMALL, folder, read, rendered};
use crate::playbook::{Correction, ImportWay, TrustMode};

#[test]
fn sections_are_read_with_their_defaults() {
    let without = read(SMALL, &folder(&[]));
    assert!(without.certificates.is_none() && without.cucm.nodes.is_empty());
    assert_eq!((without.checks.certificate_days, without.checks.label_length), (30, 20));
    assert_eq!((without.cucm.platform_port, without.finesse.primary.platform.port), (443, 443));
    let text = SMALL
        .replace("cucm-pub.example.com\n", "cucm-pub.example.com\n  platform_port: 8444\n  nodes: { cucm-sub1: { address: Sub1.example.com }, imp1: { skip: IM and Presence } }\n")
        .replace("axl: {", "cucm_platform: { user: os, password: { env: A } }\n  finesse_platform: { user: os, password: { env: B } }\n  axl: {")
        + "certificates: {}\nchecks: { certificate_days: 60 }\n";
    let with = read(&text, &folder(&[]));
    let certificates = with.certificates.unwrap();
    assert_eq!(certificates.finesse_tomcat_trust, TrustMode::Import);
    assert_eq!(certificates.via, [ImportWay::Rest, ImportWay::Operator]);
    assert_eq!((with.checks.certificate_days, with.checks.label_length), (60, 20));
    assert_eq!(with.cucm.platform_port, 8444);
    let nodes: Vec<(&str, &Correction)> =
        with.cucm.nodes.iter().map(|node| (node.name.as_str(), &node.correction)).collect();
    assert_eq!(
        nodes,
        [
            ("cucm-sub1", &Correction::Address("sub1.example.com".to_owned())),
            ("imp1", &Correction::Skip("IM and Presence".to_owned())),
        ]
    );
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let text = SMALL.replace(
        "cucm-pub.example.com\n",
        "cucm-pub.example.com\n  nodes: { a: {}, cucm-pub.example.com: { skip: x } }\n",
    ) + "certificates: { cucm_phone_trust: imports, via: [operator, rest, rest] }\n";
    let shown = rendered(&text, &folder(&[]));
    for part in [
        "`cucm.nodes.a` has either `address` or `skip`",
        "is the publisher, which is never left out",
        "`imports` is not a word",
        "`certificates.via` has a way behind `operator`",
        "`certificates.via` names one way twice",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let text = format!("{SMALL}certificates: {{ via: [] }}\n");
    assert!(rendered(&text, &folder(&[])).contains("`certificates.via` is empty"));
}

#[test]
fn imports_need_their_accounts() {
    let shown = rendered(&format!("{SMALL}certificates: {{}}\n"), &folder(&[]));
    assert!(shown.contains("`credentials.cucm_platform` is missing"), "{shown}");
    assert!(shown.contains("`credentials.finesse_platform` is missing"), "{shown}");
    let reading = "certificates: { finesse_tomcat_trust: verify, cucm_phone_trust: verify }\n";
    read(&format!("{SMALL}{reading}"), &folder(&[]));
    let by_hand = "certificates: { via: [operator] }\nrestart: { finesse_tomcat: never }\n";
    read(&format!("{SMALL}{by_hand}"), &folder(&[]));
}
