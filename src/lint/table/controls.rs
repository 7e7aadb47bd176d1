//! Which controls of NIST SP 800-53 revision 5 a check bears on, for an auditor who maps evidence: by subject, and by id
//! where a check is about more, or about something else. A check that passes is evidence for a control, never all of it.

/// By subject: what most of its checks are about.
const SUBJECTS: [(&str, &[&str]); 13] = [
    ("access", &["CM-6", "CP-10"]),
    ("agent", &["CM-6", "IA-4"]),
    ("app-user", &["CM-2", "CM-6", "AC-6"]),
    ("certificate", &["IA-3", "SC-8", "SC-17"]),
    ("extension", &["CM-2", "CM-6"]),
    ("maintenance", &["CM-3", "MA-2"]),
    ("phone", &["CM-2", "CM-6"]),
    ("restart", &["CM-3", "CP-10"]),
    ("self-care", &["CM-6", "AC-3"]),
    ("service", &["CM-2", "CM-6"]),
    ("servlet", &["CM-6", "CP-10"]),
    ("settings", &["CM-2", "CM-6"]),
    ("sso", &["IA-2", "IA-5"]),
];

/// By id: instead of the subject's.
const CHECKS: [(&str, &[&str]); 75] = [
    // Who may do what, and proves to be whom.
    ("axl-role-missing", &["AC-3", "AC-6"]),
    ("os-admin-level", &["AC-3", "AC-6"]),
    ("finesse-credential-refused", &["AC-7", "IA-2", "IA-5"]),
    ("ssh-host-key-changed", &["IA-3", "SC-8", "SC-23"]),
    ("app-user-groups", &["AC-3", "AC-6"]),
    ("rmcm-groups", &["AC-3", "AC-6"]),
    ("app-user-id-taken", &["AC-2", "IA-4"]),
    ("app-user-missing", &["AC-2", "CM-2"]),
    ("app-user-password-limits", &["IA-5"]),
    ("app-user-password-not-alphanumeric", &["IA-5"]),
    ("controlled-device-undeclared", &["AC-3", "AC-6", "CM-3", "CM-8"]),
    ("phone-not-controlled", &["AC-3", "CM-2", "CM-6"]),
    ("profile-not-controlled", &["AC-3", "CM-2", "CM-6"]),
    ("phone-cti-control-off", &["AC-3", "CM-6"]),
    ("authentication-too-broad", &["AC-3", "AC-6"]),
    ("authentication-refused", &["AC-3", "IA-3"]),
    ("authentication-url", &["CM-6", "IA-3"]),
    ("phone-authentication-url-differs", &["CM-6", "IA-3"]),
    ("phone-push-refused", &["AC-3", "IA-3"]),
    ("agent-locked", &["AC-7"]),
    ("agent-sso", &["IA-2"]),
    ("agent-unknown", &["AC-2", "IA-4"]),
    ("supervisor-on-phone", &["AC-6", "CM-6"]),
    ("phone-shared-by-agents", &["AC-6", "IA-4"]),
    ("subscription-agent-id-form", &["CM-6", "IA-4"]),
    ("sso-user-id", &["IA-2", "IA-4"]),
    ("sso-acs-url", &["CM-6", "IA-2"]),
    ("sso-identity-service", &["CP-10", "IA-2"]),
    ("sso-release", &["IA-5", "SI-2"]),
    ("sso-refresh-in-url", &["IA-5", "SC-8", "SC-28"]),
    ("obsi-password-not-masked", &["CM-6", "IA-5", "IA-6"]),
    ("subscription-password-readable", &["IA-5", "SC-28"]),
    ("servlet-real-device", &["AC-3", "CM-3"]),
    // What is protected on the way.
    ("phone-https-server", &["CM-6", "SC-8"]),
    ("phone-web-access", &["CM-6", "CM-7"]),
    ("phone-outside-lan", &["CM-6", "SC-7"]),
    ("finesse-behind-proxy", &["CM-6", "SC-7"]),
    ("service-secure-url-missing", &["CM-6", "SC-8"]),
    ("service-http-only-release", &["SC-8", "SI-2"]),
    ("service-host-not-finesse", &["CM-6", "SC-23"]),
    ("certificate-changed", &["IA-3", "SC-17", "SC-23"]),
    ("certificate-expired", &["SC-8", "SC-12", "SC-17"]),
    ("certificate-expiring", &["SC-12", "SC-17"]),
    ("certificate-key-type", &["SC-12", "SC-13"]),
    ("finesse-trusts-all", &["IA-3", "SC-8", "SC-23"]),
    ("notification-restart-pending", &["CM-3", "SC-17"]),
    ("cucm-reboot-pending", &["CM-3", "SC-17"]),
    ("tvs-unreachable", &["CP-10", "SC-17"]),
    // What there is, and how old it is.
    ("finesse-release-unknown", &["CM-8", "SI-2"]),
    ("phone-missing", &["CM-2", "CM-8"]),
    ("phone-not-registered", &["CM-8"]),
    ("phone-model-unsupported", &["CM-8", "SA-22"]),
    ("phone-firmware-defect", &["SI-2"]),
    ("phone-firmware-too-old", &["SA-22", "SI-2"]),
    ("subscription-undeclared", &["CM-3", "CM-8"]),
    ("subscription-value-undeclared", &["CM-3", "CM-6"]),
    ("subscription-duplicate", &["CM-2", "CM-8"]),
    ("service-enterprise-changed", &["CM-2", "CM-3"]),
    ("phone-setting-not-applied", &["CM-3", "CM-6"]),
    ("phone-user-logged-in", &["CM-3"]),
    ("settings-lost-on-upgrade", &["CM-2", "CM-3", "CM-6"]),
    ("ippa-settings-not-observable", &["CA-7", "CM-6"]),
    // What is left when something fails.
    ("service-single", &["CM-2", "CP-10"]),
    ("services-same-host", &["CM-2", "CP-10"]),
    ("subscription-one-service-only", &["CM-2", "CM-6", "CP-10"]),
    ("subscription-values-differ", &["CM-6", "CP-10"]),
    ("finesse-primary-mismatch", &["CM-2", "CP-10"]),
    ("replication-incomplete", &["CP-9", "CP-10"]),
    // Clocks, names, sessions.
    ("clock-skew", &["AU-8", "SC-45"]),
    ("ntp-unsynchronised", &["AU-8", "SC-45"]),
    ("finesse-name-unresolved", &["CM-6", "SC-22"]),
    ("phone-without-dns", &["CM-6", "SC-22"]),
    ("inactivity-timeout", &["AC-12", "CM-6"]),
    ("inactivity-timeout-differs", &["AC-12", "CM-6"]),
    ("self-care-default-server", &["CM-6"]),
];

/// The controls of a check.
pub(super) fn of(subject: &str, id: &str) -> &'static [&'static str] {
    let by_id = CHECKS.iter().find(|(own, _)| *own == id);
    let found = by_id.or_else(|| SUBJECTS.iter().find(|(own, _)| *own == subject));
    // Subscriptions are the one subject that is left.
    found.map_or(&["CM-2", "CM-6"], |(_, controls)| controls)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CHECKS, SUBJECTS};
    use crate::lint::{check, checks};

    /// What the tables may name: base controls of revision 5.
    const KNOWN: [&str; 32] = [
        "AC-2", "AC-3", "AC-6", "AC-7", "AC-12", "AU-8", "CA-7", "CM-2", "CM-3", "CM-6", "CM-7",
        "CM-8", "CP-9", "CP-10", "IA-2", "IA-3", "IA-4", "IA-5", "IA-6", "MA-2", "SA-22", "SC-7",
        "SC-8", "SC-12", "SC-13", "SC-17", "SC-22", "SC-23", "SC-28", "SC-45", "SI-2", "SI-4",
    ];

    #[test]
    fn every_check_bears_on_a_control_that_there_is() {
        for row in checks() {
            let controls: BTreeSet<&&str> = row.controls().iter().collect();
            assert!(!controls.is_empty(), "{}", row.id);
            assert_eq!(controls.len(), row.controls().len(), "{} names one twice", row.id);
            assert!(controls.iter().all(|control| KNOWN.contains(control)), "{}", row.id);
        }
    }

    #[test]
    fn every_row_is_of_a_check_and_says_something_of_its_own() {
        let subjects: BTreeSet<&str> = checks().map(|row| row.subject).collect();
        assert!(SUBJECTS.iter().all(|(subject, _)| subjects.contains(subject)));
        for (id, controls) in CHECKS {
            let row = check(id).unwrap_or_else(|| panic!("{id} is no check"));
            let common = SUBJECTS.iter().find(|(subject, _)| *subject == row.subject);
            assert!(common.is_none_or(|(_, common)| *common != controls), "{id} is as its subject");
        }
        let ids: BTreeSet<&str> = CHECKS.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), CHECKS.len());
    }
}
