//! Cuts a statement into words.

use crate::sandbox::axl::Fault;

/// One word of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A name or keyword, as written.
    Name(String),
    /// A number, as written.
    Number(String),
    /// A string with its quotes, as written.
    Text(String),
    /// An operator or a mark.
    Mark(&'static str),
}

impl Word {
    /// Whether it is this keyword, in any case.
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Name(name) if name.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        matches!(self, Self::Mark(own) if *own == mark)
    }

    /// As it goes back into a statement.
    pub fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Number(text) | Self::Text(text) => text,
            Self::Mark(mark) => mark,
        }
    }
}

const MARKS: [&str; 18] =
    ["<>", "!=", "<=", ">=", "||", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*", "/", ";", "?"];

/// The words of a statement, comments left out.
///
/// # Errors
/// -201 for a character or a quote that Informix would not take here; -282 for an open string.
pub fn cut(statement: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut rest = statement.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
            continue;
        }
        let length = if first == '\'' {
            let length = string_length(rest).ok_or_else(|| {
                Fault::server(-282, "Found a quote for which there is no matching quote.")
            })?;
            words.push(Word::Text(rest[..length].to_owned()));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length = run(rest, |letter| letter.is_ascii_alphanumeric() || letter == '_');
            words.push(Word::Name(rest[..length].to_owned()));
            length
        } else if first.is_ascii_digit() {
            let length = run(rest, |letter| letter.is_ascii_alphanumeric() || letter == '.');
            let number = &rest[..length];
            if number.parse::<f64>().is_err() {
                return Err(Fault::syntax(&format!("'{number}' is not a number")));
            }
            words.push(Word::Number(number.to_owned()));
            length
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            if *mark == "=" && rest.starts_with("==") {
                return Err(Fault::syntax("'==' is not an operator"));
            }
            words.push(Word::Mark(mark));
            mark.len()
        } else {
            return Err(Fault::syntax(&format!("unexpected character {first}")));
        };
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// Length of the string that `text` starts with, quotes included; a doubled quote is part of it.
fn string_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return Some(at + 1),
            _ => at += 1,
        }
    }
}
