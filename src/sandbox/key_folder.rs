//! A folder of private keys that clusters share: RSA keys of the platform's size take longer to make than anything else
//! at a start. The keys are the sandbox's alone and protect nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What can go wrong, in a library's words.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Tells unfinished files of one process apart.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// The key of that name as text, or a new one, which is then there for the next cluster. Without a folder it is always new.
pub fn kept_or_new(
    folder: Option<&Path>,
    name: &str,
    make: impl FnOnce() -> Result<String, Broken>,
) -> Result<String, Broken> {
    let Some(folder) = folder else { return make() };
    let file: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => letter,
            _ => '_',
        })
        .collect();
    let path = folder.join(format!("{file}.pem"));
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        read => return Ok(read?),
    }
    let fresh = make()?;
    fs::create_dir_all(folder)?;
    // Two clusters may start at once, in one process or in two: a file is there whole, or not at all.
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{file}.{}-{number}", std::process::id()));
    fs::write(&unfinished, &fresh)?;
    fs::rename(&unfinished, &path)?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::kept_or_new;

    #[test]
    fn a_key_is_made_once_for_each_name() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let take = |name: &str, text: &str| {
            kept_or_new(Some(&keys), name, || Ok(text.to_owned())).unwrap()
        };
        assert_eq!(take("ssh fin-a:22", "one"), "one");
        assert_eq!(take("ssh fin-a:22", "two"), "one");
        assert_eq!(take("ssh ../fin-a:22", "three"), "three");
        assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 2);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside it");
        assert_eq!(kept_or_new(None, "ssh fin-a:22", || Ok("four".to_owned())).unwrap(), "four");
    }
}
