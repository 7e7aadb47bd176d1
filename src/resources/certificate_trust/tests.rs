//! What stores lack, and what keeps an import back.

use std::collections::BTreeSet;

use super::samples::{own, seen, signed};
use super::{Held, lacking_in_phone_trust, lacking_in_tomcat_trust, vouched};
use crate::clients::tls::Distrust;

#[test]
fn phones_need_the_certificate_itself_and_finesse_takes_its_authority() {
    let (leaf, authority) = signed("fin-a");
    let cucm = own("cucm-pub", -1);
    let store = [authority.clone()];
    assert!(vouched(&store, &leaf) && !vouched(&store, &cucm));
    let all = seen(&leaf, &cucm, &store);
    let missing = lacking_in_phone_trust(&all, &all.cucm[0]);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].check, "phone-trust-only-ca");
    let all = seen(&leaf, &cucm, &[]);
    let missing = lacking_in_phone_trust(&all, &all.cucm[0]);
    assert_eq!(missing[0].check, "phone-trust-lacks-finesse");
    let all = seen(&leaf, &cucm, std::slice::from_ref(&leaf));
    assert!(lacking_in_phone_trust(&all, &all.cucm[0]).is_empty());
}

#[test]
fn a_store_that_was_not_read_lacks_nothing() {
    let (finesse, cucm) = (own("fin-a", -1), own("cucm-pub", -1));
    let mut all = seen(&finesse, &cucm, &[]);
    all.phone_trust = Held::NotRead("refused".to_owned());
    assert!(lacking_in_phone_trust(&all, &all.cucm[0]).is_empty());
    all.finesse[0].held = Held::NotRead("broken".to_owned());
    assert!(lacking_in_tomcat_trust(&all, &all.finesse[0], &BTreeSet::new()).is_empty());
    all.finesse[0].held = Held::CannotTell("level 0".to_owned());
    let missing = lacking_in_tomcat_trust(&all, &all.finesse[0], &BTreeSet::new());
    assert!(missing[0].remembered);
    let attested = BTreeSet::from([cucm.fingerprint_text()]);
    assert!(lacking_in_tomcat_trust(&all, &all.finesse[0], &attested).is_empty());
}

#[test]
fn an_import_that_was_begun_is_finished_on_every_node() {
    let (finesse, cucm) = (own("fin-a", -1), own("cucm-pub", -1));
    let mut all = seen(&finesse, &cucm, std::slice::from_ref(&finesse));
    let begun = BTreeSet::from([finesse.fingerprint_text()]);
    all.memory.imports.insert("cucm-pub".to_owned(), begun);
    assert!(lacking_in_phone_trust(&all, &all.cucm[0])[0].remembered);
    // What the node itself tells goes before what is remembered.
    all.cucm[0].held = Held::Known(vec![finesse]);
    assert!(lacking_in_phone_trust(&all, &all.cucm[0]).is_empty());
    all.cucm[0].held = Held::Known(Vec::new());
    assert!(!lacking_in_phone_trust(&all, &all.cucm[0])[0].remembered);
}

#[test]
fn one_of_the_same_name_gives_way_to_a_younger_one_alone() {
    let cucm = own("cucm-pub", -1);
    for (held, stays) in [(-30, false), (0, true), (-1, true)] {
        let (finesse, other) = (own("fin-a", -1), own("fin-a", held));
        let all = seen(&finesse, &cucm, &[other]);
        let missing = lacking_in_phone_trust(&all, &all.cucm[0]);
        assert_eq!(missing[0].gives_no_way(), stays, "{held}");
    }
}

#[test]
fn nothing_is_imported_that_has_expired_or_is_not_trusted() {
    let (finesse, cucm) = (own("fin-a", -1), own("cucm-pub", -1));
    let expired = seen(&own("fin-a", -400), &cucm, &[]);
    assert!(lacking_in_phone_trust(&expired, &expired.cucm[0])[0].held_back.is_some());
    let mut stranger = seen(&finesse, &cucm, &[]);
    let distrust = Distrust { changed: false, why: "nobody signed it".to_owned() };
    stranger.finesse[0].presented.as_mut().unwrap().distrust = Some(distrust);
    assert!(lacking_in_phone_trust(&stranger, &stranger.cucm[0])[0].held_back.is_some());
}
