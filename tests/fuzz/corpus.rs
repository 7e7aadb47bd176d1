//! The corpus that is kept: one folder per subject, made of what the sandbox answers, of recorded shells, of the
//! playbooks that are shipped, and of every input that once failed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::subjects::Subject;

/// Inputs in the order of their names.
pub(crate) struct Corpus {
    entries: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    pub(crate) fn of(subject: &Subject) -> Self {
        let folder = folder().join(subject.name);
        let mut entries: Vec<(String, Vec<u8>)> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())
            })
            .collect();
        entries.sort();
        assert!(entries.len() > 4, "{} has no corpus", subject.name);
        Self { entries }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    pub(crate) fn entry(&self, number: usize) -> &[u8] {
        &self.entries[number % self.entries.len()].1
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}
