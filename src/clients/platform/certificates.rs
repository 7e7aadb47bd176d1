//! Trust stores over the shell: what they list, one certificate shown, one pasted in.
//!
//! How the commands answer is known from examples, and from none where they fail: what is not recognised is no success.

use super::commands::ReadCommand;
use super::{ShellError, ShellReader, ShellWriter};
use crate::clients::certificate::Certificate;

/// What the node asks before a certificate is pasted.
const INVITATION: &str = "paste the certificate";
const END: &str = "-----END CERTIFICATE-----";

/// A certificate that a trust store lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedFile {
    /// The store, e.g. `tomcat-trust`.
    pub store: String,
    /// Its file there, e.g. `cucm-pub.example.com_1a2b.pem`.
    pub file: String,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportEnd {
    /// The node says that it was imported.
    Imported,
    /// It says something else, or nothing.
    NotRecognised(String),
}

impl ShellReader {
    /// The certificates of all trust stores; `None` where the node does not tell, or not to this account.
    pub async fn trusted_files(&mut self) -> Result<Option<Vec<TrustedFile>>, ShellError> {
        let listed = files(&self.show(ReadCommand::TrustedCertificates).await?);
        if !listed.is_empty() {
            return Ok(Some(listed));
        }
        // Empty, or not told: who may list the node's own certificates may list the others.
        let own = files(&self.show(ReadCommand::OwnCertificates).await?);
        Ok((!own.is_empty()).then_some(listed))
    }

    /// One of them; `None` where none is shown.
    pub async fn trusted(&mut self, file: &TrustedFile) -> Result<Option<Certificate>, ShellError> {
        let command = format!("show cert trust {}/{}", file.store, file.file);
        let shown = self.run(&command).await?;
        Ok(Certificate::from_pem(&shown))
    }

    /// Whether Finesse takes any certificate of the servers it calls; `None` where the node does not tell.
    pub async fn trusts_all(&mut self) -> Result<Option<bool>, ShellError> {
        Ok(property(&self.show(ReadCommand::TrustAllCertificates).await?, "trustAllCertificates"))
    }
}

impl ShellWriter {
    /// `set cert import trust`, with the certificate pasted. A question that is not known ends the session unanswered.
    ///
    /// # Errors
    /// Where [`ShellError::outcome_unknown`] holds, look at the store.
    pub async fn import_certificate(
        &mut self,
        unit: &str,
        certificate: &Certificate,
    ) -> Result<ImportEnd, ShellError> {
        let command = format!("set cert import trust {unit}");
        tracing::debug!(endpoint = %self.reader().endpoint(), command, "platform shell");
        let shown = self.reader().paste(&command, INVITATION, &certificate.pem()).await?;
        Ok(end(&shown, unit))
    }
}

/// How a reboot began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebootEnd {
    /// The node says so, or hung up after it was told to.
    Begun,
    /// It says something else.
    NotRecognised(String),
}

impl ShellWriter {
    /// `utils system restart`, with its one question answered. The session ends with it.
    ///
    /// # Errors
    /// Where [`ShellError::outcome_unknown`] holds, look whether the node goes down.
    pub async fn reboot(&mut self) -> Result<RebootEnd, ShellError> {
        let command = "utils system restart";
        tracing::debug!(endpoint = %self.reader().endpoint(), command, "platform shell");
        let shown = self.reader().confirm(command, "(yes/no)").await?;
        let begun = ["being Restarted", "Operation succeeded", "going down for reboot"];
        Ok(if begun.iter().any(|words| shown.contains(words)) {
            RebootEnd::Begun
        } else {
            RebootEnd::NotRecognised(super::dialogue::end_of(&shown))
        })
    }
}

/// Lines of the form `store/file.pem: description`.
pub(super) fn files(text: &str) -> Vec<TrustedFile> {
    let file = |line: &str| {
        let (store, rest) = line.trim().split_once('/')?;
        let at = rest.find(".pem")?;
        let (file, rest) = rest.split_at(at + 4);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.*+@=".contains(c);
        let good = !store.is_empty() && [store, file].iter().all(|part| part.chars().all(plain));
        (good && (rest.is_empty() || rest.starts_with(':')))
            .then(|| TrustedFile { store: store.to_owned(), file: file.to_owned() })
    };
    text.lines().filter_map(file).collect()
}

/// `true` or `false` as the last word of a line that names the property, or of the only line.
pub(super) fn property(text: &str, name: &str) -> Option<bool> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let named = lines.iter().find(|line| line.contains(name));
    let line = named.or_else(|| lines.first().filter(|_| lines.len() == 1))?;
    let word = line.split(|c: char| !c.is_ascii_alphabetic()).rfind(|word| !word.is_empty())?;
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The terminal shows what is pasted, and may break the lines of its answer anywhere.
pub(super) fn end(shown: &str, unit: &str) -> ImportEnd {
    let after = shown.rsplit_once(END).map_or(shown, |(_, after)| after);
    let words: Vec<&str> = after.split_whitespace().collect();
    let text = words.join(" ");
    if text.contains(&format!("Successfully imported certificate for {unit}.")) {
        ImportEnd::Imported
    } else {
        ImportEnd::NotRecognised(super::dialogue::end_of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportEnd, TrustedFile, end, files, property};

    #[test]
    fn lists_are_read_and_other_words_are_not() {
        let text = "tomcat/tomcat.pem: Self-signed certificate generated by system\n\
                    tomcat-trust/cucm-pub.example.com_791a41de.pem: Trust Certificate\n\
                    Executed command unsuccessfully\nsee a/b c.pem: x\n";
        let names: Vec<String> = files(text)
            .into_iter()
            .map(|TrustedFile { store, file }| format!("{store} {file}"))
            .collect();
        assert_eq!(names, ["tomcat tomcat.pem", "tomcat-trust cucm-pub.example.com_791a41de.pem"]);
    }

    #[test]
    fn an_import_is_one_only_when_the_sentence_stands_there() {
        let good = "-----END CERTIFICATE-----\n\nSuccessfully imported\ncertificate for tomcat.\nPlease restart";
        assert_eq!(end(good, "tomcat"), ImportEnd::Imported);
        for bad in [
            "",
            "Certificate import failed: x",
            "Successfully imported certificate for tomcat-client.",
            "Successfully imported certificate for tomcat.\n-----END CERTIFICATE-----\nfailed",
        ] {
            assert!(matches!(end(bad, "tomcat"), ImportEnd::NotRecognised(_)), "{bad}");
        }
    }

    #[test]
    fn a_property_is_true_false_or_not_told() {
        let name = "trustAllCertificates";
        assert_eq!(property("trustAllCertificates=true\n", name), Some(true));
        assert_eq!(property("x\nThe value of trustAllCertificates is: false", name), Some(false));
        assert_eq!(property("true", name), Some(true));
        assert_eq!(
            property("Executed command unsuccessfully\nNo valid command entered", name),
            None
        );
    }
}
