//! Statuses, accounts, sessions, versions, limits and planned faults.

use super::{ask, ask_as, envelope, headers, refused, rows, site};
use crate::sandbox::exchange;
use crate::sandbox::faults::Planned;

fn planned(kind: &str) -> Planned {
    serde_json::from_value(
        serde_json::json!({ "operation": "updatePhone", "kind": kind, "code": -1, "text": "busy" }),
    )
    .unwrap()
}

const WRITE: &str = "<name>SEP001122330001</name><description>new</description>";

#[test]
fn accounts_are_held_to_their_role() {
    let site = site();
    assert_eq!(ask_as(&site, "axlreader", "14.0", "updatePhone", WRITE).status, 401);
    assert_eq!(ask_as(&site, "axlreader", "14.0", "executeSQLUpdate", "<sql>x</sql>").status, 401);
    assert_eq!(ask_as(&site, "axlreader", "14.0", "getCCMVersion", "").status, 200);
    assert_eq!(ask_as(&site, "nobody", "14.0", "getCCMVersion", "").status, 403);
    assert_eq!(ask_as(&site, "stranger", "14.0", "getCCMVersion", "").status, 401);
    let front = site.front();
    assert_eq!(front.ledger.unauthorized["axlreader"], 2);
    assert_eq!(front.ledger.unauthorized["stranger"], 1);
    assert_eq!(front.ledger.performed_writes, 0);
}

#[test]
fn a_cookie_replaces_basic_until_it_expires() {
    let site = site();
    let body = envelope("14.0", "getCCMVersion", "");
    let first = ask_as(&site, "axladmin", "14.0", "getCCMVersion", "");
    let mut with_cookie = headers("axladmin", "14.0", "getCCMVersion");
    with_cookie.remove("authorization");
    assert_eq!(exchange::answer(&site, &with_cookie, body.as_bytes()).status, 401);
    let cookie = format!("other=1; JSESSIONIDSSO={}", first.cookie.unwrap());
    with_cookie.insert("cookie", cookie.parse().unwrap());
    assert_eq!(exchange::answer(&site, &with_cookie, body.as_bytes()).status, 200);
    site.front().sessions.expire();
    assert_eq!(exchange::answer(&site, &with_cookie, body.as_bytes()).status, 404);
    assert_eq!(site.front().ledger.sign_ins["axladmin"], 1);
}

#[test]
fn versions_are_negotiated_and_have_to_agree() {
    let site = site();
    let answer = ask_as(&site, "axladmin", "10.5", "getCCMVersion", "");
    assert_eq!(answer.status, 599);
    assert!(
        answer.body.ends_with("Supported axl versions: [11.0,11.5,12.0,12.5,14.0]"),
        "{}",
        answer.body
    );
    let body = envelope("12.5", "getCCMVersion", "");
    for (version, operation) in [("14.0", "getCCMVersion"), ("12.5", "getPhone")] {
        let answer =
            exchange::answer(&site, &headers("axladmin", version, operation), body.as_bytes());
        assert_eq!(answer.status, 500);
    }
    let answer = ask_as(&site, "axladmin", "12.5", "getPhone", "<name>SEP001122330001</name>");
    assert!(answer.body.contains("<ownerUserName xsi:nil=\"true\" xmlns:xsi="), "{}", answer.body);
    let answer = ask_as(&site, "axladmin", "14.0", "getPhone", "<name>SEP001122330001</name>");
    assert!(answer.body.contains("<ownerUserName xsi:nil=\"true\"/>"), "{}", answer.body);
    site.front().settings.nil_references = false;
    let answer = ask_as(&site, "axladmin", "14.0", "getPhone", "<name>SEP001122330001</name>");
    assert!(answer.body.contains("<ownerUserName/>"), "{}", answer.body);
}

#[test]
fn planned_faults_hit_once_and_drop_after_has_written() {
    let site = site();
    site.front().faults.plan(planned("503")).unwrap();
    assert_eq!(ask_as(&site, "axladmin", "14.0", "updatePhone", WRITE).status, 503);
    site.front().faults.plan(planned("fault")).unwrap();
    assert_eq!(refused(&site, "updatePhone", WRITE), (-1, "busy".to_owned()));
    site.front().faults.plan(planned("drop-before")).unwrap();
    assert!(ask_as(&site, "axladmin", "14.0", "updatePhone", WRITE).close);
    let description = "select description from device where name = 'SEP001122330001'";
    assert_eq!(rows(&site, description), ["Agent desk 1"]);
    site.front().faults.plan(planned("drop-after")).unwrap();
    assert!(ask_as(&site, "axladmin", "14.0", "updatePhone", WRITE).close);
    assert_eq!(rows(&site, description), ["new"]);
    ask(&site, "updatePhone", WRITE);
    assert_eq!(site.front().ledger.performed_writes, 2);
    assert!(site.front().faults.plan(planned("earthquake")).is_err());
}

#[test]
fn a_large_answer_is_refused_with_a_hint() {
    let site = site();
    site.front().settings.answer_limit = 2000;
    let (code, text) = refused(&site, "executeSQLQuery", "<sql>select name from device</sql>");
    assert_eq!(code, -1);
    assert!(text.starts_with(
        "Query request too large. Total rows matched: 54 rows. Suggestive Row Fetch: less than "
    ));
}

#[test]
fn a_device_with_somebody_logged_in_refuses_changes() {
    let site = site();
    site.database().execute_batch("insert into sandbox_login select pkid, 'agent1001' from device where name = 'SEP001122330013'").unwrap();
    let said = "Cannot make changes to OR delete a device while a user is logged in";
    assert_eq!(refused(&site, "updatePhone", "<name>SEP001122330013</name><services/>").1, said);
    let sql = "<sql>update telecastersubscribedservice set serviceurl = 'x' where fkdevice = (select pkid from device where name = 'SEP001122330013')</sql>";
    assert_eq!(refused(&site, "executeSQLUpdate", sql).1, said);
    assert_eq!(
        ask(&site, "getPhone", "<name>SEP001122330013</name>")
            .child("phone")
            .unwrap()
            .value("loginUserId"),
        Some("agent1001")
    );
}
