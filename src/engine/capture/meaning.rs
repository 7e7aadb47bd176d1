//! What is a secret by its meaning: names of elements and parameters, and values inside of URLs.

use percent_encoding::percent_decode_str;

/// Words of a name that say secret, as a whole word.
const WORDS: [&str; 4] = ["pass", "cred", "credential", "credentials"];
/// Endings of a word that say secret: names are also written without capitals, as `wepkey` and `userpin`.
const ENDINGS: [&str; 5] = ["pin", "key", "psk", "token", "pw"];
/// Parts of a name that say secret, wherever they stand.
const PARTS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "community",
    "accesscode",
    "pincode",
    "refreshtoken",
];

/// Whether an element or a parameter of this name holds a secret: `sshPwd`, `adminPassword`, `wepKey1`, `pin`.
pub(super) fn secret_name(name: &str) -> bool {
    let lower: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    PARTS.iter().any(|part| lower.contains(part))
        || words(name).iter().any(|word| {
            WORDS.contains(&word.as_str()) || ENDINGS.iter().any(|ending| word.ends_with(ending))
        })
}

/// The words of `snmpCommunityString2`, `user_pin`, `X-Key`, `PSKValue`; digits end a word.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends_capitals = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (before_is_lower || ends_capitals);
        if !letter.is_alphabetic() || begins {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before_is_lower = letter.is_lowercase();
    }
    words
}

/// What is known of the parameters in a URL's query.
pub(super) trait Known {
    /// Whether the value of this parameter is no secret.
    fn open(&self, name: &str) -> bool;
    /// Whether a parameter of this name exists.
    fn defined(&self, name: &str) -> bool;
}

/// A URL with every value of its query replaced that is not known to be open; `template` is the service's own URL,
/// whose characters belong to no value.
pub(super) fn url(
    text: &str,
    template: &str,
    known: &dyn Known,
    place: &mut dyn FnMut(&str) -> String,
) -> String {
    let rest = text
        .strip_prefix(template)
        .filter(|rest| !template.is_empty() && (rest.is_empty() || rest.starts_with(['?', '&'])));
    if let Some(rest) = rest {
        let base = if template == text || template.contains(['?', '&', '@']) {
            url(template, "", known, place)
        } else {
            template.to_owned()
        };
        return base + &query(rest, known, place);
    }
    let (base, rest) = text.split_at(text.find(['?', '&']).unwrap_or(text.len()));
    account(base, place) + &query(rest, known, place)
}

/// A base without the password of `https://user:password@host`.
fn account(base: &str, place: &mut dyn FnMut(&str) -> String) -> String {
    let parts = base.split_once("://").and_then(|(scheme, rest)| {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (account, host) = authority.rsplit_once('@')?;
        let (user, password) = account.split_once(':')?;
        Some((scheme, user, password, host, path))
    });
    let Some((scheme, user, password, host, path)) = parts else { return base.to_owned() };
    format!("{scheme}://{user}:{}@{host}{path}", place(password))
}

/// `?a=1&b=2`. Where a value was a secret, what follows may be the rest of it, spelt without escapes: then a name
/// that nobody defined is replaced as well.
fn query(text: &str, known: &dyn Known, place: &mut dyn FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut spills = false;
    let Some(separator) = text.chars().next() else { return out };
    out.push(separator);
    let pairs = text.get(separator.len_utf8()..).unwrap_or_default();
    for (index, pair) in pairs.split('&').enumerate() {
        if index > 0 {
            out.push('&');
        }
        let Some((name, value)) = pair.split_once('=') else {
            out.push_str(&if pair.is_empty() { String::new() } else { place(&decoded(pair)) });
            spills = true;
            continue;
        };
        let plain = decoded(name);
        let named = known.defined(&plain) || (!spills && is_name(name));
        out.push_str(&if named { name.to_owned() } else { place(&plain) });
        out.push('=');
        let kept = value.is_empty() || is_variable(value) || known.open(&plain);
        out.push_str(&if kept { value.to_owned() } else { place(&decoded(value)) });
        spills |= !kept;
    }
    out
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./:;,-".contains(c))
}

/// `#DEVICENAME#`: what the phone puts in by itself.
fn is_variable(value: &str) -> bool {
    value.len() > 2
        && value.starts_with('#')
        && value.ends_with('#')
        && value.trim_matches('#').chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Known, secret_name, url};

    struct Agents;

    impl Known for Agents {
        fn open(&self, name: &str) -> bool {
            matches!(name, "id" | "extension")
        }
        fn defined(&self, name: &str) -> bool {
            matches!(name, "id" | "extension" | "password")
        }
    }

    fn masked(text: &str, template: &str) -> String {
        let mut seen: Vec<String> = Vec::new();
        url(text, template, &Agents, &mut |value| {
            let at = seen.iter().position(|own| own == value).unwrap_or_else(|| {
                seen.push(value.to_owned());
                seen.len() - 1
            });
            format!("S{at}")
        })
    }

    #[test]
    fn names_that_say_secret() {
        for name in [
            "sshPwd",
            "unlockPwd",
            "adminPassword",
            "adminpassword",
            "wepKey1",
            "pin",
            "userPIN",
            "PIN",
            "snmpCommunity",
            "psk",
            "X-Key",
            "sharedSecret",
            "access_token",
            "webAdminPass",
            "adminPW",
            "wepkey",
            "userpin",
            "PINCode",
            "pincode",
            "PSKValue",
            "authtoken2",
        ] {
            assert!(secret_name(name), "{name}");
        }
        for name in [
            "webAccess",
            "webProtocol",
            "spanToPCPort",
            "pingEnabled",
            "mapping",
            "bypass",
            "keyboard",
            "usb1",
            "displayOnTime",
            "shipping",
            "settingsAccess",
            "compass",
        ] {
            assert!(!secret_name(name), "{name}");
        }
    }

    #[test]
    fn values_are_replaced_and_the_rest_stays() {
        const FINESSE: &str = "http://fin:8082/fippa/#DEVICENAME#";
        for (text, template, shown) in [
            ("http://fin:8082/fippa/#DEVICENAME#", FINESSE, "http://fin:8082/fippa/#DEVICENAME#"),
            (
                "http://fin:8082/fippa/#DEVICENAME#?id=1&extension=2&password=a%26b",
                FINESSE,
                "http://fin:8082/fippa/#DEVICENAME#?id=1&extension=2&password=S0",
            ),
            (
                "http://fin:8082/fippa/#DEVICENAME#&password=x+y&pin=x%20y",
                "",
                "http://fin:8082/fippa/#DEVICENAME#&password=S0&S1=S0",
            ),
            (
                "http://w/t?device=#DEVICENAME#&zip=1",
                "http://w/t?device=#DEVICENAME#",
                "http://w/t?device=#DEVICENAME#&zip=S0",
            ),
            ("http://old/x?password=a&<b>=c&d", FINESSE, "http://old/x?password=S0&S1=S2&S3"),
            ("https://u:p@w/x", "", "https://u:S0@w/x"),
            ("http://w/x?password=", "", "http://w/x?password="),
            ("Application:Cisco/CorporateDirectory", "", "Application:Cisco/CorporateDirectory"),
            ("", "", ""),
        ] {
            assert_eq!(masked(text, template), shown, "{text}");
        }
    }
}
