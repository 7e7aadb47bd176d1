//! Lists are replaced whole, the worst case of a real server.

use serde_json::{Value, json};

use super::{ask, refused, rows, site};
use crate::sandbox::dump::dump;
use crate::sandbox::settings::SecureUrl;
use crate::sandbox::site::Site;

fn subscriptions(site: &Site, device: &str) -> Value {
    dump(&site.database(), (Value::Null, "1"), &[]).unwrap()["devices"][device]["subscriptions"]
        .clone()
}

fn service(name: &str, url: &str) -> String {
    format!(
        "<service><telecasterServiceName>{name}</telecasterServiceName><name>{name}</name>{url}</service>"
    )
}

#[test]
fn services_present_replace_everything_and_take_the_values_along() {
    let site = site();
    let before = subscriptions(&site, "SEP001122330009");
    assert_eq!(before[0]["values"], json!({ "zip": "12345" }));
    let old = rows(
        &site,
        "select s.pkid from telecastersubscribedservice s, device d where s.fkdevice = d.pkid and d.name = 'SEP001122330009'",
    );
    let again = service("Weather", "<url>http://x/?zip=12345</url>");
    ask(&site, "updatePhone", &format!("<name>SEP001122330009</name><services>{again}</services>"));
    let after = subscriptions(&site, "SEP001122330009");
    assert_eq!(after[0]["url"], "http://x/?zip=12345");
    assert_eq!(after[0]["values"], json!({}));
    assert_eq!(after[0]["priority"], 50);
    assert_eq!(after[0]["secure_url"], "https://weather.example.com/today?device=#DEVICENAME#");
    let new = rows(
        &site,
        "select s.pkid from telecastersubscribedservice s, device d where s.fkdevice = d.pkid and d.name = 'SEP001122330009'",
    );
    assert_ne!(old, new);
    ask(&site, "updatePhone", "<name>SEP001122330010</name><services/>");
    assert_eq!(subscriptions(&site, "SEP001122330010"), json!([]));
    ask(&site, "updatePhone", "<name>SEP001122330011</name><description>still</description>");
    assert_eq!(subscriptions(&site, "SEP001122330011"), before);
}

#[test]
fn a_subscription_without_url_takes_the_template_and_the_secure_url_is_a_setting() {
    let site = site();
    let write = |url: &str| {
        let content =
            format!("<name>UDP_1001</name><services>{}</services>", service("Weather", url));
        ask(&site, "updateDeviceProfile", &content);
        subscriptions(&site, "UDP_1001")[0].clone()
    };
    assert_eq!(write("")["url"], "http://weather.example.com/today?device=#DEVICENAME#");
    assert_eq!(write("<url/>")["url"], "");
    site.front().settings.secure_after_axl = SecureUrl::Null;
    assert_eq!(write("")["secure_url"], Value::Null);
    site.front().settings.secure_after_axl = SecureUrl::WithValues;
    let with = write("<url>http://weather.example.com/today?device=#DEVICENAME#&amp;zip=1</url>");
    assert_eq!(with["secure_url"], "https://weather.example.com/today?device=#DEVICENAME#&zip=1");
}

#[test]
fn the_lists_of_an_application_user_are_replaced_and_others_untouched() {
    let site = site();
    let user = |site: &Site| {
        dump(&site.database(), (Value::Null, "1"), &[]).unwrap()["application_users"]["rmcm"]
            .clone()
    };
    assert_eq!(user(&site)["devices"].as_array().unwrap().len(), 12);
    ask(
        &site,
        "updateAppUser",
        "<userid>rmcm</userid><associatedDevices><device>SEP001122330020</device></associatedDevices>",
    );
    assert_eq!(user(&site)["devices"], json!(["SEP001122330020"]));
    assert_eq!(user(&site)["groups"].as_array().unwrap().len(), 5);
    ask(
        &site,
        "updateAppUser",
        "<userid>rmcm</userid><associatedDevices/><associatedGroups/><ctiControlledDeviceProfiles><deviceProfile>UDP_1002</deviceProfile></ctiControlledDeviceProfiles>",
    );
    assert_eq!(user(&site)["devices"], json!([]));
    assert_eq!(user(&site)["groups"], json!([]));
    assert_eq!(user(&site)["profiles"], json!(["UDP_1002"]));
    let (code, _) = refused(
        &site,
        "updateAppUser",
        "<userid>rmcm</userid><associatedDevices><device>SEP001122330020</device><device>SEP00000000FFFF</device></associatedDevices>",
    );
    assert_eq!(code, 5003);
    assert_eq!(user(&site)["devices"], json!([]), "a refused write changes nothing");
}

#[test]
fn a_removed_or_replaced_parameter_takes_the_values_along_and_a_setting_keeps_them() {
    let values = "select count(*) from telecastersubscribedparameter v, telecasterserviceparameter p where v.fktelecasterserviceparameter = p.pkid and p.name = 'zip'";
    let parameter = "<parameter><name>zip</name><displayName>ZIP</displayName><description>d</description></parameter>";
    for (list, kept, left) in
        [("removeParameters", false, "0"), ("parameters", false, "0"), ("parameters", true, "7")]
    {
        let site = site();
        site.front().settings.kept_parameters = kept;
        assert_eq!(rows(&site, values), ["7"]);
        ask(
            &site,
            "updateIpPhoneServices",
            &format!("<serviceName>Weather</serviceName><{list}>{parameter}</{list}>"),
        );
        assert_eq!(rows(&site, values), [left], "{list} {kept}");
    }
}

#[test]
fn a_service_changes_under_its_subscribers_and_goes_with_them() {
    let site = site();
    let before = subscriptions(&site, "SEP001122330013");
    ask(
        &site,
        "updateIpPhoneServices",
        "<serviceName>Cisco Finesse</serviceName><newServiceName>Old Finesse</newServiceName><serviceUrl>http://new/</serviceUrl>",
    );
    let after = subscriptions(&site, "SEP001122330013");
    assert_eq!(after[0]["url"], before[0]["url"]);
    assert_eq!(after[0]["service"], "Old Finesse");
    ask(&site, "removeIpPhoneServices", "<serviceName>Old Finesse</serviceName>");
    assert_eq!(subscriptions(&site, "SEP001122330013"), json!([]));
}

#[test]
fn vendor_config_is_replaced_and_keeps_order_and_nesting() {
    let site = site();
    let get = "<name>SEP001122330001</name><returnedTags><vendorConfig/></returnedTags>";
    let config =
        ask(&site, "getPhone", get).child("phone").unwrap().child("vendorConfig").unwrap().clone();
    assert_eq!(
        config.inner_xml(),
        "<displayOnTime>07:30</displayOnTime><lldpAssetId>FCH&amp;1</lldpAssetId><desktopClient><allowed>1</allowed></desktopClient>"
    );
    let sent =
        "<vendorConfig>\n <webAccess>0</webAccess>\n <a><b>1 &lt; 2</b></a>\n</vendorConfig>";
    ask(&site, "updatePhone", &format!("<name>SEP001122330001</name>{sent}"));
    let xml = "select x.xml from devicexml4k x, device d where x.fkdevice = d.pkid and d.name = 'SEP001122330001'";
    assert_eq!(rows(&site, xml), ["<webAccess>0</webAccess><a><b>1 &lt; 2</b></a>"]);
    let long = format!("<vendorConfig><x>{}</x></vendorConfig>", "y".repeat(5000));
    ask(&site, "updatePhone", &format!("<name>SEP001122330001</name>{long}"));
    assert!(rows(&site, xml).is_empty());
    assert_eq!(rows(&site, &xml.replace("4k", "8k")).len(), 1);
    let huge = format!("<vendorConfig><x>{}</x></vendorConfig>", "y".repeat(17_000));
    let (_, text) = refused(&site, "updatePhone", &format!("<name>SEP001122330001</name>{huge}"));
    assert!(text.contains("XML field size exceeded"), "{text}");
    assert_eq!(rows(&site, &xml.replace("4k", "8k")).len(), 1);
}
