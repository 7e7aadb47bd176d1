//! Lengths of time as people write them, in a playbook and behind a flag: `45s`, `30m`, `8h`.

use std::time::Duration;

/// Reads a whole number and its unit; `None` when it is anything else.
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = digits.then(|| number.parse().ok()).flatten()?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(u64::from(number) * seconds))
}

/// In words, in the largest unit that leaves nothing over: `15 minutes`, `90 seconds`.
pub fn in_words(length: Duration) -> String {
    let seconds = length.as_secs();
    let (number, unit) = match seconds {
        0 => (0, "second"),
        _ if seconds.is_multiple_of(60 * 60) => (seconds / (60 * 60), "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, in_words};

    #[test]
    fn a_number_and_its_unit() {
        for (text, seconds) in [("0s", 0), ("45s", 45), ("30m", 1800), ("8h", 28_800)] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "8", "8d", "-8h", "+8h", "1.5h", "8 h", "5ž", "5000000000s"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn words_have_the_largest_unit_that_fits() {
        let words = |text| in_words(duration(text).unwrap());
        assert_eq!(words("900s"), "15 minutes");
        assert_eq!(words("90s"), "90 seconds");
        assert_eq!(words("60m"), "1 hour");
        assert_eq!([words("1s"), words("0s")], ["1 second", "0 seconds"]);
    }
}
