//! Requests to a Finesse node: status objects, settings, errors, locks, servlet.

use super::finesse_calls::{Ask, GET, SETTINGS, ask, code, get, of, put, site, tuned};
use super::site_like;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::knobs::{AuthMode, ErrorOrder, Presence, SingleNode};
use crate::sandbox::finesse::node::{Client, Maintenance, SignedIn, Web};
use crate::sandbox::options::{FinesseOptions, Product};
use crate::sandbox::site::Site;
use crate::sandbox::soap::parse;

const SAVE: &str = "<IPPhoneAgentSettings><username>ippa</username><password>Secret1</password></IPPhoneAgentSettings>";

#[test]
fn system_info_has_the_form_of_its_release() {
    let long = get(&of(Product::Ucce, "12.6(2)"), "/finesse/api/SystemInfo");
    assert_eq!(long.value("finesseTimeInMMode"), Some("-1"));
    assert_eq!(long.value("finesseMMode"), Some(""));
    assert_eq!(long.value("status"), Some("IN_SERVICE"));
    assert_eq!(long.value("systemAuthMode"), Some("NON_SSO"));
    assert_eq!(long.value("deploymentType"), Some("UCCE"));
    assert_eq!(long.value("license"), Some(""));
    assert_eq!(long.child("primaryNode").unwrap().value("httpsPort"), Some("8445"));
    assert_eq!(long.child("secondaryNode").unwrap().value("host"), Some("fin-b.example.com"));
    let short = get(&of(Product::Uccx, "12.5(1)SU3"), "/finesse/api/SystemInfo");
    assert!(short.child("finesseMMode").is_none() && short.child("ctiServers").is_none());
    assert_eq!(short.child("primaryNode").unwrap().children.len(), 1);
    assert_eq!(short.value("license"), Some("PREMIUM"));
    assert_eq!(short.value("lastCTIHeartbeatStatus"), Some("success"));
    let old = get(&of(Product::Ucce, "11.6(1)"), "/finesse/api/SystemInfo");
    assert!(old.child("lastCTIHeartbeatStatus").is_none() && old.child("ctiVersion").is_none());
    let announced = of(Product::Uccx, "12.5(1)SU1");
    tuned(&announced, |knobs| knobs.maintenance_elements = Presence::Always);
    assert!(get(&announced, "/finesse/api/SystemInfo").child("finesseMMode").is_some());
}

#[test]
fn a_single_node_shows_it_in_three_ways() {
    let site = site_like(FinesseOptions { secondary: None, ..FinesseOptions::default() });
    for (form, host) in [
        (SingleNode::Absent, None),
        (SingleNode::Empty, Some("")),
        (SingleNode::Equal, Some("fin-a.example.com")),
    ] {
        tuned(&site, |knobs| knobs.single_node = form);
        let info = get(&site, "/finesse/api/SystemInfo");
        assert_eq!(info.child("secondaryNode").and_then(|node| node.value("host")), host);
    }
}

#[test]
fn system_info_wants_credentials_only_where_it_is_set() {
    let site = site();
    let anonymous = Ask { user: None, ..GET };
    assert_eq!(code(&site, "/finesse/api/SystemInfo", &anonymous), 200);
    tuned(&site, |knobs| knobs.system_info_credentials = true);
    assert_eq!(code(&site, "/finesse/api/SystemInfo", &anonymous), 401);
    assert_eq!(code(&site, "/finesse/api/SystemInfo", &GET), 200);
    assert_eq!(code(&site, "/finesse/api/SystemInfo", &Ask { method: "PUT", ..GET }), 405);
}

#[test]
fn states_of_a_node_are_seen() {
    let site = site();
    site.finesse(|cluster, now| {
        cluster.nodes[0].forced_out = true;
        cluster.nodes[0].heartbeat = false;
        cluster.nodes[0].maintenance = (Maintenance::InProgress, now);
        cluster.nodes[0].cti_maintenance = ("INITIATING".to_owned(), now);
        cluster.knobs.auth_mode = AuthMode::Sso;
    });
    let info = get(&site, "/finesse/api/SystemInfo");
    assert_eq!(info.value("status"), Some("OUT_OF_SERVICE"));
    assert_eq!(info.value("lastCTIHeartbeatStatus"), Some("failure"));
    assert_eq!(info.value("finesseMMode"), Some("IN_PROGRESS"));
    assert_eq!(info.value("finesseTimeInMMode"), Some("0"));
    assert_eq!(info.value("ctiMMode"), Some("INITIATING"));
    assert_eq!(info.value("systemAuthMode"), Some("SSO"));
    assert_eq!(code(&site, SETTINGS, &GET), 503);
    assert_eq!(code(&site, "/finesse/api/ConnectedUsersInfo", &GET), 503);
    site.finesse(|cluster, now| {
        cluster.nodes[0].forced_out = false;
        cluster.nodes[0].maintenance = (Maintenance::Failed, now);
    });
    let info = get(&site, "/finesse/api/SystemInfo");
    assert_eq!(
        (info.value("finesseMMode"), info.value("finesseTimeInMMode")),
        (Some("FAILED"), Some("-1"))
    );
    site.finesse(|cluster, now| cluster.nodes[0].maintenance = (Maintenance::Completed, now));
    let dead = ask(&site, "/finesse/api/SystemInfo", &GET);
    assert_eq!(dead.status, 502);
    assert!(dead.body.contains("502 Bad Gateway") && dead.media == "text/html");
    assert_eq!(code(&site, "/fippa/SEP001122330001", &GET), 502);
}

#[test]
fn connected_users_are_counted_per_node_and_by_client() {
    let site = site();
    site.finesse(|cluster, _| {
        let one =
            |id: &str, client| SignedIn { id: id.into(), client, device: None, extension: None };
        cluster.nodes[0].signed_in = vec![
            one("1001", Client::Fippa),
            one("1002", Client::Fippa),
            one("1003", Client::Desktop),
            one("1004", Client::Thirdparty),
        ];
    });
    let info = get(&site, "/finesse/api/ConnectedUsersInfo");
    let summary = info.child("userSummary").unwrap();
    for (name, count) in [
        ("desktopUsers", "1"),
        ("fippaUsers", "2"),
        ("thirdPartyUsers", "1"),
        ("totalConnectedUsers", "4"),
    ] {
        assert_eq!(summary.value(name), Some(count), "{name}");
    }
    let details = &info.child("userDetails").unwrap().children;
    assert_eq!(details[0].value("userType"), Some("FIPPA"));
    assert_eq!(details[0].value("extension"), Some("2001"));
    let other =
        ask(&site, "/finesse/api/ConnectedUsersInfo", &Ask { side: Side::Secondary, ..GET });
    assert!(other.body.contains("<totalConnectedUsers>0<"), "the other node counts its own");
    tuned(&site, |knobs| knobs.user_details = false);
    assert!(get(&site, "/finesse/api/ConnectedUsersInfo").child("userDetails").is_none());
    let agent = Ask { user: Some(("1001", "agent1001-password")), ..GET };
    assert_eq!(code(&site, "/finesse/api/ConnectedUsersInfo", &agent), 403);
    assert_eq!(code(&site, "/finesse/api/ConnectedUsersInfo", &Ask { user: None, ..GET }), 401);
    for (product, release, expected) in [
        (Product::Ucce, "12.5(1)", 404),
        (Product::Ucce, "12.6(1)", 200),
        (Product::Uccx, "12.5(1)", 404),
        (Product::Uccx, "12.5(1)SU1", 200),
    ] {
        let site = of(product, release);
        assert_eq!(code(&site, "/finesse/api/ConnectedUsersInfo", &GET), expected, "{release}");
    }
}

#[test]
fn the_settings_are_saved_on_the_primary_and_never_show_the_password() {
    let site = site();
    assert_eq!(get(&site, SETTINGS).value("username"), Some(""));
    let reply = ask(&site, SETTINGS, &put(SAVE));
    assert_eq!((reply.status, reply.body.as_str()), (202, ""));
    let read = ask(&site, SETTINGS, &GET);
    assert!(read.body.contains("<username>ippa</username>"), "{}", read.body);
    assert!(!read.body.contains("assword") && !read.body.contains("Secret1"));
    site.finesse(|cluster, _| {
        assert_eq!(cluster.nodes[0].stored.user, "ippa");
        assert_eq!(cluster.nodes[0].running.user, "", "not before a restart");
        assert!(!format!("{:?}", cluster.nodes[0]).contains("Secret1"));
    });
    assert!(!serde_json::to_string(&site.front().ledger).unwrap().contains("Secret1"));
    let event = site.log().after(0).last().unwrap().clone();
    assert_eq!((event.kind.as_str(), &event.fields["user"]), ("settings-saved", &"ippa".into()));
}

#[test]
fn a_bad_save_is_refused_and_changes_nothing() {
    let site = site();
    let long = SAVE.replace("Secret1", &"x".repeat(96));
    for (body, kind) in [
        ("", "Bad Request"),
        ("<x/>", "Bad Request"),
        (
            "<IPPhoneAgentSettings><username>a</username></IPPhoneAgentSettings>",
            "Parameter Missing",
        ),
        (&SAVE.replace("ippa", ""), "Invalid Input"),
        (&SAVE.replace("Secret1", "ž"), "Invalid Input"),
        (&SAVE.replace("Secret1", ""), "Invalid Input"),
        (&SAVE.replace("<username>", "<more/><username>"), "Invalid Input"),
        (&long, "Invalid Input"),
    ] {
        let reply = ask(&site, SETTINGS, &put(body));
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.body.contains(kind), "{body}: {}", reply.body);
    }
    let without = Ask { kind: None, ..put(SAVE) };
    assert_eq!(code(&site, SETTINGS, &without), 415, "the media type is wanted");
    assert_eq!(code(&site, SETTINGS, &Ask { kind: Some("text/plain"), ..put(SAVE) }), 415);
    assert_eq!(code(&site, SETTINGS, &Ask { method: "POST", ..put(SAVE) }), 405);
    assert_eq!(code(&site, SETTINGS, &Ask { user: None, ..put(SAVE) }), 401);
    let agent = Ask { user: Some(("1001", "agent1001-password")), ..put(SAVE) };
    assert_eq!(code(&site, SETTINGS, &agent), 401);
    site.finesse(|cluster, _| assert_eq!(cluster.nodes[0].stored.user, ""));
}

#[test]
fn the_secondary_refuses_configuration_and_ccx_lets_it_be_read() {
    let there = Ask { side: Side::Secondary, ..GET };
    let write = Ask { side: Side::Secondary, ..put(SAVE) };
    for (product, reading) in [(Product::Ucce, 403), (Product::Pcce, 403), (Product::Uccx, 200)] {
        let site = of(product, "12.6(2)");
        assert_eq!(code(&site, SETTINGS, &there), reading, "{product:?}");
        assert_eq!(code(&site, "/finesse/api/Teams", &there), reading, "{product:?}");
        assert_eq!(code(&site, SETTINGS, &write), 403, "{product:?}");
        assert_eq!(code(&site, "/finesse/api/SystemInfo", &there), 200);
    }
}

#[test]
fn settings_may_be_writable_and_unreadable_and_lie_elsewhere() {
    let site = site_like(FinesseOptions {
        unobservable_settings: true,
        settings_path: "/finesse/api/Elsewhere".into(),
        ..FinesseOptions::default()
    });
    assert_eq!(code(&site, "/finesse/api/Elsewhere", &GET), 405);
    assert_eq!(code(&site, "/finesse/api/Elsewhere", &put(SAVE)), 202);
    assert_eq!(code(&site, SETTINGS, &GET), 404);
}

#[test]
fn a_locked_agent_s_every_try_begins_the_time_anew() {
    let site = site();
    tuned(&site, |knobs| knobs.lock_ms = 1_200);
    let with = |password: &'static str| Ask { user: Some(("1001", password)), ..GET };
    for _ in 0..5 {
        code(&site, "/finesse/api/User/1001", &with("x"));
    }
    for _ in 0..2 {
        std::thread::sleep(std::time::Duration::from_millis(700));
        let right = with("agent1001-password");
        assert_eq!(code(&site, "/finesse/api/User/1001", &right), 401, "still, or again");
    }
    std::thread::sleep(std::time::Duration::from_millis(1_250));
    assert_eq!(code(&site, "/finesse/api/User/1001", &with("agent1001-password")), 200);
}

#[test]
fn errors_come_in_any_order() {
    let site = site();
    for (order, names) in [
        (ErrorOrder::TypeMessageData, vec!["ErrorType", "ErrorMessage", "ErrorData"]),
        (ErrorOrder::DataMessageType, vec!["ErrorData", "ErrorMessage", "ErrorType"]),
        (ErrorOrder::TypeDataMessage, vec!["ErrorType", "ErrorData", "ErrorMessage"]),
        (ErrorOrder::WithoutData, vec!["ErrorType", "ErrorMessage"]),
    ] {
        tuned(&site, |knobs| knobs.error_order = order);
        let reply = ask(&site, "/finesse/api/Nothing", &GET);
        assert_eq!(reply.status, 404);
        let error = parse(&reply.body).unwrap().children[0].clone();
        assert_eq!(error.children.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), names);
    }
}

#[test]
fn five_wrong_passwords_lock_and_the_right_one_is_refused_then() {
    let site = site();
    let wrong = Ask { user: Some(("finadmin", "x")), ..GET };
    for _ in 0..4 {
        let reply = ask(&site, SETTINGS, &wrong);
        assert_eq!(reply.status, 401);
        assert!(reply.challenge.is_some());
    }
    assert_eq!(code(&site, SETTINGS, &GET), 200, "four do not lock, and the right one forgets");
    for _ in 0..5 {
        assert_eq!(code(&site, SETTINGS, &Ask { user: None, ..GET }), 401);
    }
    assert_eq!(code(&site, SETTINGS, &GET), 200, "no credentials are no wrong ones");
    for _ in 0..5 {
        ask(&site, SETTINGS, &wrong);
    }
    assert_eq!(code(&site, SETTINGS, &GET), 401);
    assert_eq!(site.front().finesse_locks.locked(), ["fin-a.example.com finadmin"]);
    assert_eq!(code(&site, "/finesse/api/ConnectedUsersInfo", &GET), 200, "another group");
    let there = Ask { side: Side::Secondary, ..GET };
    assert_eq!(code(&site, SETTINGS, &there), 403, "another node: refused for another reason");
    assert_eq!(site.front().ledger.finesse.unauthorized["finadmin@fin-a.example.com"], 10);
    let short = of(Product::Ucce, "12.6(2)");
    tuned(&short, |knobs| knobs.lock_ms = 0);
    for _ in 0..5 {
        ask(&short, SETTINGS, &wrong);
    }
    assert_eq!(code(&short, SETTINGS, &GET), 200, "a lock ends");
}

#[test]
fn the_servlet_signs_nobody_in_for_a_device_that_does_not_exist() {
    let site = site();
    let phone = Ask { user: None, ..GET };
    let full = "id=1001&extension=2001&password=agent1001-password";
    let signed = |site: &Site| site.finesse(|cluster, _| cluster.nodes[0].signed_in.len());
    let form = ask(&site, "/fippa/SEP0000DEADBEEF", &phone);
    assert_eq!((form.status, form.media), (200, "text/xml;charset=UTF-8"));
    assert_eq!(parse(&form.body).unwrap().name, "CiscoIPPhoneInput");
    let reply = ask(&site, &format!("/fippa/SEP0000DEADBEEF?{full}"), &phone);
    assert_eq!(parse(&reply.body).unwrap().name, "CiscoIPPhoneText");
    assert_eq!(signed(&site), 0);
    let partly = ask(&site, "/fippa/SEP001122330001?id=1001&extension=2001", &phone);
    assert_eq!(parse(&partly.body).unwrap().name, "CiscoIPPhoneInput");
    ask(&site, &format!("/fippa/SEP001122330001?{}", full.replace("2001", "2002")), &phone);
    assert_eq!(signed(&site), 0);
    ask(&site, &format!("/fippa/SEP001122330001?{full}"), &phone);
    assert_eq!(signed(&site), 1);
    assert!(!serde_json::to_string(&site.front().ledger).unwrap().contains("agent1001-password"));
    ask(&site, "/fippa/SEP001122330002/logout", &phone);
    assert_eq!(signed(&site), 1);
    let left = ask(&site, "/fippa/SEP001122330001/logout", &phone);
    assert_eq!(parse(&left.body).unwrap().name, "CiscoIPPhoneInput");
    assert_eq!(signed(&site), 0);
    tuned(&site, |knobs| knobs.auth_mode = AuthMode::Sso);
    ask(&site, &format!("/fippa/SEP001122330001?{full}"), &phone);
    assert_eq!(signed(&site), 0, "not with single sign-on");
    site.finesse(|cluster, now| cluster.nodes[0].maintenance = (Maintenance::InProgress, now));
    let reply = ask(&site, "/fippa/SEP0000DEADBEEF", &phone);
    assert!(reply.body.contains("due to maintenance in progress"));
    site.finesse(|cluster, _| cluster.nodes[0].web = Web::OutOfService);
    assert_eq!(code(&site, "/fippa/SEP0000DEADBEEF", &phone), 503);
    assert_eq!(code(&site, "/fippa/a/b", &phone), 404);
}

#[test]
fn planned_disturbances_hit_what_they_name_and_are_used_up() {
    let site = site();
    let plan = |json: serde_json::Value| {
        site.front().finesse_faults.plan(serde_json::from_value(json).unwrap())
    };
    plan(
        serde_json::json!({"kind": "html", "status": 500, "path": "/finesse/api/Teams", "skip": 1}),
    )
    .unwrap();
    assert_eq!(code(&site, "/finesse/api/Users", &GET), 200);
    assert_eq!(code(&site, "/finesse/api/Teams", &GET), 200, "one passes");
    let hit = ask(&site, "/finesse/api/Teams", &GET);
    assert_eq!((hit.status, hit.media), (500, "text/html"));
    assert_eq!(code(&site, "/finesse/api/Teams", &GET), 200, "used up");
    plan(serde_json::json!({"kind": "redirect", "text": "https://idp.example.com/"})).unwrap();
    let hit = ask(&site, "/finesse/api/Teams", &GET);
    assert_eq!((hit.status, hit.location.as_deref()), (302, Some("https://idp.example.com/")));
    plan(serde_json::json!({"kind": "close", "method": "PUT"})).unwrap();
    assert_eq!(code(&site, SETTINGS, &GET), 200);
    assert_eq!(code(&site, SETTINGS, &put(SAVE)), 0);
    assert_eq!(get(&site, SETTINGS).value("username"), Some(""), "nothing was done");
    plan(serde_json::json!({"kind": "close-after", "node": "fin-a.example.com", "method": "PUT"}))
        .unwrap();
    assert_eq!(code(&site, SETTINGS, &put(SAVE)), 0);
    assert_eq!(get(&site, SETTINGS).value("username"), Some("ippa"), "it was done");
    plan(serde_json::json!({"kind": "status", "status": 503, "node": "fin-b.example.com"}))
        .unwrap();
    assert_eq!(code(&site, "/finesse/api/Teams", &GET), 200, "another node");
    site.front().finesse_faults.clear();
    plan(serde_json::json!({"kind": "delay", "delay_ms": 7})).unwrap();
    let late = ask(&site, "/finesse/api/Teams", &GET);
    assert_eq!((late.status, late.wait.as_millis()), (200, 7));
    assert!(plan(serde_json::json!({"kind": "explode"})).is_err());
}

#[test]
fn what_nodes_hold_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let options = || crate::sandbox::SandboxOptions {
        state: Some(folder.path().join("state.db")),
        ..crate::sandbox::SandboxOptions::default()
    };
    let open = || Site::new(options(), crate::sandbox::state::open(&options()).unwrap()).unwrap();
    assert_eq!(code(&open(), SETTINGS, &put(SAVE)), 202);
    let again = open();
    again.finesse(|cluster, _| {
        assert_eq!(cluster.nodes[0].stored.user, "ippa");
        assert_eq!(cluster.nodes[0].running.user, "", "still owed a restart");
        assert_eq!(cluster.nodes[1].stored.user, "ippa", "time has passed");
    });
    let bytes = std::fs::read(folder.path().join("state.db")).unwrap();
    let wal = std::fs::read(folder.path().join("state.db-wal")).unwrap_or_default();
    let holds = |bytes: &[u8]| bytes.windows(7).any(|window| window == b"Secret1");
    assert!(!holds(&bytes) && !holds(&wal), "a password is kept as a digest");
}
