//! The chain: one line a report. A line's head covers the line, the report's digest and the head before it, so nothing
//! before a head can change without changing it. Without a key anybody can make another chain: then only a head that was
//! written down elsewhere tells.

use std::fmt::Write as _;

use ring::{digest, hmac};
use serde::{Deserialize, Serialize};

use crate::plan::fingerprint::hex;

/// What the first line has for the head before it.
pub const NONE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One kept report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1.
    pub number: usize,
    /// When the call began, RFC 3339.
    pub started: String,
    /// `verify` or `plan`.
    pub command: String,
    /// How it ended.
    pub outcome: String,
    /// The report's file in the folder.
    pub report: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether a key makes the head.
    pub keyed: bool,
    /// The head of the line before.
    pub previous: String,
    /// The head of this one.
    pub head: String,
}

/// A key that makes heads.
#[derive(Clone)]
pub struct Key(hmac::Key);

impl Key {
    /// Of these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// SHA-256, 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    hex(digest.as_ref(), digest.as_ref().len())
}

impl Entry {
    /// The head that this entry has to have.
    pub fn expected(&self, key: Option<&Key>) -> String {
        // Each part with its length, so that no two entries are the same bytes.
        let number = self.number.to_string();
        let mut text = "ippactl.chain/v1\n".to_owned();
        for part in [
            &number,
            &self.started,
            &self.command,
            &self.outcome,
            &self.report,
            &self.sha256,
            &self.previous,
        ] {
            let _infallible = writeln!(text, "{}:{part}", part.len());
        }
        match key {
            Some(Key(key)) => {
                let tag = hmac::sign(key, text.as_bytes());
                hex(tag.as_ref(), tag.as_ref().len())
            }
            None => sha256(text.as_bytes()),
        }
    }
}

/// What is wrong with a chain of entries by themselves, in words; the files are looked at by [`super::folder`].
pub fn defects(entries: &[Entry], key: Option<&Key>) -> Vec<String> {
    let mut defects = Vec::new();
    let mut previous = NONE;
    for (index, entry) in entries.iter().enumerate() {
        let place = format!("entry {}", index + 1);
        if entry.number != index + 1 {
            defects.push(format!("{place} calls itself {}", entry.number));
        }
        if entry.previous != previous {
            defects.push(format!("{place} does not follow the one before it"));
        }
        if entry.keyed && key.is_none() {
            // Said once, by whoever asks: nothing of it can be checked here.
        } else if entry.keyed != key.is_some() {
            defects.push(format!("{place} was made without the key"));
        } else if entry.head != entry.expected(key) {
            defects.push(format!("{place} has been changed, or was made with another key"));
        }
        previous = &entry.head;
    }
    defects
}

#[cfg(test)]
mod tests {
    use super::{Entry, Key, NONE, defects};

    fn chain(length: usize, key: Option<&Key>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for number in 1..=length {
            let previous = entries.last().map_or(NONE.to_owned(), |entry| entry.head.clone());
            let mut entry = Entry {
                number,
                started: "2026-11-29T04:00:00Z".to_owned(),
                command: "verify".to_owned(),
                outcome: "done".to_owned(),
                report: format!("{number:06}.json"),
                sha256: "a".repeat(64),
                keyed: key.is_some(),
                previous,
                head: String::new(),
            };
            entry.head = entry.expected(key);
            entries.push(entry);
        }
        entries
    }

    #[test]
    fn every_change_of_an_entry_is_found() {
        let key = Key::new(b"k");
        for key in [None, Some(&key)] {
            assert_eq!(defects(&chain(4, key), key), Vec::<String>::new());
            let changes: [fn(&mut Vec<Entry>); 6] = [
                |chain| chain[1].outcome = "changes".to_owned(),
                |chain| chain[2].sha256 = "b".repeat(64),
                |chain| chain[0].started.push('0'),
                |chain| drop(chain.remove(1)),
                |chain| chain.swap(1, 2),
                |chain| chain[3].head = "c".repeat(64),
            ];
            for (index, change) in changes.iter().enumerate() {
                let mut edited = chain(4, key);
                change(&mut edited);
                assert!(!defects(&edited, key).is_empty(), "change {index}");
            }
        }
    }

    #[test]
    fn a_chain_made_without_the_key_or_with_another_is_found() {
        let (own, other) = (Key::new(b"own"), Key::new(b"other"));
        for made in [chain(3, None), chain(3, Some(&other))] {
            assert_eq!(defects(&made, Some(&own)).len(), 3);
        }
    }
}
