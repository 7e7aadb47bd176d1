//! Where the blocks of a page are run: a folder with the files that documents name, a sandbox, and `ippactl` on `PATH`, which
//! leads to it.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::lab::{AXL, Lab};

/// A block that takes longer waits for something that does not come.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) struct Place {
    lab: Lab,
    folder: TempDir,
    /// Programs and state: not in the folder, where a page looks at its files.
    beside: TempDir,
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}

impl Place {
    /// For a page of this text: what the page makes itself is not there before.
    pub(super) fn new(page: &str) -> Self {
        let place = Self {
            lab: Lab::start(&[]),
            folder: tempfile::tempdir().unwrap(),
            beside: tempfile::tempdir().unwrap(),
        };
        place.prepare(page);
        place
    }

    fn prepare(&self, page: &str) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let at = |name: &str| self.folder.path().join(name);
        for folder in ["playbooks", "playbooks/ci"] {
            for entry in fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
                let to = at(&format!("{folder}/{}", entry.file_name().to_str().unwrap()));
                if entry.path().is_file() {
                    fs::create_dir_all(to.parent().unwrap()).unwrap();
                    fs::copy(entry.path(), to).unwrap();
                }
            }
        }
        let read = |name: &str| fs::read_to_string(root.join("playbooks").join(name)).unwrap();
        let (site, roster) = (read("two-node-ucce.yaml"), read("two-node-ucce.csv"));
        let named = |name: &str| {
            let site = site.replace("deployment: two-node-ucce", &format!("deployment: {name}"));
            assert!(
                site.contains(&format!("\ndeployment: {name}\n")),
                "the playbook has another name"
            );
            let settings =
                "phone_settings: { scope: phones, web_access: enabled, https_server: https-only }";
            format!("{}\n{settings}\n", site.replace("two-node-ucce.csv", "agents.csv"))
        };
        for (path, name) in [
            ("site.yaml", "site"),
            ("emea.yaml", "emea"),
            ("apac.yaml", "apac"),
            ("sites/emea.yaml", "emea"),
            ("sites/apac.yaml", "apac"),
        ] {
            if !page.contains(&format!("--out {path}")) {
                write(&at(path), &named(name));
                write(&at(path).with_file_name("agents.csv"), &roster);
            }
        }
        let devices = roster.lines().skip(1).filter_map(|row| row.split(',').next());
        let phones: Vec<&str> = devices.filter(|device| !device.is_empty()).collect();
        write(&at("thirty-phones.txt"), &phones.join("\n"));
        write(&at("new-agents.csv"), &roster);
        self.accept();
        self.programs();
    }

    /// Certificates and host keys, as if they had been accepted at a terminal.
    fn accept(&self) {
        let state = self.state().join("ippactl");
        let pins: Map<String, Value> = self.lab.prints();
        write(&state.join("pins.json"), &json!({ "pins": pins }).to_string());
        let keys = fs::read_to_string(self.lab.path("state/host-keys.json")).unwrap();
        write(&state.join("host-keys.json"), &keys);
    }

    fn state(&self) -> PathBuf {
        self.beside.path().join("state")
    }

    /// `ippactl`, which finds the sandbox unless it is told another place, and `cargo run`, which is the same program.
    fn programs(&self) {
        let binary = env!("CARGO_BIN_EXE_ippactl");
        let endpoints = self.lab.endpoints();
        let way: Vec<String> =
            endpoints.iter().map(|(from, to)| format!("--connect-to '{from}={to}'")).collect();
        let way = way.join(" ");
        let ippactl = format!(
            "#!/bin/sh\nfor word in \"$@\"; do case $word in\n--sandbox|--connect-to|--from) exec '{binary}' \"$@\" ;;\nesac; done\nexec '{binary}' {way} \"$@\"\n"
        );
        write(&self.beside.path().join("bin/ippactl"), &ippactl);
        let cargo = "#!/bin/sh\n[ \"$1\" = run ] || { echo \"cargo $1 is not run here\" >&2; exit 70; }\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec ippactl \"$@\"\n";
        write(&self.beside.path().join("bin/cargo"), cargo);
    }

    /// Runs a script of the shell: its exit code and all that it shows, in order.
    #[expect(clippy::disallowed_methods, reason = "the tools of this machine")]
    pub(super) fn run(&self, script: &str) -> (i32, String) {
        let (file, shown) = (self.beside.path().join("script"), self.beside.path().join("shown"));
        write(&file, script);
        let out = fs::File::create(&shown).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut child = Command::new("sh")
            .arg("-eu")
            .arg(&file)
            .current_dir(self.folder.path())
            .env("PATH", format!("{}/bin:{path}", self.beside.path().display()))
            .env("HOME", self.beside.path())
            .env("XDG_STATE_HOME", self.state())
            .env("AXL_PASSWORD", AXL)
            .env("IPPA_PASSWORD", "Conformance1")
            .env("FINESSE_PASSWORD", AXL)
            .env("FINESSE_OS_PASSWORD", AXL)
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .process_group(0)
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let code = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status.code().unwrap_or(-1),
                None if begun.elapsed() > LONGEST => break -1,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        // What it has begun in the background ends with it.
        let group = format!("kill -9 -{} 2>/dev/null", child.id());
        drop(Command::new("sh").arg("-c").arg(group).status());
        drop(child.wait());
        let said = fs::read(&shown).unwrap();
        (code, String::from_utf8_lossy(&said).into_owned())
    }
}
