//! Files and answers of somebody with bad intentions: limits on size, depth and time, no entities, no way out of a folder,
//! secrets that others can read, and nothing of a process's memory on a disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::capture::{capture, lab as site};
use crate::lab::{Lab, Ran};
use crate::restarts::lab_with;
use crate::wire::bomb;

/// Longest time for what has to be refused.
const SOON: Duration = Duration::from_mins(2);

#[track_caller]
fn refused(ran: Ran, began: Instant, says: &str) {
    assert!(began.elapsed() < SOON, "{:?}: {}", began.elapsed(), ran.stderr);
    let ran = ran.expect(64);
    let all = ran.stdout + &ran.stderr;
    assert!(all.contains(says), "no {says:?}: {all}");
    assert!(!all.contains("root:") && !all.contains("panicked"), "{all}");
}

/// Loads a capture. One that is served instead of refused is ended: no code is then expected of it.
fn alone(lab: &Lab, name: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.args(["sandbox", "--from", name]).current_dir(lab.path("")).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < SOON {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(child.kill());
    Ran::of(&child.wait_with_output().unwrap())
}

/// A capture whose manifest vouches for what its files hold now.
fn vouch(folder: &Path) {
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let names: Vec<String> = manifest["files"].as_object().unwrap().keys().cloned().collect();
    let digests: BTreeMap<String, String> = names
        .into_iter()
        .map(|name| {
            let bytes = fs::read(folder.join(&name)).unwrap_or_default();
            let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
            let hex = digest
                .as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<Vec<String>>()
                .concat();
            (name, hex)
        })
        .collect();
    manifest["files"] = json!(digests);
    fs::write(&path, manifest.to_string()).unwrap();
}

/// Names another file of an exchange, and lets the manifest vouch for it.
fn point(folder: &Path, to: &str) {
    for file in ["000002.json", "manifest.json"] {
        let path = folder.join(file);
        let mut read: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        match file {
            "manifest.json" => read["files"][to] = json!(""),
            _ => read["reply"] = json!(to),
        }
        fs::write(&path, read.to_string()).unwrap();
    }
    vouch(folder);
}

#[cfg(unix)]
#[test]
fn a_capture_leads_nowhere_else() {
    let live = site();
    capture(&live, "two-node-uccx.yaml", "given").expect(0);
    let given = live.path("given");
    let fresh = |name: &str| {
        let folder = live.path(name);
        fs::create_dir(&folder).unwrap();
        for entry in fs::read_dir(&given).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        folder
    };
    let load = |name: &str, says: &str| {
        let began = Instant::now();
        refused(alone(&live, name), began, says);
    };
    live.write("outside.xml", "<secret/>");
    let outside = live.path("outside.xml").display().to_string();
    for (number, way) in
        ["../outside.xml", &outside, "./../outside.xml", "..", "."].iter().enumerate()
    {
        let name = format!("leads{number}");
        point(&fresh(&name), way);
        load(&name, "is not a file of the folder");
    }
    // The same bytes, behind a link: whoever made the folder decides where it leads.
    for (number, file) in
        ["000002.reply.xml", "000002.json", "secrets.json", "manifest.json"].iter().enumerate()
    {
        let name = format!("link{number}");
        let folder = fresh(&name);
        let moved = live.path(&format!("moved{number}"));
        fs::rename(folder.join(file), &moved).unwrap();
        std::os::unix::fs::symlink(&moved, folder.join(file)).unwrap();
        load(&name, "is not a file of the folder");
    }
    let folder = fresh("pipe");
    fs::remove_file(folder.join("000002.reply.xml")).unwrap();
    let made = Command::new("mkfifo").arg(folder.join("000002.reply.xml")).status();
    assert!(made.unwrap().success());
    load("pipe", "is not a file of the folder");
    // Longer than anything that is captured, without taking room here.
    let folder = fresh("long");
    let file = fs::File::options().write(true).open(folder.join("000002.reply.xml")).unwrap();
    file.set_len(65 * 1024 * 1024).unwrap();
    load("long", "000002.reply.xml is too long");
    for (number, (reply, says)) in [
        (bomb(), "cannot be read"),
        (format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)), "cannot be read"),
        (
            format!(
                "<a {}/>",
                (0..50_000).map(|at| format!("a{at}='' ")).collect::<Vec<String>>().concat()
            ),
            "cannot be read",
        ),
        (format!("<a>{}</a>", "<b/>".repeat(1_000_001)), "cannot be read"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("content{number}");
        let folder = fresh(&name);
        fs::write(folder.join("000002.reply.xml"), reply).unwrap();
        vouch(&folder);
        load(&name, says);
    }
    let folder = fresh("deep");
    fs::write(folder.join("000002.json"), format!("{{\"a\":{}", "[".repeat(1_000_000))).unwrap();
    vouch(&folder);
    load("deep", "000002.json: ");
}

#[test]
fn playbooks_and_rosters_have_limits() {
    let lab = lab_with(&[], "");
    let text = fs::read_to_string(lab.path("site.yaml")).unwrap();
    let roster =
        "[{ device: SEP001122330020 }, { device: SEP001122330021 }, { device: SEP001122330022 }]";
    let long = 17 * 1024 * 1024;
    let aliases = (1..30)
        .map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", at - 1))
        .collect::<Vec<String>>()
        .concat();
    for (playbook, says) in [
        (format!("a0: &a0 [x, x]\n{aliases}{text}"), "anchors and aliases are not used"),
        (format!("{text}x: &a [*a]\n"), "anchors and aliases are not used"),
        ("[".repeat(200_000), "error[syntax]"),
        ("{a: ".repeat(200_000), "error[syntax]"),
        ("- ".repeat(200_000), "error[syntax]"),
        ("? ".repeat(200_000), "error[syntax]"),
        (
            (0..1000)
                .map(|depth| format!("{}a:\n", " ".repeat(depth)))
                .collect::<Vec<String>>()
                .concat(),
            "error[syntax]",
        ),
        ("#".repeat(long), "longer than 16 MB"),
        (format!("{text}\n{}", "x: 1\n".repeat(10_000)), "more mistakes"),
        (format!("{text}\nx: [{}]", "a,".repeat(30_000)), "error["),
    ] {
        lab.write("hostile.yaml", &playbook);
        let began = Instant::now();
        refused(lab.run(&["validate", "hostile.yaml"]), began, says);
    }
    lab.write("hostile.yaml", &text.replace(roster, "hostile.csv"));
    for (file, says) in [
        (",".repeat(long), "longer than 16 MB"),
        (",".repeat(2_000_000), "error["),
        (format!("device\n{}", "\"a\"b\"\n".repeat(10_000)), "error["),
        ("\"".repeat(2_000_000), "error["),
        (format!("device\n{}", "SEP001122330020\n".repeat(200_001)), "at most 200000"),
    ] {
        lab.write("hostile.csv", &file);
        let began = Instant::now();
        refused(lab.run(&["validate", "hostile.yaml"]), began, says);
    }
    // A host that would lead out of the state folder is none.
    for host in ["../../outside", "a/b", "..", "a\\b"] {
        lab.write(
            "hostile.yaml",
            &text.replace("publisher: cucm-pub.example.com", &format!("publisher: {host}")),
        );
        refused(lab.run(&["validate", "hostile.yaml"]), Instant::now(), "bad-value");
    }
}

#[cfg(unix)]
#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = lab_with(&[], "");
    let text = fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write("secret", crate::lab::AXL);
    let changed = text.replace("{ env: AXL_PASSWORD }", "{ file: secret }");
    assert_ne!(changed, text);
    lab.write("filed.yaml", &changed);
    for (mode, good) in
        [(0o644, false), (0o640, false), (0o604, false), (0o600, true), (0o400, true)]
    {
        fs::set_permissions(lab.path("secret"), fs::Permissions::from_mode(mode)).unwrap();
        let ran = lab.run(&["plan", "filed.yaml"]);
        assert_eq!(ran.code, if good { 0 } else { 64 }, "{mode:o}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("can be read by others"), !good, "{mode:o}: {}", ran.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_leaves_its_memory_behind() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.args(["sandbox", "--tls-profile", "ecdsa", "--ready"]).arg(&ready);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while !ready.exists() && began.elapsed() < SOON {
        std::thread::sleep(Duration::from_millis(20));
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    drop(child.kill());
    drop(child.wait());
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}

#[test]
fn a_lab_is_not_needed_to_be_refused() {
    // The folder itself may be anything that is none.
    let lab = Lab::start(&[]);
    lab.write("file", "x");
    for name in ["nothing", "file", "."] {
        refused(alone(&lab, name), Instant::now(), "manifest.json");
    }
}
