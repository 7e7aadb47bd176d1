//! Rules for the application user's password, usable once it is resolved.

/// The longest password that the IP Phone Agent takes, in characters (Finesse Administration Guide, IP Phone
/// Agent).
pub const LONGEST: usize = 95;

/// The ids of the checks that this password breaks, see [`crate::lint::check`].
pub fn password_rules(password: &str) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let printable = password.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if password.is_empty() || password.chars().count() > LONGEST || !printable {
        broken.push("app-user-password-limits");
    }
    if !password.bytes().all(|b| b.is_ascii_alphanumeric()) {
        broken.push("app-user-password-not-alphanumeric");
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::password_rules;

    #[test]
    fn length_and_characters() {
        assert!(password_rules("abc123").is_empty());
        assert!(password_rules(&"a".repeat(95)).is_empty());
        assert_eq!(password_rules(&"a".repeat(96)), ["app-user-password-limits"]);
        assert_eq!(password_rules("a-b"), ["app-user-password-not-alphanumeric"]);
        assert_eq!(
            password_rules("ä"),
            ["app-user-password-limits", "app-user-password-not-alphanumeric"]
        );
        assert_eq!(password_rules(""), ["app-user-password-limits"]);
    }
}
