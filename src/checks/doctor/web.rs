//! What a phone's own web server says, against what CUCM says of the phone.

use std::net::IpAddr;

use crate::clients::phone_web::{NetworkPage, PhoneWebError, PushVerdict};

use super::{Area, Line};

/// The network page: DNS, the phone's own address, its Authentication URL. `urls`: those of CUCM; none where not known.
pub fn page(phone: &str, known: IpAddr, seen: &NetworkPage, urls: &[String]) -> Vec<Line> {
    vec![dns(phone, seen), address(phone, known, seen), authentication(phone, seen, urls)]
}

fn dns(phone: &str, seen: &NetworkPage) -> Line {
    let subject = format!("{phone} DNS");
    match &seen.dns {
        None => Line::not_checkable(Area::Phones, subject, "its page names no DNS server element")
            .under("phone-without-dns")
            .fix("look at Admin Settings > Network Setup on the phone; OS Administration > Services > Ping tries a name"),
        Some(servers) if servers.is_empty() => {
            Line::found(Area::Phones, subject, "phone-without-dns", "no DNS server").fix(
                "add DNS servers to the voice VLAN's DHCP scope (Cisco Unified CM Administration > System > DHCP, where CUCM \
                 gives it), then restart the phone",
            )
        }
        Some(servers) => {
            let shown: Vec<String> = servers.iter().map(ToString::to_string).collect();
            Line::ok(Area::Phones, subject, shown.join(", "))
        }
    }
}

fn address(phone: &str, known: IpAddr, seen: &NetworkPage) -> Line {
    let subject = format!("{phone} address");
    match seen.address {
        Some(own) if own == known => Line::ok(Area::Phones, subject, own.to_string()),
        Some(own) => {
            let text = format!("{own} on the phone, {known} for CUCM");
            Line::found(Area::Phones, subject, "phone-outside-lan", text).fix(
                "IP phone agents are unsupported behind NAT, VPN or MRA: Cisco Unified CM Administration > Device > Phone shows \
                 the address; let this agent use the desktop",
            )
        }
        None => Line::not_checkable(Area::Phones, subject, "its page names no address")
            .under("phone-outside-lan"),
    }
}

fn authentication(phone: &str, seen: &NetworkPage, urls: &[String]) -> Line {
    const CHECK: &str = "phone-authentication-url-differs";
    let subject = format!("{phone} Authentication URL");
    if seen.authentication_urls.is_empty() {
        let why = "its page names no Authentication URL";
        return Line::not_checkable(Area::Phones, subject, why).under(CHECK);
    }
    if urls.is_empty() {
        let why = "CUCM's own Authentication URL was not read";
        return Line::not_checked(Area::Phones, subject, why)
            .under(CHECK)
            .fix("look at Cisco Unified CM Administration > System > Enterprise Parameters");
    }
    let same = |own: &String| urls.iter().any(|url| url.eq_ignore_ascii_case(own));
    match seen.authentication_urls.iter().find(|own| !same(own)) {
        None => Line::ok(Area::Phones, subject, "as CUCM gives it"),
        Some(other) => Line::found(Area::Phones, subject, CHECK, without_query(other)).fix(
            "remove Secure Authentication URL of the phone in Cisco Unified CM Administration > Device > Phone, then Apply Config",
        ),
    }
}

/// A query may hold what is nobody's business.
fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// A page that was not read: mostly a firewall between here and the voice network.
pub fn unread(phone: &str, place: &str, error: &PhoneWebError) -> Line {
    let subject = format!("{phone} web server");
    let fix = match error {
        PhoneWebError::Untrusted(fingerprint) => format!(
            "compare the fingerprint with the phone's, then pin it in tls.pins of the playbook: \"{place}\": [\"{fingerprint}\"]"
        ),
        PhoneWebError::NoAnswer(_) | PhoneWebError::NoPage(_) => {
            "run ippactl doctor --probe-phones from a host that reaches the phones".to_owned()
        }
    };
    Line::not_checkable(Area::Phones, subject, error.to_string())
        .under("phone-without-dns")
        .fix(fix)
}

/// The ports of a phone whose server is HTTPS only.
pub fn plain_port(phone: &str, open: bool) -> Line {
    let subject = format!("{phone} port 80");
    if !open {
        return Line::ok(Area::Phones, subject, "closed");
    }
    Line::warning(Area::Phones, subject, "open, although HTTPS Server is to be HTTPS only")
        .under("phone-setting-not-applied")
        .fix("Apply Config in Cisco Unified CM Administration > Device > Phone; ippactl apply with phone_apply does it")
}

/// What the phone said to the application user.
pub fn push(phone: &str, user: &str, verdict: &PushVerdict) -> Line {
    const CHECK: &str = "phone-push-refused";
    let subject = format!("{phone} push by {user}");
    match verdict {
        PushVerdict::Accepted => Line::ok(Area::Phones, subject, "the phone takes the credential"),
        PushVerdict::Refused => {
            let seen = "refused by the phone, although CUCM says AUTHORIZED";
            Line::found(Area::Phones, subject, CHECK, seen).fix(
                "the phone asks at its own Authentication URL: look at it, at DNS and trust on the phone; Apply Config in Cisco \
                 Unified CM Administration > Device > Phone renews them",
            )
        }
        PushVerdict::CannotTell(why) => {
            Line::not_checkable(Area::Phones, subject, why.as_str()).under(CHECK)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{page, plain_port, push, unread};
    use crate::checks::doctor::{Line, State};
    use crate::clients::phone_web::{NetworkPage, PhoneWebError, PushVerdict};
    use crate::outcome::Outcome;

    const URL: &str = "https://pub.example.com:8443/ccmcip/authenticate.jsp";

    fn here() -> IpAddr {
        "192.0.2.5".parse().unwrap()
    }

    fn well() -> NetworkPage {
        NetworkPage {
            address: Some(here()),
            dns: Some(vec!["192.0.2.53".parse().unwrap()]),
            authentication_urls: vec![URL.to_owned()],
        }
    }

    fn bad(seen: &NetworkPage) -> Vec<(&'static str, State)> {
        let lines = page("SEP1", here(), seen, &[URL.to_owned()]);
        let bad = lines.into_iter().filter(|line: &Line| line.state != State::Ok);
        bad.map(|line| (line.id, line.state)).collect()
    }

    #[test]
    fn a_phone_that_is_well_and_each_thing_that_is_not() {
        assert_eq!(bad(&well()), []);
        let deaf = NetworkPage { dns: Some(Vec::new()), ..well() };
        assert_eq!(bad(&deaf), [("phone-without-dns", State::Warning)]);
        let remote = NetworkPage { address: "10.9.9.9".parse().ok(), ..well() };
        assert_eq!(bad(&remote), [("phone-outside-lan", State::Warning)]);
        let other = NetworkPage { authentication_urls: vec!["http://x/?a=b".to_owned()], ..well() };
        assert_eq!(bad(&other), [("phone-authentication-url-differs", State::Warning)]);
        let shown = page("SEP1", here(), &other, &[URL.to_owned()]);
        assert_eq!(shown[2].seen, "http://x/");
        let silent = bad(&NetworkPage::default());
        assert!(silent.len() == 3 && silent.iter().all(|(_, state)| *state == State::NotCheckable));
        assert_eq!(page("SEP1", here(), &well(), &[])[2].state, State::NotChecked);
    }

    #[test]
    fn pushes_ports_and_unread_pages() {
        let failed = State::Failed(Outcome::Failed);
        assert_eq!(push("SEP1", "ippa", &PushVerdict::Accepted).state, State::Ok);
        assert_eq!(push("SEP1", "ippa", &PushVerdict::Refused).state, failed);
        let unclear = PushVerdict::CannotTell("HTTP 404".to_owned());
        assert_eq!(push("SEP1", "ippa", &unclear).state, State::NotCheckable);
        assert_eq!(
            (plain_port("SEP1", false).state, plain_port("SEP1", true).state),
            (State::Ok, State::Warning)
        );
        let line =
            unread("SEP1", "192.0.2.5:443", &PhoneWebError::Untrusted("sha256:ab".to_owned()));
        assert!(
            line.state == State::NotCheckable
                && line.fix.contains("\"192.0.2.5:443\": [\"sha256:ab\"]")
        );
    }
}
