//! `{ keyring: NAME }`, `login` and `logout` with the keyring of this machine. Where the kernel does not allow it, as in many
//! containers, what is looked at is how that is said.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::lab::{AXL, Lab, Ran};
use crate::phone_settings::lab_with;

/// `login` or `logout`, with this at standard input.
fn run(words: &[&str], given: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who asks for nothing may have gone already.
    drop(child.stdin.take().unwrap().write_all(given.as_bytes()));
    Ran::of(&child.wait_with_output().unwrap())
}

/// A name of this test process's own, taken out again when dropped.
struct Name(String);

impl Name {
    fn new(what: &str) -> Self {
        Self(format!("ippactl-test/{what}-{}", std::process::id()))
    }

    /// Keeps a secret; whether there is a keyring to keep it in.
    fn keep(&self, secret: &str) -> bool {
        let ran = run(&["login", &self.0], secret);
        if ran.code == 0 {
            assert!(ran.stdout.contains(&format!("{{ keyring: {} }}", self.0)), "{}", ran.stdout);
            return true;
        }
        assert!(ran.stderr.contains("error[keyring-unusable]"), "{}", ran.stderr);
        ran.expect(1);
        false
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        run(&["logout", &self.0], "");
    }
}

fn lab(name: &Name) -> Lab {
    let lab = lab_with(&[], "");
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write(
        "site.yaml",
        &text.replace("{ env: AXL_PASSWORD }", &format!("{{ keyring: {} }}", name.0)),
    );
    lab
}

#[test]
fn a_password_of_the_keyring_is_used_and_shown_nowhere() {
    let name = Name::new("used");
    let lab = lab(&name);
    let missing = lab.run(&["plan", "site.yaml"]);
    let next = format!("ippactl login {}", name.0);
    assert!(missing.stderr.contains(&next), "{}", missing.stderr);
    missing.expect(64);
    assert_eq!(lab.requests()["reads"], json!(0));
    if !name.keep(&format!("{AXL}\n")) {
        return;
    }
    let ran = lab.run(&["plan", "site.yaml", "-vvv"]).expect(0);
    assert!(!ran.stdout.contains(AXL) && !ran.stderr.contains(AXL));
    // Kept once more, as another secret: it is the new one that is used, once.
    let ran = run(&["login", &name.0, "--output", "json"], "hunter2").expect(0);
    assert_eq!(ran.json()["keyring"], json!({"name": name.0, "kept": true, "before": true}));
    assert!(!ran.stdout.contains("hunter2"));
    lab.run(&["plan", "site.yaml"]).expect(4);
    let ran = run(&["logout", &name.0], "").expect(0);
    assert_eq!(ran.stdout, format!("forgotten: {}\n", name.0));
    let ran = run(&["logout", &name.0], "").expect(0);
    assert_eq!(ran.stdout, format!("nothing was kept as {}\n", name.0));
    lab.run(&["plan", "site.yaml"]).expect(64);
}

#[test]
fn the_sandbox_has_a_demo_value_for_what_the_keyring_has_not() {
    let name = Name::new("demo");
    let lab = lab(&name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.args(["plan", "site.yaml", "--sandbox"]).current_dir(lab.path(""));
    command.env("IPPA_PASSWORD", "Conformance1").stdin(Stdio::null());
    Ran::of(&command.output().unwrap()).expect(0);
}

#[test]
fn nothing_given_is_nothing_kept() {
    for given in ["", "\n"] {
        let ran = run(&["login", "ippactl-test/empty"], given).expect(64);
        assert!(ran.stderr.contains("printf %s"), "{}", ran.stderr);
    }
    run(&["login", "two words"], "x").expect(64);
    run(&["login", "x", "--sandbox"], "x").expect(64);
}

#[cfg(unix)]
#[test]
fn a_secret_is_asked_for_unseen() {
    use crate::pty::Terminal;
    let name = Name::new("typed");
    let begin = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
        command.args(["login", &name.0]);
        let terminal = Terminal::start(command);
        terminal.asks_quietly(&format!("Secret to keep as {} (not shown): ", name.0));
        terminal
    };
    let terminal = begin();
    terminal.interrupts();
    terminal.ends().expect(130);
    let terminal = begin();
    terminal.types("hunter2");
    let left = terminal.ends();
    assert!(!left.has("hunter2"), "{}", left.transcript);
    assert!([Some(0), Some(1)].contains(&left.code), "{}", left.transcript);
    assert_eq!(left.code == Some(0), name.keep("hunter2"), "{}", left.transcript);
}
