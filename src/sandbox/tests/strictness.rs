//! The schema is held to, as facts/axl.md section 20 lists it and beyond.

use super::{ask, ask_as, refused, site};

const SERVICE: &str = "<telecasterServiceName>Weather</telecasterServiceName><name>Weather</name>";

#[test]
fn what_the_schema_rejects_is_rejected() {
    let parameter = "<parameter><name>zip</name><displayName>d</displayName><description>d</description></parameter>";
    let cases: &[(&str, &str, String)] = &[
        ("updateAppUser", "associatedDevices", "<userid>rmcm</userid><associatedGroups/><associatedDevices/>".into()),
        ("updateAppUser", "addAssociatedDevices", "<userid>rmcm</userid><addAssociatedDevices/>".into()),
        ("addIpPhoneServices", "secureServiceUrl", "<ipPhoneServices><serviceName>a</serviceName><asciiServiceName>a</asciiServiceName><secureServiceUrl>s</secureServiceUrl><serviceUrl>u</serviceUrl><serviceCategory>XML Service</serviceCategory><serviceType>Standard IP Phone Service</serviceType></ipPhoneServices>".into()),
        ("updateIpPhoneServices", "enterpriseSubscription", "<serviceName>Weather</serviceName><enterpriseSubscription>true</enterpriseSubscription>".into()),
        ("updateIpPhoneServices", "removeParameters", format!("<serviceName>Weather</serviceName><addParameters>{parameter}</addParameters><removeParameters>{parameter}</removeParameters>")),
        ("updateIpPhoneServices", "displayName", "<serviceName>Weather</serviceName><removeParameters><parameter><name>zip</name></parameter></removeParameters>".into()),
        ("updateIpPhoneServices", "description", "<serviceName>Weather</serviceName><addParameters><parameter><name>a</name><displayName>a</displayName></parameter></addParameters>".into()),
        ("updatePhone", "parameters", format!("<name>SEP001122330019</name><services><service>{SERVICE}<parameters/></service></services>")),
        ("updatePhone", "secureUrl", format!("<name>SEP001122330019</name><services><service>{SERVICE}<secureUrl/></service></services>")),
        ("updatePhone", "uuid", format!("<name>SEP001122330019</name><services><service uuid=\"{{00000000-0000-0000-0000-000000000000}}\">{SERVICE}</service></services>")),
        ("updatePhone", "telecasterServiceName", "<name>SEP001122330019</name><services><service><name>Weather</name></service></services>".into()),
        ("updatePhone", "addServices", "<name>SEP001122330019</name><addServices/>".into()),
        ("updatePhone", "webAccess", "<name>SEP001122330019</name><vendorConfig><ns:webAccess>0</ns:webAccess></vendorConfig>".into()),
        ("updatePhone", "vendorConfig", format!("<name>SEP001122330019</name><services><service>{SERVICE}</service></services><vendorConfig/>")),
        ("updatePhone", "name", "<ns:name>SEP001122330019</ns:name>".into()),
        ("updatePhone", "enableExtensionMobility", "<name>SEP001122330019</name><enableExtensionMobility>yes</enableExtensionMobility>".into()),
        ("updatePhone", "enableExtensionMobility", "<name>SEP001122330019</name><enableExtensionMobility/>".into()),
        ("updatePhone", "description", format!("<name>SEP001122330019</name><description>{}</description>", "x".repeat(129))),
        ("updatePhone", "uuid", "<name>SEP001122330019</name><uuid>{00000000-0000-0000-0000-000000000000}</uuid>".into()),
        ("updateEnterprisePhoneConfig", "enterprisePhoneConfig", "<enterprisePhoneConfig><vendorConfig/></enterprisePhoneConfig>".into()),
        ("applyPhone", "uuid", "<uuid>00000000-0000-0000-0000-000000000000</uuid>".into()),
        ("applyPhone", "key", String::new()),
        ("listPhone", "services", "<searchCriteria><name>%</name></searchCriteria><returnedTags><services/></returnedTags>".into()),
        ("listPhone", "vendorConfig", "<searchCriteria><name>%</name></searchCriteria><returnedTags><vendorConfig/></returnedTags>".into()),
        ("listPhone", "skip", "<searchCriteria><name>%</name></searchCriteria><returnedTags><name/></returnedTags><first>1</first><skip>0</skip>".into()),
        ("listPhone", "searchCriteria", "<searchCriteria/><returnedTags><name/></returnedTags>".into()),
        ("listPhone", "returnedTags", "<searchCriteria><name>%</name></searchCriteria>".into()),
        ("getPhone", "product", "<name>SEP001122330001</name><returnedTags><model/><product/></returnedTags>".into()),
        ("executeSQLUpdate", "sql", String::new()),
    ];
    let site = site();
    for (operation, named, content) in cases {
        let (code, text) = refused(&site, operation, content);
        assert_eq!(code, -1, "{operation} {content}: {text}");
        assert!(
            text.contains("SAXException") && text.contains(named),
            "{operation} {content}: {text}"
        );
    }
    assert_eq!(site.front().ledger.performed_writes, 0);
}

#[test]
fn the_sample_shapes_pass() {
    let site = site();
    ask(&site, "getCCMVersion", "");
    ask(
        &site,
        "addAppUser",
        "<appUser><userid>fippa</userid><password>Secret1!</password><presenceGroupName>Standard Presence Group</presenceGroupName><associatedDevices><device>SEP001122330001</device></associatedDevices><associatedGroups><userGroup><name>Standard CTI Enabled</name></userGroup></associatedGroups><ctiControlledDeviceProfiles><deviceProfile>UDP_1001</deviceProfile></ctiControlledDeviceProfiles></appUser>",
    );
    ask(
        &site,
        "getAppUser",
        "<userid>fippa</userid><returnedTags><userid/><presenceGroupName/><associatedDevices><device/></associatedDevices><associatedGroups><userGroup><name/></userGroup></associatedGroups><ctiControlledDeviceProfiles><deviceProfile/></ctiControlledDeviceProfiles></returnedTags>",
    );
    ask(
        &site,
        "updateIpPhoneServices",
        "<serviceName>Weather</serviceName><enabled>true</enabled><addParameters><parameter><name>a</name><displayName>a</displayName><default/><description/><paramRequired>f</paramRequired></parameter></addParameters>",
    );
    ask(
        &site,
        "getPhone",
        "<name>SEP001122330009</name><returnedTags><name/><product/><protocol/><vendorConfig/><services><service><telecasterServiceName/><name/><url/><urlButtonIndex/><urlLabel/><serviceNameAscii/></service></services></returnedTags>",
    );
    ask(
        &site,
        "updateUserGroup",
        "<name>Standard CCM End Users</name><addMembers><member><userId>agent1010</userId></member></addMembers>",
    );
    ask(&site, "applyPhone", "<name>SEP001122330009</name>");
    ask(
        &site,
        "listIpPhoneServices",
        "<searchCriteria><serviceName>%</serviceName></searchCriteria><returnedTags uuid=\"{00000000-0000-0000-0000-000000000000}\"><serviceName/><enabled/></returnedTags><skip>0</skip><first>1000</first>",
    );
    ask(
        &site,
        "listServiceParameter",
        "<searchCriteria><processNodeName>EnterpriseWideData</processNodeName><service>Enterprise Wide</service></searchCriteria><returnedTags><processNodeName/><name/><service/><value/><valueType/></returnedTags>",
    );
    ask(
        &site,
        "updateServiceParameter",
        "<processNodeName>EnterpriseWideData</processNodeName><name>SelfCarePortalDefaultServer</name><service>Enterprise Wide</service><value>10.0.0.10</value>",
    );
}

#[test]
fn a_list_of_users_tells_of_ldap_before_12_5_only() {
    let site = site();
    let content = "<searchCriteria><userid>agent1002</userid></searchCriteria><returnedTags><userid/><ldapDirectoryName/></returnedTags>";
    let answer = ask_as(&site, "axladmin", "12.0", "listUser", content);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("<ldapDirectoryName>Corporate LDAP<"), "{}", answer.body);
    assert_eq!(ask_as(&site, "axladmin", "12.5", "listUser", content).status, 500);
    let content = "<searchCriteria><userid>agent1002</userid></searchCriteria><returnedTags><accountType/></returnedTags>";
    assert_eq!(ask_as(&site, "axladmin", "11.5", "listUser", content).status, 200);
    assert_eq!(ask_as(&site, "axladmin", "12.0", "listUser", content).status, 500);
}

#[test]
fn the_schema_of_12_0_lies_between() {
    let site = site();
    let content = "<userid>agent1002</userid><returnedTags><ipccRoutePartition/></returnedTags>";
    assert_eq!(ask_as(&site, "axladmin", "11.5", "getUser", content).status, 500);
    assert_eq!(ask_as(&site, "axladmin", "12.0", "getUser", content).status, 200);
    let content = "<searchCriteria><customerName>%</customerName></searchCriteria><returnedTags><userid/></returnedTags>";
    assert_eq!(ask_as(&site, "axladmin", "12.0", "listUser", content).status, 500);
    assert_eq!(ask_as(&site, "axladmin", "12.5", "listUser", content).status, 200);
}

#[test]
fn older_schemas_lack_what_12_5_brought() {
    let site = site();
    let content = "<name>SEP001122330001</name><returnedTags><allowMraMode/></returnedTags>";
    assert_eq!(ask_as(&site, "axladmin", "12.5", "getPhone", content).status, 200);
    assert_eq!(ask_as(&site, "axladmin", "11.5", "getPhone", content).status, 500);
}
