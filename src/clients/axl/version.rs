//! AXL versions: which we speak, and which one goes with a server's release.

/// Versions we speak, oldest first (AXL schemas 11.5 to 15.0).
pub(super) const SPOKEN: [&str; 5] = ["11.5", "12.0", "12.5", "14.0", "15.0"];

/// Versions named in the brackets of a 599 answer, `14` written as `14.0`.
pub(super) fn offered(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once('[') else { return Vec::new() };
    let Some((list, _)) = rest.split_once(']') else { return Vec::new() };
    list.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| if item.contains('.') { item.to_owned() } else { format!("{item}.0") })
        .collect()
}

/// The highest version we speak among those offered.
pub(super) fn highest_common(offered: &[String]) -> Option<&'static str> {
    SPOKEN.into_iter().rev().find(|spoken| offered.iter().any(|item| item == spoken))
}

/// The highest version we speak that is not newer than the release, e.g. `14.0` for `14.0.1.13900(155)`. `None` for
/// releases before 11.5 and for what is not a release. Where the server has said what it has, it is one of these.
pub(super) fn for_release(release: &str, offer: Option<&[String]>) -> Option<&'static str> {
    let mut parts = release.split('.');
    let major: u32 = parts.next()?.trim().parse().ok()?;
    let minor: u32 = parts.next()?.parse().ok()?;
    SPOKEN
        .into_iter()
        .rev()
        .filter(|spoken| offer.is_none_or(|offer| offer.iter().any(|item| item == spoken)))
        .find(|spoken| number(spoken).is_some_and(|own| own <= (major, minor)))
}

fn number(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{for_release, highest_common, offered};

    #[test]
    fn the_bracket_is_the_offer() {
        let text = "Incorrect axl version. Supported axl versions: [11.5,12.5,14]";
        let list = offered(text);
        assert_eq!(list, ["11.5", "12.5", "14.0"]);
        assert_eq!(highest_common(&list), Some("14.0"));
        assert_eq!(highest_common(&offered("[8.5, 9.0, 9.1]")), None);
        assert_eq!(offered("no bracket"), Vec::<String>::new());
        assert_eq!(offered("open [1"), Vec::<String>::new());
    }

    #[test]
    fn the_release_decides() {
        assert_eq!(for_release("14.0.1.13900(155)", None), Some("14.0"));
        assert_eq!(for_release("15.0.1.12900(234)", None), Some("15.0"));
        assert_eq!(for_release("16.1.1.1(1)", None), Some("15.0"));
        assert_eq!(for_release("12.5.1.11900(146)", None), Some("12.5"));
        assert_eq!(for_release("11.5.1.10000(6)", None), Some("11.5"));
        assert_eq!(for_release("11.0.1.20000(2)", None), None);
        assert_eq!(for_release("10.5.2.10000(5)", None), None);
        assert_eq!(for_release("", None), None);
        let offer = ["12.5".to_owned(), "14.0".to_owned()];
        assert_eq!(for_release("15.0.1.12900(234)", Some(&offer)), Some("14.0"));
    }
}
