//! The roster's phones: registered or not, and whether CUCM would tell them to obey the application user.

use crate::clients::phone_authentication::CredentialVerdict;
use crate::clients::risport::{Devices, Lookup, PhoneStatus};

use super::{Area, Line};

/// Phones that a line names.
const MOST_NAMED: usize = 10;

/// Registration of these phones: one line for those that are well, and one for each kind of trouble.
pub fn registration(wanted: &[String], devices: &Devices) -> Vec<Line> {
    const SUBJECT: &str = "registration";
    let (mut well, mut away, mut silent) = (0_usize, Vec::new(), Vec::new());
    for name in wanted {
        match devices.lookup(name) {
            Lookup::Found(phone) => match phone.status {
                PhoneStatus::Registered | PhoneStatus::PartiallyRegistered => well += 1,
                PhoneStatus::UnRegistered | PhoneStatus::Rejected | PhoneStatus::Unknown => {
                    away.push(name.as_str());
                }
            },
            Lookup::Absent => away.push(name),
            Lookup::CannotTell => silent.push(name.as_str()),
        }
    }
    let mut lines = Vec::new();
    if well > 0 || (away.is_empty() && silent.is_empty()) {
        let seen = format!("{well} of {} phones of the roster", wanted.len());
        lines.push(Line::ok(Area::Phones, SUBJECT, seen));
    }
    if !away.is_empty() {
        let seen = format!("not registered: {}", some(&away));
        lines.push(Line::found(Area::Phones, SUBJECT, "phone-not-registered", seen).fix(
            "Cisco Unified CM Administration > Device > Phone shows Status and the last reason; look at power, network and \
             the phone's TFTP server",
        ));
    }
    if !silent.is_empty() {
        let why =
            format!("{} did not answer for {}", devices.silent_nodes.join(", "), some(&silent));
        lines.push(
            Line::not_checked(Area::Phones, SUBJECT, why)
                .under("phone-not-registered")
                .fix("check that Cisco RIS Data Collector runs on these nodes, then run again"),
        );
    }
    lines
}

/// The first names, and how many more.
fn some(names: &[&str]) -> String {
    let shown = names.get(..MOST_NAMED.min(names.len())).unwrap_or_default().join(", ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What CUCM's phone authentication page said, phone by phone; the first is one that AXL calls controlled.
pub fn authentication(user: &str, verdicts: &[(String, CredentialVerdict)]) -> Line {
    const CHECK: &str = "authentication-refused";
    let subject = format!("Authentication URL for {user}");
    let Some((first, verdict)) = verdicts.first() else {
        let why = "the user controls no phone, and it can only be tried with one";
        return Line::not_checkable(Area::Phones, subject, why).under(CHECK);
    };
    match verdict {
        CredentialVerdict::Refused => {
            let seen =
                format!("UN-AUTHORIZED with {first}, which the user controls; no other was tried");
            return Line::found(Area::Phones, subject, CHECK, seen).fix(
                "set the password again in Cisco Unified CM Administration > User Management > Application User, and the same \
                 in Cisco Finesse Administration > Settings > IP Phone Agent Settings; ippactl apply with password_change: \
                 rotate does the first",
            );
        }
        CredentialVerdict::CannotTell(why) => {
            let why = format!("with {first}: {why}");
            return Line::not_checked(Area::Phones, subject, why).under(CHECK).fix(
                "look at Cisco Unified CM Administration > System > Enterprise Parameters, URL Authentication, and run again",
            );
        }
        CredentialVerdict::Accepted => {}
    }
    let refused = verdicts.iter().filter(|(_, verdict)| *verdict == CredentialVerdict::Refused);
    let refused: Vec<&str> = refused.map(|(phone, _)| phone.as_str()).collect();
    if !refused.is_empty() {
        let seen = format!("the password is right, and UN-AUTHORIZED with {}", some(&refused));
        return Line::found(Area::Phones, subject, CHECK, seen).fix(
            "associate these phones in Cisco Unified CM Administration > User Management > Application User, Device Information; \
             ippactl apply does it",
        );
    }
    let silent = verdicts.iter().filter(|(_, verdict)| *verdict != CredentialVerdict::Accepted);
    let silent: Vec<&str> = silent.map(|(phone, _)| phone.as_str()).collect();
    if !silent.is_empty() {
        let why = format!("the password is right, and no clear answer with {}", some(&silent));
        return Line::not_checked(Area::Phones, subject, why).under(CHECK).fix("run again");
    }
    let seen = format!("AUTHORIZED with {} of the roster's phones", verdicts.len());
    Line::ok(Area::Phones, subject, seen)
}

#[cfg(test)]
mod tests {
    use super::{authentication, registration, some};
    use crate::checks::doctor::State;
    use crate::clients::phone_authentication::CredentialVerdict as Verdict;
    use crate::clients::risport::Devices;
    use crate::outcome::Outcome;

    const FAILED: State = State::Failed(Outcome::Failed);

    #[test]
    fn a_phone_that_no_node_knows_is_not_registered_unless_a_node_was_silent() {
        let wanted = ["SEP001122330001".to_owned()];
        let lines = registration(&wanted, &Devices::default());
        assert_eq!((lines.len(), lines[0].id), (1, "phone-not-registered"));
        let mut silent = Devices::default();
        silent.silent_nodes.push("sub1".to_owned());
        let lines = registration(&wanted, &silent);
        assert_eq!((lines.len(), lines[0].state), (1, State::NotChecked));
        assert!(lines[0].seen.contains("sub1"));
        assert_eq!(registration(&[], &Devices::default())[0].state, State::Ok);
    }

    #[test]
    fn the_first_phone_decides_about_the_password_the_others_about_themselves() {
        let line = |verdicts: &[Verdict]| {
            let named = verdicts.iter().enumerate();
            let named: Vec<_> =
                named.map(|(at, verdict)| (format!("SEP{at}"), verdict.clone())).collect();
            authentication("ippa", &named)
        };
        let cannot = || Verdict::CannotTell("HTTP 500".to_owned());
        assert_eq!(line(&[]).state, State::NotCheckable);
        assert_eq!(line(&[Verdict::Accepted, Verdict::Accepted]).state, State::Ok);
        let wrong = line(&[Verdict::Refused]);
        assert_eq!((wrong.state, wrong.id), (FAILED, "authentication-refused"));
        assert!(wrong.seen.contains("no other was tried"));
        let one = line(&[Verdict::Accepted, Verdict::Refused]);
        assert!(one.state == FAILED && one.seen.contains("SEP1") && one.fix.contains("associate"));
        assert_eq!(line(&[cannot()]).state, State::NotChecked);
        assert_eq!(line(&[Verdict::Accepted, cannot()]).state, State::NotChecked);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..12).map(|at| format!("p{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(some(&names).ends_with("p9 and 2 more"));
        assert_eq!(some(&names[..2]), "p0, p1");
    }
}
