//! A capture whose files do not come from a disk, for tests that feed the loader anything.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Capture;
use super::folder::Folder;

impl Capture {
    /// Reads a capture as [`Capture::open`] does, with another reader of files.
    ///
    /// # Errors
    /// Why it cannot be loaded.
    #[doc(hidden)]
    pub fn decode(read: &dyn Fn(&str) -> Result<String, String>) -> Result<Arc<Self>, String> {
        let folder = Folder::decode(Path::new(""), read)?;
        let capture = Self { folder, values: BTreeMap::new() };
        capture.store().map_err(|trouble| trouble.why)?;
        Ok(Arc::new(capture))
    }
}
