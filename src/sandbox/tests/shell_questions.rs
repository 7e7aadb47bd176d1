//! Both answers to what no source tells about the shell: each switch, seen from a terminal.

use std::sync::Arc;

use super::console::{Console, block, prompt_site, serve_primary, serve_shell, tuned};
use super::{site, site_like};
use crate::sandbox::options::{FinesseOptions, Product};
use crate::sandbox::platform::Kind;
use crate::sandbox::platform::knobs::{
    AccountLook, CommandCount, Pager, PagingOff, SingleServer, UccxServers,
};

const MORE: &str = "or <q> to quit\u{1b}[0m";

#[test]
fn the_prompt_counts_commands_in_two_forms() {
    block(async {
        let site = prompt_site(Product::Ucce);
        for (form, first, second) in [
            (CommandCount::Before, "0 admin:", "1 admin:"),
            (CommandCount::Inside, "admin(0):", "admin(1):"),
        ] {
            tuned(&site, |knobs| knobs.command_count = form);
            let mut console = Console::early(serve_primary(&site), "osadmin").await;
            console.until(first).await;
            console.send("show myself\r").await;
            console.until(second).await;
        }
    });
}

#[test]
fn who_may_switch_the_pager_off_and_how_high_a_page_is() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        for (who, reader, operator) in [
            (PagingOff::Level1, false, true),
            (PagingOff::Anybody, true, true),
            (PagingOff::Nobody, false, false),
        ] {
            tuned(&site, |knobs| knobs.paging_off = who);
            for (user, may) in [("osreader", reader), ("osoperator", operator)] {
                let mut console = Console::open(address, user).await;
                let said = console.run("set cli pagination off").await;
                assert_eq!(said.contains("turned off"), may, "{who:?} {user}");
            }
        }
        tuned(&site, |knobs| {
            (knobs.pager, knobs.pager_follows_rows, knobs.pager_lines) =
                (Pager::Everything, false, 4);
        });
        let mut console = Console::open(address, "osreader").await;
        console.send("utils service list\r").await;
        assert_eq!(console.until(MORE).await.matches("\r\n").count(), 5);
        console.send("q").await;
        console.until("admin:").await;
        tuned(&site, |knobs| knobs.pager_follows_rows = true);
        let all = console.run("utils service list").await;
        assert!(!all.contains("Press"), "a terminal of 50 rows has room: {all}");
    });
}

#[test]
fn a_single_server_shows_a_row_or_none_or_a_sentence() {
    block(async {
        let options = FinesseOptions { secondary: None, ..FinesseOptions::default() };
        let site = Arc::new(site_like(options));
        tuned(&site, |knobs| (knobs.start_scale, knobs.pager) = (0.0, Pager::Off));
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        for (form, head, rows) in [
            (SingleServer::Row, "(1 Servers)", 1),
            (SingleServer::NoRow, "(1 Server)", 0),
            (SingleServer::Sentence, "single server", 0),
        ] {
            tuned(&site, |knobs| knobs.single_server = form);
            let output = console.run("utils dbreplication runtimestate").await;
            assert!(output.contains(head), "{form:?}: {output}");
            assert_eq!(output.matches("192.0.2.").count(), rows, "{form:?}: {output}");
        }
    });
}

#[test]
fn uccx_may_not_know_its_servers() {
    block(async {
        let site = prompt_site(Product::Uccx);
        let mut console = Console::open(serve_primary(&site), "osreader").await;
        for (form, part, rows) in [
            (UccxServers::Table, "SERVER ", 2),
            (UccxServers::HeadOnly, "SERVER ", 0),
            (UccxServers::Unknown, "No valid command entered", 0),
        ] {
            tuned(&site, |knobs| knobs.uccx_servers = form);
            let output = console.run("show uccx dbreplication servers").await;
            assert!(output.contains(part), "{form:?}: {output}");
            assert_eq!(output.matches("192.0.2.").count(), rows, "{form:?}: {output}");
        }
        tuned(&site, |knobs| knobs.uccx_servers = UccxServers::Table);
        for (state, word) in [(2, "Connected"), (1, "Connecting"), (3, "Dropped")] {
            site.finesse(|cluster, _| cluster.knobs.replication_state = Some(state));
            let output = console.run("show uccx dbreplication servers").await;
            assert!(output.contains(word) && output.contains("Local"), "{output}");
        }
    });
}

#[test]
fn accounts_are_shown_in_three_looks_and_to_level_4_alone() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        let mut console = Console::open(address, "osadmin").await;
        for (look, own) in [
            (AccountLook::Pairs, "privilege level : 4"),
            (AccountLook::Table, "osadmin    4"),
            (AccountLook::Sentence, "You are osadmin, privilege level 4."),
        ] {
            tuned(&site, |knobs| knobs.account_look = look);
            assert!(console.run("show myself").await.contains(own), "{look:?}");
            assert_eq!(console.run("show account").await.lines().count(), 3, "{look:?}");
        }
        let mut reader = Console::open(address, "osoperator").await;
        assert!(reader.run("show account").await.contains("No valid command entered"));
    });
}

#[test]
fn trust_verification_may_be_restarted_or_not() {
    block(async {
        let site = Arc::new(site());
        let publisher = "cucm-pub.example.com";
        let set = |may: bool| {
            let mut knobs = site.front().shells.knobs(publisher);
            (knobs.start_scale, knobs.tvs_restart) = (0.0, may);
            site.front().shells.set(publisher, knobs);
        };
        set(true);
        let address = serve_shell(&site, publisher, Kind::Publisher);
        let mut console = Console::open(address, "osoperator").await;
        let command = "utils service restart Cisco Trust Verification Service";
        assert!(console.run(command).await.ends_with("Service[STARTED]  \r\n"));
        set(false);
        assert!(console.run(command).await.contains("not a valid service"));
    });
}
