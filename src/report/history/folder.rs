//! The folder of a history: `chain.jsonl`, and one JSON report a line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::ChainHead;
use super::chain::{Entry, Key, NONE, defects, sha256};
use super::since;

use crate::outcome::Outcome;
use crate::report::{Report, json};
use crate::trouble::Trouble;

/// The chain's file.
const CHAIN: &str = "chain.jsonl";
/// Held while an entry is added.
const LOCK: &str = "lock";
/// Kept reports that are asked since when a finding stands.
const LOOKED_BACK: usize = 50;
/// Longest file that is read, in bytes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Marks the report's findings with since when they stand, keeps it, and tells the chain's new head in it.
pub fn keep(folder: &Path, key: Option<&Key>, report: &mut Report) -> Result<(), Trouble> {
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    // Not truncated: on Windows that touches what another process has locked, and fails there instead of waiting below.
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK));
    let lock = lock.map_err(|error| unwritable(folder, &error))?;
    lock.lock().map_err(|error| unwritable(folder, &error))?;
    let entries = entries(folder)?;
    if let Some(last) = entries.last() {
        follows(folder, last, key)?;
    }
    let earlier = entries.iter().rev().take(LOOKED_BACK);
    since::mark(report, earlier.filter_map(|entry| kept(folder, entry)));
    let document = json::document(report);
    let number = entries.len() + 1;
    let command = report.subject.word();
    let mut entry = Entry {
        number,
        started: report.started.clone(),
        command: command.to_owned(),
        outcome: report.outcome.word().to_owned(),
        report: format!("{number:06}-{command}.json"),
        sha256: sha256(document.as_bytes()),
        keyed: key.is_some(),
        previous: entries.last().map_or_else(|| NONE.to_owned(), |last| last.head.clone()),
        head: String::new(),
    };
    entry.head = entry.expected(key);
    // The report first: a line without its file would look like a report that somebody took away.
    add(folder, &entry, &document).map_err(|error| unwritable(folder, &error))?;
    report.chain = Some(ChainHead { head: entry.head, entries: number, keyed: entry.keyed });
    Ok(())
}

/// What was found of a chain.
#[derive(Debug)]
pub struct Verdict {
    /// Entries.
    pub entries: usize,
    /// The last head; empty where there is none.
    pub head: String,
    /// Whether a key makes its heads.
    pub keyed: bool,
    /// What is wrong, in words.
    pub defects: Vec<String>,
    /// What could not be checked, in words.
    pub not_checked: Vec<String>,
}

/// What `report verify-chain` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChainTold {
    /// The chain.
    pub chain: ChainSeen,
    /// What is wrong, in words.
    pub defects: Vec<String>,
    /// What could not be checked, in words.
    pub not_checked: Vec<String>,
}

/// A chain of kept reports.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChainSeen {
    /// Its last head; empty where there is none.
    pub head: String,
    /// How many reports it has.
    pub entries: usize,
    /// Whether a key makes its heads.
    pub keyed: bool,
}

impl From<Verdict> for ChainTold {
    fn from(verdict: Verdict) -> Self {
        let Verdict { entries, head, keyed, defects, not_checked } = verdict;
        Self { chain: ChainSeen { head, entries, keyed }, defects, not_checked }
    }
}

/// Looks at every entry and every file. `head` is one that a run printed: it has to be there.
pub fn verify(folder: &Path, key: Option<&Key>, head: Option<&str>) -> Result<Verdict, Trouble> {
    let entries = entries(folder)?;
    let Some(last) = entries.last() else {
        return Err(Trouble::new("history-missing", Outcome::Usage, "There is no history")
            .at(folder.display().to_string())
            .then("give a folder that --history wrote"));
    };
    let keyed = entries.iter().any(|entry| entry.keyed);
    let mut defects = defects(&entries, key);
    for entry in &entries {
        let place = format!("entry {}: {}", entry.number, entry.report);
        match read(&folder.join(&entry.report)) {
            Ok(bytes) if sha256(&bytes) == entry.sha256 => {}
            Ok(_) => defects.push(format!("{place} has been changed")),
            Err(error) => defects.push(format!("{place} cannot be read: {error}")),
        }
    }
    let mut not_checked = Vec::new();
    if let Some(head) = head {
        if !entries.iter().any(|entry| entry.head == head) {
            defects
                .push("the head that was given is not in this chain: it is another one".to_owned());
        }
    } else if key.is_none() && !keyed {
        not_checked.push(
            "whether all of it was made anew: the chain has no key; give --head with a head that a run printed"
                .to_owned(),
        );
    }
    if keyed && key.is_none() {
        not_checked.push("the heads: the chain has a key; give --history-key".to_owned());
    }
    Ok(Verdict { entries: entries.len(), head: last.head.clone(), keyed, defects, not_checked })
}

/// A new entry follows only what is whole and has the same key.
fn follows(folder: &Path, last: &Entry, key: Option<&Key>) -> Result<(), Trouble> {
    if last.keyed != key.is_some() {
        let (what, next) = if last.keyed {
            ("The history has a key, and none was given", "give --history-key")
        } else {
            ("The history has no key", "leave out --history-key, or begin a new folder")
        };
        return Err(Trouble::new("history-key", Outcome::Usage, what)
            .at(folder.display().to_string())
            .then(next));
    }
    if last.head != last.expected(key) {
        return Err(Trouble::new(
            "history-broken",
            Outcome::Failed,
            "The history's last entry is not whole",
        )
        .at(folder.join(CHAIN).display().to_string())
        .because("it has been changed, or was made with another key")
        .then("look at it with ippactl report verify-chain; nothing was added"));
    }
    Ok(())
}

fn kept(folder: &Path, entry: &Entry) -> Option<Report> {
    let bytes = read(&folder.join(&entry.report)).ok()?;
    json::read(std::str::from_utf8(&bytes).ok()?).ok()
}

fn entries(folder: &Path) -> Result<Vec<Entry>, Trouble> {
    let path = folder.join(CHAIN);
    let bytes = match read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(broken(&path, &error.to_string())),
    };
    let text = String::from_utf8(bytes).map_err(|error| broken(&path, &error.to_string()))?;
    let line = |(index, line): (usize, &str)| {
        let entry: Entry = serde_json::from_str(line)
            .map_err(|error| broken(&path, &format!("line {}: {error}", index + 1)))?;
        // A report is a file of the folder itself, whatever the chain says.
        let plain = Path::new(&entry.report).file_name().is_some_and(|name| *name == *entry.report);
        plain
            .then_some(entry)
            .ok_or_else(|| broken(&path, &format!("line {} names a file elsewhere", index + 1)))
    };
    text.lines().enumerate().map(line).collect()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::Error::other("it is too large"));
    }
    fs::read(path)
}

fn add(folder: &Path, entry: &Entry, document: &str) -> io::Result<()> {
    let path: PathBuf = folder.join(&entry.report);
    let mut file = File::create(&path)?;
    file.write_all(document.as_bytes())?;
    file.sync_all()?;
    let line = serde_json::to_string(entry).map_err(io::Error::other)? + "\n";
    let mut chain = OpenOptions::new().create(true).append(true).open(folder.join(CHAIN))?;
    chain.write_all(line.as_bytes())?;
    chain.sync_all()
}

fn broken(path: &Path, why: &str) -> Trouble {
    Trouble::new("history-broken", Outcome::Failed, "The history cannot be read")
        .at(path.display().to_string())
        .because(why)
        .then("look at the file; begin a new folder if it is lost")
}

fn unwritable(folder: &Path, error: &io::Error) -> Trouble {
    Trouble::new("history-unwritable", Outcome::Failed, "The report cannot be kept")
        .at(folder.display().to_string())
        .because(error.to_string())
        .then("check the folder of --history; the result itself is complete")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Key, keep, verify};
    use crate::report::samples;

    fn three(folder: &Path, key: Option<&Key>) -> String {
        let mut head = String::new();
        for _ in 0..3 {
            let mut report = samples::everything(2);
            keep(folder, key, &mut report).unwrap();
            head = report.chain.unwrap().head;
        }
        head
    }

    #[test]
    fn one_edited_byte_is_found_in_any_file() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::new(b"key");
        let head = three(folder.path(), Some(&key));
        let good = verify(folder.path(), Some(&key), Some(&head)).unwrap();
        assert!(good.defects.is_empty() && good.not_checked.is_empty(), "{good:?}");
        assert_eq!((good.entries, good.head, good.keyed), (3, head, true));
        for file in ["000002-verify.json", "chain.jsonl"] {
            let path = folder.path().join(file);
            let text = fs::read_to_string(&path).unwrap();
            let edited = text.replacen("changes", "changez", 1);
            assert!(text != edited);
            fs::write(&path, edited).unwrap();
            assert!(!verify(folder.path(), Some(&key), None).unwrap().defects.is_empty(), "{file}");
            fs::write(&path, text).unwrap();
        }
        fs::remove_file(folder.path().join("000001-verify.json")).unwrap();
        assert_eq!(verify(folder.path(), Some(&key), None).unwrap().defects.len(), 1);
    }

    #[test]
    fn a_chain_made_anew_is_found_by_a_printed_head_or_by_the_key() {
        let (was, is) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let head = three(was.path(), None);
        let mut other = samples::everything(3);
        keep(is.path(), None, &mut other).unwrap();
        three(is.path(), None);
        let alone = verify(is.path(), None, None).unwrap();
        assert!(alone.defects.is_empty() && alone.not_checked.len() == 1, "{alone:?}");
        assert_eq!(verify(is.path(), None, Some(&head)).unwrap().defects.len(), 1);
        assert!(!verify(is.path(), Some(&Key::new(b"key")), None).unwrap().defects.is_empty());
    }

    #[test]
    fn a_keyed_history_is_not_gone_on_with_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::new(b"key");
        three(folder.path(), Some(&key));
        for (given, code) in [(None, "history-key"), (Some(Key::new(b"x")), "history-broken")] {
            let error = keep(folder.path(), given.as_ref(), &mut samples::everything(1));
            assert_eq!(error.unwrap_err().code, code);
        }
        let unkeyed = verify(folder.path(), None, None).unwrap();
        assert!(unkeyed.defects.is_empty() && unkeyed.not_checked.len() == 1, "{unkeyed:?}");
    }
}
