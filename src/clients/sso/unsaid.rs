//! Secrets in foreign text: taken out before the text is cut to length or goes into an error.

use super::escaped;

/// What stands in a secret's place.
const INSTEAD: &str = "(secret)";
/// The shortest beginning of a secret, at the end of a text that was cut, that is taken for one.
const BEGINNING: usize = 4;

/// The text without these secrets, as they are or as a form writes them.
pub(super) fn without(text: &str, secrets: &[&str]) -> String {
    let written = secrets.iter().flat_map(|secret| [(*secret).to_owned(), escaped(secret)]);
    let mut all: Vec<String> = written.filter(|secret| !secret.is_empty()).collect();
    // One may be the beginning of another.
    all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    all.dedup();
    let mut text = text.to_owned();
    for secret in &all {
        text = text.replace(secret.as_str(), INSTEAD);
    }
    let cut = all.iter().find_map(|secret| {
        let ends = secret.char_indices().map(|(at, _)| at).rev().filter(|at| *at >= BEGINNING);
        let mut beginnings = ends.filter_map(|end| secret.get(..end));
        beginnings.find_map(|beginning| text.strip_suffix(beginning).map(str::to_owned))
    });
    match cut {
        Some(rest) => format!("{rest}{INSTEAD}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn secrets_are_taken_out_whole_and_in_part() {
        let secrets = ["p&ss word", "token.one", "token.one.longer"];
        for (text, expected) in [
            ("wrong: p&ss word!", "wrong: (secret)!"),
            ("p%26ss%20word", "(secret)"),
            ("token.one.longer token.one", "(secret) (secret)"),
            ("cut off: token.one.lo", "cut off: (secret).lo"),
            ("cut off: p&ss w", "cut off: (secret)"),
            ("nothing to take", "nothing to take"),
            ("", ""),
        ] {
            assert_eq!(without(text, &secrets), expected);
        }
        assert_eq!(without("as it is", &[""]), "as it is");
        assert_eq!(
            without("f\u{fc}nf: \u{fc}\u{fc}\u{fc}", &["\u{fc}\u{fc}\u{fc}\u{fc}"]),
            "f\u{fc}nf: (secret)"
        );
    }
}
