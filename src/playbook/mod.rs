//! Text to [`Deployment`]: pure, every mistake with file, line, column and snippet.

pub mod deployment;

pub use deployment::*;
/// stand-in
#[derive(Debug)]
pub struct Diagnostic {
    /// m
    pub message: String,
}
/// stand-in
pub fn passwords(
    _: &str,
    _: &str,
) -> Result<std::collections::BTreeMap<String, secrecy::SecretString>, Vec<Diagnostic>> {
    Ok(std::collections::BTreeMap::new())
}
