//! Sign-in, host keys, algorithms and whole sessions, against a throw-away SSH node.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use russh::keys::{Algorithm, PrivateKey};
use russh::{MethodKind, Preferred, cipher, kex, mac};

use super::node::{Act, GREETING, Node, PASSWORD, Script, account, ed25519};
use super::{
    HostKeyReason, HostKeys, Platform, ReadCommand, RestartEnd, ServiceName, ShellError,
    ShellWriter,
};

async fn platform(script: Script) -> (Node, Platform) {
    let node = Node::start(script).await;
    let platform = Platform::new(node.settings(node.known()));
    (node, platform)
}

fn passwords(node: &Node) -> Vec<&'static str> {
    node.log(|log| log.passwords.iter().map(|(method, _)| *method).collect())
}

#[tokio::test]
async fn a_session_from_sign_in_to_its_end() {
    let (node, platform) = platform(Script::default()).await;
    let mut reader = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(reader.show(ReadCommand::Myself).await.unwrap(), "level 4");
    assert!(reader.algorithms().old().is_empty());
    assert_eq!(reader.algorithms().key_exchange, "mlkem768x25519-sha256");
    assert!(!reader.dns_unreachable());
    assert_eq!(passwords(&node), ["keyboard-interactive"]);
    node.log(|log| {
        assert_eq!(log.typed, ["set cli pagination off\n", "show myself\n"]);
        let (term, columns, rows) = log.terminal.clone().unwrap();
        assert!(term == "vt100" && columns >= 200 && rows >= 50);
    });
    assert!(!format!("{reader:?} {platform:?} {:?}", account(PASSWORD)).contains(PASSWORD));
    drop(reader);
    for _ in 0..100 {
        if node.log(|log| log.ended) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("dropping the reader did not end the connection");
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_by_either_method() {
    for (methods, by) in [
        (vec![MethodKind::KeyboardInteractive, MethodKind::Password], "keyboard-interactive"),
        (vec![MethodKind::Password], "password"),
    ] {
        let (node, platform) = platform(Script { methods, ..Script::default() }).await;
        let first = platform.connect(&node.name, &account("wrong")).await.unwrap_err();
        assert!(matches!(first, ShellError::Denied), "{first}");
        assert_eq!(passwords(&node), [by]);
        let connections = node.log(|log| log.connections);
        let second = platform.clone().connect(&node.name, &account("wrong")).await.unwrap_err();
        assert!(matches!(second, ShellError::Denied), "{second}");
        assert_eq!(node.log(|log| log.connections), connections, "not even connected");
        let trouble = second.trouble("fin-a");
        assert_eq!(trouble.code, "platform-credential-refused");
        assert!(trouble.next.contains("wrong") && trouble.next.contains("locked"));
        assert!(!format!("{trouble:?}{second:?}").contains("hunter"));
    }
}

#[tokio::test]
async fn two_at_once_make_one_attempt() {
    let (node, platform) = platform(Script::default()).await;
    let wrong = account("wrong");
    let (one, two) =
        tokio::join!(platform.connect(&node.name, &wrong), platform.connect(&node.name, &wrong));
    assert!(matches!(one, Err(ShellError::Denied)) && matches!(two, Err(ShellError::Denied)));
    assert_eq!(passwords(&node).len(), 1);
}

#[tokio::test]
async fn whoever_stops_waiting_for_the_answer_makes_no_second_attempt() {
    let script = Script { rejection: Duration::from_secs(20), ..Script::default() };
    let (node, platform) = platform(script).await;
    let wrong = account("wrong");
    let sent = async {
        while passwords(&node).is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        ended = platform.connect(&node.name, &wrong) => panic!("answered: {ended:?}"),
        () = sent => {}
    }
    let error = platform.connect(&node.name, &wrong).await.unwrap_err();
    assert!(matches!(error, ShellError::SignInLost { .. }), "{error}");
    assert_eq!(passwords(&node).len(), 1);
}

#[tokio::test]
async fn password_follows_only_when_nothing_was_asked() {
    let methods = vec![MethodKind::KeyboardInteractive, MethodKind::Password];
    let script = Script { methods, rounds: Vec::new(), ..Script::default() };
    let (node, platform) = platform(script).await;
    platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(passwords(&node), ["password"]);
    assert_eq!(node.log(|log| log.passwords[0].1.clone()), PASSWORD);
}

#[tokio::test]
async fn every_question_of_one_round_and_none_of_a_second() {
    let rounds = vec![Vec::new(), vec!["Password: ", "Again: "]];
    let (node, platform) = platform(Script { rounds, ..Script::default() }).await;
    platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(passwords(&node).len(), 2);

    let rounds = vec![vec!["Password: "], vec!["New password: "]];
    let (node, platform) = self::platform(Script { rounds, ..Script::default() }).await;
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(
        matches!(&error, ShellError::SignInAsks { question } if question == "New password: "),
        "{error}"
    );
    assert_eq!(passwords(&node).len(), 1);
    let again = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(matches!(again, ShellError::Denied), "{again}");
}

#[tokio::test]
async fn without_a_usable_method_nothing_is_sent() {
    let methods = vec![MethodKind::PublicKey];
    let (node, platform) = platform(Script { methods, ..Script::default() }).await;
    for _ in 0..2 {
        let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
        assert!(
            matches!(&error, ShellError::SignInUnsupported { offered } if offered == &["publickey"])
        );
    }
    assert!(passwords(&node).is_empty());
}

#[tokio::test]
async fn unknown_and_changed_host_keys_get_no_credential() {
    let node = Node::start(Script::default()).await;
    let unknown = Platform::new(node.settings(HostKeys::default()));
    let error = unknown.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    let ShellError::HostKey(rejection) = error else { panic!("{error}") };
    assert_eq!(rejection.algorithm, "ssh-ed25519");
    let line = format!("fin-a.example.com {}", node.key.public_key().to_openssh().unwrap());
    assert_eq!(rejection.known_hosts_line, line.trim());

    let accepted =
        HostKeys::default().with_accepted(node.name.clone(), rejection.fingerprint.clone());
    let platform = Platform::new(node.settings(accepted));
    platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(passwords(&node).len(), 1, "only after it was accepted");

    let other = ed25519(2);
    let text = format!("# mine\nfin-a.example.com {}", other.public_key().to_openssh().unwrap());
    let changed = HostKeys::new(&[("hosts".to_owned(), text)], std::collections::BTreeMap::new());
    let platform = Platform::new(node.settings(changed));
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    let ShellError::HostKey(rejection) = error else { panic!("{error}") };
    assert_eq!(rejection.reason, HostKeyReason::Changed { at: "hosts:2".to_owned() });
    assert_eq!(passwords(&node).len(), 1);
}

static RSA: LazyLock<PrivateKey> = LazyLock::new(|| {
    use russh::keys::ssh_key::private::{KeypairData, RsaKeypair};
    let pair = RsaKeypair::random(&mut russh::keys::key::safe_rng(), 2048).unwrap();
    PrivateKey::new(KeypairData::Rsa(pair), "").unwrap()
});

fn old(kex: kex::Name, cipher: cipher::Name) -> Script {
    let preferred = Preferred {
        kex: Cow::Owned(vec![kex]),
        key: Cow::Owned(vec![Algorithm::Rsa { hash: None }]),
        cipher: Cow::Owned(vec![cipher]),
        mac: Cow::Owned(vec![mac::HMAC_SHA1]),
        ..Preferred::DEFAULT
    };
    Script { preferred, key: RSA.clone(), ..Script::default() }
}

#[tokio::test]
async fn old_nodes_are_reached_with_old_algorithms_and_it_is_told() {
    for (kex, cipher) in [
        (kex::DH_G14_SHA1, cipher::AES_128_CTR),
        (kex::DH_GEX_SHA1, cipher::AES_256_CBC),
        (kex::DH_G1_SHA1, cipher::AES_128_CBC),
    ] {
        let (node, platform) = platform(old(kex, cipher)).await;
        let mut reader = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
        assert_eq!(reader.show(ReadCommand::Myself).await.unwrap(), "level 4");
        let told = reader.algorithms().old();
        assert!(told.contains(&kex.as_ref()) && told.contains(&"hmac-sha1"), "{told:?}");
        assert!(told.contains(&"ssh-rsa"), "{told:?}");
        assert_eq!(told.contains(&cipher.as_ref()), cipher.as_ref().ends_with("-cbc"));
        assert_eq!(node.log(|log| (log.connections, log.passwords.len())), (2, 1));
    }
}

#[tokio::test]
async fn current_releases_need_one_connection() {
    let preferred = Preferred {
        kex: Cow::Owned(vec![kex::DH_GEX_SHA256, kex::ECDH_SHA2_NISTP384]),
        mac: Cow::Owned(vec![mac::HMAC_SHA1]),
        cipher: Cow::Owned(vec![cipher::AES_128_GCM]),
        ..Preferred::DEFAULT
    };
    let (node, platform) = platform(Script { preferred, ..Script::default() }).await;
    let reader = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(reader.algorithms().key_exchange, "ecdh-sha2-nistp384");
    assert!(reader.algorithms().old().is_empty(), "{:?}", reader.algorithms());
    assert_eq!(node.log(|log| log.connections), 1);
}

#[tokio::test]
async fn no_algorithm_in_common_is_told_after_both_sets() {
    let preferred = Preferred { kex: Cow::Owned(vec![kex::NONE]), ..Preferred::DEFAULT };
    let (node, platform) = platform(Script { preferred, ..Script::default() }).await;
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(matches!(&error, ShellError::NoCommonAlgorithm { kind, .. } if kind == "key exchange"));
    assert_eq!(node.log(|log| (log.connections, log.passwords.len())), (2, 0));
}

#[tokio::test]
async fn a_silent_welcome_is_nudged_and_a_refused_shell_told() {
    let script = Script {
        greeting: format!("WARNING: DNS unreachable\r\n{GREETING}"),
        answer: |line| match line {
            "" => Act::Say("admin:\r\n\radmin:".to_owned()),
            _ => Act::Answer("done\r\n".to_owned()),
        },
        ..Script::default()
    };
    let (node, platform) = platform(script).await;
    let mut reader = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert!(reader.dns_unreachable());
    assert_eq!(reader.show(ReadCommand::Myself).await.unwrap(), "done");
    assert_eq!(node.log(|log| log.typed[0].clone()), "\n");

    let (node, platform) = self::platform(Script { shell: false, ..Script::default() }).await;
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(matches!(&error, ShellError::NoShell { why } if why.contains("a shell")), "{error}");
}

#[tokio::test]
async fn the_pager_is_answered_with_one_space() {
    let script = Script {
        answer: |line| {
            match line {
            "utils service list" => Act::Say(
                "A Cisco DB[STARTED]\r\n\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m"
                    .to_owned(),
            ),
            " " => Act::Answer(
                "\r\x1b[KCisco Unified CCX Notification Service[STARTED]\r\nPrimary Node =true\r\n".to_owned(),
            ),
            _ => Act::Answer("Executed command unsuccessfully\r\n".to_owned()),
        }
        },
        ..Script::default()
    };
    let (node, platform) = platform(script).await;
    let mut reader = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    let list = reader.services().await.unwrap();
    assert_eq!(list.services.len(), 2);
    assert!(list.notification_service().is_some());
    let spaces = node.log(|log| log.typed.iter().filter(|typed| *typed == " ").count());
    assert_eq!(spaces, 1);
    let error = reader.replication().await.unwrap_err();
    assert!(
        matches!(&error, ShellError::NotRecognised { shown, .. } if shown.contains("unsuccessfully"))
    );
}

#[tokio::test]
async fn a_restart_that_ends_and_one_that_takes_the_session_with_it() {
    let script = Script {
        answer: |line| {
            match line {
            "utils service restart Cisco Finesse Tomcat" => Act::Answer(
                " Don't press Ctrl-c while the service is getting RESTARTED.\r\nService Manager is running\r\n\
                 Cisco Finesse Tomcat[STOPPING]  \r\nCisco Finesse Tomcat[STARTED]  \r\n"
                    .to_owned(),
            ),
            "utils service stop Cisco Finesse Tomcat" => Act::Hang,
            _ => Act::Answer("done\r\n".to_owned()),
        }
        },
        ..Script::default()
    };
    let (node, platform) = platform(script).await;
    let mut writer =
        ShellWriter::new(platform.connect(&node.name, &account(PASSWORD)).await.unwrap());
    let tomcat = ServiceName::finesse_tomcat();
    assert_eq!(writer.restart(&tomcat).await.unwrap(), RestartEnd::Started);
    let error = writer.stop(&tomcat).await.unwrap_err();
    assert!(matches!(error, ShellError::Dropped { sent: true, .. }), "{error}");
    assert!(error.outcome_unknown() && error.may_pass());
    let error = writer.reader().show(ReadCommand::Myself).await.unwrap_err();
    assert!(matches!(error, ShellError::GivenUp { .. }), "{error}");
    // the account has worked: connecting again is no second attempt
    let mut again = platform.connect(&node.name, &account(PASSWORD)).await.unwrap();
    assert_eq!(again.show(ReadCommand::Myself).await.unwrap(), "done");
    assert!(node.log(|log| log.typed.iter().all(|typed| !typed.contains('\u{3}'))));
    again.close().await;
}

#[tokio::test]
async fn nobody_there_and_something_else_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let node = Node::start(Script::default()).await;
    let mut settings = node.settings(node.known());
    if let Some(target) = settings.connect_map.get_mut(&node.name) {
        target.port = free.port();
    }
    settings.timings.connect = Duration::from_millis(500);
    let platform = Platform::new(settings.clone());
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(matches!(error, ShellError::Unreachable { .. }), "{error}");

    let listener = tokio::net::TcpListener::bind(free).await.unwrap();
    let error = platform.connect(&node.name, &account(PASSWORD)).await.unwrap_err();
    assert!(matches!(error, ShellError::Handshake { .. }), "{error}");
    drop(listener);
}
