//! Agents' states and calls, with passwords and with tokens.

use std::time::Duration;

use super::finesse_calls::{self, Ask, GET};
use super::sso::{signed_in, site_of};
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::knobs::AuthMode;
use crate::sandbox::finesse::node::{Client, SignedIn};
use crate::sandbox::options::Product;
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, parse};

const OWN: Option<(&str, &str)> = Some(("1001", "agent1001-password"));
const USER: &str = "/finesse/api/User/1001";

fn site(product: Product) -> Site {
    let site = finesse_calls::of(product, "12.6(2)");
    site.finesse(|cluster, _| cluster.knobs.desk.delay_ms = 0);
    site
}

fn put<'a>(user: Option<(&'a str, &'a str)>, body: &'a str) -> Ask<'a> {
    Ask { side: Side::Primary, method: "PUT", user, kind: Some("application/xml"), body }
}

/// Status and error of a change of state.
fn told(site: &Site, path: &str, how: &Ask<'_>) -> (u16, String) {
    let reply = finesse_calls::ask(site, path, how);
    let error = parse(&reply.body).ok();
    let error = error.and_then(|errors| errors.child("ApiError").cloned());
    let text = |node: &Node, name: &str| node.value(name).unwrap_or_default().to_owned();
    let what =
        error.map(|error| format!("{} {}", text(&error, "ErrorType"), text(&error, "ErrorData")));
    (reply.status, what.unwrap_or_default().trim().to_owned())
}

fn order(state: &str, more: &str) -> String {
    format!("<User><state>{state}</state>{more}</User>")
}

fn go(site: &Site, state: &str, more: &str) {
    let body = order(state, more);
    assert_eq!(told(site, USER, &put(OWN, &body)), (202, String::new()), "{body}");
}

fn user(site: &Site, id: &str) -> Node {
    finesse_calls::get(site, &format!("/finesse/api/User/{id}"))
}

fn state(site: &Site, id: &str) -> String {
    user(site, id).value("state").unwrap().to_owned()
}

const EXTENSION: &str = "<extension>2001</extension>";
const REASON: &str = "<reasonCodeId>10000</reasonCodeId>";
const LEAVING: &str = "<reasonCodeId>20000</reasonCodeId>";

#[test]
fn an_agent_signs_in_works_and_signs_out() {
    let site = site(Product::Ucce);
    go(&site, "LOGIN", EXTENSION);
    let shown = user(&site, "1001");
    assert_eq!((shown.value("state"), shown.value("extension")), (Some("NOT_READY"), Some("2001")));
    go(&site, "READY", "");
    assert_eq!(state(&site, "1001"), "READY");
    go(&site, "LOGOUT", LEAVING);
    assert_eq!(state(&site, "1001"), "READY", "UCCE signs out from NOT_READY only");
    go(&site, "NOT_READY", REASON);
    let shown = user(&site, "1001");
    assert_eq!(
        (shown.value("state"), shown.value("reasonCodeId")),
        (Some("NOT_READY"), Some("10000"))
    );
    assert_eq!(shown.child("ReasonCode").unwrap().value("label"), Some("NOT_READY 1"));
    assert!(shown.value("stateChangeTime").unwrap().ends_with('Z'));
    go(&site, "LOGOUT", &format!("{LEAVING}<logoutAllMedia>true</logoutAllMedia>"));
    let shown = user(&site, "1001");
    assert_eq!((shown.value("state"), shown.value("extension")), (Some("LOGOUT"), Some("")));
    let uccx = self::site(Product::Uccx);
    go(&uccx, "LOGIN", EXTENSION);
    go(&uccx, "READY", "");
    go(&uccx, "LOGOUT", LEAVING);
    assert_eq!(state(&uccx, "1001"), "LOGOUT", "UCCX from READY too");
}

#[test]
fn what_is_accepted_happens_later_or_never() {
    let site = site(Product::Ucce);
    site.finesse(|cluster, _| cluster.knobs.desk.delay_ms = 150);
    go(&site, "LOGIN", EXTENSION);
    assert_eq!(state(&site, "1001"), "LOGOUT", "accepted only");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(state(&site, "1001"), "NOT_READY");
    site.finesse(|cluster, _| {
        cluster.knobs.desk.delay_ms = 0;
        cluster.knobs.desk.ineffective = vec!["READY".into()];
    });
    go(&site, "READY", "");
    assert_eq!(state(&site, "1001"), "NOT_READY", "and never more than that");
    let other = put(
        Some(("1002", "agent1002-password")),
        "<User><state>LOGIN</state><extension>2001</extension></User>",
    );
    assert_eq!(told(&site, "/finesse/api/User/1002", &other).0, 202);
    assert_eq!(state(&site, "1002"), "LOGOUT", "the extension is taken");
    let unknown = put(
        Some(("1002", "agent1002-password")),
        "<User><state>LOGIN</state><extension>9</extension></User>",
    );
    assert_eq!(told(&site, "/finesse/api/User/1002", &unknown).0, 202);
    assert_eq!(state(&site, "1002"), "LOGOUT", "nobody knows that extension");
}

#[test]
fn requests_are_held_to_the_documents() {
    let site = site(Product::Ucce);
    let try_ = |body: &str| told(&site, USER, &put(OWN, body));
    let missing = |what: &str| (400, format!("Parameter Missing {what}"));
    let invalid = |what: &str| (400, format!("Invalid Input {what}"));
    assert_eq!(try_(&order("LOGIN", "")), missing("extension"));
    assert_eq!(try_("<User></User>"), missing("state"));
    assert_eq!(try_(&order("NOT_READY", "")), missing("reasonCodeId"));
    assert_eq!(try_(&order("LOGOUT", "")), missing("reasonCodeId"));
    assert_eq!(
        try_(&order("NOT_READY", "<reasonCodeId>1</reasonCodeId>")),
        invalid("reasonCodeId")
    );
    assert_eq!(try_(&order("NOT_READY", LEAVING)), invalid("reasonCodeId"), "of another category");
    assert_eq!(
        try_(&order("NOT_READY", "<reasonCodeId>15000</reasonCodeId>")),
        invalid("reasonCodeId"),
        "of the system"
    );
    assert_eq!(try_(&order("TALKING", "")), invalid("state"));
    assert_eq!(try_(&order("READY", EXTENSION)), invalid("extension"));
    assert_eq!(
        try_(&order("READY", "<logoutAllMedia>true</logoutAllMedia>")),
        invalid("logoutAllMedia")
    );
    assert_eq!(try_(&order("READY", "<other/>")).0, 400);
    assert_eq!(try_("<Team><state>READY</state></Team>").0, 400);
    assert_eq!(try_("no XML").0, 400);
    let json = Ask { kind: Some("application/json"), ..put(OWN, "{}") };
    assert_eq!(told(&site, USER, &json).0, 415);
    let by_name = put(OWN, "<User><state>READY</state></User>");
    assert_eq!(
        told(&site, "/finesse/api/User/agent1001", &by_name),
        (404, "User Not Found".into())
    );
    assert_eq!(
        finesse_calls::code(&site, "/finesse/api/User/agent1001", &Ask { user: OWN, ..GET }),
        200
    );
    site.finesse(|cluster, _| cluster.knobs.desk.reasons_required = false);
    assert_eq!(try_(&order("NOT_READY", "")).0, 202);
    let uccx = self::site(Product::Uccx);
    let device = order("LOGIN", "<extension>2001</extension><activeDeviceId>1</activeDeviceId>");
    assert_eq!(told(&uccx, USER, &put(OWN, &device)), invalid("activeDeviceId"));
    assert_eq!(told(&uccx, "/finesse/api/User/agent1001", &by_name).0, 202, "UCCX takes both");
}

#[test]
fn administrators_may_not_and_supervisors_may_some() {
    let site = site(Product::Ucce);
    go(&site, "LOGIN", EXTENSION);
    let ready = order("READY", "");
    let admin = put(GET.user, &ready);
    assert_eq!(told(&site, USER, &admin), (401, "Invalid Authorization User Specified".into()));
    assert_eq!(finesse_calls::code(&site, &format!("{USER}/Dialogs"), &GET), 401);
    let boss = Some(("1003", "agent1003-password"));
    assert_eq!(told(&site, USER, &put(boss, &ready)).1, "Invalid Authorization User Specified");
    site.finesse(|cluster, _| {
        for id in ["1003", "1004"] {
            let person = cluster.knobs.agents.entry(id.into()).or_default();
            person.roles = Some(vec!["Agent".into(), "Supervisor".into()]);
        }
    });
    assert_eq!(told(&site, USER, &put(boss, &ready)).0, 202);
    assert_eq!(state(&site, "1001"), "READY");
    assert_eq!(finesse_calls::code(&site, USER, &Ask { user: boss, ..GET }), 200);
    let stranger = Some(("1004", "agent1004-password"));
    assert_eq!(told(&site, USER, &put(stranger, &ready)), (401, "Invalid Supervisor".into()));
    let reason = order("NOT_READY", REASON);
    assert_eq!(told(&site, USER, &put(boss, &reason)).0, 400, "no reason of a supervisor's");
    assert_eq!(told(&site, USER, &put(boss, &order("NOT_READY", ""))).0, 202);
    assert_eq!(told(&site, USER, &put(boss, &order("LOGIN", EXTENSION))).0, 401);
    assert_eq!(told(&site, USER, &put(boss, &order("LOGOUT", ""))).0, 202);
    assert_eq!(state(&site, "1001"), "LOGOUT");
}

#[test]
fn a_sign_in_elsewhere_is_kept_and_a_sign_out_ends_it() {
    let site = site(Product::Ucce);
    site.finesse(|cluster, _| {
        let one =
            SignedIn { id: "1001".into(), client: Client::Desktop, device: None, extension: None };
        cluster.nodes[1].signed_in.push(one);
        cluster.set_state("1001", "READY").unwrap();
        assert!(cluster.set_state("1002", "READY").is_err());
    });
    assert_eq!(state(&site, "1001"), "READY");
    go(&site, "LOGIN", EXTENSION);
    assert_eq!(state(&site, "1001"), "READY", "authenticated again, the state is kept");
    go(&site, "NOT_READY", REASON);
    go(&site, "LOGOUT", LEAVING);
    site.finesse(|cluster, _| assert!(cluster.nodes.iter().all(|node| node.signed_in.is_empty())));
}

fn dialogs(site: &Site) -> Node {
    let reply = finesse_calls::ask(site, &format!("{USER}/Dialogs"), &Ask { user: OWN, ..GET });
    assert_eq!(reply.status, 200);
    parse(&reply.body).unwrap()
}

fn call(site: &Site, to: &str) -> (u16, String) {
    let body = format!(
        "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>2001</fromAddress><toAddress>{to}</toAddress></Dialog>"
    );
    told(site, &format!("{USER}/Dialogs"), &Ask { method: "POST", ..put(OWN, &body) })
}

fn act(site: &Site, id: &str, address: &str, action: &str) -> (u16, String) {
    let body = format!(
        "<Dialog><targetMediaAddress>{address}</targetMediaAddress><requestedAction>{action}</requestedAction></Dialog>"
    );
    told(site, &format!("/finesse/api/Dialog/{id}"), &put(OWN, &body))
}

#[test]
fn calls_are_made_taken_held_and_dropped() {
    let site = site(Product::Ucce);
    assert_eq!(call(&site, "5550100").0, 202, "accepted, and nobody is signed in");
    go(&site, "LOGIN", EXTENSION);
    go(&site, "READY", "");
    assert!(dialogs(&site).children.is_empty());
    assert_eq!(call(&site, "not a number"), (400, "Invalid Input toAddress".into()));
    assert_eq!(call(&site, ""), (400, "Parameter Missing toAddress".into()));
    assert_eq!(call(&site, "5550100").0, 202);
    let dialog = dialogs(&site).children[0].clone();
    assert_eq!(dialog.value("state"), Some("ACTIVE"), "somebody outside takes it");
    assert_eq!(state(&site, "1001"), "TALKING");
    let id = dialog.value("id").unwrap().to_owned();
    assert_eq!(act(&site, &id, "2001", "HOLD").0, 202);
    assert_eq!(state(&site, "1001"), "HOLD");
    assert_eq!(act(&site, &id, "2001", "ANSWER").0, 202, "of no effect");
    assert_eq!(state(&site, "1001"), "HOLD");
    assert_eq!(act(&site, &id, "2001", "RETRIEVE").0, 202);
    assert_eq!(act(&site, &id, "5550100", "DROP").1, "Invalid Authorization User Specified");
    assert_eq!(act(&site, &id, "2002", "DROP"), (400, "Invalid Input targetMediaAddress".into()));
    assert_eq!(act(&site, &id, "2001", "EXPLODE"), (400, "Invalid Input requestedAction".into()));
    assert_eq!(act(&site, "1", "2001", "DROP"), (404, "Not Found".into()));
    go(&site, "NOT_READY", REASON);
    let shown = user(&site, "1001");
    assert_eq!(
        (shown.value("state"), shown.value("pendingState")),
        (Some("TALKING"), Some("NOT_READY"))
    );
    go(&site, "LOGOUT", LEAVING);
    assert_eq!(act(&site, &id, "2001", "DROP").0, 202);
    assert_eq!(state(&site, "1001"), "NOT_READY");
    assert!(dialogs(&site).children.is_empty());
    site.finesse(|cluster, _| {
        assert!(cluster.ring("5550100", "2002").is_err(), "nobody is signed in there");
        cluster.ring("5550100", "2001").unwrap();
        assert!(cluster.ring("5550101", "2001").is_err(), "has a call");
    });
    assert_eq!(state(&site, "1001"), "RESERVED");
    let dialog = dialogs(&site).children[0].clone();
    assert_eq!(dialog.value("state"), Some("ALERTING"));
    let id = dialog.value("id").unwrap().to_owned();
    assert_eq!(act(&site, &id, "2001", "DROP").0, 202, "of no effect while it rings");
    assert_eq!(state(&site, "1001"), "RESERVED");
    assert_eq!(act(&site, &id, "2001", "ANSWER").0, 202);
    assert_eq!(state(&site, "1001"), "TALKING");
    go(&site, "READY", "");
    assert_eq!(user(&site, "1001").value("pendingState"), Some("READY"));
    let uccx = self::site(Product::Uccx);
    go(&uccx, "LOGIN", EXTENSION);
    assert_eq!(call(&uccx, "5550100").0, 202);
    go(&uccx, "READY", "");
    assert_eq!(user(&uccx, "1001").value("pendingState"), Some(""), "UCCX refuses that");
}

#[test]
fn tokens_are_for_those_who_have_single_sign_on() {
    let site = site_of(Product::Ucce, "12.6(2)");
    assert_eq!(state(&site, "1007"), "READY", "signed in elsewhere");
    let (access, _) = signed_in(&site, "1001");
    let as_of = |path: &str, token: &str| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        let call = crate::sandbox::finesse::route::Call {
            side: Side::Primary,
            method: "GET",
            path,
            query: "",
            headers: &headers,
            body: b"",
        };
        let reply = crate::sandbox::finesse::route::answer(&site, &call);
        let kind = parse(&reply.body).ok().and_then(|node| node.child("ApiError").cloned());
        let kind = kind.and_then(|node| node.value("ErrorType").map(str::to_owned));
        (reply.status, kind.unwrap_or_default())
    };
    assert_eq!(as_of(USER, &access).0, 200);
    assert_eq!(as_of("/finesse/api/User/agent1001", &access).0, 200, "maps the login name");
    assert_eq!(as_of("/finesse/api/User/1002", &access).1, "Invalid Authorization User Specified");
    assert_eq!(as_of("/finesse/api/Users", &access).1, "Authorization Failure");
    assert_eq!(as_of(USER, "other"), (401, "Authorization Failure".into()));
    assert_eq!(
        told(&site, USER, &Ask { user: OWN, ..GET }),
        (401, "Authentication Failure".into())
    );
    assert_eq!(
        finesse_calls::code(&site, "/finesse/api/Users", &GET),
        200,
        "administrators have passwords"
    );
    site.finesse(|cluster, _| {
        cluster.knobs.auth_mode = AuthMode::Hybrid;
        cluster.knobs.sso_agents = vec!["1002".into()];
    });
    assert_eq!(as_of(USER, &access), (401, "Authorization Failure".into()));
    assert_eq!(told(&site, USER, &Ask { user: OWN, ..GET }).0, 200);
    let front = site.front();
    let schemes: Vec<&str> =
        front.ledger.finesse.last.iter().map(|one| one.scheme.as_str()).collect();
    assert!(schemes.contains(&"Bearer") && schemes.contains(&"Basic"));
    assert!(!serde_json::to_string(&front.ledger).unwrap().contains(&access));
}
