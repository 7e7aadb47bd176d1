//! `windows`: when disturbing steps may run; days, times of day, and names of time zones.

use jiff::tz::TimeZoneDatabase;

use super::decode::{self, Keys, Value};
use super::diagnostic::{nearest, shown};
use super::provisioning::Window;
use super::reading::{Mistake, Reading};

const DAYS: [(&str, u8); 7] =
    [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)];

/// `windows`.
pub fn windows(reading: &mut Reading, value: &Value<'_>) -> Option<Vec<Window>> {
    let items = decode::list(reading, value)?;
    Some(items.iter().filter_map(|item| window(reading, item)).collect())
}

fn window(reading: &mut Reading, value: &Value<'_>) -> Option<Window> {
    let keys = Keys { known: &["days", "from", "to", "zone"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let days = match section.get("days") {
        Some(value) => days(reading, &value),
        None => Some(Vec::new()),
    };
    let from = section.need(reading, "from").and_then(|value| time(reading, &value));
    let to = section.need(reading, "to").and_then(|value| time(reading, &value));
    let zone = section.need(reading, "zone").and_then(|value| zone(reading, &value));
    let at = reading.locate(section.at.start);
    Some(Window { days: days?, from: from?, to: to?, zone: zone?, at })
}

fn days(reading: &mut Reading, value: &Value<'_>) -> Option<Vec<u8>> {
    let items = decode::list(reading, value)?;
    if items.is_empty() {
        let message = format!("`{}` names no day", value.path);
        reading.report(
            Mistake::new("bad-value", value.key, message).then("leave it out for every day"),
        );
        return None;
    }
    let mut days: Vec<u8> = items.iter().filter_map(|item| day(reading, item)).collect();
    days.sort_unstable();
    days.dedup();
    Some(days)
}

fn day(reading: &mut Reading, value: &Value<'_>) -> Option<u8> {
    let text = decode::text(reading, value)?;
    if let Some((_, day)) = DAYS.iter().find(|(word, _)| *word == text) {
        return Some(*day);
    }
    let lower = text.to_lowercase();
    let words = DAYS.map(|(word, _)| word);
    let near = words.into_iter().find(|word| lower.starts_with(word));
    let message = format!("`{}` is not a day for `{}`", shown(&text), value.path);
    reading.report(
        Mistake::new("unknown-word", value.point(), message)
            .near(near.or_else(|| nearest(&text, &words)))
            .then(format!("one of: {}", words.join(", "))),
    );
    None
}

/// Minutes after midnight.
fn time(reading: &mut Reading, value: &Value<'_>) -> Option<u16> {
    let text = decode::text(reading, value)?;
    let parsed = text.split_once(':').and_then(|(hours, minutes)| {
        Some((number(hours)?, number(minutes)?)).filter(|_| minutes.len() == 2)
    });
    if let Some((hours, minutes)) = parsed
        && text.len() == 5
        && hours < 24
        && minutes < 60
    {
        return Some(hours * 60 + minutes);
    }
    let near = match parsed {
        Some((24, 0)) => Some("00:00".to_owned()),
        Some((hours, minutes)) if hours < 24 && minutes < 60 => {
            Some(format!("{hours:02}:{minutes:02}"))
        }
        Some(_) | None => None,
    };
    let message = format!("`{}` is not a time of day for `{}`", shown(&text), value.path);
    reading.report(Mistake::new("bad-value", value.point(), message).near(near).then(
        "written HH:MM, from 00:00 to 23:59; an end not after the beginning is on the next day",
    ));
    None
}

fn number(text: &str) -> Option<u16> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The name of a zone, spelt as the IANA database spells it. The database is the one built into the program.
fn zone(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    let names: Vec<String> =
        TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect();
    if names.contains(&text) {
        return Some(text);
    }
    let words: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = format!("`{}` is not a time zone", shown(&text));
    reading.report(
        Mistake::new("unknown-word", value.point(), message)
            .near(nearest(&text, &words))
            .then("a name of the IANA database, like Europe/Prague or UTC"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_one_or_two_digits() {
        assert_eq!(number("07"), Some(7));
        assert_eq!(number("7"), Some(7));
        for bad in ["", "+7", "007", "x", "-1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
