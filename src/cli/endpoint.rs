//! Hosts and ports as they are written on the command line.

use crate::playbook::Endpoint;

/// `HOST:PORT`, `HOST` with a default port, `[v6]:PORT`.
pub fn endpoint(text: &str, default_port: Option<u16>) -> Result<Endpoint, String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("a '[' without its ']'")?;
        let port = match rest.strip_prefix(':') {
            Some(port) => Some(port),
            None if rest.is_empty() => None,
            None => return Err("nothing but ':PORT' may follow ']'".to_owned()),
        };
        (host, port)
    } else {
        match text.rsplit_once(':') {
            Some((host, _)) if host.contains(':') => {
                return Err("an IPv6 address needs brackets: [address]:port".to_owned());
            }
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if host.is_empty() || !host.chars().all(fits) {
        return Err(format!("'{host}' is no host name or address"));
    }
    let port = match (port, default_port) {
        (Some(port), _) => port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or("the port is a number from 1 to 65535")?,
        (None, Some(port)) => port,
        (None, None) => return Err("a port is needed: HOST:PORT".to_owned()),
    };
    Ok(Endpoint { host: host.to_ascii_lowercase(), port })
}

/// The value parser of `HOST:PORT`.
pub fn with_port(text: &str) -> Result<Endpoint, String> {
    endpoint(text, None)
}

/// The value parser of a publisher: AXL's 8443 when no port is given.
pub fn axl(text: &str) -> Result<Endpoint, String> {
    endpoint(text, Some(8443))
}

/// The value parser of a Finesse node: 8445 when no port is given.
pub fn finesse(text: &str) -> Result<Endpoint, String> {
    endpoint(text, Some(8445))
}

/// The value parser of an Identity Service: 8553 when no port is given.
pub fn ids(text: &str) -> Result<Endpoint, String> {
    endpoint(text, Some(8553))
}

/// The value parser of an identity provider: 443 when no port is given.
pub fn https(text: &str) -> Result<Endpoint, String> {
    endpoint(text, Some(443))
}

/// The value parser of `--connect-to FROM=TO`.
pub fn mapping(text: &str) -> Result<(Endpoint, Endpoint), String> {
    let (from, to) = text.split_once('=').ok_or("expected FROM=TO, each HOST:PORT")?;
    Ok((with_port(from)?, with_port(to)?))
}

#[cfg(test)]
mod tests {
    use super::{axl, endpoint, mapping, with_port};

    #[test]
    fn hosts_and_ports() {
        assert_eq!(with_port("Pub.Example.com:443").unwrap().to_string(), "pub.example.com:443");
        assert_eq!(with_port("[::1]:8443").unwrap().to_string(), "[::1]:8443");
        assert_eq!(axl("pub").unwrap().port, 8443);
        assert_eq!(endpoint("[::1]", Some(1)).unwrap().port, 1);
        for wrong in [
            "",
            "pub",
            "pub:",
            "pub:0",
            "pub:70000",
            "::1:8443",
            "[::1",
            "[::1]8443",
            "a b:1",
            ":1",
        ] {
            assert!(with_port(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn mappings() {
        let (from, to) = mapping("pub.example.com:8443=127.0.0.1:40001").unwrap();
        assert_eq!((from.port, to.to_string().as_str()), (8443, "127.0.0.1:40001"));
        assert!(mapping("pub.example.com:8443").is_err());
    }
}
