//! The client against SSH servers with the algorithms of each release, and with what an administrator may have left of
//! them. Which old ones a node forces is said; a node with nothing in common gets no credential.

use ippactl::clients::platform::{Algorithms, ReadCommand, ShellError};
use ippactl::sandbox::platform::algorithms::{Lists, Narrowed, Profile};

use crate::console::Console;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn narrowed(kex: &[&str], mac: &[&str], cipher: &[&str], host_key: &[&str]) -> Narrowed {
    let lists = Lists {
        kex: names(kex),
        mac: names(mac),
        cipher: names(cipher),
        host_key: names(host_key),
    };
    Narrowed::try_from(lists).unwrap()
}

/// What is agreed with such a node, what of it is told to be old, and after how many connections.
async fn agreed(profile: Profile, left: Narrowed) -> (Algorithms, String, u64) {
    let node = Console::new(|knobs| {
        (knobs.algorithms, knobs.narrowed, knobs.start_scale) = (profile, left, 0.0);
    });
    let mut reader = node.connect().await.unwrap();
    assert!(reader.show(ReadCommand::VersionActive).await.unwrap().contains("Active Master"));
    let told = node.platform.newly_forced();
    let old: String = told.into_iter().map(|(_, algorithms)| algorithms).collect();
    assert_eq!(old, reader.algorithms().old().join(", "));
    assert!(node.platform.newly_forced().is_empty(), "told once");
    let (connections, credentials) = node.counted();
    assert_eq!(credentials, 1);
    (reader.algorithms().clone(), old, connections)
}

#[tokio::test]
async fn release_11_5() {
    let (agreed, old, connections) = agreed(Profile::Release11_5, Narrowed::default()).await;
    assert_eq!(agreed.key_exchange, "diffie-hellman-group-exchange-sha256");
    assert_eq!(old, "ssh-rsa, hmac-sha1");
    assert_eq!(connections, 2, "current algorithms first");
}

#[tokio::test]
async fn release_12_5_by_the_supported_table() {
    let (agreed, old, connections) = agreed(Profile::Release12_5, Narrowed::default()).await;
    assert!(agreed.key_exchange.starts_with("ecdh-sha2-nistp"), "{agreed:?}");
    assert_eq!((old.as_str(), connections), ("ssh-rsa", 1));
}

#[tokio::test]
async fn the_defaults_of_the_cipher_settings() {
    let own = Narrowed::default();
    let (agreed, old, connections) = agreed(Profile::CipherStringDefaults, own).await;
    assert!(agreed.key_exchange.starts_with("ecdh-sha2-nistp"), "{agreed:?}");
    assert!(agreed.cipher.contains("gcm"), "hmac-sha1 is not needed: {agreed:?}");
    assert_eq!((old.as_str(), connections), ("", 1));
}

#[tokio::test]
async fn the_defaults_with_counter_ciphers_alone_force_hmac_sha1() {
    let left = narrowed(&[], &[], &["aes128-ctr", "aes256-ctr"], &[]);
    let (agreed, old, connections) = agreed(Profile::CipherStringDefaults, left).await;
    assert_eq!(agreed.cipher, "aes256-ctr");
    assert_eq!((old.as_str(), connections), ("hmac-sha1", 2));
}

#[tokio::test]
async fn release_14su2() {
    let (agreed, old, connections) = agreed(Profile::Release14, Narrowed::default()).await;
    assert_eq!(agreed.host_key, "rsa-sha2-512");
    assert_eq!((old.as_str(), connections), ("", 1));
}

#[tokio::test]
async fn release_15() {
    let (agreed, old, connections) = agreed(Profile::Release15, Narrowed::default()).await;
    assert_eq!(agreed.host_key, "rsa-sha2-512");
    assert_eq!((old.as_str(), connections), ("", 1));
}

#[tokio::test]
async fn release_15su3_as_it_is_installed_and_with_old_ones_added() {
    let (_, old, connections) = agreed(Profile::Release15Su3, Narrowed::default()).await;
    assert_eq!((old.as_str(), connections), ("", 1));
    let added = narrowed(
        &["diffie-hellman-group14-sha1", "ecdh-sha2-nistp384"],
        &["hmac-sha1", "hmac-sha2-256"],
        &[],
        &["ssh-rsa", "rsa-sha2-256"],
    );
    let (agreed, old, connections) = agreed(Profile::Release15Su3, added).await;
    assert_eq!(agreed.key_exchange, "ecdh-sha2-nistp384");
    assert_eq!((old.as_str(), connections), ("", 1), "what is only offered is not used");
}

#[tokio::test]
async fn narrowed_to_sha1() {
    let left =
        narrowed(&["diffie-hellman-group14-sha1"], &["hmac-sha1"], &["aes128-ctr"], &["ssh-rsa"]);
    let (_, old, connections) = agreed(Profile::Release14, left).await;
    assert_eq!(old, "diffie-hellman-group14-sha1, ssh-rsa, hmac-sha1");
    assert_eq!(connections, 2);
}

#[tokio::test]
async fn narrowed_to_group1_and_to_group_exchange_sha1() {
    for kex in ["diffie-hellman-group1-sha1", "diffie-hellman-group-exchange-sha1"] {
        let left = narrowed(&[kex], &[], &[], &[]);
        let (agreed, old, _) = agreed(Profile::Release12_5, left).await;
        assert_eq!(agreed.key_exchange, kex);
        assert!(old.starts_with(kex), "{old}");
    }
}

#[tokio::test]
async fn narrowed_to_nistp521_and_sha2_512() {
    let left =
        narrowed(&["ecdh-sha2-nistp521"], &["hmac-sha2-512"], &["aes256-ctr"], &["rsa-sha2-512"]);
    let (agreed, old, connections) = agreed(Profile::Release15, left).await;
    assert_eq!(agreed.key_exchange, "ecdh-sha2-nistp521");
    assert_eq!(agreed.mac, "hmac-sha2-512");
    assert_eq!((old.as_str(), connections), ("", 1));
}

#[tokio::test]
async fn nothing_in_common_is_told_with_what_the_node_offers_and_no_credential() {
    for (left, kind, offered) in [
        (narrowed(&["none"], &[], &[], &[]), "key exchange", "none"),
        (
            narrowed(&[], &["hmac-sha1-etm@openssh.com"], &["aes128-ctr"], &[]),
            "MAC",
            "hmac-sha1-etm@openssh.com",
        ),
        (narrowed(&[], &[], &["clear"], &[]), "cipher", "clear"),
    ] {
        let node = Console::new(|knobs| knobs.narrowed = left);
        let error = node.connect().await.unwrap_err();
        assert!(matches!(&error, ShellError::NoCommonAlgorithm { .. }), "{error}");
        let trouble = error.trouble("fin-a.example.com:22");
        let said = format!("{trouble:?}");
        assert!(said.contains(kind) && said.contains(offered), "{said}");
        assert!(trouble.next.contains("Cipher Management"), "{said}");
        assert_eq!(node.counted(), (2, 0), "both sets were offered, and nothing else");
        assert!(node.platform.newly_forced().is_empty());
    }
}

#[test]
fn only_names_that_exist_can_be_configured() {
    let lists = Lists { kex: names(&["curve448-of-tomorrow"]), ..Lists::default() };
    assert!(Narrowed::try_from(lists).unwrap_err().contains("curve448-of-tomorrow"));
}
