//! `host[:port]` as a playbook writes it.

use super::decode::{self, Value};
use super::deployment::Endpoint;
use super::diagnostic::shown;
use super::reading::{Mistake, Reading};
use super::secrecy;

/// An endpoint; `default` is the port when none is written.
pub fn endpoint(reading: &mut Reading, value: &Value<'_>, default: u16) -> Option<Endpoint> {
    let text = decode::text(reading, value)?;
    read(reading, value, &text, Some(default))
}

/// A host name or address without port, lower case.
pub fn host(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    let host = bare(&text);
    if let Err(why) = valid(&host) {
        refuse(reading, value, &text, why);
        return None;
    }
    Some(host)
}

/// Whether a playbook can name this host.
pub fn is_host(text: &str) -> bool {
    valid(text).is_ok()
}

/// An endpoint whose port must be written.
pub fn with_port(reading: &mut Reading, value: &Value<'_>, text: &str) -> Option<Endpoint> {
    read(reading, value, text, None)
}

fn read(
    reading: &mut Reading,
    value: &Value<'_>,
    text: &str,
    default: Option<u16>,
) -> Option<Endpoint> {
    match parse(text, default) {
        Ok(endpoint) => Some(endpoint),
        Err(why) => {
            refuse(reading, value, text, why);
            None
        }
    }
}

fn refuse(reading: &mut Reading, value: &Value<'_>, text: &str, why: &str) {
    if text.contains('@') {
        // What stands before the sign may hold a password.
        secrecy::hide_all(reading, value.node);
        reading.hide(value.point());
        let message = format!("`{}` must be a host, without a user before it", value.path);
        reading.report(Mistake::new("bad-value", value.point(), message));
        return;
    }
    let bare = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
        .filter(|rest| parse(rest, Some(1)).is_ok());
    let message = format!("`{}` is not a host for `{}`: {why}", shown(text), value.path);
    reading.report(Mistake::new("bad-value", value.point(), message).near(bare));
}

fn bare(text: &str) -> String {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(text).to_ascii_lowercase()
}

fn parse(text: &str, default: Option<u16>) -> Result<Endpoint, &'static str> {
    let bracketed = text.starts_with('[').then(|| text.split_once(']')).flatten();
    let (host, port) = match (bracketed, text.rsplit_once(':')) {
        (Some((host, rest)), _) => (host.trim_start_matches('['), rest.strip_prefix(':')),
        // More than one colon and no brackets: an IPv6 address without a port.
        (None, Some((host, _))) if host.contains(':') => (text, None),
        (None, Some((host, port))) => (host, Some(port)),
        (None, None) => (text, None),
    };
    if bracketed.is_some() && !host.contains(':') {
        return Err("brackets stand around IPv6 addresses only");
    }
    let port = match (port, default) {
        (None, None) => return Err("the port is missing (host:port)"),
        (None, Some(port)) => port,
        (Some(port), _) => {
            port.parse().ok().filter(|port| *port > 0).ok_or("the port must be 1 to 65535")?
        }
    };
    let host = host.to_ascii_lowercase();
    valid(&host)?;
    Ok(Endpoint { host, port })
}

fn valid(host: &str) -> Result<(), &'static str> {
    if host.contains("//") || host.contains('/') {
        return Err("write host and port only, no scheme and no path");
    }
    if host.contains(':') {
        return host.parse::<core::net::Ipv6Addr>().map(|_| ()).map_err(|_| "not an IPv6 address");
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if host.len() <= 253 && host.split('.').all(label) {
        Ok(())
    } else {
        Err("a host name has letters, digits and hyphens between dots")
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn hosts_ports_and_brackets() {
        let show = |text, default| parse(text, default).map(|endpoint| endpoint.to_string());
        assert_eq!(show("CUCM.example.com", Some(8443)), Ok("cucm.example.com:8443".to_owned()));
        assert_eq!(show("10.0.0.1:443", Some(8443)), Ok("10.0.0.1:443".to_owned()));
        assert_eq!(show("[2001:db8::1]:443", Some(1)), Ok("[2001:db8::1]:443".to_owned()));
        assert_eq!(show("2001:db8::1", Some(8443)), Ok("[2001:db8::1]:8443".to_owned()));
        assert!(show("fin-a", None).is_err());
        for bad in ["", "a b", "a:0", "a:x", "a..b", "-a", "https://a", "a/b", "[a]:1", "[::1"] {
            assert!(show(bad, Some(1)).is_err(), "{bad}");
        }
    }
}
