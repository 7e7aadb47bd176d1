//! The files that are written: where they are, that none is overwritten, and that all of them are there or none.

use std::path::{Path, PathBuf};

use crate::cli::connect::files;
use crate::report::draft::Written;
use crate::report::sanitize::line;
use crate::trouble::Trouble;

/// A playbook, and the roster beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The playbook's file.
    pub(super) playbook: PathBuf,
}

impl Target {
    /// What `--out` says, for a deployment of this name: a file, or a folder.
    pub(super) fn of(out: Option<&Path>, deployment: &str) -> Self {
        let named = format!("{deployment}.yaml");
        let playbook = match out {
            None => PathBuf::from(named),
            Some(folder) if folder.is_dir() || ends_as_folder(folder) => folder.join(named),
            Some(file) => file.to_owned(),
        };
        Self { playbook }
    }

    /// The playbook, as a command line names it.
    pub(super) fn name(&self) -> String {
        self.playbook.display().to_string()
    }

    /// The roster's file, as the playbook names it.
    pub(super) fn roster_name(&self) -> String {
        let roster = self.playbook.with_extension("csv");
        roster.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// That neither of them is there.
    pub(super) fn free(&self) -> Result<(), String> {
        let roster = self.playbook.with_extension("csv");
        for path in [&self.playbook, &roster] {
            if path.symlink_metadata().is_ok() {
                return Err(format!("{} is there already", line(&path.display().to_string())));
            }
        }
        Ok(())
    }

    /// Writes the playbook and what it names: all of it, or nothing.
    pub(super) fn write(&self, playbook: &str, beside: &[Written]) -> Result<(), Trouble> {
        let folder = self.playbook.parent().unwrap_or(Path::new(""));
        // The playbook comes last: once it is there, it is whole.
        let all = beside.iter().map(|file| (folder.join(&file.path), file.text.as_str()));
        let all: Vec<_> = all.chain([(self.playbook.clone(), playbook)]).collect();
        files::create_all(&all)
    }
}

fn ends_as_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Target;

    #[test]
    fn a_file_or_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let of = |out: Option<&Path>| Target::of(out, "emea").playbook;
        assert_eq!(of(None), Path::new("emea.yaml"));
        assert_eq!(of(Some(folder.path())), folder.path().join("emea.yaml"));
        assert_eq!(of(Some(Path::new("absent/"))), Path::new("absent/emea.yaml"));
        assert_eq!(of(Some(Path::new("a/my.yml"))), Path::new("a/my.yml"));
        assert_eq!(Target::of(Some(Path::new("a/my.yml")), "emea").roster_name(), "my.csv");
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::of(Some(folder.path()), "emea");
        assert_eq!(target.free(), Ok(()));
        std::fs::write(folder.path().join("emea.csv"), "mine").unwrap();
        assert!(target.free().unwrap_err().ends_with("emea.csv is there already"));
        let roster = crate::report::draft::Written { path: "emea.csv".into(), text: "x".into() };
        let trouble = target.write("p", &[roster]).unwrap_err();
        assert_eq!(trouble.code, "file-exists");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(std::fs::read_to_string(folder.path().join("emea.csv")).unwrap(), "mine");
    }
}
