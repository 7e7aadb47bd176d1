//! `RisPort`, asked directly.

use axum::http::HeaderMap;
use base64::Engine as _;

use super::{ask, site};
use crate::sandbox::ris::exchange::answer;
use crate::sandbox::settings::OverRate;
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, open_envelope};

fn headers(user: &str) -> HeaderMap {
    let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{user}-password"));
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Basic {token}").parse().unwrap());
    headers.insert("soapaction", "selectCmDeviceExt".parse().unwrap());
    headers
}

fn request(names: &[&str], most: usize, rest: &str) -> String {
    let items: Vec<String> =
        names.iter().map(|name| format!("<a:item><a:Item>{name}</a:Item></a:item>")).collect();
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:a=\"http://schemas.cisco.com/ast/soap\"><s:Body><a:selectCmDeviceExt>\
         <a:StateInfo></a:StateInfo><a:CmSelectionCriteria><a:MaxReturnedDevices>{most}</a:MaxReturnedDevices><a:DeviceClass>Phone</a:DeviceClass>\
         <a:Model>255</a:Model>{rest}<a:SelectBy>Name</a:SelectBy><a:SelectItems>{}</a:SelectItems><a:Protocol>Any</a:Protocol>\
         <a:DownloadStatus>Any</a:DownloadStatus></a:CmSelectionCriteria></a:selectCmDeviceExt></s:Body></s:Envelope>",
        items.concat()
    )
}

const ANY: &str = "<a:Status>Any</a:Status><a:NodeName></a:NodeName>";

/// Devices by node.
fn select(site: &Site, body: &str) -> Vec<(String, Vec<Node>)> {
    let (status, text) = answer(site, &headers("risreader"), body.as_bytes());
    assert_eq!(status, 200, "{text}");
    let response = open_envelope(&text).unwrap();
    assert_eq!(response.name, "selectCmDeviceResponse");
    let result = response.children[0].child("SelectCmDeviceResult").unwrap();
    let nodes = result.child("CmNodes").unwrap().children.iter().map(|node| {
        let devices = node.child("CmDevices").unwrap().children.clone();
        (node.value("Name").unwrap().to_owned(), devices)
    });
    let nodes: Vec<_> = nodes.collect();
    let total: usize = nodes.iter().map(|(_, devices)| devices.len()).sum();
    assert_eq!(result.value("TotalDevicesFound"), Some(total.to_string().as_str()));
    nodes
}

fn on_publisher(site: &Site, body: &str) -> Vec<Node> {
    let nodes = select(site, body);
    nodes.into_iter().find(|(name, _)| name == "cucm-pub.example.com").unwrap().1
}

#[test]
fn devices_show_what_they_run_and_unknown_names_are_absent() {
    let site = site();
    let names = ["SEP001122330002", "SEP001122330003", "SEPFFFFFFFFFFFF", "UDP_1001", "SEP%"];
    let found = on_publisher(&site, &request(&names, 1000, ANY));
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].value("Name"), found[0].value("Httpd")),
        (Some("SEP001122330002"), Some("Yes"))
    );
    assert_eq!(
        (found[0].value("Status"), found[0].value("IsCtiControllable")),
        (Some("Registered"), Some("true"))
    );
    assert!(
        found[0].child("IPAddress").unwrap().children[0].value("IP").unwrap().starts_with("10.")
    );
    assert_eq!(found[1].value("Httpd"), Some("No"));
    let on = "<name>SEP001122330003</name><vendorConfig><webAccess>0</webAccess></vendorConfig>";
    ask(&site, "updatePhone", on);
    let web = |site: &Site| {
        let found = on_publisher(site, &request(&["SEP001122330003"], 1000, ANY));
        found[0].value("Httpd").unwrap().to_owned()
    };
    assert_eq!(web(&site), "No", "configured is not running");
    ask(&site, "applyPhone", "<name>SEP001122330003</name>");
    assert_eq!(web(&site), "Yes");
}

#[test]
fn logins_and_absence_are_shown() {
    let site = site();
    let away = "update sandbox_phone set registered = 'f' where fkdevice = (select pkid from device where name = 'SEP001122330002')";
    site.database().execute_batch(away).unwrap();
    let both = ["SEP001122330047", "SEP001122330002"];
    let found = on_publisher(&site, &request(&both, 1000, ANY));
    assert_eq!(found[0].value("Status"), Some("UnRegistered"));
    assert_eq!(
        (found[0].value("Httpd"), found[0].value("IsCtiControllable")),
        (Some("Unknown"), Some("false"))
    );
    assert_eq!(found[1].value("LoginUserId"), Some("agent1005"));
    let only = "<a:Status>Registered</a:Status><a:NodeName></a:NodeName>";
    assert_eq!(on_publisher(&site, &request(&both, 1000, only)).len(), 1);
}

#[test]
fn a_phone_that_moved_stands_under_two_nodes() {
    let site = site();
    let nodes = select(&site, &request(&["SEP001122330045", "SEP001122330002"], 1000, ANY));
    let (old, new) = (&nodes[0].1, &nodes[1].1);
    assert_eq!((old.len(), new.len()), (1, 2));
    assert_eq!(old[0].value("Status"), Some("UnRegistered"));
    let time = |node: &Node| node.value("TimeStamp").unwrap().parse::<i64>().unwrap();
    assert!(time(&old[0]) < time(&new[1]));
    let named = "<a:Status>Any</a:Status><a:NodeName>cucm-pub.example.com</a:NodeName>";
    assert_eq!(select(&site, &request(&["SEP001122330045"], 1000, named)).len(), 1);
}

#[test]
fn answers_are_cut_without_a_word_and_long_requests_are_refused() {
    let site = site();
    let names = ["SEP001122330001", "SEP001122330002", "SEP001122330003"];
    assert_eq!(on_publisher(&site, &request(&names, 2, ANY)).len(), 2);
    site.front().settings.ris_devices = 2;
    let (status, text) = answer(&site, &headers("risreader"), request(&names, 2, ANY).as_bytes());
    assert!(status == 500 && text.contains("At most 2"), "{text}");
}

#[test]
fn who_may_ask() {
    let site = site();
    let body = request(&["SEP001122330001"], 1, ANY);
    for (user, expected) in
        [("risreader", 200), ("axladmin", 200), ("axlreader", 200), ("nobody", 401), ("other", 401)]
    {
        assert_eq!(answer(&site, &headers(user), body.as_bytes()).0, expected, "{user}");
    }
    assert_eq!(answer(&site, &HeaderMap::new(), body.as_bytes()).0, 401);
}

#[test]
fn requests_are_held_to_the_service_s_form() {
    let site = site();
    let good = request(&["SEP001122330001"], 1, ANY);
    let swapped =
        request(&["SEP001122330001"], 1, "<a:NodeName></a:NodeName><a:Status>Any</a:Status>");
    for (body, said) in [
        (swapped, "out of order"),
        (good.replace("<a:Item>", "<Item>").replace("</a:Item>", "</Item>"), "namespace"),
        (good.replace("selectCmDeviceExt", "selectCmDevice"), "unknown"),
        (good.replace(">1<", ">many<"), "no number"),
        (good.replace("<a:SelectBy>Name", "<a:SelectBy>IPV4Address"), "SelectBy"),
        ("nonsense".to_owned(), ""),
    ] {
        site.front().ris.clear();
        let (status, text) = answer(&site, &headers("risreader"), body.as_bytes());
        assert!(status == 500 && text.contains(said), "{said}: {text}");
    }
    let mut without = headers("risreader");
    without.remove("soapaction");
    assert_eq!(answer(&site, &without, good.as_bytes()).0, 500);
}

#[test]
fn the_rate_is_shared_and_what_is_over_it_is_refused() {
    let site = site();
    let body = request(&["SEP001122330001"], 1, ANY);
    for turn in 0..15 {
        let user = if turn % 2 == 0 { "risreader" } else { "axladmin" };
        assert_eq!(answer(&site, &headers(user), body.as_bytes()).0, 200, "{turn}");
    }
    let (status, text) = answer(&site, &headers("risreader"), body.as_bytes());
    assert!(status == 500 && text.contains("Exceeded allowed rate for Reatime information"));
    site.front().settings.ris_over_rate = OverRate::Status;
    assert_eq!(answer(&site, &headers("risreader"), body.as_bytes()), (503, String::new()));
    site.front().settings.ris_per_minute = 16;
    assert_eq!(answer(&site, &headers("risreader"), body.as_bytes()).0, 200);
    assert_eq!(site.front().ledger.ris_refused, 2);
}
