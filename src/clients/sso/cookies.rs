//! The cookies of one sign-in, in memory alone: set by the hosts that it meets, sent back to those alone.
//!
//! Stricter than a browser where that loses nothing: a cookie that is not written plainly is not kept, and one without
//! a date that can be read lasts as long as the sign-in.

use jiff::Timestamp;

use crate::playbook::Endpoint;

/// The most cookies that are kept, and the longest of them in bytes.
const MOST: usize = 100;
const LONGEST: usize = 16 * 1024;

/// The jar.
#[derive(Default)]
pub struct Jar(Vec<Cookie>);

struct Cookie {
    name: String,
    value: String,
    /// The host that set it, or the domain that it is for.
    host: String,
    /// Whether hosts below count too.
    below: bool,
    path: String,
    ends: Option<Timestamp>,
}

impl Jar {
    /// Keeps what a `Set-Cookie` header of this host says, in an answer to this path.
    pub fn keep(&mut self, from: &Endpoint, path: &str, header: &str, now: Timestamp) {
        let Some(cookie) = read(from, path, header, now) else { return };
        self.0.retain(|known| !known.is_replaced_by(&cookie));
        if cookie.ends.is_none_or(|ends| ends > now) && self.0.len() < MOST {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` header for a request to this host and path; `None` when there is nothing to send.
    pub fn header(&self, to: &Endpoint, path: &str, now: Timestamp) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let fits = |cookie: &&Cookie| {
            cookie.is_for(&to.host)
                && covers(&cookie.path, path)
                && cookie.ends.is_none_or(|ends| ends > now)
        };
        let mut fitting: Vec<&Cookie> = self.0.iter().filter(fits).collect();
        // Longer paths first, and of equal ones the older first.
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs = fitting.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value));
        let pairs: Vec<String> = pairs.collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

impl Cookie {
    fn is_for(&self, host: &str) -> bool {
        self.host == host || self.below && under(host, &self.host)
    }

    fn is_replaced_by(&self, other: &Self) -> bool {
        self.name == other.name && self.host == other.host && self.path == other.path
    }
}

fn read(from: &Endpoint, path: &str, header: &str, now: Timestamp) -> Option<Cookie> {
    if header.len() > LONGEST {
        return None;
    }
    let mut parts = header.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) || !plain(value) {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        host: from.host.clone(),
        below: false,
        path: folder(path),
        ends: None,
    };
    let (mut age, mut date) = (None, None);
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" if !value.is_empty() => {
                let domain = value.trim_start_matches('.').to_ascii_lowercase();
                // One for a whole top-level domain, or for somebody else, is not kept.
                if domain != from.host && !(domain.contains('.') && under(&from.host, &domain)) {
                    return None;
                }
                (cookie.host, cookie.below) = (domain, true);
            }
            "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
            "max-age" => age = value.parse::<i64>().ok(),
            "expires" => date = moment(value),
            _ => {}
        }
    }
    let after = |seconds: i64| {
        let end = jiff::SignedDuration::from_secs(seconds.clamp(-1, 10_000_000));
        now.checked_add(end).unwrap_or(Timestamp::MAX)
    };
    cookie.ends = age.map(after).or(date);
    let bound_to_host = cookie.name.starts_with("__Host-");
    (!bound_to_host || !cookie.below && cookie.path == "/").then_some(cookie)
}

/// A date as HTTP writes it, also with hyphens as old servers do.
fn moment(text: &str) -> Option<Timestamp> {
    let date = text.replace('-', " ").replace("GMT", "+0000").replace("UTC", "+0000");
    jiff::fmt::rfc2822::parse(date.trim()).ok().map(|zoned| zoned.timestamp())
}

/// Whether a host is below a domain. An address is below nothing.
fn under(host: &str, domain: &str) -> bool {
    let named = host.parse::<std::net::IpAddr>().is_err();
    named && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// The default path of a cookie: that of the request up to its last slash.
fn folder(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    match path.rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(at) => path.get(..at).unwrap_or("/").to_owned(),
    }
}

/// Whether a cookie's path covers a request's.
fn covers(own: &str, path: &str) -> bool {
    path.strip_prefix(own)
        .is_some_and(|rest| rest.is_empty() || own.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Jar;
    use crate::playbook::Endpoint;

    fn host(name: &str) -> Endpoint {
        Endpoint { host: name.to_owned(), port: 8445 }
    }

    fn now() -> Timestamp {
        "2026-01-31T09:00:00Z".parse().unwrap()
    }

    fn jar(headers: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for header in headers {
            jar.keep(&host("fin-a.example.com"), "/desktop/sso/token?x=/y/z", header, now());
        }
        jar
    }

    fn sent(jar: &Jar, to: &str, path: &str) -> Option<String> {
        jar.header(&host(to), path, now())
    }

    #[test]
    fn cookies_go_back_where_they_come_from() {
        let jar = jar(&["a=1; Secure; HttpOnly", "b=2; Path=/", "c=x=y; path=/other"]);
        let own = "fin-a.example.com";
        assert_eq!(sent(&jar, own, "/desktop/sso/authcode?q=1").as_deref(), Some("a=1; b=2"));
        assert_eq!(sent(&jar, own, "/desktop/ssoother").as_deref(), Some("b=2"));
        assert_eq!(sent(&jar, own, "/other/").as_deref(), Some("c=x=y; b=2"));
        for other in ["fin-b.example.com", "x.fin-a.example.com", "evil-fin-a.example.com"] {
            assert_eq!(sent(&jar, other, "/desktop/sso/token"), None, "{other}");
        }
    }

    #[test]
    fn a_domain_is_the_hosts_own() {
        let jar = jar(&[
            "a=1; Domain=.example.com; Path=/",
            "b=2; Domain=com; Path=/",
            "c=3; Domain=example.org; Path=/",
            "d=4; Domain=a.example.com; Path=/",
            "__Host-e=5; Domain=example.com; Path=/",
            "__Host-f=6; Path=/",
        ]);
        assert_eq!(sent(&jar, "ids.example.com", "/").as_deref(), Some("a=1"));
        assert_eq!(sent(&jar, "fin-a.example.com", "/").as_deref(), Some("a=1; __Host-f=6"));
        assert_eq!(sent(&jar, "badexample.com", "/"), None);
        let mut by_address = Jar::default();
        by_address.keep(&host("10.0.0.1"), "/", "a=1; Domain=0.0.1", now());
        assert_eq!(sent(&by_address, "10.0.0.1", "/"), None);
    }

    #[test]
    fn cookies_are_replaced_and_end() {
        let again = jar(&["a=1; Path=/", "a=2; Path=/"]);
        assert_eq!(sent(&again, "fin-a.example.com", "/").as_deref(), Some("a=2"));
        for end in [
            "a=; Path=/; Max-Age=0",
            "a=; Path=/; Max-Age=-5",
            "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "a=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
        ] {
            assert_eq!(sent(&jar(&["a=1; Path=/", end]), "fin-a.example.com", "/"), None, "{end}");
        }
        let later = jar(&["a=1; Path=/; Expires=Sun, 01 Feb 2026 00:00:00 GMT"]);
        assert!(sent(&later, "fin-a.example.com", "/").is_some());
        let after = "2026-02-02T00:00:00Z".parse().unwrap();
        assert_eq!(later.header(&host("fin-a.example.com"), "/", after), None);
    }

    #[test]
    fn what_is_not_written_plainly_is_not_kept() {
        for strange in ["", "a", "=1", "a b=1", "a=\u{1b}[2J", "a=1\r\nX: y", &"a=1".repeat(9000)] {
            assert_eq!(sent(&jar(&[strange]), "fin-a.example.com", "/desktop/sso"), None);
        }
        let many: Vec<String> = (0..300).map(|at| format!("c{at}=1; Path=/")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(sent(&jar(&many), "fin-a.example.com", "/").unwrap().matches('=').count(), 100);
    }
}
