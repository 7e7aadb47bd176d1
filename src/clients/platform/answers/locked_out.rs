//! `utils finesse locked_out_users list`: a total, then a numbered line per user.

use super::NotRecognised;

/// Reads the names of the users who are locked.
///
/// # Errors
/// When the total is missing or another one than the names: a list that was cut must not look like a shorter one.
pub(in crate::clients::platform) fn locked_out(text: &str) -> Result<Vec<String>, NotRecognised> {
    let total = text.lines().find_map(|line| {
        let (before, after) = line.split_once(':')?;
        before.trim().eq_ignore_ascii_case("total locked out users").then_some(after)
    });
    let total = total.and_then(|total| total.trim().parse::<usize>().ok());
    let total = total.ok_or(NotRecognised { why: "no line `Total locked out users : N`" })?;
    let names: Vec<String> = text.lines().filter_map(name).collect();
    if names.len() != total {
        return Err(NotRecognised { why: "another number of names than the total" });
    }
    Ok(names)
}

/// `1) agent1`.
fn name(line: &str) -> Option<String> {
    let (number, name) = line.trim().split_once(')')?;
    let numbered = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let name = name.trim();
    (numbered && !name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::locked_out;

    #[test]
    fn names_are_counted_against_the_total() {
        let text = "Total locked out users : 2\n1) agent1\n2) anna.(x)\n";
        assert_eq!(locked_out(text).unwrap(), ["agent1", "anna.(x)"]);
        assert!(locked_out("Total Locked Out Users: 0\n").unwrap().is_empty());
        for text in [
            "",
            "1) agent1",
            "Total locked out users : 2\n1) agent1\n",
            "Total locked out users : many\n",
        ] {
            assert!(locked_out(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Total locked out users|:|[0-9]|\\)|a| |É|\n){0,30}") {
            drop(locked_out(&text));
        }
    }
}
