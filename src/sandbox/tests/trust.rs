//! Certificates of a whole cluster: CUCM's tables, what each node's files show, renewals.

use serde_json::json;

use super::rows;
use crate::sandbox::platform::certificates::{Certificate, PHONE_TRUST, TOMCAT_TRUST};
use crate::sandbox::platform::exchange::{Act, begin, perform, shown};
use crate::sandbox::platform::trust::{self, Nodes};
use crate::sandbox::settings::CertificateSpread;
use crate::sandbox::site::Site;
use crate::sandbox::tls::profile::Profiles;
use crate::sandbox::{SandboxOptions, options, state};

const SUBSCRIBER: &str = "cucm-sub1.example.com";
const FINESSE: &str = "fin-a.example.com";

/// Three CUCM nodes and two of Finesse, with keys that are quickly made.
fn cluster(exchanged: bool) -> Site {
    let options = SandboxOptions {
        tls: Profiles::read(&["ecdsa".to_owned()]).unwrap(),
        subscribers: options::subscribers(3),
        exchanged,
        ..SandboxOptions::default()
    };
    let database = state::open(&options).unwrap();
    let site = Site::new(options, database).unwrap();
    begin(&site).unwrap();
    site
}

fn names(site: &Site, host: &str, store: &str) -> Vec<String> {
    let held = trust::held(&site.database(), host, store).unwrap();
    held.into_iter().map(|own| own.common_name).collect()
}

const STORES: &str = "select t.name, c.servername from typecertificateservice as t \
    join certificateservicecertificatemap as m on m.tkcertificateservice = t.enum \
    join certificate as c on c.pkid = m.fkcertificate where t.name in ('tomcat', 'Phone-trust') order by t.name, c.servername";

#[test]
fn the_tables_hold_every_node_and_what_phones_trust() {
    let site = cluster(true);
    assert_eq!(
        rows(&site, STORES),
        [
            "Phone-trust|fin-a.example.com",
            "Phone-trust|fin-b.example.com",
            "tomcat|cucm-pub.example.com",
            "tomcat|cucm-sub1.example.com",
            "tomcat|cucm-sub2.example.com",
        ]
    );
    let nodes = "select c.servername, n.name from certificate c, certificateprocessnodemap m, processnode n, certificateservicecertificatemap s \
        where m.fkcertificate = c.pkid and n.pkid = m.fkprocessnode and s.fkcertificate = c.pkid and s.tkcertificateservice = 1 order by 1, 2";
    assert_eq!(rows(&site, nodes).len(), 6);
    assert_eq!(names(&site, "cucm-sub2.example.com", PHONE_TRUST), [FINESSE, "fin-b.example.com"]);
    assert_eq!(names(&site, FINESSE, TOMCAT_TRUST).len(), 5);
    let text =
        rows(&site, "select certificate from certificate where servername = 'fin-a.example.com'");
    assert_eq!(Certificate::read(&text[0]).unwrap().common_name, FINESSE);
    let bare = cluster(false);
    assert_eq!(rows(&bare, STORES).len(), 3);
    assert_eq!(names(&bare, FINESSE, TOMCAT_TRUST), [""; 0]);
    assert_eq!(names(&bare, SUBSCRIBER, TOMCAT_TRUST).len(), 3);
}

#[test]
fn an_upload_reaches_the_database_and_one_nodes_files() {
    let all = [PHONE_TRUST, TOMCAT_TRUST];
    for (spread, expected) in [
        (CertificateSpread::Nowhere, [0, 0]),
        (CertificateSpread::AsDocumented, [0, 1]),
        (CertificateSpread::Everywhere, [1, 1]),
    ] {
        let site = cluster(false);
        site.front().settings.certificate_spread = spread;
        let publisher = "cucm-pub.example.com";
        let nodes = Nodes::of(&site, publisher);
        let new = Certificate::read(&super::certificates::certificate(0)).unwrap();
        for store in all {
            trust::import(&site.database(), &nodes, (publisher, store), &new).unwrap();
        }
        let here = all.map(|store| {
            names(&site, SUBSCRIBER, store).iter().filter(|name| **name == new.common_name).count()
        });
        assert_eq!(here, expected, "{spread:?}");
        assert_eq!(
            trust::database(&site.database(), PHONE_TRUST).unwrap(),
            std::slice::from_ref(&new)
        );
        // Taken out on one node it is gone from all.
        let taken = trust::delete(&site.database(), &nodes, (publisher, PHONE_TRUST), &new.file());
        assert!(taken.unwrap());
        assert!(names(&site, SUBSCRIBER, PHONE_TRUST).is_empty());
        assert!(trust::database(&site.database(), PHONE_TRUST).unwrap().is_empty());
        assert!(names(&site, publisher, TOMCAT_TRUST).contains(&new.common_name));
    }
}

#[test]
fn what_sql_takes_out_no_console_shows() {
    let site = cluster(true);
    let sql = "delete from certificateservicecertificatemap where tkcertificateservice = 1";
    let known = || shown(&site).unwrap();
    assert_eq!(known()["phone_trust_database"].as_array().unwrap().len(), 2);
    site.database().execute_batch(sql).unwrap();
    assert_eq!(known()["phone_trust_database"], json!([]));
    site.database().execute_batch("delete from certificate where servername like 'fin-%'").unwrap();
    assert!(names(&site, SUBSCRIBER, PHONE_TRUST).is_empty());
}

#[test]
fn a_renewed_certificate_is_another_one_of_the_same_name() {
    let site = cluster(true);
    let own = |host: &str| shown(&site).unwrap()["nodes"][host]["own"].clone();
    let (before, cucm) = (own(FINESSE), own(SUBSCRIBER));
    for node in [FINESSE, SUBSCRIBER] {
        perform(&site, Act::Renew { node: node.to_owned(), profile: None }).unwrap();
    }
    assert_eq!(own(FINESSE)["name"], before["name"]);
    assert_ne!(own(FINESSE)["sha256"], before["sha256"]);
    // The store keeps the old one until somebody imports the new one, which begins later.
    let held = || trust::database(&site.database(), PHONE_TRUST).unwrap();
    assert!(held().iter().any(|one| before["sha256"] == one.sha256()));
    let pem = own(FINESSE)["pem"].as_str().map(str::to_owned);
    let (node, store) = (None, PHONE_TRUST.to_owned());
    perform(&site, Act::Import { node, store, pem, name: None }).unwrap();
    assert!(!held().iter().any(|one| before["sha256"] == one.sha256()));
    assert_eq!(held().len(), 2);
    // CUCM's own one is replaced in its tables.
    assert_ne!(own(SUBSCRIBER)["sha256"], cucm["sha256"]);
    assert_eq!(rows(&site, STORES).len(), 5);
}

#[test]
fn a_strangers_certificate_takes_the_place_of_one_of_its_name() {
    let site = cluster(true);
    let act = Act::Import {
        node: Some(SUBSCRIBER.to_owned()),
        store: PHONE_TRUST.to_owned(),
        pem: None,
        name: Some(FINESSE.to_owned()),
    };
    perform(&site, act).unwrap();
    let state = shown(&site).unwrap();
    let own = &state["nodes"][FINESSE]["own"]["sha256"];
    let held = state["phone_trust_database"].as_array().unwrap();
    assert!(held.iter().all(|one| one["sha256"] != *own));
    assert!(held.iter().any(|one| one["name"] == FINESSE));
    let forget = Act::Forget { node: None, store: TOMCAT_TRUST.to_owned() };
    perform(&site, forget).unwrap();
    assert!(names(&site, FINESSE, TOMCAT_TRUST).is_empty());
    assert!(perform(&site, Act::Forget { node: None, store: "x".to_owned() }).is_err());
}
