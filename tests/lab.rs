//! A laboratory for end-to-end tests: a sandbox in a process of its own, and the real binary run against it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_ippactl");
/// RSA keys that all laboratories share.
const KEYS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/keys");

/// The password of the sandbox's accounts.
pub(crate) const AXL: &str = "sandbox-demo";

/// A running sandbox with a folder for playbooks and state.
pub(crate) struct Lab {
    folder: TempDir,
    sandbox: Child,
    ready: Value,
}

/// How a run of the binary ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The run, which must have ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Its JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}", self.stdout))
    }
}

impl Lab {
    /// Starts a sandbox. Its keys are ECDSA unless a profile is named: RSA ones take longer to make than most tests, and are
    /// made once for all.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let profile: &[&str] =
            if flags.contains(&"--tls-profile") { &[] } else { &["--tls-profile", "ecdsa"] };
        let folder = tempfile::tempdir().unwrap();
        let ready = folder.path().join("ready.json");
        let mut command = Command::new(BINARY);
        command.arg("sandbox").arg("--ready").arg(&ready).args(flags).args(profile);
        command.args(["--keys", KEYS]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let sandbox = command.spawn().unwrap();
        let begun = Instant::now();
        let ready = loop {
            let text = fs::read_to_string(&ready).unwrap_or_default();
            if let Ok(ready) = serde_json::from_str(&text) {
                break ready;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "the sandbox is not ready");
            std::thread::sleep(Duration::from_millis(10));
        };
        let lab = Self { folder, sandbox, ready };
        lab.trust_host_keys();
        lab
    }

    /// The shells' host keys, as if they had been accepted at a terminal.
    fn trust_host_keys(&self) {
        let keys = self.ready["ssh_host_keys"].as_object().cloned().unwrap_or_default();
        let accepted: serde_json::Map<String, Value> = keys
            .into_iter()
            .map(|(endpoint, key)| (endpoint, json!([key["fingerprint"]])))
            .collect();
        fs::create_dir_all(self.path("state")).unwrap();
        self.write("state/host-keys.json", &json!({ "host_keys": accepted }).to_string());
    }

    /// What happened in the cluster, oldest first.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.control("GET", "/events?after=0", &Value::Null)["events"].as_array().unwrap().clone()
    }

    /// Where playbooks of this laboratory are.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only its owner can read, and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    /// The binary, with everything that leads it to this sandbox.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        for (from, to) in self.endpoints() {
            command.arg("--connect-to").arg(format!("{from}={to}"));
        }
        command.arg("--state-dir").arg(self.path("state"));
        command.env("AXL_PASSWORD", AXL).env("IPPA_PASSWORD", "Conformance1");
        command.env("FINESSE_PASSWORD", AXL).env("FINESSE_OS_PASSWORD", AXL);
        command.env("RIS_PASSWORD", AXL).env("JOURNAL_KEY", "Conformance2");
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(&self.command(words).output().unwrap())
    }

    /// Runs the binary in this laboratory's folder, without a way to its sandbox.
    pub(crate) fn run_alone(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(BINARY);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        // One that serves instead of refusing is ended: no code is then expected of it.
        while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(child.kill());
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// Where the sandbox answers for each endpoint that a playbook names.
    pub(crate) fn endpoints(&self) -> BTreeMap<String, String> {
        let map = self.ready["connect_to"].as_object().unwrap();
        let place = |place: &Value| place.as_str().unwrap().to_owned();
        map.iter().map(|(endpoint, there)| (endpoint.clone(), place(there))).collect()
    }

    /// `tls.pins` for the sandbox, as a line of YAML.
    pub(crate) fn pins(&self) -> String {
        format!("tls: {{ pins: {} }}", self.ready["pins"])
    }

    /// The digests of each endpoint's certificate.
    pub(crate) fn prints(&self) -> serde_json::Map<String, Value> {
        self.ready["pins"].as_object().unwrap().clone()
    }

    /// Where the control port listens.
    pub(crate) fn control_port(&self) -> &str {
        self.ready["control"].as_str().unwrap().trim_start_matches("http://")
    }

    /// The fingerprint that a node had at the beginning.
    pub(crate) fn certificate_print(&self, node: &str) -> String {
        let pins = self.ready["pins"].as_object().unwrap();
        let (_, prints) = pins.iter().find(|(endpoint, _)| endpoint.starts_with(node)).unwrap();
        prints[0].as_str().unwrap().to_owned()
    }

    /// The certificate of an endpoint, PEM.
    pub(crate) fn certificate(&self, endpoint: &str) -> &str {
        self.ready["certificates"][endpoint].as_str().unwrap()
    }

    /// The root of the sandbox's authority, PEM.
    pub(crate) fn authority(&self) -> &str {
        self.ready["ca"].as_str().unwrap()
    }

    /// Asks the control port.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        ask(self.control_port(), method, path, body)
    }

    /// Changes the database as a person at another console would.
    pub(crate) fn sql(&self, sql: &str) {
        self.control("POST", "/sql", &json!({"sql": sql}));
    }

    /// Everything on the cluster, with names in place of keys.
    pub(crate) fn dump(&self) -> Value {
        self.control("GET", "/dump", &Value::Null)
    }

    /// Requests counted at the server since the last reset.
    pub(crate) fn requests(&self) -> Value {
        self.control("GET", "/requests", &Value::Null)
    }

    /// Counts from zero.
    pub(crate) fn reset(&self) {
        self.control("POST", "/requests/reset", &Value::Null);
    }

    /// Remembers what another laboratory's state folder remembers of its runs.
    pub(crate) fn remember(&self, other: &Self) {
        fn copy(from: &Path, to: &Path) {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
                let (path, to) = (entry.path(), to.join(entry.file_name()));
                if path.is_dir() {
                    copy(&path, &to);
                } else if entry.file_name() != "host-keys.json" {
                    fs::copy(&path, &to).unwrap();
                }
            }
        }
        copy(&other.path("state"), &self.path("state"));
    }

    /// Copies a folder of playbooks in, with the sandbox's pins.
    pub(crate) fn playbooks(&self, from: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_dir() {
                continue;
            }
            let name = entry.file_name().into_string().unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            let text = if name.contains(".yaml") && !text.contains("\ntls:") {
                format!("{text}\n{}\n", self.pins())
            } else {
                text.replace("  pins: {}", &format!("  pins: {}", self.ready["pins"]))
            };
            self.write(&name, &text);
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.sandbox.kill());
        drop(self.sandbox.wait());
    }
}

/// Asks a control port.
pub(crate) fn ask(control: &str, method: &str, path: &str, body: &Value) -> Value {
    let mut stream = TcpStream::connect(control).unwrap();
    let body = body.to_string();
    // In one piece: who does not want the body has answered and gone by the time that a second one comes.
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {control}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    serde_json::from_str(&unchunked(head, body)).unwrap_or(Value::Null)
}

fn unchunked(head: &str, body: &str) -> String {
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}
