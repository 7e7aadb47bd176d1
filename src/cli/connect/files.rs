//! Files: those that a playbook names, and those that ippactl keeps for itself, readable by the user alone.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::playbook::Files;
use crate::trouble::Trouble;

/// The longest playbook, roster or CA file that is read.
const LONGEST: u64 = 16 * 1024 * 1024;
/// The longest kept report that is read.
const LONGEST_REPORT: u64 = 512 * 1024 * 1024;

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        read(Path::new(path))
    }
}

/// A whole file, up to 16 MB.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    read_up_to(path, LONGEST)
}

/// A whole kept report, up to 512 MB: it has an entry for every device and finding.
pub fn read_report(path: &Path) -> Result<String, String> {
    text(read_up_to(path, LONGEST_REPORT)?)
}

fn read_up_to(path: &Path, longest: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > longest {
        return Err(format!("it is longer than {} MB", longest / 1024 / 1024));
    }
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// A whole text file.
pub fn read_text(path: &Path) -> Result<String, String> {
    text(read(path)?)
}

/// Names of the folders in a folder; none where it cannot be read.
pub fn folders_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Names of the files in a folder; none where it cannot be read.
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Whether others than the owner may read an open file. Windows has no such bits, and keeps a user's folders
/// private by itself.
pub fn open_to_others(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        file.metadata().map(|_| false)
    }
}

/// Creates a folder, with those above it, that only the user can enter.
pub fn private_folder(path: &Path) -> Result<(), Trouble> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| unwritable(path, &error))
}

/// Replaces a file at once: a reader sees the old or the new content, and only the user can read it.
pub fn replace_private(path: &Path, content: &str) -> Result<(), Trouble> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    // What stands there is left over from a process that died, or laid out by somebody for this one to follow.
    drop(fs::remove_file(&beside));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    written.map_err(|error| unwritable(path, &error))
}

/// Creates these files, and the folders above them: all of them or none, each whole, and none in the place of another.
pub fn create_all(files: &[(PathBuf, &str)]) -> Result<(), Trouble> {
    let mut parts = Vec::with_capacity(files.len());
    let mut made = Vec::with_capacity(files.len());
    let created = (|| {
        for (path, text) in files {
            parts.push(beside(path, text)?);
        }
        for ((path, text), part) in files.iter().zip(&parts) {
            place(part, path, text)?;
            made.push(path);
        }
        Ok(())
    })();
    // Nobody is left to tell where one of these fails; what is told is why nothing was made.
    for part in &parts {
        drop(fs::remove_file(part));
    }
    if created.is_err() {
        for path in made {
            drop(fs::remove_file(path));
        }
    }
    created
}

/// A file with this text next to where it is to be.
fn beside(path: &Path, text: &str) -> Result<PathBuf, Trouble> {
    if path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    new_file(&part, text).map_err(|error| {
        drop(fs::remove_file(&part));
        unwritable(path, &error)
    })?;
    Ok(part)
}

/// Puts a file where it is to be. Unlike a rename, a link never takes the place of what is there; where the file system
/// has none, the text is written once more.
fn place(part: &Path, path: &Path, text: &str) -> Result<(), Trouble> {
    let there = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
    match fs::hard_link(part, path) {
        Ok(()) => Ok(()),
        Err(error) if there(&error) => Err(exists(path)),
        Err(_) => new_file(path, text)
            .map_err(|error| if there(&error) { exists(path) } else { unwritable(path, &error) }),
    }
}

fn new_file(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn exists(path: &Path) -> Trouble {
    Trouble::new("file-exists", Outcome::Usage, "A file would be overwritten")
        .at(path.display().to_string())
        .because("it is there already")
        .then("take another name, or remove the file")
}

/// A file to lock, that only the user can open; its folder is made with it.
pub fn private_lock(path: &Path) -> Result<File, Trouble> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new("file-unwritable", Outcome::Failed, "A file cannot be written")
        .at(path.display().to_string())
        .because(error.to_string())
        .then("make room or give access, then run again")
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::{create_all, open_to_others, place, read_text, replace_private};

    #[test]
    fn files_are_created_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        create_all(&[(path("deep/a.csv"), "a"), (path("deep/a.yaml"), "b")]).unwrap();
        assert_eq!(read_text(&path("deep/a.yaml")).unwrap(), "b");
        let both = [(path("deep/new.csv"), "c"), (path("deep/a.yaml"), "d")];
        assert_eq!(create_all(&both).unwrap_err().code, "file-exists");
        // What appears in between is left alone as well.
        std::fs::write(path("part"), "e").unwrap();
        assert_eq!(
            place(&path("part"), &path("deep/a.yaml"), "e").unwrap_err().code,
            "file-exists"
        );
        assert_eq!(read_text(&path("deep/a.yaml")).unwrap(), "b");
        assert_eq!(path("deep").read_dir().unwrap().count(), 2);
    }

    #[test]
    fn replaced_files_are_private_and_leave_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/pins.json");
        replace_private(&path, "one").unwrap();
        replace_private(&path, "two").unwrap();
        assert_eq!(read_text(&path).unwrap(), "two");
        assert!(!open_to_others(&File::open(&path).unwrap()).unwrap());
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
    }
}
