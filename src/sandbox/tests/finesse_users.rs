//! Requests to a Finesse node about agents, teams and reason codes.

use super::finesse_calls::{Ask, GET, ask, code, get, site, tuned};
use crate::sandbox::finesse::knobs::AuthMode;
use crate::sandbox::finesse::node::{Client, SignedIn};
use crate::sandbox::site::Site;
use crate::sandbox::soap::parse;

#[test]
fn users_are_shown_to_themselves_and_to_administrators() {
    let site = site();
    let user = get(&site, "/finesse/api/User/1001");
    assert_eq!(user.value("loginName"), Some("agent1001"));
    assert_eq!((user.value("state"), user.value("extension")), (Some("LOGOUT"), Some("")));
    assert_eq!(get(&site, "/finesse/api/User/agent1001").value("loginId"), Some("1001"));
    site.finesse(|cluster, _| {
        let one =
            SignedIn { id: "1001".into(), client: Client::Fippa, device: None, extension: None };
        cluster.nodes[1].signed_in.push(one);
    });
    assert_eq!(get(&site, "/finesse/api/User/1001").value("extension"), Some("2001"));
    let own = Ask { user: Some(("1001", "agent1001-password")), ..GET };
    assert_eq!(code(&site, "/finesse/api/User/1001", &own), 200);
    let reply = ask(&site, "/finesse/api/User/1002", &own);
    assert!(reply.status == 401 && reply.body.contains("Invalid Authorization User Specified"));
    assert_eq!(code(&site, "/finesse/api/Users", &own), 401);
    let reply = ask(&site, "/finesse/api/User/9999", &GET);
    assert!(reply.status == 404 && reply.body.contains("User Not Found"));
    assert_eq!(get(&site, "/finesse/api/Users").children.len(), 48);
    tuned(&site, |knobs| knobs.colliding_login = true);
    assert_eq!(get(&site, "/finesse/api/Users").children.len(), 49);
}

#[test]
fn the_mode_of_each_agent_can_be_asked_without_credentials() {
    let site = site();
    let anonymous = Ask { user: None, ..GET };
    let mode = |site: &Site, id: &str| {
        let reply = ask(site, &format!("/finesse/api/UserAuthMode/{id}"), &anonymous);
        assert_eq!(reply.status, 200);
        parse(&reply.body).unwrap().value("authMode").unwrap().to_owned()
    };
    assert_eq!(mode(&site, "1001"), "NON_SSO");
    tuned(&site, |knobs| {
        knobs.auth_mode = AuthMode::Hybrid;
        knobs.sso_agents = vec!["agent1002".into()];
    });
    assert_eq!((mode(&site, "1001").as_str(), mode(&site, "1002").as_str()), ("NON_SSO", "SSO"));
    assert_eq!(get(&site, "/finesse/api/SystemInfo").value("systemAuthMode"), Some("HYBRID"));
    assert_eq!(code(&site, "/finesse/api/UserAuthMode/9999", &anonymous), 404);
    tuned(&site, |knobs| knobs.user_auth_mode = false);
    assert_eq!(code(&site, "/finesse/api/UserAuthMode/1001", &anonymous), 403);
}

#[test]
fn reason_codes_are_listed_by_category_and_team() {
    let site = site();
    let codes = get(&site, "/finesse/api/ReasonCodes?category=NOT_READY");
    assert_eq!(codes.attribute("category"), Some("NOT_READY"));
    assert_eq!(codes.children.len(), 10, "eight and two of the system");
    assert!(codes.children[0].child("id").is_some());
    assert_eq!(get(&site, "/finesse/api/ReasonCodes?category=ALL").children.len(), 20);
    assert_eq!(get(&site, "/finesse/api/Team/1/ReasonCodes?category=LOGOUT").children.len(), 3);
    let own = get(&site, "/finesse/api/User/1001/ReasonCodes?category=NOT_READY");
    assert_eq!(own.children.len(), 13);
    assert_eq!(get(&site, "/finesse/api/WrapUpReasons").children.len(), 8);
    assert_eq!(get(&site, "/finesse/api/Team/2/WrapUpReasons").children.len(), 3);
    assert_eq!(get(&site, "/finesse/api/User/1001/WrapUpReasons").children.len(), 11);
    assert_eq!(get(&site, "/finesse/api/Teams").children.len(), 2);
    assert_eq!(code(&site, "/finesse/api/ReasonCodes?category=WRAP", &GET), 400);
    assert_eq!(code(&site, "/finesse/api/ReasonCodes", &GET), 400);
    assert_eq!(code(&site, "/finesse/api/Team/3/ReasonCodes?category=LOGOUT", &GET), 404);
    tuned(&site, |knobs| {
        knobs.codes.without_ids = true;
        knobs.codes.global = 150;
    });
    let old = get(&site, "/finesse/api/ReasonCodes?category=NOT_READY");
    assert!(old.children[0].child("id").is_none() && old.children.len() == 152);
}

#[test]
fn the_web_proxy_may_answer_from_its_cache() {
    use crate::sandbox::finesse::cluster::Side;
    use crate::sandbox::finesse::node::Order;
    let site = site();
    let status = |target: &str| get(&site, target).value("status").unwrap().to_owned();
    let forced = |out| site.finesse(|cluster, _| cluster.nodes[0].forced_out = out);
    status("/finesse/api/SystemInfo");
    forced(true);
    assert_eq!(status("/finesse/api/SystemInfo"), "OUT_OF_SERVICE", "no cache by default");
    tuned(&site, |knobs| knobs.proxy_cache_ms = 60_000);
    forced(false);
    assert_eq!(status("/finesse/api/SystemInfo"), "OUT_OF_SERVICE", "stale");
    assert_eq!(status("/finesse/api/SystemInfo?nocache=1"), "IN_SERVICE");
    site.finesse(|cluster, now| {
        cluster.knobs.times.in_service_ms = 0;
        cluster.knobs.times.tomcat_started_ms = 0;
        cluster.order(now, Side::Primary, Order::Restart);
    });
    assert_eq!(status("/finesse/api/SystemInfo"), "IN_SERVICE", "a restart clears it");
}

#[test]
fn agents_and_teams_can_be_others_than_seeded() {
    let site = site();
    let changes = serde_json::json!({
        "auth_mode": "HYBRID",
        "agents": {
            "1003": { "roles": ["Agent", "Supervisor"], "mobile": true, "mode": "SSO" },
            "1004": { "gone": true },
            "1005": { "login": "1006", "mode": "REFUSED" },
            "7001": { "extension": "8001", "team": 3 },
        },
        "teams": { "3": { "name": "Overflow", "codes": { "team": 120, "wrap_ups": 5, "long_label": 40 } } },
    });
    tuned(&site, |knobs| *knobs = crate::sandbox::patch::changed(knobs, changes).unwrap());
    let user = get(&site, "/finesse/api/User/1003");
    assert_eq!(user.child("roles").unwrap().all("role").count(), 2);
    assert!(user.child("mobileAgent").unwrap().child("mode").is_some());
    assert!(get(&site, "/finesse/api/User/1002").child("mobileAgent").unwrap().children.is_empty());
    assert_eq!(code(&site, "/finesse/api/User/1004", &GET), 404);
    assert_eq!(get(&site, "/finesse/api/User/1005").value("loginName"), Some("1006"));
    assert_eq!(get(&site, "/finesse/api/User/7001").value("teamName"), Some("Overflow"));
    let anonymous = Ask { user: None, ..GET };
    assert_eq!(code(&site, "/finesse/api/UserAuthMode/1005", &anonymous), 403);
    assert!(ask(&site, "/finesse/api/UserAuthMode/1003", &anonymous).body.contains(">SSO<"));
    assert_eq!(get(&site, "/finesse/api/Teams").children.len(), 3);
    let codes = get(&site, "/finesse/api/Team/3/ReasonCodes?category=NOT_READY");
    assert_eq!(codes.children.len(), 120);
    assert_eq!(codes.children[0].value("label").unwrap().len(), 40);
    assert_eq!(get(&site, "/finesse/api/Team/3/WrapUpReasons").children.len(), 5);
    assert_eq!(get(&site, "/finesse/api/Team/1/ReasonCodes?category=LOGOUT").children.len(), 3);
    tuned(&site, |knobs| knobs.extra_agents = 2);
    let user = get(&site, "/finesse/api/User/20001");
    assert_eq!(user.value("loginName"), Some("agent20001"));
}
