//! A capture's folder in one text: files under lines that begin with `=== `. What a case changes, the manifest vouches
//! for, so that digests do not end every case at once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ippactl::engine::capture::decoders as sanitiser;
use ippactl::sandbox::from::Capture;
use ippactl::sandbox::{SandboxOptions, state};
use serde_json::{Value, json};

const MANIFEST: &str = "manifest.json";
/// Of how many captures that are understood one becomes a cluster: the tables take most of the time.
const LOADED: u8 = 8;

/// Takes every file through what `capture` does with it, and all of them through what `sandbox --from` does.
pub(crate) fn decode(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for section in text.split("=== ").skip(1) {
        let (name, content) = section.split_once('\n').unwrap_or((section, ""));
        files.insert(name.trim(), content);
    }
    for (name, content) in &files {
        if name.contains(".reply.") {
            sanitiser::decode(content.as_bytes());
        }
    }
    let manifest = vouched(&files);
    let read = |name: &str| match files.get(name) {
        _ if name == MANIFEST => Ok(manifest.clone()),
        Some(content) => Ok((*content).to_owned()),
        None => Err(format!("{name} is missing")),
    };
    let Ok(capture) = Capture::decode(&read) else { return };
    if bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)).is_multiple_of(LOADED) {
        let options = SandboxOptions { from: Some(capture), ..SandboxOptions::default() };
        drop(state::open(&options));
    }
}

/// The manifest with the digests of the files as they are; as it is where it cannot be read.
fn vouched(files: &BTreeMap<&str, &str>) -> String {
    let own = files.get(MANIFEST).copied().unwrap_or_default();
    let Ok(mut manifest) = serde_json::from_str::<Value>(own) else { return own.to_owned() };
    if manifest.get("files").is_none_or(|digests| !digests.is_object()) {
        return own.to_owned();
    }
    let others = files.iter().filter(|(name, _)| **name != MANIFEST);
    let digests = others.map(|(name, content)| ((*name).to_owned(), json!(digest(content))));
    manifest["files"] = Value::Object(digests.collect());
    manifest.to_string()
}

fn digest(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
