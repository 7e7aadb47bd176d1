//! When disturbing steps may run: the playbook's windows against a moment.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::playbook::Window;

/// Why disturbing steps may not run at this moment; `None` inside of a window, or when there are none.
pub fn closed(windows: &[Window], now: Timestamp) -> Option<String> {
    if windows.is_empty() || windows.iter().any(|window| is_open(window, now)) {
        return None;
    }
    let shown: Vec<String> = windows.iter().map(shown).collect();
    Some(format!("outside of the windows ({})", shown.join("; ")))
}

fn is_open(window: &Window, now: Timestamp) -> bool {
    // A zone that the database does not know was refused when the playbook was read.
    let Ok(zone) = TimeZone::get(&window.zone) else { return false };
    let local = now.to_zoned_datetime(zone);
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    let (from, to) = (i32::from(window.from), i32::from(window.to));
    let today = local.weekday().to_monday_zero_offset();
    let yesterday = (today + 6) % 7;
    let begins_on = |day: i8| {
        window.days.is_empty() || window.days.iter().any(|own| i32::from(*own) == i32::from(day))
    };
    if from < to {
        begins_on(today) && (from..to).contains(&minute)
    } else {
        (begins_on(today) && minute >= from) || (begins_on(yesterday) && minute < to)
    }
}

fn shown(window: &Window) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let days: Vec<&str> =
        window.days.iter().filter_map(|day| DAYS.get(usize::from(*day)).copied()).collect();
    let days = if days.is_empty() { "every day".to_owned() } else { days.join(",") };
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{days} {}-{} {}", time(window.from), time(window.to), window.zone)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Timestamp, Window, closed};
    use crate::playbook::Location;

    fn window(days: &[u8], from: u16, to: u16) -> Window {
        let at = Location { file: Arc::from("emea.yaml"), line: 1, column: 1 };
        Window { days: days.to_vec(), from, to, zone: "Europe/Prague".to_owned(), at }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_in_their_own_zone() {
        // Saturday, 22:30 in Prague.
        let saturday = at("2026-11-28T21:30:00Z");
        let night = [window(&[5], 22 * 60, 5 * 60)];
        assert_eq!(closed(&night, saturday), None);
        // Sunday, 04:59 and 05:00 in Prague: the window began on Saturday.
        assert_eq!(closed(&night, at("2026-11-29T03:59:00Z")), None);
        let why = closed(&night, at("2026-11-29T04:00:00Z")).unwrap();
        assert_eq!(why, "outside of the windows (sat 22:00-05:00 Europe/Prague)");
        // Saturday, 04:30: that would be Friday's window.
        assert!(closed(&night, at("2026-11-28T03:30:00Z")).is_some());
    }

    #[test]
    fn windows_within_a_day_and_on_every_day() {
        let noon = [window(&[], 12 * 60, 13 * 60)];
        assert_eq!(closed(&noon, at("2026-11-28T11:00:00Z")), None);
        assert!(closed(&noon, at("2026-11-28T12:00:00Z")).is_some());
        assert_eq!(closed(&[], at("2026-11-28T12:00:00Z")), None);
        let always = [window(&[], 0, 0)];
        assert_eq!(closed(&always, at("2026-11-28T12:00:00Z")), None);
    }
}
