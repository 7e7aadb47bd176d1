//! What Finesse's shell says of time-outs, properties and locked agents.

use serde_json::json;

use super::console::{Console, HOST, block, prompt_site, serve_primary, tuned};
use crate::sandbox::options::Product;
use crate::sandbox::platform::looks::{InactivityLook, PropertyLook};

#[test]
fn the_inactivity_timeout_is_set_and_shown_on_one_node() {
    block(async {
        let site = prompt_site(Product::Uccx);
        let address = serve_primary(&site);
        let mut console = Console::open(address, "osoperator").await;
        let status = "utils finesse ippa_inactivity_timeout status";
        assert!(console.run(status).await.contains("is disabled"));
        console.run("utils finesse ippa_inactivity_timeout enable").await;
        assert!(console.run(status).await.contains("enabled with 120 seconds"));
        let refused = console.run("utils finesse ippa_inactivity_timeout enable 90").await;
        assert!(refused.contains("between 120 and 86400"), "{refused}");
        console.run("utils finesse ippa_inactivity_timeout enable 3600").await;
        for (look, expected) in [
            (InactivityLook::Pairs, "Timeout (seconds) : 3600"),
            (InactivityLook::Bare, "3600\r\n"),
            (InactivityLook::Unclear, "Command completed"),
        ] {
            tuned(&site, |knobs| knobs.inactivity_look = look);
            let said = console.run(status).await;
            assert!(said.contains(expected), "{look:?}: {said}");
        }
        assert_eq!(site.front().shells.knobs("fin-b.example.com").inactivity_seconds, None);
        let mut reader = Console::open(address, "osreader").await;
        let refused = reader.run("utils finesse ippa_inactivity_timeout disable").await;
        assert!(refused.contains("No valid command entered"), "{refused}");
    });
}

#[test]
fn properties_and_locked_agents_are_shown() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let mut console = Console::open(serve_primary(&site), "osadmin").await;
        let show = "utils finesse show_property webservices trustAllCertificates";
        assert!(console.run(show).await.contains("trustAllCertificates=false"));
        console.run("utils finesse set_property webservices trustAllCertificates true").await;
        for (look, expected) in [
            (PropertyLook::Equals, "trustAllCertificates=true"),
            (PropertyLook::Pairs, "trustAllCertificates : true"),
            (PropertyLook::Bare, "true\r\n"),
        ] {
            tuned(&site, |knobs| knobs.property_look = look);
            let said = console.run(show).await;
            assert!(said.contains(expected), "{look:?}: {said}");
        }
        console.run("utils finesse set_property webservices enableUserAuthMode false").await;
        assert!(!site.finesse(|cluster, _| cluster.knobs.user_auth_mode));
        assert!(
            console.run("utils finesse show_property fippa x").await.contains("does not exist")
        );
        let list = "utils finesse locked_out_users list";
        assert!(console.run(list).await.contains("Total locked out users : 0"));
        let lasts = std::time::Duration::from_mins(5);
        site.front().finesse_locks.set(HOST, &["agent1005".to_owned()], lasts);
        assert!(console.run(list).await.contains("1) agent1005"));
        site.front().finesse_locks.set(HOST, &[], lasts);
        assert!(console.run(list).await.contains("Total locked out users : 0"));
        assert_eq!(json!(site.front().finesse_locks.locked()), json!([]));
    });
}
