//! The folder of a capture: whose it is, what is refused, and what a broken-off one claims.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::capture::{capture, lab, loaded, said};
use crate::lab::{Lab, Ran};

#[cfg(unix)]
#[test]
fn the_folder_is_its_owners_alone_and_never_mixed() {
    use std::os::unix::fs::PermissionsExt as _;
    let live = lab();
    fs::create_dir(live.path("open")).unwrap();
    fs::set_permissions(live.path("open"), fs::Permissions::from_mode(0o755)).unwrap();
    for folder in ["open", "deep/new"] {
        capture(&live, "two-node-uccx.yaml", folder).expect(0);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&live.path(folder)), 0o700);
        for entry in fs::read_dir(live.path(folder)).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
        let again = capture(&live, "two-node-uccx.yaml", folder).expect(64);
        assert!(again.stderr.contains("capture-folder-used"), "{}", again.stderr);
    }
    // Killed in the middle, what is there is private and not loaded.
    let slow =
        json!({"operation": "executeSQLQuery", "times": 50, "kind": "slow", "slow-ms": 20_000});
    live.control("POST", "/faults", &slow);
    let mut child =
        live.command(&["capture", "two-node-uccx.yaml", "--out", "cut"]).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !live.path("cut/000003.json").exists() && begun.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for entry in fs::read_dir(live.path("cut")).unwrap() {
        let mode = fs::metadata(entry.unwrap().path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let refused = live.run_alone(&["sandbox", "--from", "cut"]).expect(64);
    assert!(refused.stderr.contains("did not come to its end"), "{}", refused.stderr);
}

#[test]
fn a_folder_that_was_changed_is_not_loaded() {
    let live = lab();
    capture(&live, "two-node-uccx.yaml", "site").expect(0);
    let manifest = fs::read_to_string(live.path("site/manifest.json")).unwrap();
    let reply = live.path("site/000003.reply.xml");
    let text = fs::read_to_string(&reply).unwrap();
    let refused = |why: &str| {
        let ran = live.run_alone(&["sandbox", "--from", "site"]).expect(64);
        assert!(
            ran.stderr.contains("capture-unusable") && ran.stderr.contains(why),
            "{}",
            ran.stderr
        );
    };
    fs::write(&reply, text.replace('o', "0")).unwrap();
    refused("000003.reply.xml is not as it was captured");
    fs::write(&reply, &text[..text.len() / 2]).unwrap();
    refused("000003.reply.xml is not as it was captured");
    fs::remove_file(&reply).unwrap();
    refused("000003.reply.xml");
    fs::write(&reply, &text).unwrap();
    fs::write(live.path("site/manifest.json"), manifest.replace("capture/v1", "capture/v9"))
        .unwrap();
    refused("capture/v9");
    fs::write(live.path("site/manifest.json"), &manifest[..manifest.len() / 2]).unwrap();
    refused("manifest.json");
    for number in [3, 4_000_000_000_000_u64] {
        let mut other: Value = serde_json::from_str(&manifest).unwrap();
        other["exchanges"] = json!(number);
        fs::write(live.path("site/manifest.json"), other.to_string()).unwrap();
        refused("number of exchanges");
    }
    fs::write(live.path("site/manifest.json"), manifest).unwrap();
    // A kept cluster of another origin is not taken for this one.
    let seeded = Lab::start(&["--state", live.path("kept.db").to_str().unwrap()]);
    drop(seeded);
    let ran = live.run_alone(&["sandbox", "--from", "site", "--state", "kept.db"]).expect(1);
    assert!(ran.stderr.contains("another cluster"), "{}", ran.stderr);
    let ran = live.run_alone(&["sandbox", "--from", "site", "--product", "ucce"]).expect(64);
    assert!(ran.stderr.contains("--product"), "{}", ran.stderr);
}

#[test]
fn a_broken_off_capture_says_what_it_lacks_and_claims_nothing_of_it() {
    for (operation, lacks) in [
        ("getIpPhoneServices", "telecasterservice"),
        ("executeSQLQuery", "device"),
        ("listUserGroup", "dirgroup"),
    ] {
        let live = lab();
        let fault =
            json!({"operation": operation, "times": 9, "kind": "fault", "code": -1, "text": "no"});
        live.control("POST", "/faults", &fault);
        let ran = capture(&live, "two-node-uccx.yaml", "site").expect(3);
        assert!(
            ran.stdout.contains("not captured: everything after a failed read"),
            "{}",
            ran.stdout
        );
        let rehearsal = loaded(&live, "site", &[]);
        let (code, plan) = said(&rehearsal, "plan", "two-node-uccx.yaml");
        assert_ne!(code, 0, "{plan:#}");
        assert_eq!(
            plan["deployments"][0]["steps"],
            json!([]),
            "nothing is planned on half a reading"
        );
        let why = plan["deployments"][0]["errors"].to_string();
        assert!(why.contains("tells nothing of") && why.contains(lacks), "{why}");
    }
    // What ends a capture elsewhere takes nothing from what AXL has told to its end.
    let live = lab();
    let mut command = live.command(&["capture", "reference.yaml", "--out", "site"]);
    let ran = Ran::of(&command.env("FINESSE_PASSWORD", "wrong").output().unwrap()).expect(4);
    assert!(ran.stdout.contains("not captured"), "{}", ran.stdout);
    let rehearsal = loaded(&live, "site", &[]);
    let (code, plan) = said(&rehearsal, "plan", "reference.yaml");
    assert_eq!(code, 4, "{plan:#}");
    let errors = plan["deployments"][0]["errors"].to_string();
    assert!(errors.contains("finesse-credential-refused"), "{errors}");
    // Phones that nobody asked about are unknown at once, and nothing waits for them.
    let live = lab();
    let mut command = live.command(&["capture", "reference.yaml", "--out", "site"]);
    Ran::of(&command.env_remove("RIS_PASSWORD").output().unwrap());
    let rehearsal = loaded(&live, "site", &[]);
    let (_, verified) = said(&rehearsal, "verify", "reference.yaml");
    let unknown = verified["deployments"][0]["not_checked"].to_string();
    assert!(unknown.contains("tells nothing of RisPort"), "{verified:#}");
    let live = lab();
    let ran = live
        .command(&["capture", "two-node-uccx.yaml", "--out", "denied"])
        .env("AXL_PASSWORD", "wrong")
        .output();
    let ran = Ran::of(&ran.unwrap()).expect(4);
    assert!(ran.stdout.contains("not captured"), "{}", ran.stdout);
    let refused = live.run_alone(&["sandbox", "--from", "denied"]).expect(64);
    assert!(refused.stderr.contains("nothing was captured"), "{}", refused.stderr);
}
