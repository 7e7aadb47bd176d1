//! The rules about `sso`.

use super::found;

const ROSTER: &str = "agents:\n";

fn with(sso: &str, release: &str) -> Vec<String> {
    let section = format!("sso: {sso}\n{ROSTER}");
    let release = format!("release: {release}");
    let all = found(&[(ROSTER, &section), ("release: 12.5(1)", &release)]);
    all.into_iter().filter(|line| line.contains("[sso-")).collect()
}

#[test]
fn the_refresh_token_in_a_url_and_an_early_release_are_told() {
    assert!(with("{ ids: ids.example.com, idp: [adfs.example.com] }", "12.5(1)SU3").is_empty());
    assert_eq!(with("{ refresh: get }", "12.5(1)SU3"), ["warning[sso-refresh-in-url] 17"]);
    assert_eq!(with("{ refresh: post }", "12.5(1)"), ["warning[sso-release] 17"]);
    assert!(found(&[]).iter().all(|line| !line.contains("[sso-")));
}
