//! Finesse releases as people write them: `12.5(1)SU3`, `12.6(2)`, `15.0(1)`, `12.5`.

/// Major, minor and maintenance number; the maintenance number is 1 when it is not written.
pub type Release = (u32, u32, u32);

/// The first release that serves the IP Phone Agent over HTTPS (Finesse Administration Guide 12.5(1)).
pub const FIRST: Release = (12, 5, 1);

/// Reads a release; `None` when it does not look like one. What follows the bracket (`SU3`, ` ES02`) is not
/// compared.
pub fn parse(text: &str) -> Option<Release> {
    let (numbers, rest) = match text.split_once('(') {
        Some((numbers, rest)) => {
            let (maintenance, suffix) = rest.split_once(')')?;
            (numbers, Some((maintenance, suffix)))
        }
        None => (text, None),
    };
    let (major, minor) = numbers.trim_end().split_once('.')?;
    let (maintenance, suffix) = rest.unwrap_or(("1", ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-');
    if !suffix.chars().all(plain) {
        return None;
    }
    Some((number(major)?, number(minor)?, number(maintenance)?))
}

/// Whether this release's token call takes its parameters from the URL: from 11.6(1)ES10, 12.0(1)ES3 and 12.5(1)ES1 on
/// (Cisco tech-note 215626). A service update counts as later than the engineering specials before it. `None` when the
/// text is no release.
pub fn takes_token_parameters(text: &str) -> Option<bool> {
    let release = parse(text)?;
    let since = match release {
        (11, 6, 1) => 10,
        (12, 0, 1) => 3,
        (12, 5, 1) => 1,
        _ => return Some(release > (12, 5, 1)),
    };
    Some(word(text, "SU").is_some() || word(text, "ES").is_some_and(|special| special >= since))
}

/// Whether UCCX of this release expects assertions at an address with `metaAlias`: from 12.5(1)SU2 on (UCCX upgrade
/// guide).
pub fn asserts_with_alias(text: &str) -> bool {
    let update = word(text, "SU").unwrap_or_default();
    parse(text).is_some_and(|release| release > FIRST || release == FIRST && update >= 2)
}

/// The number behind a word of what follows the bracket.
fn word(text: &str, word: &str) -> Option<u32> {
    let suffix = text.split_once(')')?.1.to_ascii_uppercase();
    let rest = suffix.split_once(word)?.1.trim_start_matches([' ', '_', '-', '0']);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    number(rest.get(..digits)?)
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{FIRST, asserts_with_alias, parse, takes_token_parameters};

    #[test]
    fn the_usual_spellings() {
        assert_eq!(parse("12.5(1)SU3"), Some((12, 5, 1)));
        assert_eq!(parse("12.5(1) SU3 ES02"), Some((12, 5, 1)));
        assert_eq!(parse("12.6(2)"), Some((12, 6, 2)));
        assert_eq!(parse("15.0(1)"), Some((15, 0, 1)));
        assert_eq!(parse("12.5"), Some(FIRST));
        for bad in ["", "12", "12.5.1.2", "12.5(", "12.5(x)", "twelve", "12.5(1)\u{1b}"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_token_call_takes_its_parameters_from_certain_specials_on() {
        for (text, takes) in [
            ("11.6(1)ES10", true),
            ("11.6(1) ES09", false),
            ("11.6(2)", false),
            ("11.5(1)SU1", false),
            ("12.0(1)ES3", true),
            ("12.0(1)ES2", false),
            ("12.5(1)ES1", true),
            ("12.5(1) ES02", true),
            ("12.5(1)SU3", true),
            ("12.5(1)", false),
            ("12.5", false),
            ("12.5(2)", true),
            ("12.6(1)", true),
            ("15.0(1)", true),
        ] {
            assert_eq!(takes_token_parameters(text), Some(takes), "{text}");
        }
        assert_eq!(takes_token_parameters("twelve"), None);
    }

    #[test]
    fn the_assertions_address_changed_with_an_update() {
        for (text, alias) in [
            ("12.5(1)", false),
            ("12.5(1)SU1", false),
            ("12.5(1)SU2", true),
            ("12.5(1) SU03 ES02", true),
            ("15.0(1)", true),
            ("x", false),
        ] {
            assert_eq!(asserts_with_alias(text), alias, "{text}");
        }
    }

    #[test]
    fn earlier_ones_sort_before_the_first() {
        assert!(parse("11.6(1)").is_some_and(|release| release < FIRST));
        assert!(parse("12.0(1)").is_some_and(|release| release < FIRST));
        assert!(parse("12.6(1)").is_some_and(|release| release > FIRST));
    }
}
