//! Keys of database rows, which most rows of an answer hold several of.

use std::fmt;

/// A key of the database: as a number where it is written as keys are.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pkid(Written);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Written {
    Number([u8; 16]),
    Text(Box<str>),
}

impl Pkid {
    /// The key of this text, which it gives back as it is.
    pub fn of(text: &str) -> Self {
        Self(Self::number(text).map_or_else(|| Written::Text(text.into()), Written::Number))
    }

    /// The key that an answer has: SQL wants lower case and no braces.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim().trim_start_matches('{').trim_end_matches('}');
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Self::of(&text.to_ascii_lowercase());
        }
        Self::of(text)
    }

    /// Only what comes back as it was is a number.
    fn number(text: &str) -> Option<[u8; 16]> {
        let dashes = [8, 13, 18, 23];
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| {
                let digit = matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                if dashes.contains(&at) { byte == b'-' } else { digit }
            });
        let digit = |byte: u8| if byte > b'9' { byte - b'a' + 10 } else { byte - b'0' };
        let mut number = [0; 16];
        let digits = text.bytes().filter(|byte| *byte != b'-' && fits).map(digit);
        for (at, digit) in digits.enumerate() {
            let byte = number.get_mut(at / 2)?;
            *byte = *byte << 4 | digit;
        }
        fits.then_some(number)
    }
}

impl Default for Written {
    fn default() -> Self {
        Self::Text(Box::default())
    }
}

impl fmt::Display for Pkid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Written::Text(text) => f.write_str(text),
            Written::Number(number) => {
                let number = u128::from_be_bytes(*number);
                let mut text = format!("{number:032x}");
                for at in [20, 16, 12, 8] {
                    text.insert(at, '-');
                }
                f.write_str(&text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pkid, Written};

    #[test]
    fn a_key_comes_back_as_it_was() {
        for text in [
            "0a1b2c3d-0000-1000-0000-00000000000f",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "0A1B2C3D-0000-0000-0000-00000000000f",
            "0a1b2c3d00000-0000-0000-00000000000f",
            "\u{159}a1b2c3-0000-0000-0000-00000000000f",
            "",
            "a",
        ] {
            assert_eq!(Pkid::of(text).to_string(), text);
        }
        let fits = |text| matches!(Pkid::of(text), Pkid(Written::Number(_)));
        assert!(fits("0a1b2c3d-0000-1000-0000-00000000000f") && !fits("a"));
    }
}
