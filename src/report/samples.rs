//! Reports that the tests of the formats share.

use super::history::ChainHead;
use super::scope::{
    Account, CertificateShown, Device, DeviceKind, DeviceState, Node, Role, Scope, Service,
};
use super::standing::{Drift, Standing, Waived, WaiverState, WaiverUse, id};
use super::{Report, Section, Subject};
use crate::outcome::Outcome;
use crate::plan::Plan;
pub use crate::plan::samples::{findings, plan, roster};
use crate::trouble::Trouble;

/// A verification with something of everything: drift, a waiver, a certificate, an error, and so many phones.
pub fn everything(phones: u32) -> Report {
    let mut report = report(Subject::Verify, Outcome::Changes, findings());
    let section = &mut report.sections[0];
    // A check that the table has, so that it is the same when it is read again.
    section.plan.findings[1].check = "service-name-too-long";
    let waived = Waived {
        owner: "jane@example.com".to_owned(),
        reason: "moved in March".to_owned(),
        expires: "2027-01-31".to_owned(),
    };
    let standing = Standing {
        first_seen: Some("2026-11-20T04:00:00Z".to_owned()),
        last_ok: Some("2026-11-19T04:00:00Z".to_owned()),
        drift: Some(Drift::ChangedOutside),
        waived: None,
    };
    let held = Standing { waived: Some(waived.clone()), ..Standing::default() };
    for (index, standing) in [(0, standing), (2, held)] {
        let id = id(&section.name, &section.plan.findings[index]);
        section.standings.insert(id, standing);
    }
    section.waivers.push(WaiverUse {
        check: "subscription-missing".to_owned(),
        object: "phone SEP001122330002".to_owned(),
        waived,
        declared: "emea.waivers.yaml:3:5".to_owned(),
        state: WaiverState::Used,
        findings: 1,
    });
    section.troubles.push(
        Trouble::new("axl-unreachable", Outcome::Failed, "CUCM does not answer")
            .at("cucm-pub.example.com:8443")
            .because("connection refused")
            .then("start the service"),
    );
    section.requests.insert("executeSQLQuery".to_owned(), 7);
    section.scope = Some(scope(phones));
    report.chain = Some(ChainHead { head: "ab".repeat(32), entries: 3, keyed: false });
    report
}

fn scope(phones: u32) -> Scope {
    let node = |role, host: &str| Node { role, host: host.to_owned(), silent: None };
    Scope {
        playbook: "emea.yaml".to_owned(),
        product: "uccx".to_owned(),
        release: "12.5(1)SU3".to_owned(),
        sql_writes: "never".to_owned(),
        milliseconds: 1200,
        shard: None,
        places: None,
        nodes: vec![
            node(Role::CucmPublisher, "cucm-pub.example.com"),
            node(Role::FinessePrimary, "fin-a.example.com"),
            Node {
                silent: Some("connection refused".to_owned()),
                ..node(Role::FinesseSecondary, "fin-b.example.com")
            },
        ],
        services: vec![Service {
            name: "Cisco Finesse".to_owned(),
            host: "fin-a.example.com".to_owned(),
        }],
        accounts: vec![Account {
            interface: "AXL".to_owned(),
            user: "axlreader".to_owned(),
            role: "Standard AXL Read Only API Access".to_owned(),
        }],
        certificates: vec![CertificateShown {
            node: "fin-a.example.com".to_owned(),
            subject: "CN=fin-a.example.com".to_owned(),
            issuer: "CN=fin-a.example.com".to_owned(),
            from: "2026-01-01T00:00:00Z".to_owned(),
            until: "2031-01-01T00:00:00Z".to_owned(),
            fingerprint: format!("sha256:{}", "0".repeat(64)),
        }],
        devices: (1..=phones)
            .map(|number| Device {
                kind: DeviceKind::Phone,
                name: format!("SEP00112233{number:04}"),
                agent: (1000 + number).to_string(),
                state: match number {
                    1 => DeviceState::Differs,
                    2 => DeviceState::Waived,
                    _ => DeviceState::AsDeclared,
                },
            })
            .collect(),
    }
}

/// A report of one deployment.
pub fn report(subject: Subject, outcome: Outcome, plan: Plan) -> Report {
    let mut section = Section::new("emea-prod", outcome);
    section.plan = plan;
    Report::new(subject, "2026-11-25T04:00:00Z", vec![section])
}
