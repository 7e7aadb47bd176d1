//! The IP Phone Agent Settings object. Neither its path nor its body is public (facts/finesse.md section 6): both are
//! this sandbox's invention. A GET shows the user and never the password.

use super::answer::ApiError;
use super::knobs::SettingsShow;
use super::node::Credentials;
use crate::sandbox::soap::{Node, parse};

const ROOT: &str = "IPPhoneAgentSettings";
const LONGEST_PASSWORD: usize = 95;

/// The object, as far as a site shows it.
pub fn object(path: &str, stored: &Credentials, shows: SettingsShow) -> Node {
    let object = Node::new(ROOT).with(Node::leaf("uri", path));
    let user = Node::leaf("username", stored.user.as_str());
    match shows {
        SettingsShow::NoUser => object,
        SettingsShow::User => object.with(user),
        SettingsShow::MaskedPasswordToo => {
            object.with(user).with(Node::leaf("password", "********"))
        }
    }
}

/// What a PUT's body asks for.
///
/// # Errors
/// The API's error: not XML, another root, an element missing or unknown, or a value that the console refuses.
pub fn parsed(body: &[u8]) -> Result<Credentials, ApiError<'static>> {
    let wrong = |kind, data| ApiError { status: 400, kind, message: "HTTP Bad Request", data };
    let text = std::str::from_utf8(body).map_err(|_| wrong("Bad Request", "body"))?;
    let root = parse(text).map_err(|_| wrong("Bad Request", "body"))?;
    if root.name != ROOT {
        return Err(wrong("Bad Request", ROOT));
    }
    if root.children.iter().any(|one| !["uri", "username", "password"].contains(&one.name.as_str()))
    {
        return Err(wrong("Invalid Input", "unknown element"));
    }
    let user = root.value("username").ok_or(wrong("Parameter Missing", "username"))?;
    let password = root.value("password").ok_or(wrong("Parameter Missing", "password"))?;
    checked(user, password).map_err(|data| wrong("Invalid Input", data))
}

/// The two values under the console's rules (facts/finesse.md section 6.2).
///
/// # Errors
/// The name of the value that breaks a rule.
pub fn checked(user: &str, password: &str) -> Result<Credentials, &'static str> {
    if user.is_empty() {
        return Err("username");
    }
    if password.is_empty() || password.len() > LONGEST_PASSWORD || !password.is_ascii() {
        return Err("password");
    }
    Ok(Credentials::of(user, password))
}
