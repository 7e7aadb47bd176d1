//! The platform shell over SSH: start, prompt, logins, algorithms, pager.

use std::sync::Arc;
use std::time::Duration;

use russh::client::KeyboardInteractiveAuthResponse;
use russh::{ChannelMsg, MethodKind};

use super::console::{Console, HOST, block, connect, events, prompt_site, serve_primary, tuned};
use super::{site, site_like};
use crate::sandbox::options::{FinesseOptions, Product};
use crate::sandbox::platform::algorithms::Profile;
use crate::sandbox::platform::knobs::{Auth, Pager};

#[test]
fn the_shell_starts_in_stages_echoes_and_ends_lines_with_both_characters() {
    block(async {
        let site = Arc::new(site());
        let begun = std::time::Instant::now();
        let mut console = Console::early(serve_primary(&site), "osadmin").await;
        let greeting = console.until("admin:").await;
        assert!(begun.elapsed() >= Duration::from_millis(150), "8.6 s, scaled by 0.02");
        assert!(greeting.starts_with("Command Line Interface is starting up, please wait ...\r\n"));
        assert!(greeting.contains("\r\n   Welcome to the Platform Command Line Interface\r\n"));
        assert!(!greeting.contains("WARNING"));
        console.send("show cli pagination\r").await;
        let answer = console.until("admin:").await;
        assert_eq!(answer, "show cli pagination\r\nAutomatic Pagination : On.\r\nadmin:");
        console.send("shoq\u{7f}w myself\n").await;
        assert!(console.until("admin:").await.contains("privilege level : 4"));
        console.send("exit\r").await;
        assert_eq!(console.read("admin:").await, None);
        assert_eq!(site.front().ledger.ssh.commands[1], format!("{HOST}: show myself"));
    });
}

#[test]
fn what_is_said_and_lost_at_the_prompt_is_set() {
    block(async {
        let site = prompt_site(Product::Ucce);
        tuned(&site, |knobs| {
            knobs.dns_warning = true;
            knobs.lost_characters = 3;
        });
        let address = serve_primary(&site);
        let mut console = Console::early(address, "osadmin").await;
        assert!(console.until("admin:").await.contains("WARNING: DNS unreachable\r\n"));
        console.send("\n").await;
        let nudged = console.until("\r\n\radmin:").await;
        assert_eq!(nudged, "\r\nadmin:\r\n\radmin:");
        console.send("show myself\r").await;
        assert!(console.until("admin:").await.starts_with("w myself\r\n"), "three are lost");
        assert!(console.run("show myself").await.contains("osadmin"), "only once");
        tuned(&site, |knobs| {
            knobs.double_prompt = false;
            knobs.prompt = "1 admin:".into();
            knobs.prompt_delay_ms = 50;
        });
        console.send("\n").await;
        console.until("1 admin:").await;
        let begun = std::time::Instant::now();
        console.send("\n").await;
        assert_eq!(console.until("1 admin:").await, "\r\n\r\n\r1 admin:");
        assert!(begun.elapsed() >= Duration::from_millis(50));
    });
}

#[test]
fn there_is_no_exec_no_subsystem_and_no_shell_without_a_terminal() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        let mut session = connect(address, true).await.unwrap();
        let password = "osadmin-password";
        assert!(session.authenticate_password("osadmin", password).await.unwrap().success());
        for ask in 0..3 {
            let mut channel = session.channel_open_session().await.unwrap();
            match ask {
                0 => channel.exec(true, "show version active").await.unwrap(),
                1 => channel.request_subsystem(true, "sftp").await.unwrap(),
                _ => channel.request_shell(true).await.unwrap(),
            }
            let answer = loop {
                match channel.wait().await {
                    Some(ChannelMsg::Failure) => break false,
                    Some(ChannelMsg::Success) | None => break true,
                    Some(_) => {}
                }
            };
            assert!(!answer, "{ask}");
        }
        assert_eq!(site.front().ledger.ssh.exec_requests, 1);
    });
}

#[test]
fn one_wrong_password_counts_once_whatever_the_method() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        for (auth, password, interactive) in [
            (Auth::Both, true, true),
            (Auth::Password, true, false),
            (Auth::KeyboardInteractive, false, true),
            (Auth::SilentInteractive, true, false),
        ] {
            tuned(&site, |knobs| knobs.auth = auth);
            let mut session = connect(address, true).await.unwrap();
            let right = "osadmin-password".to_owned();
            let done = session.authenticate_password("osadmin", right.clone()).await.unwrap();
            assert_eq!(done.success(), password, "{auth:?}");
            let mut session = connect(address, true).await.unwrap();
            let none = session.authenticate_none("osadmin").await.unwrap();
            let russh::client::AuthResult::Failure { remaining_methods, .. } = none else {
                panic!("nobody comes in without a password")
            };
            let offered = remaining_methods.contains(&MethodKind::KeyboardInteractive);
            assert_eq!(offered, auth != Auth::Password, "{auth:?}");
            let asked = session.authenticate_keyboard_interactive_start("osadmin", None).await;
            let came_in = match asked.unwrap() {
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => {
                    assert_eq!(
                        (prompts[0].prompt.as_str(), prompts[0].echo),
                        ("Password: ", false)
                    );
                    let answer = session.authenticate_keyboard_interactive_respond(vec![right]);
                    matches!(answer.await.unwrap(), KeyboardInteractiveAuthResponse::Success)
                }
                KeyboardInteractiveAuthResponse::Success
                | KeyboardInteractiveAuthResponse::Failure { .. } => false,
            };
            assert_eq!(came_in, interactive, "{auth:?}");
        }
        assert_eq!(site.front().ledger.ssh.refused.len(), 0, "what was not asked is no try");
        assert_eq!(events(&site, "ssh-login"), 5);
    });
}

#[test]
fn three_wrong_passwords_lock_and_a_lock_looks_like_a_wrong_password() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        let try_it = async |password: &str| {
            let mut session = connect(address, true).await.unwrap();
            session.authenticate_password("osadmin", password).await.unwrap().success()
        };
        for _ in 0..2 {
            assert!(!try_it("x").await);
        }
        assert!(try_it("osadmin-password").await, "two do not lock");
        for _ in 0..3 {
            assert!(!try_it("x").await);
        }
        assert!(!try_it("osadmin-password").await);
        assert_eq!(site.front().shells.locked(), [format!("osadmin@{HOST}")]);
        assert_eq!(site.front().ledger.ssh.refused[&format!("osadmin@{HOST}")], 6);
        let logged = serde_json::to_string(site.log().after(0)).unwrap();
        assert!(!logged.contains("password\":\"x") && !logged.contains("osadmin-password"));
        tuned(&site, |knobs| knobs.lock_ms = 0);
        let other = prompt_site(Product::Ucce);
        tuned(&other, |knobs| knobs.locking = false);
        let address = serve_primary(&other);
        for _ in 0..4 {
            let mut session = connect(address, true).await.unwrap();
            assert!(!session.authenticate_password("osadmin", "x").await.unwrap().success());
        }
        let mut session = connect(address, true).await.unwrap();
        let right = session.authenticate_password("osadmin", "osadmin-password").await;
        assert!(right.unwrap().success(), "locking is off");
    });
}

#[test]
fn each_release_offers_its_own_algorithms() {
    block(async {
        let site = prompt_site(Product::Ucce);
        let address = serve_primary(&site);
        let default = async || {
            let config = Arc::new(russh::client::Config::default());
            russh::client::connect(config, address, super::console::Anyone).await.is_ok()
        };
        for (profile, usual, with_ecdh, legacy) in [
            (Profile::Release11_5, false, false, true),
            (Profile::Release12_5, true, true, true),
            (Profile::Release14, true, true, true),
            (Profile::Release15, true, true, true),
            (Profile::CipherStringDefaults, true, true, true),
        ] {
            tuned(&site, |knobs| knobs.algorithms = profile);
            assert_eq!(default().await, usual, "{profile:?}, defaults of the library");
            assert_eq!(connect(address, false).await.is_ok(), with_ecdh, "{profile:?}");
            assert_eq!(connect(address, true).await.is_ok(), legacy, "{profile:?}, legacy");
        }
    });
}

#[test]
fn the_profile_follows_the_release() {
    for (release, profile) in [
        ("11.6(1)", Profile::Release11_5),
        ("12.5(1)SU3", Profile::Release12_5),
        ("12.6(2)", Profile::Release12_5),
        ("14.0.1.13900(155)", Profile::Release14),
        ("15.0(1)", Profile::Release15),
    ] {
        let options = FinesseOptions { release: release.into(), ..FinesseOptions::default() };
        let site = site_like(options);
        assert_eq!(site.front().shells.knobs(HOST).algorithms, profile, "{release}");
        let publisher = site.front().shells.knobs("cucm-pub.example.com").algorithms;
        assert_eq!(publisher, Profile::Release14);
    }
}

#[test]
fn output_is_paged_until_the_pager_is_switched_off() {
    const MORE: &str =
        "\u{1b}[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\u{1b}[0m";
    block(async {
        let site = prompt_site(Product::Ucce);
        tuned(&site, |knobs| knobs.pager_lines = 4);
        let address = serve_primary(&site);
        let mut console = Console::open(address, "osoperator").await;
        console.send("utils service list page\r").await;
        let first = console.until(MORE).await;
        assert_eq!(first.matches("\r\n").count(), 5, "the echo and four lines: {first}");
        console.send("\r").await;
        let one = console.until(MORE).await;
        assert_eq!(one.matches("\r\n").count(), 1, "{one}");
        assert!(one.starts_with("\r\u{1b}[K"));
        console.send(" ").await;
        assert_eq!(console.until(MORE).await.matches("\r\n").count(), 4);
        console.send("xq").await;
        assert!(!console.until("admin:").await.contains("\r\n"));
        assert!(!console.run("utils service list").await.contains("Press"), "pages when asked");
        tuned(&site, |knobs| knobs.pager = Pager::Everything);
        console.send("utils service list\r").await;
        console.until(MORE).await;
        console.send("q").await;
        console.until("admin:").await;
        let off = console.run("set cli pagination off").await;
        assert_eq!(off, "Automatic pagination is turned off\r\n");
        assert!(!console.run("utils service list page").await.contains("Press"));
        assert_eq!(console.run("show cli pagination").await, "Automatic Pagination : Off.\r\n");
        let mut reader = Console::open(address, "osreader").await;
        assert!(reader.run("set cli pagination off").await.contains("No valid command entered"));
        reader.send("utils service list page\r").await;
        reader.until(MORE).await;
        tuned(&site, |knobs| knobs.pager = Pager::Off);
        let mut third = Console::open(address, "osreader").await;
        assert!(!third.run("utils service list page").await.contains("Press"));
    });
}
