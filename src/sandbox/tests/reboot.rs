//! A node's machine: its reboot with the question before it, its clock, the services of CUCM.

use std::sync::Arc;

use super::console::{Console, block, serve_shell};
use super::site;
use crate::sandbox::platform::machines::State;
use crate::sandbox::platform::{Kind, Station, web};
use crate::sandbox::site::Site;

const SUBSCRIBER: &str = "cucm-sub1.example.com";

fn quick(site: &Site) {
    let mut knobs = site.front().shells.knobs(SUBSCRIBER);
    (knobs.start_scale, knobs.reboot_ms) = (0.0, 200);
    site.front().shells.set(SUBSCRIBER, knobs);
}

#[test]
fn a_reboot_asks_first_and_ends_the_session() {
    block(async {
        let site = Arc::new(site());
        quick(&site);
        let address = serve_shell(&site, SUBSCRIBER, Kind::Subscriber);
        let mut reader = Console::open(address, "osreader").await;
        let refused = reader.run("utils system restart").await;
        assert!(refused.contains("No valid command entered"), "{refused}");
        let mut console = Console::open(address, "osadmin").await;
        console.send("utils system restart\r").await;
        let asked = console.until("Enter (yes/no)? ").await;
        assert!(asked.contains("W A R N I N G"), "{asked}");
        console.send("perhaps\r").await;
        console.until("Enter (yes/no)? ").await;
        console.send("no\r").await;
        console.until("admin:").await;
        assert!(!site.front().machines.is_down(SUBSCRIBER));
        console.send("utils system restart\r").await;
        console.until("Enter (yes/no)? ").await;
        console.send("yes\r").await;
        console.until("Stopping Service Manager...").await;
        while !site.front().machines.is_down(SUBSCRIBER) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let mut again = Console::open(address, "osadmin").await;
        assert!(again.run("show network cluster").await.contains(SUBSCRIBER));
        assert_eq!(site.front().machines.boots(SUBSCRIBER), 1);
    });
}

#[test]
fn the_clock_is_synchronised_or_not() {
    block(async {
        let site = Arc::new(site());
        quick(&site);
        let mut console =
            Console::open(serve_shell(&site, SUBSCRIBER, Kind::Subscriber), "osreader").await;
        let good = console.run("utils ntp status").await;
        assert!(good.contains("\nsynchronised to NTP server"), "{good}");
        let mut knobs = site.front().shells.knobs(SUBSCRIBER);
        knobs.ntp_synchronised = false;
        site.front().shells.set(SUBSCRIBER, knobs);
        let bad = console.run("utils ntp status").await;
        assert!(bad.contains("unsynchronised") && !bad.contains("time correct"), "{bad}");
    });
}

#[test]
fn control_center_and_shell_tell_the_same_of_a_service() {
    block(async {
        let site = Arc::new(site());
        quick(&site);
        let name = "Cisco CTIManager";
        site.front().machines.set(SUBSCRIBER, name, State::Stopped);
        let mut console =
            Console::open(serve_shell(&site, SUBSCRIBER, Kind::Subscriber), "osadmin").await;
        console.run("set cli pagination off").await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco CTIManager[STOPPED]"), "{list}");
        assert!(list.contains("Primary Node =false"), "{list}");
        let asked = |host: &str, kind| {
            let station = Station { host: host.to_owned(), kind };
            let body = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><soapGetServiceStatus xmlns=\"http://schemas.cisco.com/ast/soap\"><ServiceStatus>Cisco CTIManager</ServiceStatus></soapGetServiceStatus></s:Body></s:Envelope>";
            let headers = super::headers("axlreader", "14.0", "x");
            let path = "/controlcenterservice2/services/ControlCenterServices";
            let body = body.as_bytes();
            let request = web::Request { method: "POST", path, query: "", headers: &headers, body };
            web::answer(&site, &station, &request).body
        };
        assert!(asked(SUBSCRIBER, Kind::Subscriber).contains("<ServiceStatus>Stopped<"));
        let runs = asked("cucm-pub.example.com", Kind::Publisher);
        assert!(
            runs.contains("<ServiceStatus>Started<") && runs.contains("<UpTime>25920"),
            "{runs}"
        );
        console.run("utils service start Cisco CTIManager").await;
        assert!(asked(SUBSCRIBER, Kind::Subscriber).contains("<ServiceStatus>Started<"));
    });
}
