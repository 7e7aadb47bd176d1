//! The platform shell's commands: services, replication, what products say.

use std::sync::Arc;
use std::time::Duration;

use super::console::{
    Console, RESTART, block, events, prompt_site, serve_primary, serve_shell, tuned,
};
use super::site_like;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::knobs::BusyLook;
use crate::sandbox::finesse::node::{Client, Credentials, Maintenance, Process, SignedIn, Web};
use crate::sandbox::options::{FinesseOptions, Product};
use crate::sandbox::platform::Kind;
use crate::sandbox::platform::knobs::{Layout, Pager, Wording};

#[test]
fn a_restart_shows_its_progress_and_ends_before_finesse_is_in_service() {
    block(async {
        let site = prompt_site(Product::Ucce);
        site.finesse(|cluster, now| {
            cluster.save(now, Credentials::of("ippa", "Secret1"));
            let one = SignedIn {
                id: "1001".into(),
                client: Client::Fippa,
                device: None,
                extension: None,
            };
            cluster.nodes[0].signed_in.push(one);
        });
        let mut console = Console::open(serve_primary(&site), "osoperator").await;
        let output = console.run(RESTART).await;
        let lines: Vec<&str> = output.split("\r\n").collect();
        assert!(lines[0].starts_with(" Don't press Ctrl-c while the service"), "{output}");
        assert_eq!(lines[1], "Service Manager is running");
        let states: Vec<&str> = lines[2..].iter().copied().filter(|l| !l.is_empty()).collect();
        let line = |state: &str| format!("Cisco Finesse Tomcat[{state}]  ");
        let expected: Vec<String> =
            ["STOPPING", "STOPPING", "STARTING", "STARTING", "STARTED", "STARTED"]
                .iter()
                .map(|state| line(state))
                .collect();
        assert_eq!(states, expected);
        let (tomcat, web, running) = site.finesse(|cluster, _| {
            let node = &cluster.nodes[0];
            (node.tomcat, node.web, node.running.user.clone())
        });
        assert_eq!((tomcat, running.as_str()), (Process::Started, "ippa"));
        assert_ne!(web, Web::InService, "the process is not the application");
        assert!(
            console.run("utils service list").await.contains("Cisco Finesse Tomcat[STARTED]\r\n")
        );
        let begun = std::time::Instant::now();
        while !site.finesse(|cluster, _| cluster.nodes[0].in_service()) {
            assert!(begun.elapsed() < Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(events(&site, "sign-outs"), 1);
        assert_eq!(events(&site, "in-service"), 1);
    });
}

#[test]
fn services_are_stopped_and_started_and_nothing_else() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let mut console = Console::open(serve_primary(&site), "osoperator").await;
        let stopped = console.run("utils service stop Cisco Finesse Tomcat").await;
        assert!(stopped.ends_with("Cisco Finesse Tomcat[STOPPED]  \r\n"), "{stopped}");
        assert!(!stopped.contains("Ctrl"));
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco Finesse Tomcat[STOPPED]  Commanded Out of Service\r\n"));
        assert!(site.finesse(|cluster, _| cluster.nodes[0].is_dead()));
        let started = console.run("utils service start Cisco Finesse Tomcat").await;
        assert!(started.ends_with("Cisco Finesse Tomcat[STARTED]  \r\n"), "{started}");
        let name = "Cisco Finesse Notification Service";
        let stop = console.run(&format!("utils service stop {name}")).await;
        assert!(stop.ends_with(&format!("{name}[STOPPED]  \r\n")));
        assert!(console.run("utils service list").await.contains(&format!("{name}[STOPPED]")));
        let restart = console.run(&format!("utils service restart {name}")).await;
        assert!(restart.ends_with(&format!("{name}[STARTED]  \r\n")));
        assert!(
            console.run("utils service restart Nonsense").await.contains("not a valid service")
        );
        let mut reader = Console::open(serve_primary(&site), "osreader").await;
        assert!(reader.run(RESTART).await.contains("No valid command entered"));
        assert_eq!(events(&site, "tomcat-restart-begun"), 0);
    });
}

#[test]
fn the_prompt_may_come_back_early_and_the_wording_changes() {
    block(async {
        let site = prompt_site(Product::Ucce);
        tuned(&site, |knobs| {
            knobs.prompt_after_starting = true;
            knobs.wording = Wording::New;
        });
        let mut console = Console::open(serve_primary(&site), "osadmin").await;
        let output = console.run(RESTART).await;
        assert!(output.ends_with("Cisco Finesse Tomcat[STARTING]  \r\n"), "{output}");
        assert!(output.starts_with(" Do not press Ctrl+C while the service is restarting."));
    });
}

#[test]
fn a_failed_restart_says_so() {
    block(async {
        let site = prompt_site(Product::Ucce);
        site.finesse(|cluster, _| cluster.knobs.failing_restarts = 1);
        let mut console = Console::open(serve_primary(&site), "osadmin").await;
        let output = console.run(RESTART).await;
        assert!(output.ends_with("Cisco Finesse Tomcat[FAILED]  \r\n"), "{output}");
        assert_eq!((events(&site, "tomcat-failed"), events(&site, "in-service")), (1, 0));
    });
}

#[test]
fn a_dropped_session_does_not_stop_the_restart() {
    block(async {
        let site = prompt_site(Product::Ucce);
        tuned(&site, |knobs| knobs.drop_during_restart = 1);
        let address = serve_primary(&site);
        let mut console = Console::open(address, "osadmin").await;
        console.send(&format!("{RESTART}\r")).await;
        console.until("[STOPPING]  \r\n").await;
        assert_eq!(console.read("admin:").await, None);
        let mut again = Console::open(address, "osadmin").await;
        let begun = std::time::Instant::now();
        while !again.run("utils service list").await.contains("Cisco Finesse Tomcat[STARTED]") {
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
        assert_eq!(events(&site, "tomcat-restart-done"), 1);
        assert!(again.run(RESTART).await.contains("[STARTED]"), "once");
    });
}

#[test]
fn ctrl_c_is_seen_and_leaves_the_service_down() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let mut console = Console::open(serve_primary(&site), "osadmin").await;
        console.send("nothing\u{3}").await;
        console.until("^C\r\nadmin:").await;
        assert_eq!(events(&site, "ctrl-c"), 1);
        console.send(&format!("{RESTART}\r")).await;
        console.until("[STOPPING]  \r\n").await;
        console.send("\u{3}").await;
        console.until("^C\r\nadmin:").await;
        assert_eq!((events(&site, "ctrl-c"), events(&site, "command-broken-off")), (2, 1));
        tokio::time::sleep(Duration::from_millis(500)).await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco Finesse Tomcat[STOPPED]"), "{list}");
    });
}

/// `(name, state)` of the table's rows, and what stands above it.
fn table(output: &str) -> (String, Vec<(String, String)>) {
    let (head, rows) = output.split_once("Cluster Detailed View from ").unwrap();
    let rows = rows.lines().filter(|line| line.contains("192.0.2.")).map(|line| {
        let state = line.rsplit_once('(').unwrap().1.split(')').next().unwrap();
        (line.split_whitespace().next().unwrap().to_owned(), state.to_owned())
    });
    (head.to_owned(), rows.collect())
}

#[test]
fn replication_shows_states_and_layouts() {
    block(async {
        let site = prompt_site(Product::Ucce);
        tuned(&site, |knobs| knobs.pager = Pager::Off);
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        let command = "utils dbreplication runtimestate";
        for (layout, sample) in [
            (Layout::Current, "Y/Y/Y     0"),
            (Layout::Short, "Yes       "),
            (Layout::Oldest, "Yes     Connected     0      match   Yes    (2) PUB Setup Completed"),
        ] {
            tuned(&site, |knobs| knobs.layout = layout);
            let output = console.run(command).await;
            assert!(output.contains("Cluster Detailed View from fin-a (2 Servers):"), "{output}");
            assert!(output.contains(sample) || layout == Layout::Short, "{output}");
            let (head, rows) = table(&output);
            assert!(head.contains("SYNC COMPLETED"));
            let all = [("fin-a".to_owned(), "2".to_owned()), ("fin-b".to_owned(), "2".to_owned())];
            assert_eq!(rows, all, "{layout:?}");
        }
        tuned(&site, |knobs| knobs.layout = Layout::Current);
        site.finesse(|cluster, now| {
            cluster.knobs.times.replication_ms = 60_000;
            cluster.save(now, Credentials::of("ippa", "Secret1"));
        });
        let output = console.run(command).await;
        let (head, rows) = table(&output);
        assert!(head.contains("in PROGRESS. Checked 134 tables out of 754"), "{head}");
        assert_eq!((rows[0].1.as_str(), rows[1].1.as_str()), ("2", "1"));
        site.finesse(|cluster, _| cluster.knobs.busy_look = BusyLook::Queue);
        let output = console.run(command).await;
        assert_eq!(table(&output).1[1].1, "2");
        assert!(output.contains("Y/Y/Y     3"), "{output}");
        let perf =
            "show perf query class \"Number of Replicates Created and State of Replication\"";
        for state in 0..=4 {
            site.finesse(|cluster, _| cluster.knobs.replication_state = Some(state));
            let rows = table(&console.run(command).await).1;
            assert!(rows.iter().all(|(_, own)| *own == state.to_string()), "{rows:?}");
            let own = console.run(perf).await;
            assert!(own.contains(&format!("Replicate_State                = {state}")), "{own}");
        }
    });
}

#[test]
fn one_server_is_one_row() {
    block(async {
        let options = FinesseOptions { secondary: None, ..FinesseOptions::default() };
        let site = Arc::new(site_like(options));
        tuned(&site, |knobs| {
            knobs.start_scale = 0.0;
            knobs.pager = Pager::Off;
        });
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        let output = console.run("utils dbreplication runtimestate").await;
        assert!(output.contains("(1 Servers)"));
        assert_eq!(table(&output).1.len(), 1);
        let servers = console.run("show uccx dbreplication servers").await;
        assert!(servers.contains("No valid command entered"), "two nodes only");
    });
}

#[test]
fn products_differ_in_services_and_commands() {
    block(async {
        let site = prompt_site(Product::Uccx);
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco Unified CCX Notification Service[STARTED]"));
        assert!(!list.contains("Cisco Finesse Notification Service"));
        assert!(list.contains("Cisco DRF Primary[STARTED]") && list.contains("Primary Node =true"));
        let servers = console.run("show uccx dbreplication servers").await;
        assert!(servers.contains("Connected") && servers.contains("Local"), "{servers}");
        let second = serve_shell(&site, "fin-b.example.com", Kind::Finesse(Side::Secondary));
        let mut console = Console::open(second, "osreader").await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco DRF Primary[STOPPED]  Commanded Out of Service"));
        assert!(list.contains("Primary Node =false"));
        let site = prompt_site(Product::Ucce);
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco Finesse Notification Service[STARTED]"));
        let servers = console.run("show uccx dbreplication servers").await;
        assert!(servers.contains("No valid command entered"));
        let publisher = serve_shell(&site, "cucm-pub.example.com", Kind::Publisher);
        let mut console = Console::open(publisher, "osreader").await;
        let list = console.run("utils service list").await;
        assert!(list.contains("Cisco CallManager[STARTED]") && !list.contains("Finesse"));
        assert!(console.run("utils finesse maintenance status").await.contains("No valid command"));
        let cluster = console.run("show network cluster").await;
        assert!(cluster.contains("cucm-sub1.example.com cucm-sub1 Subscriber callmanager"));
    });
}

#[test]
fn finesse_s_own_commands_tell_what_the_node_does() {
    block(async {
        let site = prompt_site(Product::Ucce);
        site.finesse(|cluster, now| {
            let one = |id: &str, client| SignedIn {
                id: id.into(),
                client,
                device: None,
                extension: None,
            };
            cluster.nodes[0].signed_in = vec![
                one("1001", Client::Desktop),
                one("1002", Client::Desktop),
                one("1003", Client::Fippa),
            ];
            cluster.nodes[1].signed_in = vec![one("1004", Client::Fippa)];
            cluster.nodes[0].maintenance = (Maintenance::InProgress, now);
        });
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        let summary = console.run("utils finesse show_connected_users summary").await;
        assert!(summary.starts_with("Total Connected Users: 3\r\nDesktop Users: 2\r\nFIPPA Users: 1\r\nThird-party Users: 0\r\n"), "{summary}");
        assert!(!summary.contains("List"));
        let detail = console.run("utils finesse show_connected_users detail").await;
        assert!(detail.contains("Desktop Users List [1001, 1002]\r\nFIPPA Users List [1003]\r\n"));
        assert!(console.run("utils finesse maintenance status").await.contains("IN_PROGRESS"));
        assert!(
            console.run("show version active").await.starts_with("Active Master Version: 12.5.1.")
        );
        assert!(console.run("show network cluster").await.contains("fin-b.example.com"));
        assert!(console.run("show accountlocking").await.contains("Retry Count : 3 attempts"));
        assert!(console.run("utils finesse locked_out_users list").await.contains("users : 0"));
        assert!(console.run("utils system restart").await.contains("No valid command entered"));
        tuned(&site, |knobs| knobs.decoys = true);
        let decoyed = console.run("show version active").await;
        assert!(decoyed.contains("Password:\r\n"), "{decoyed}");
        site.finesse(|cluster, _| cluster.nodes[0].forced_out = true);
        tuned(&site, |knobs| knobs.decoys = false);
        let down = console.run("utils finesse show_connected_users summary").await;
        assert!(down.contains("not in service"));
    });
}
