//! `show version active`: the release, and the options (COP files) installed on it.

use super::NotRecognised;

/// The release that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveVersion {
    /// e.g. `15.0.1.11900-40`.
    pub version: String,
    /// COP files.
    pub options: Vec<String>,
}

impl ActiveVersion {
    /// Reads the version.
    ///
    /// # Errors
    /// When there is no line with it, or nothing about options after it: then the line may be cut.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        let version = text
            .lines()
            .find_map(|line| line.split_once("Active Master Version:"))
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
            .ok_or(NotRecognised { why: "no line `Active Master Version: …`" })?;
        if !text.contains("Installed Software Options:") {
            return Err(NotRecognised { why: "no line `… Installed Software Options:`" });
        }
        let options = text
            .lines()
            .skip_while(|line| !line.contains("Installed Software Options:"))
            .skip(1)
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("No Installed"))
            .map(str::to_owned);
        Ok(Self { version: version.to_owned(), options: options.collect() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ActiveVersion;

    #[test]
    fn with_and_without_options() {
        for release in ["11.5.1.10000-6", "12.5.1.11900-146", "14.0.1.13900-155", "15.0.1.11900-40"]
        {
            let head = format!(
                "Active Master Version: {release}\nActive Version Installed Software Options:\n"
            );
            let plain =
                ActiveVersion::parse(&format!("{head}No Installed Software Options Found.\n"));
            let plain = plain.unwrap();
            assert_eq!((plain.version.as_str(), plain.options.len()), (release, 0));
            let with = ActiveVersion::parse(&format!("{head}a.cop.sgn \nb.cop.sha512\n")).unwrap();
            assert_eq!(with.options, ["a.cop.sgn", "b.cop.sha512"]);
        }
        for other in [
            "",
            "Active Master Version:",
            "Active Master Version: unknown",
            "Active Master Version: 15.0.1.1",
        ] {
            assert!(ActiveVersion::parse(other).is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Active Master Version:|1\\.2|Installed Software Options:|é| |\n){0,20}") {
            drop(ActiveVersion::parse(&text));
        }
    }
}
