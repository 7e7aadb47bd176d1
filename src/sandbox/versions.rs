//! Which AXL versions a release accepts: its own and two majors back (facts/axl.md section 3).

use super::schema::Version;

const KNOWN: [&str; 12] =
    ["8.5", "9.0", "9.1", "10.0", "10.5", "11.0", "11.5", "12.0", "12.5", "14.0", "15.0", "16.0"];
const MAJORS: [u32; 8] = [8, 9, 10, 11, 12, 14, 15, 16];

/// Major and minor of `14.0.1.13900(155)` or `12.5`.
pub fn parts(version: &str) -> Version {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The supported versions, oldest first. 12.5 still takes 9.x.
pub fn supported(release: &str) -> Vec<String> {
    let own = parts(release);
    let back = if own.0 == 12 { 3 } else { 2 };
    let at = MAJORS.iter().position(|major| *major == own.0).unwrap_or(0);
    let oldest = MAJORS[at.saturating_sub(back)];
    KNOWN
        .into_iter()
        .filter(|version| parts(version).0 >= oldest && parts(version) <= own)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::supported;

    #[test]
    fn own_release_and_two_majors_back() {
        assert_eq!(supported("14.0.1.13900(155)"), ["11.0", "11.5", "12.0", "12.5", "14.0"]);
        assert_eq!(supported("12.0.1.10000(10)").last().map(String::as_str), Some("12.0"));
        assert_eq!(supported("15.0.1.11900(23)"), ["12.0", "12.5", "14.0", "15.0"]);
        assert_eq!(
            supported("12.5.1.11900(146)"),
            ["9.0", "9.1", "10.0", "10.5", "11.0", "11.5", "12.0", "12.5"]
        );
    }
}
