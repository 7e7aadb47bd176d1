//! Shapes of answers, database rules, groups, users.

use super::{ask, refused, rows, site};

#[test]
fn answers_have_the_documented_shapes() {
    let site = site();
    let version = ask(&site, "getCCMVersion", "");
    assert_eq!(
        version.child("componentVersion").unwrap().value("version"),
        Some("14.0.1.13900(155)")
    );
    let written =
        ask(&site, "updatePhone", "<name>SEP001122330001</name><description>x</description>");
    let pkid = rows(&site, "select pkid from device where name = 'SEP001122330001'").concat();
    assert_eq!(written.text, format!("{{{}}}", pkid.to_uppercase()));
    let phone =
        ask(&site, "getPhone", "<name>SEP001122330009</name>").child("phone").unwrap().clone();
    let service = &phone.child("services").unwrap().children[0];
    assert_eq!(service.value("telecasterServiceName"), Some("Weather"));
    assert_eq!(service.value("priority"), Some("5"));
    assert!(service.child("parameters").is_none() && service.attribute("uuid").is_some());
    assert_eq!(phone.child("ownerUserName").unwrap().attribute("xsi:nil"), Some("true"));
    let by_uuid = ask(
        &site,
        "getPhone",
        &format!("<uuid>{}</uuid><returnedTags><name/></returnedTags>", written.text),
    );
    assert_eq!(by_uuid.child("phone").unwrap().value("name"), Some("SEP001122330001"));
}

#[test]
fn lists_are_thin_and_paged() {
    let site = site();
    let list = |tail: &str| {
        let content = format!(
            "<searchCriteria><name>SEP%</name></searchCriteria><returnedTags><name/><model/></returnedTags>{tail}"
        );
        ask(&site, "listPhone", &content).children
    };
    assert_eq!(list("").len(), 48);
    assert_eq!(list("<skip>40</skip>").len(), 48, "skip counts only together with first");
    let page = list("<skip>46</skip><first>10</first>");
    assert_eq!(page.len(), 2);
    assert_eq!(page[0].value("name"), Some("SEP001122330047"));
    assert_eq!(page[0].children.len(), 2);
    let groups = ask(
        &site,
        "listUserGroup",
        "<searchCriteria><name>%CTI Allow Control%</name></searchCriteria><returnedTags><name/></returnedTags>",
    );
    assert_eq!(groups.children[0].value("name"), Some("Standard CTI Allow Control of All Devices"));
}

#[test]
fn absent_objects_fault_by_kind_of_request() {
    let site = site();
    assert_eq!(refused(&site, "getPhone", "<name>SEPFFFFFFFFFFFF</name>").0, 5007);
    assert_eq!(refused(&site, "getPhone", "<name>UDP_1001</name>").0, 5007);
    assert_eq!(refused(&site, "applyPhone", "<name>SEPFFFFFFFFFFFF</name>").0, 5007);
    assert_eq!(refused(&site, "updatePhone", "<name>SEPFFFFFFFFFFFF</name>").0, 5003);
    assert_eq!(refused(&site, "removeAppUser", "<userid>x</userid>").0, 5007);
    let (code, text) = refused(&site, "addAppUser", "<appUser><userid>rmcm</userid></appUser>");
    assert_eq!(code, -239);
    assert!(
        text.starts_with("Could not insert new row - duplicate value in a UNIQUE INDEX column")
    );
}

#[test]
fn database_rules_are_stricter_than_the_schema() {
    let site = site();
    let service = |name: &str, url: &str, enterprise: &str, parameters: &str| {
        format!(
            "<ipPhoneServices><serviceName>{name}</serviceName><asciiServiceName>a</asciiServiceName><serviceUrl>{url}</serviceUrl><serviceCategory>XML Service</serviceCategory><serviceType>Standard IP Phone Service</serviceType><enterpriseSubscription>{enterprise}</enterpriseSubscription>{parameters}</ipPhoneServices>"
        )
    };
    let parameter = |name: &str, display: &str, default: &str| {
        format!(
            "<parameters><parameter><name>{name}</name><displayName>{display}</displayName><default>{default}</default><description>d</description></parameter></parameters>"
        )
    };
    for (content, said) in [
        (service(&"x".repeat(33), "u", "false", ""), "Service Name"),
        (service("a\"b", "u", "false", ""), "Service Name"),
        (service("a", &"u".repeat(513), "false", ""), "Service URL"),
        (service("a", "u", "false", &parameter("a b", "d", "")), "Parameter Name"),
        (service("a", "u", "false", &parameter("a", "50%", "")), "Display Name"),
        (service("a", "u", "false", &parameter("a", "d", &"x".repeat(101))), "Default Value"),
        (service("a", "u", "false", &parameter("a", "d", "ž")), "Default Value"),
        (service("a", "u", "true", &parameter("a", "d", "")), "enterprise subscription"),
    ] {
        let (code, text) = refused(&site, "addIpPhoneServices", &content);
        assert!(text.contains(said), "{content}: {text}");
        assert_eq!(code, -1);
    }
    ask(&site, "addIpPhoneServices", &service("Everybody", "u", "true", ""));
    let subscribed = |name: &str, label: &str| {
        format!(
            "<name>SEP001122330019</name><services><service><telecasterServiceName>{name}</telecasterServiceName><name>x</name><urlLabel>{label}</urlLabel></service></services>"
        )
    };
    assert!(
        refused(&site, "updatePhone", &subscribed("Everybody", ""))
            .1
            .contains("enterprise subscription")
    );
    assert!(refused(&site, "updatePhone", &subscribed("Weather", "50%")).1.contains("label"));
    assert_eq!(refused(&site, "updatePhone", &subscribed("Nowhere", "")).0, 5003);
    let many =
        "<service><telecasterServiceName>Weather</telecasterServiceName><name>x</name></service>"
            .repeat(101);
    assert!(
        refused(
            &site,
            "updatePhone",
            &format!("<name>SEP001122330019</name><services>{many}</services>")
        )
        .1
        .contains("100")
    );
    assert!(
        refused(&site, "addAppUser", "<appUser><userid>agent1001</userid></appUser>")
            .1
            .contains("in use")
    );
    assert!(
        refused(&site, "updateAppUser", "<userid>CCMAdministrator</userid><associatedGroups/>")
            .1
            .contains("Super Users")
    );
    assert!(
        refused(
            &site,
            "updatePhone",
            "<name>SEP001122330019</name><locationName>Hub</locationName>"
        )
        .1
        .contains("locationName")
    );
}

#[test]
fn group_members_are_added_and_removed_one_by_one() {
    let site = site();
    let members = |site: &crate::sandbox::site::Site| {
        let group = ask(site, "getUserGroup", "<name>Standard CCM End Users</name>");
        group.child("userGroup").unwrap().child("members").unwrap().children.len()
    };
    assert_eq!(members(&site), 4);
    let change = |list: &str, user: &str| {
        format!(
            "<name>Standard CCM End Users</name><{list}><member><userId>{user}</userId></member></{list}>"
        )
    };
    ask(&site, "updateUserGroup", &change("addMembers", "agent1010"));
    ask(&site, "updateUserGroup", &change("addMembers", "agent1010"));
    assert_eq!(members(&site), 5);
    ask(&site, "updateUserGroup", &change("removeMembers", "agent1001"));
    assert_eq!(members(&site), 4);
    assert_eq!(refused(&site, "updateUserGroup", &change("addMembers", "rmcm")).0, 5003);
    let user = ask(&site, "getUser", "<userid>agent1010</userid>").child("user").unwrap().clone();
    assert_eq!(user.child("primaryExtension").unwrap().value("pattern"), Some("2010"));
    assert_eq!(user.child("associatedDevices").unwrap().value("device"), Some("SEP001122330010"));
    assert_eq!(user.value("ldapDirectoryName"), Some("Corporate LDAP"));
}
