//! What phones run, and the requests that make them read their configuration.

use super::{ask, refused, site};
use crate::sandbox::phones;
use crate::sandbox::site::Site;

fn run_by(site: &Site, phone: &str) -> (String, String) {
    let db = site.database();
    let pkid: String =
        db.query_row("select pkid from device where name = ?1", [phone], |row| row.get(0)).unwrap();
    let web = phones::running(&db, &pkid).unwrap().unwrap();
    (web.access, web.protocol)
}

fn is(site: &Site, phone: &str, access: &str, protocol: &str) {
    assert_eq!(run_by(site, phone), (access.to_owned(), protocol.to_owned()), "{phone}");
}

fn set(site: &Site, phone: &str, elements: &str) {
    let content = format!("<name>{phone}</name><vendorConfig>{elements}</vendorConfig>");
    ask(site, "updatePhone", &content);
}

const ON: &str = "<webAccess>0</webAccess><webProtocol>1</webProtocol>";
const ONE: &str = "SEP001122330003";

#[test]
fn the_seeded_phones_are_in_every_state() {
    let site = site();
    is(&site, "SEP001122330001", "1", "0");
    is(&site, "SEP001122330002", "0", "0");
    is(&site, "SEP001122330003", "1", "0");
    is(&site, "SEP001122330004", "1", "0");
    is(&site, "SEP001122330006", "0", "0");
    is(&site, "SEP001122330047", "0", "0");
    is(&site, "SEP001122330048", "0", "1");
}

#[test]
fn a_phone_runs_what_it_was_told_before_until_it_is_applied() {
    let site = site();
    for operation in ["applyPhone", "restartPhone", "resetPhone"] {
        set(&site, ONE, "<sshAccess>1</sshAccess>");
        ask(&site, operation, &format!("<name>{ONE}</name>"));
        is(&site, ONE, "1", "0");
        set(&site, ONE, ON);
        is(&site, ONE, "1", "0");
        ask(&site, operation, &format!("<name>{ONE}</name>"));
        is(&site, ONE, "0", "1");
    }
    for kind in ["Apply Configuration", "Reset", "Restart"] {
        set(&site, ONE, "<a>1</a>");
        let reset =
            format!("<deviceName>{ONE}</deviceName><deviceResetType>{kind}</deviceResetType>");
        ask(&site, "doDeviceReset", &reset);
        is(&site, ONE, "1", "0");
        set(&site, ONE, ON);
        ask(&site, "doDeviceReset", &reset);
        is(&site, ONE, "0", "1");
    }
    set(&site, ONE, "<a>1</a>");
    let report = "<deviceResetType>Generate PRT</deviceResetType>";
    ask(&site, "doDeviceReset", &format!("<deviceName>{ONE}</deviceName>{report}"));
    is(&site, ONE, "0", "1");
    let hard = format!("<deviceName>{ONE}</deviceName><isHardReset>true</isHardReset>");
    ask(&site, "doDeviceReset", &hard);
    is(&site, ONE, "1", "0");
    let kinds: Vec<String> = site.log().after(0).iter().map(|event| event.kind.clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "phone-apply").count(), 13);
}

#[test]
fn the_phone_wins_over_its_profile_and_the_profile_over_the_enterprise() {
    let site = site();
    let apply = |phone: &str| ask(&site, "applyPhone", &format!("<name>{phone}</name>"));
    ask(&site, "updateEnterprisePhoneConfig", &format!("<vendorConfig>{ON}</vendorConfig>"));
    is(&site, ONE, "1", "0");
    apply(ONE);
    is(&site, ONE, "0", "1");
    apply("SEP001122330004");
    is(&site, "SEP001122330004", "1", "0");
    apply("SEP001122330002");
    is(&site, "SEP001122330002", "0", "1");
    let profile =
        "<name>Contact Center Phones</name><vendorConfig><webAccess>1</webAccess></vendorConfig>";
    ask(&site, "updateCommonPhoneConfig", profile);
    apply(ONE);
    is(&site, ONE, "1", "1");
    apply("SEP001122330027");
    is(&site, "SEP001122330027", "0", "1");
    set(&site, ONE, "<webAccess></webAccess><webProtocol>0</webProtocol>");
    apply(ONE);
    is(&site, ONE, "1", "0");
    ask(&site, "updateCommonPhoneConfig", "<name>Contact Center Phones</name><vendorConfig/>");
    apply(ONE);
    is(&site, ONE, "0", "0");
}

#[test]
fn a_profile_is_applied_to_its_phones_and_passes_busy_ones_over() {
    let site = site();
    let set_profile = |elements: &str| {
        let content =
            format!("<name>Contact Center Phones</name><vendorConfig>{elements}</vendorConfig>");
        ask(&site, "updateCommonPhoneConfig", &content)
    };
    let mark = "update sandbox_phone set busy = 't' where fkdevice = (select pkid from device where name = 'SEP001122330007')";
    site.database().execute_batch(mark).unwrap();
    set_profile(ON);
    is(&site, ONE, "1", "0");
    ask(&site, "applyCommonPhoneConfig", "<name>Contact Center Phones</name>");
    is(&site, ONE, "0", "1");
    is(&site, "SEP001122330007", "1", "0");
    is(&site, "SEP001122330027", "1", "0");
    set_profile("<a/>");
    ask(&site, "resetCommonPhoneConfig", "<name>Contact Center Phones</name>");
    is(&site, ONE, "1", "0");
    let event = site.log().after(0).last().unwrap().clone();
    assert_eq!(event.kind, "profile-apply");
    assert_eq!(
        (event.fields["phones"].clone(), event.fields["busy"].clone()),
        (23.into(), 1.into())
    );
    assert_eq!(refused(&site, "applyCommonPhoneConfig", "<name>Nothing</name>").0, 5007);
}

#[test]
fn a_busy_phone_refuses_with_the_text_that_is_set() {
    let site = site();
    set(&site, ONE, ON);
    let mark = |flag: &str| {
        let sql = "update sandbox_phone set busy = ?2 where fkdevice = (select pkid from device where name = ?1)";
        site.database().execute(sql, [ONE, flag]).unwrap();
    };
    mark("t");
    site.front().settings.busy_text = "Phone is talking".into();
    for operation in ["applyPhone", "restartPhone", "resetPhone"] {
        assert_eq!(refused(&site, operation, &format!("<name>{ONE}</name>")).1, "Phone is talking");
    }
    is(&site, ONE, "1", "0");
    mark("f");
    ask(&site, "applyPhone", &format!("<name>{ONE}</name>"));
    is(&site, ONE, "0", "1");
}

#[test]
fn a_phone_that_is_away_reads_nothing() {
    let site = site();
    set(&site, ONE, ON);
    let away = "update sandbox_phone set registered = 'f' where fkdevice = (select pkid from device where name = 'SEP001122330003')";
    site.database().execute_batch(away).unwrap();
    ask(&site, "applyPhone", &format!("<name>{ONE}</name>"));
    is(&site, ONE, "1", "0");
}

#[test]
fn a_reset_signs_the_agent_on_that_phone_out_and_an_apply_does_not() {
    use crate::sandbox::finesse::node::{Client, SignedIn};
    let site = site();
    let signed = |site: &Site| site.finesse(|cluster, _| cluster.nodes[1].signed_in.len());
    site.finesse(|cluster, _| {
        let device = Some(ONE.to_owned());
        cluster.nodes[1].signed_in.push(SignedIn {
            id: "1001".into(),
            client: Client::Fippa,
            device,
            extension: None,
        });
    });
    ask(&site, "applyPhone", &format!("<name>{ONE}</name>"));
    assert_eq!(signed(&site), 1);
    ask(&site, "resetPhone", "<name>SEP001122330004</name>");
    assert_eq!(signed(&site), 1, "another phone");
    ask(&site, "resetPhone", &format!("<name>{ONE}</name>"));
    assert_eq!(signed(&site), 0);
}

#[test]
fn a_phone_with_somebody_logged_in_refuses_changes() {
    let site = site();
    let content = format!("<name>SEP001122330047</name><vendorConfig>{ON}</vendorConfig>");
    assert!(refused(&site, "updatePhone", &content).1.contains("logged in"));
    let phone = ask(&site, "getPhone", "<name>SEP001122330047</name>");
    assert_eq!(phone.child("phone").unwrap().value("loginUserId"), Some("agent1005"));
}

#[test]
fn service_parameters_are_read_one_by_one_too() {
    let site = site();
    let key = "<processNodeName>EnterpriseWideData</processNodeName><name>SelfCarePortalDefaultServer</name><service>Enterprise Wide</service>";
    let read = |site: &Site| {
        let found = ask(site, "getServiceParameter", key);
        let parameter = found.child("serviceParameter").unwrap().clone();
        (
            parameter.value("value").unwrap().to_owned(),
            parameter.attribute("uuid").unwrap().to_owned(),
        )
    };
    let (value, uuid) = read(&site);
    assert_eq!(value, "");
    ask(&site, "updateServiceParameter", &format!("{key}<value>10.0.0.10</value>"));
    assert_eq!(read(&site).0, "10.0.0.10");
    ask(&site, "updateServiceParameter", &format!("<uuid>{uuid}</uuid><value>10.0.0.11</value>"));
    assert_eq!(read(&site).0, "10.0.0.11");
    assert_eq!(refused(&site, "getServiceParameter", &key.replace("SelfCare", "Other")).0, 5007);
    let disordered = "<name>a</name><processNodeName>b</processNodeName><service>c</service>";
    assert!(refused(&site, "getServiceParameter", disordered).1.contains("key or choice"));
}

#[test]
fn settings_and_subscriptions_are_written_in_one_request() {
    let site = site();
    let services = "<services><service><telecasterServiceName>Weather</telecasterServiceName><name>Weather</name></service></services>";
    let both = format!("<name>{ONE}</name><vendorConfig>{ON}</vendorConfig>{services}");
    ask(&site, "updatePhone", &both);
    let phone =
        ask(&site, "getPhone", &format!("<name>{ONE}</name>")).child("phone").unwrap().clone();
    assert_eq!(phone.child("vendorConfig").unwrap().value("webProtocol"), Some("1"));
    assert_eq!(phone.child("services").unwrap().children.len(), 1);
    let disordered = format!("<name>{ONE}</name>{services}<vendorConfig>{ON}</vendorConfig>");
    assert!(refused(&site, "updatePhone", &disordered).1.contains("out of order"));
    let enterprise = ask(&site, "getEnterprisePhoneConfig", "");
    let config = enterprise.child("enterprisePhoneConfig").unwrap().child("vendorConfig").unwrap();
    assert_eq!(config.value("webAccess"), Some("1"));
    let wrapped = "<enterprisePhoneConfig><vendorConfig/></enterprisePhoneConfig>";
    assert!(refused(&site, "updateEnterprisePhoneConfig", wrapped).1.contains("unknown"));
}
