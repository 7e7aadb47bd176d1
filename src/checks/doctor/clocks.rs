//! The servers' clocks and certificates, against the clock of this machine.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::{Area, Line};

/// Seconds that clocks may differ: sign-in tokens and certificates bear minutes, and the header has whole seconds.
const TOLERANCE: i64 = 60;
/// Days before its end in which a certificate is renewed.
const RENEWAL: i64 = 30;

/// A `Date` header against the moment in which it arrived.
pub fn skew(host: &str, date: Option<&str>, now: Timestamp) -> Line {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let subject = format!("{host} clock");
    let Some(text) = date else {
        return Line::not_checkable(Area::Network, subject, "the server sends no Date header");
    };
    let Ok(theirs) = PARSER.parse_timestamp(text) else {
        let why = "the Date header of the server is no date";
        return Line::not_checked(Area::Network, subject, why);
    };
    let seconds = theirs.as_second() - now.as_second();
    if seconds.abs() <= TOLERANCE {
        return Line::ok(Area::Network, subject, "as on this machine");
    }
    let way = if seconds > 0 { "ahead of" } else { "behind" };
    let seen = format!("{} s {way} this machine", seconds.abs());
    Line::found(Area::Network, subject, "clock-skew", seen).fix(
        "compare both with a third clock, then repair NTP on the wrong one: utils ntp status in the node's platform \
         shell, OS Administration > Settings > NTP Servers",
    )
}

/// The validity of the certificate that a server shows: moments in RFC 3339.
pub fn certificate(place: &str, not_before: &str, not_after: &str, now: Timestamp) -> Line {
    let subject = format!("{place} certificate");
    let (Ok(from), Ok(to)) = (not_before.parse::<Timestamp>(), not_after.parse::<Timestamp>())
    else {
        let why = format!("its validity is not understood: {not_before} to {not_after}");
        return Line::not_checked(Area::Network, subject, why);
    };
    let renew = "OS Administration > Security > Certificate Management: renew tomcat on the node, then exchange the new \
                 certificate (ippactl verify tells where it is missing)";
    if now < from {
        let seen = format!("not valid before {not_before}");
        return Line::failed(Area::Network, subject, seen).under("clock-skew").fix(
            "compare the clocks: utils ntp status in the node's platform shell, and this machine's own",
        );
    }
    if now > to {
        let seen = format!("expired on {not_after}");
        return Line::found(Area::Network, subject, "certificate-expired", seen).fix(renew);
    }
    let days = (to.as_second() - now.as_second()) / (24 * 60 * 60);
    if days < RENEWAL {
        let seen = format!("expires in {days} days, on {not_after}");
        return Line::found(Area::Network, subject, "certificate-expiring", seen).fix(renew);
    }
    Line::ok(Area::Network, subject, format!("valid until {not_after}"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{certificate, skew};
    use crate::checks::doctor::State;
    use crate::outcome::Outcome;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_minute_is_borne_and_more_is_told_with_its_direction() {
        let now = at("2026-01-31T10:00:00Z");
        let line = |date: &str| skew("fin-a", Some(date), now);
        assert_eq!(line("Sat, 31 Jan 2026 10:00:59 GMT").state, State::Ok);
        let ahead = line("Sat, 31 Jan 2026 10:10:00 GMT");
        assert_eq!((ahead.state, ahead.id), (State::Warning, "clock-skew"));
        assert_eq!(ahead.seen, "600 s ahead of this machine");
        assert!(line("Sat, 31 Jan 2026 09:00:00 GMT").seen.contains("behind"));
        assert_eq!(line("yesterday").state, State::NotChecked);
        assert_eq!(skew("fin-a", None, now).state, State::NotCheckable);
    }

    #[test]
    fn the_time_of_a_certificate() {
        let now = at("2026-01-31T10:00:00Z");
        let line = |from: &str, to: &str| certificate("fin-a:8445", from, to, now);
        let from = "2025-01-01T00:00:00Z";
        assert_eq!(line(from, "2027-01-01T00:00:00Z").state, State::Ok);
        let soon = line(from, "2026-02-10T10:00:00Z");
        assert_eq!((soon.state, soon.id), (State::Warning, "certificate-expiring"));
        let past = line(from, "2026-01-01T00:00:00Z");
        assert_eq!((past.state, past.id), (State::Failed(Outcome::Failed), "certificate-expired"));
        let early = line("2026-02-10T10:00:00Z", "2027-01-01T00:00:00Z");
        assert_eq!(early.state, State::Failed(Outcome::Failed));
        assert_eq!(line("x", "y").state, State::NotChecked);
    }
}
