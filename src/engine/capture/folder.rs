//! The folder of a capture: numbered exchanges, each a small JSON file and what was said, and a manifest that is written
//! last. Only the owner can enter it, and nothing in it is ever overwritten.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::clients::tap::Exchange;
use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::trouble::Trouble;

use super::sanitiser::{Interface, Sanitiser};

/// The manifest's name.
pub(super) const MANIFEST: &str = "manifest.json";
/// Which placeholder stands for whose password.
pub(super) const SECRETS: &str = "secrets.json";

/// Writes exchanges down.
pub(super) struct Folder {
    path: PathBuf,
    sanitiser: Sanitiser,
    /// Paths without query at which a site reads Finesse's settings back.
    settings: Option<String>,
    number: usize,
    files: BTreeMap<String, String>,
    counts: BTreeMap<String, usize>,
    failed: Option<String>,
}

impl Folder {
    /// A new folder, or an empty one that is there.
    pub(super) fn create(
        path: &Path,
        sanitiser: Sanitiser,
        settings: Option<String>,
    ) -> Result<Self, Trouble> {
        prepared(path)?;
        Ok(Self {
            path: path.to_owned(),
            sanitiser,
            settings,
            number: 0,
            files: BTreeMap::new(),
            counts: BTreeMap::new(),
            failed: None,
        })
    }

    /// Keeps one exchange. What goes wrong with the disk is said at the end.
    pub(super) fn keep(&mut self, exchange: &Exchange<'_>) {
        if self.failed.is_none()
            && let Err(error) = self.write_exchange(exchange)
        {
            self.failed = Some(error.to_string());
        }
    }

    fn write_exchange(&mut self, exchange: &Exchange<'_>) -> io::Result<()> {
        self.number += 1;
        let interface = self.interface(exchange.path);
        let request = self.sanitiser.request(interface, exchange.request);
        let mut facts = json!({
            "number": self.number,
            "interface": interface.word(),
            "endpoint": exchange.endpoint.to_string(),
            "method": exchange.method,
            "path": self.sanitiser.path(exchange.path),
            "operation": operation(interface, exchange),
        });
        let reply = match &exchange.answer {
            Ok(answer) => {
                facts["status"] = json!(answer.status);
                facts["content_type"] = json!(answer.content_type);
                self.sanitiser.reply(interface, answer.status, answer.body)
            }
            Err(error) => {
                facts["failure"] = json!(error.to_string());
                None
            }
        };
        let said = exchange.answer.is_ok();
        facts["reply_kept"] = json!(reply.is_some());
        let counted = match (&exchange.answer, interface) {
            (Ok(answer), _) if answer.status != 200 => "absent or refused".to_owned(),
            (Err(_), _) => "unanswered".to_owned(),
            (Ok(_), Interface::Axl) => operation(interface, exchange),
            (Ok(_), other) => other.word().to_owned(),
        };
        *self.counts.entry(counted).or_default() += 1;
        let stem = format!("{:06}", self.number);
        for (kind, text) in [("request", request), ("reply", reply.filter(|_| said))] {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            let form = if text.starts_with('<') { "xml" } else { "txt" };
            let name = format!("{stem}.{kind}.{form}");
            facts[kind] = json!(name);
            self.write(&name, &text)?;
        }
        self.write(&format!("{stem}.json"), &format!("{facts:#}\n"))
    }

    fn interface(&self, path: &str) -> Interface {
        let file = path.split('?').next().unwrap_or_default();
        if file == "/axl/" {
            Interface::Axl
        } else if file.starts_with("/realtimeservice2/") {
            Interface::Ris
        } else if file.starts_with("/ccmcip/") {
            Interface::Authenticate
        } else if self.settings.as_deref() == Some(file) {
            Interface::Settings
        } else {
            Interface::Finesse
        }
    }

    fn write(&mut self, name: &str, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.path.join(name))?;
        file.write_all(text.as_bytes())?;
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        self.files.insert(name.to_owned(), hex(digest.as_ref(), 32));
        Ok(())
    }

    /// Writes who owns which secret, and the manifest with a digest of every file.
    pub(super) fn finish(
        &mut self,
        owners: &BTreeMap<String, Vec<String>>,
        mut manifest: Value,
    ) -> Result<(), Trouble> {
        let owners: serde_json::Map<String, Value> = owners
            .iter()
            .map(|(placeholder, agents)| (placeholder.clone(), json!({ "agents": agents })))
            .collect();
        let mut write = || {
            if let Some(failed) = self.failed.take() {
                return Err(io::Error::other(failed));
            }
            self.write(SECRETS, &format!("{:#}\n", Value::Object(owners.clone())))?;
            manifest["exchanges"] = json!(self.number);
            manifest["counts"] = json!(self.counts);
            manifest["secrets"] = json!(self.sanitiser.found());
            manifest["files"] = json!(self.files);
            self.write(MANIFEST, &format!("{manifest:#}\n"))
        };
        write().map_err(|error| unwritable(&self.path, &error))
    }

    /// What knows the secrets.
    pub(super) fn sanitiser(&self) -> &Sanitiser {
        &self.sanitiser
    }

    /// Exchanges by kind.
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        self.counts.clone()
    }
}

/// The AXL operation of a request, or the word of the interface.
fn operation(interface: Interface, exchange: &Exchange<'_>) -> String {
    if interface != Interface::Axl {
        return String::new();
    }
    let text = String::from_utf8_lossy(exchange.request);
    let body = text.split_once("Body>").map_or("", |(_, body)| body);
    let name = body.trim_start().trim_start_matches('<');
    let end = name.find(['>', ' ', '/']).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn prepared(path: &Path) -> Result<(), Trouble> {
    let used = || {
        Trouble::new(
            "capture-folder-used",
            Outcome::Usage,
            "The folder of the capture is not empty",
        )
        .at(path.display().to_string())
        .because("a capture never mixes with what was there before")
        .then("name another folder with --out, or empty this one")
    };
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_dir() => return Err(used()),
        Ok(_) => {
            let mut entries = fs::read_dir(path).map_err(|error| unwritable(path, &error))?;
            if entries.next().is_some() {
                return Err(used());
            }
            #[cfg(unix)]
            {
                let owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
                fs::set_permissions(path, owner).map_err(|error| unwritable(path, &error))?;
            }
        }
        Err(_) => {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path).map_err(|error| unwritable(path, &error))?;
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new("capture-unwritable", Outcome::Failed, "The capture cannot be written")
        .at(path.display().to_string())
        .because(error.to_string())
        .then("make room or name another folder with --out, then run again")
}
