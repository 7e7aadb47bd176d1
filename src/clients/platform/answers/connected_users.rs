//! `utils finesse show_connected_users`: lines of `name: count`, and with `detail` lists of ids in brackets.

use super::NotRecognised;

/// Who is connected to a Finesse node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectedUsers {
    /// All together.
    pub total: u64,
    /// At desktops.
    pub desktop: u64,
    /// At IP phones.
    pub ip_phone: u64,
    /// By other programs.
    pub third_party: u64,
    /// Ids of those at desktops; empty unless the details were asked for.
    pub desktop_ids: Vec<String>,
    /// Ids of those at IP phones; empty unless the details were asked for.
    pub ip_phone_ids: Vec<String>,
}

impl ConnectedUsers {
    /// Reads summary or details.
    ///
    /// # Errors
    /// When one of the four counts is missing: an unknown number of users must not look like none.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        let missing = |why| NotRecognised { why };
        Ok(Self {
            total: count(text, "total connected users")
                .ok_or(missing("no line `Total Connected Users: N`"))?,
            desktop: count(text, "desktop users").ok_or(missing("no line `Desktop Users: N`"))?,
            ip_phone: count(text, "fippa users").ok_or(missing("no line `FIPPA Users: N`"))?,
            third_party: count(text, "third-party users")
                .ok_or(missing("no line `Third-party Users: N`"))?,
            desktop_ids: list(text, "desktop users list"),
            ip_phone_ids: list(text, "fippa users list"),
        })
    }
}

/// The number on the line that begins with this name.
fn count(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let (before, after) = line.split_once(':')?;
        before.trim().eq_ignore_ascii_case(name).then(|| after.trim().parse().ok()).flatten()
    })
}

/// What stands in brackets after this name, which lines may part.
fn list(text: &str, name: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let inside = lower
        .find(name)
        .and_then(|at| text.get(at + name.len()..))
        .and_then(|rest| rest.split_once('['))
        .filter(|(between, _)| between.chars().all(|c| c.is_whitespace() || c == ':'))
        .and_then(|(_, rest)| rest.split_once(']'));
    let Some((ids, _)) = inside else { return Vec::new() };
    let ids = ids.split(',').map(|id| id.split_whitespace().collect::<String>());
    ids.filter(|id| !id.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ConnectedUsers;

    const SUMMARY: &str = "Total Connected Users: 3\nDesktop Users: 2\nFIPPA Users: 1\nThird-party Users: 0\n\
        Users connected to Finesse via LAN/WAN: 2\nUsers connected to Finesse via Proxy: 1\n";

    #[test]
    fn summary_and_detail() {
        let summary = ConnectedUsers::parse(SUMMARY).unwrap();
        let counts = (summary.total, summary.desktop, summary.ip_phone, summary.third_party);
        assert_eq!(counts, (3, 2, 1, 0));
        assert!(summary.desktop_ids.is_empty() && summary.ip_phone_ids.is_empty());

        let text = format!("{SUMMARY}Desktop Users List [1001, 10\n02]\nFIPPA Users List [1003]\n");
        let detail = ConnectedUsers::parse(&text).unwrap();
        assert_eq!(detail.desktop_ids, ["1001", "1002"]);
        assert_eq!(detail.ip_phone_ids, ["1003"]);
        let text = format!("{SUMMARY}FIPPA Users List []\n");
        assert!(ConnectedUsers::parse(&text).unwrap().ip_phone_ids.is_empty());
    }

    #[test]
    fn a_missing_count_is_not_none() {
        for line in SUMMARY.lines().take(4) {
            let text = SUMMARY.replace(line, "");
            assert!(ConnectedUsers::parse(&text).is_err(), "{line}");
        }
        assert!(ConnectedUsers::parse(&SUMMARY.replace(": 1", ": many")).is_err());
        assert!(ConnectedUsers::parse("Command not found").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Total Connected Users|Desktop Users List|:|\\[|\\]|,|1| |É|\n){0,30}") {
            drop(ConnectedUsers::parse(&text));
        }
    }
}
