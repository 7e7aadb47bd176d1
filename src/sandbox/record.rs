//! Writes every exchange on the AXL port into a folder, as it was on the wire.

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// Numbers and writes exchanges.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    next: u32,
}

impl Recorder {
    /// A recorder into a folder, which is made when missing.
    ///
    /// # Errors
    /// `sandbox-record-failed`.
    pub fn new(folder: &Path) -> Result<Self, Trouble> {
        std::fs::create_dir_all(folder).map_err(|error| {
            Trouble::new("sandbox-record-failed", Outcome::Failed, "exchanges cannot be recorded")
                .at(folder.display().to_string())
                .because(error.to_string())
                .then("name a folder that can be written")
        })?;
        Ok(Self { folder: folder.to_owned(), next: 1 })
    }

    /// Writes one exchange: `NNNNNN.request.xml`, `NNNNNN.reply.xml`, `NNNNNN.json`.
    ///
    /// # Errors
    /// The file system's own.
    pub fn write(
        &mut self,
        request: &[u8],
        reply: &str,
        facts: &serde_json::Value,
    ) -> std::io::Result<()> {
        let number = format!("{:06}", self.next);
        self.next += 1;
        std::fs::write(self.folder.join(format!("{number}.request.xml")), request)?;
        std::fs::write(self.folder.join(format!("{number}.reply.xml")), reply)?;
        std::fs::write(self.folder.join(format!("{number}.json")), facts.to_string())
    }
}
