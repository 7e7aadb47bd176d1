//! Reads a capture's folder: the manifest, and every exchange that it vouches for.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::sandbox::options::Product;
use crate::sandbox::sha256_hex;

const SCHEMA: &str = "ippactl.capture/v1";
/// Longest file of a capture: the longest answer that is captured, and some more for placeholders.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Longest of all files together.
const LONGEST_CAPTURE: u64 = 512 * 1024 * 1024;

/// The manifest.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Manifest {
    schema: String,
    pub(super) complete: bool,
    pub(super) missing: Vec<String>,
    /// A failed read has ended it.
    pub(super) broken_off: bool,
    pub(super) deployment: String,
    pub(super) captured: String,
    pub(super) cucm: Cucm,
    pub(super) finesse: Finesse,
    pub(super) accounts: Accounts,
    exchanges: usize,
    pub(super) secrets: usize,
    files: BTreeMap<String, String>,
}

/// CUCM.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Cucm {
    pub(super) publisher: String,
    pub(super) platform_ssh: Option<String>,
    pub(super) release: Option<String>,
}

/// Finesse.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Finesse {
    pub(super) product: Product,
    pub(super) release: String,
    pub(super) primary: Machine,
    pub(super) secondary: Option<Machine>,
    pub(super) settings: Option<Settings>,
}

/// A Finesse node.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Machine {
    pub(super) host: String,
    pub(super) api_port: u16,
    pub(super) ssh_port: u16,
}

/// Where the site writes Finesse's settings and reads them back.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Settings {
    pub(super) path: String,
    pub(super) read_back: Option<String>,
    pub(super) user: Option<String>,
}

/// User names of the accounts.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Accounts {
    pub(super) axl: Option<String>,
    pub(super) finesse: Option<String>,
    pub(super) finesse_platform: Option<String>,
    pub(super) cucm_platform: Option<String>,
    pub(super) serviceability: Option<String>,
}

/// Whose password a placeholder stands for.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Owner {
    pub(super) agents: Vec<String>,
}

/// One exchange.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Exchange {
    pub(super) interface: String,
    pub(super) endpoint: String,
    pub(super) path: String,
    pub(super) status: Option<u16>,
    #[serde(default)]
    pub(super) content_type: String,
    request: Option<String>,
    reply: Option<String>,
    /// Text of the request; empty when there is none.
    #[serde(skip)]
    pub(super) asked: String,
    /// Text of the answer; empty when there is none.
    #[serde(skip)]
    pub(super) said: String,
}

/// A folder that is whole.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) owners: BTreeMap<String, Owner>,
}

impl Folder {
    /// Reads it all.
    ///
    /// # Errors
    /// What is missing, changed or of another form, in a few words.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        if !path.join("manifest.json").exists() {
            let why =
                "there is no manifest.json: the capture did not come to its end, or this is none";
            return Err(why.to_owned());
        }
        let left = Cell::new(LONGEST_CAPTURE);
        Self::decode(path, &|name| text(path, name, &left))
    }

    /// The same, with somebody else reading the files.
    pub(super) fn decode(
        path: &Path,
        read: &dyn Fn(&str) -> Result<String, String>,
    ) -> Result<Self, String> {
        let manifest: Manifest = json("manifest.json", &read("manifest.json")?)?;
        if manifest.schema != SCHEMA {
            return Err(format!("it is of the form {}, and {SCHEMA} is read", manifest.schema));
        }
        let file = |name: &str| -> Result<String, String> {
            let digest = manifest.files.get(name);
            let digest = digest.ok_or_else(|| format!("the manifest does not speak of {name}"))?;
            if Path::new(name).components().count() != 1 || name.contains(['/', '\\']) {
                return Err(format!("{name} is not a file of the folder"));
            }
            let text = read(name)?;
            if sha256_hex(text.as_bytes()) != *digest {
                return Err(format!("{name} is not as it was captured"));
            }
            Ok(text)
        };
        let owners = json("secrets.json", &file("secrets.json")?)?;
        let is_exchange = |name: &&String| {
            name.strip_suffix(".json").is_some_and(|stem| stem.parse::<usize>().is_ok())
        };
        if manifest.files.keys().filter(is_exchange).count() != manifest.exchanges {
            let why = "manifest.json: its number of exchanges is not that of its files";
            return Err(why.to_owned());
        }
        let mut exchanges = Vec::new();
        for number in 1..=manifest.exchanges {
            let name = format!("{number:06}.json");
            let mut exchange: Exchange = json(&name, &file(&name)?)?;
            if let Some(name) = &exchange.request {
                exchange.asked = file(name)?;
            }
            if let Some(name) = &exchange.reply {
                exchange.said = file(name)?;
            }
            exchanges.push(exchange);
        }
        Ok(Self { path: path.to_owned(), manifest, exchanges, owners })
    }
}

fn json<T: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))
}

/// A file of the folder itself: what only leads elsewhere is none, whoever made it.
fn text(folder: &Path, name: &str, left: &Cell<u64>) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{name}: {error}");
    let path = folder.join(name);
    if !std::fs::symlink_metadata(&path).map_err(told)?.is_file() {
        return Err(format!("{name} is not a file of the folder"));
    }
    let most = LONGEST.min(left.get());
    let mut text = String::new();
    let file = std::fs::File::open(&path).map_err(told)?;
    file.take(most + 1).read_to_string(&mut text).map_err(told)?;
    let length = text.len() as u64;
    if length > most {
        return Err(format!("{name} is too long"));
    }
    left.set(left.get() - length);
    Ok(text)
}
