//! Which hosts a sign-in may speak to, and where a link or a form leads. Pure: nothing is sent from here.

use std::net::Ipv6Addr;

use reqwest::Url;

use crate::playbook::{Deployment, Endpoint};

/// What a host is in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A Finesse node.
    Finesse,
    /// The identity service.
    Ids,
    /// The identity provider: the only one that may see a password.
    Idp,
}

/// The hosts that may see a sign-in, each with its port.
#[derive(Debug, Clone, Default)]
pub struct Allowed(Vec<(Endpoint, Role)>);

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Host and port.
    pub endpoint: Endpoint,
    /// Path and query.
    pub path: String,
}

/// Why a link is not followed. Holds host and port alone: the rest of a link may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Astray {
    /// It is not `https`.
    Insecure(String),
    /// It leads to a host that the playbook does not name.
    Elsewhere(Endpoint),
    /// It cannot be read.
    Unreadable,
}

impl Allowed {
    /// The hosts that a playbook names.
    pub fn of(deployment: &Deployment) -> Self {
        let nodes =
            std::iter::once(&deployment.finesse.primary).chain(&deployment.finesse.secondary);
        let mut hosts: Vec<_> = nodes.map(|node| (node.api.clone(), Role::Finesse)).collect();
        if let Some(sso) = &deployment.sso {
            hosts.extend(sso.ids.iter().map(|ids| (ids.clone(), Role::Ids)));
            hosts.extend(sso.idp.iter().map(|idp| (idp.clone(), Role::Idp)));
        }
        Self(hosts)
    }

    /// These hosts.
    pub fn new(hosts: Vec<(Endpoint, Role)>) -> Self {
        Self(hosts)
    }

    /// Whether this host, at this port, is of this role.
    pub fn is(&self, endpoint: &Endpoint, role: Role) -> bool {
        self.0.iter().any(|(known, own)| same(known, endpoint) && *own == role)
    }

    /// Whether this host, at this port, may see anything of a sign-in.
    pub fn holds(&self, endpoint: &Endpoint) -> bool {
        self.0.iter().any(|(known, _)| same(known, endpoint))
    }

    /// Where a reference on the page at `at` leads, if that is a place that may be asked.
    ///
    /// # Errors
    /// Why it is not followed; nothing has been sent then.
    pub fn target(&self, at: &Target, reference: &str) -> Result<Target, Astray> {
        self.target_on(at, None, reference)
    }

    /// The same for a page that says what its references are relative to. That alone leads nowhere.
    ///
    /// # Errors
    /// As [`Self::target`].
    pub fn target_on(
        &self,
        at: &Target,
        base: Option<&str>,
        reference: &str,
    ) -> Result<Target, Astray> {
        let Target { endpoint, path } = target(at, base, reference)?;
        match self.0.iter().find(|(known, _)| same(known, &endpoint)) {
            // As the playbook writes it: certificates and connections are known by that.
            Some((known, _)) => Ok(Target { endpoint: known.clone(), path }),
            None => Err(Astray::Elsewhere(endpoint)),
        }
    }
}

/// Whether both are one host and port. An address can be written in several ways.
fn same(one: &Endpoint, other: &Endpoint) -> bool {
    let address = |endpoint: &Endpoint| endpoint.host.parse::<Ipv6Addr>().ok();
    let addresses = address(one).is_some() && address(one) == address(other);
    one.port == other.port && (addresses || one.host == other.host)
}

impl Target {
    /// The address as a browser would show it.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.path)
    }

    /// What a browser would say of where it comes from: the whole address to the same host, else the host alone.
    pub fn referer(&self, to: &Endpoint) -> String {
        if self.endpoint == *to { self.url() } else { format!("{}/", self.origin()) }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("https://{}", self.endpoint.authority())
    }
}

fn target(at: &Target, base: Option<&str>, reference: &str) -> Result<Target, Astray> {
    let at = Url::parse(&at.url()).map_err(|_| Astray::Unreadable)?;
    let declared = base.and_then(|base| at.join(base.trim()).ok());
    let base = declared.filter(|base| !base.cannot_be_a_base()).unwrap_or(at);
    let url = base.join(reference.trim()).map_err(|_| Astray::Unreadable)?;
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    if url.scheme() != "https" {
        // A scheme without hosts names itself alone.
        let place = if host.is_empty() { url.scheme().to_owned() } else { host };
        return Err(Astray::Insecure(place));
    }
    let named = !url.username().is_empty() || url.password().is_some();
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let (Some(port), false, false) = (url.port_or_known_default(), host.is_empty(), named) else {
        return Err(Astray::Unreadable);
    };
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Ok(Target { endpoint: Endpoint { host, port }, path })
}

#[cfg(test)]
mod tests {
    use super::{Allowed, Astray, Role, Target};
    use crate::playbook::Endpoint;

    fn endpoint(host: &str, port: u16) -> Endpoint {
        Endpoint { host: host.to_owned(), port }
    }

    fn allowed() -> Allowed {
        Allowed::new(vec![
            (endpoint("fin-a.example.com", 8445), Role::Finesse),
            (endpoint("ids.example.com", 8553), Role::Ids),
            (endpoint("adfs.example.com", 443), Role::Idp),
        ])
    }

    fn page() -> Target {
        Target { endpoint: endpoint("adfs.example.com", 443), path: "/adfs/ls/?a=b".to_owned() }
    }

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let to = |reference| allowed().target(&page(), reference).unwrap().url();
        assert_eq!(to("/x?y=z#part"), "https://adfs.example.com/x?y=z");
        assert_eq!(to("?only=query"), "https://adfs.example.com/adfs/ls/?only=query");
        assert_eq!(to("next"), "https://adfs.example.com/adfs/ls/next");
        assert_eq!(to("https://IDS.example.com:8553/ids"), "https://ids.example.com:8553/ids");
        assert_eq!(to("//ids.example.com:8553/a b"), "https://ids.example.com:8553/a%20b");
    }

    #[test]
    fn everything_else_is_refused() {
        let to = |reference: &str| allowed().target(&page(), reference).unwrap_err();
        let elsewhere = |host: &str, port| Astray::Elsewhere(endpoint(host, port));
        assert_eq!(to("https://evil.example.org/x"), elsewhere("evil.example.org", 443));
        assert_eq!(to("https://ids.example.com/x"), elsewhere("ids.example.com", 443));
        let longer = "https://adfs.example.com.evil.example.org/x";
        assert_eq!(to(longer), elsewhere("adfs.example.com.evil.example.org", 443));
        let insecure = Astray::Insecure("adfs.example.com".to_owned());
        assert_eq!(to("http://adfs.example.com/x"), insecure);
        assert_eq!(to("javascript:alert(1)"), Astray::Insecure("javascript".to_owned()));
        for strange in
            ["https://user@adfs.example.com/", "https://:p@adfs.example.com/", "https://"]
        {
            assert_eq!(to(strange), Astray::Unreadable, "{strange}");
        }
        // What looks like a user is one, and what looks like a host is not.
        assert_eq!(to("https://adfs.example.com@evil.example.org/"), Astray::Unreadable);
        assert_eq!(to("\\\\evil.example.org\\x"), elsewhere("evil.example.org", 443));
    }

    #[test]
    fn a_base_is_what_references_are_relative_to_and_nothing_more() {
        let to = |base, reference| allowed().target_on(&page(), Some(base), reference);
        let url = |base, reference| to(base, reference).unwrap().url();
        assert_eq!(url("/other/", "next"), "https://adfs.example.com/other/next");
        assert_eq!(
            url("https://ids.example.com:8553/ids/", "a"),
            "https://ids.example.com:8553/ids/a"
        );
        assert_eq!(url("data:text/html,x", "next"), "https://adfs.example.com/adfs/ls/next");
        let evil = Astray::Elsewhere(endpoint("evil.example.org", 443));
        assert_eq!(to("https://evil.example.org/", "next"), Err(evil));
        assert_eq!(
            url("https://evil.example.org/", "https://adfs.example.com/x"),
            "https://adfs.example.com/x"
        );
    }

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        let written = endpoint("2001:db8:0:0:0:0:0:1", 8553);
        let allowed = Allowed::new(vec![(written.clone(), Role::Ids)]);
        let to = allowed.target(&page(), "https://[2001:db8::1]:8553/ids").unwrap();
        assert_eq!(to.endpoint, written);
        assert!(allowed.is(&endpoint("2001:db8::1", 8553), Role::Ids));
        assert!(!allowed.holds(&endpoint("2001:db8::1", 443)));
        assert!(!allowed.holds(&endpoint("2001:db8::2", 8553)));
    }

    #[test]
    fn a_role_is_a_host_and_a_port() {
        assert!(allowed().is(&endpoint("adfs.example.com", 443), Role::Idp));
        assert!(!allowed().is(&endpoint("adfs.example.com", 8443), Role::Idp));
        assert!(!allowed().is(&endpoint("ids.example.com", 8553), Role::Idp));
    }

    #[test]
    fn another_host_learns_the_origin_alone() {
        assert_eq!(page().referer(&endpoint("ids.example.com", 8553)), "https://adfs.example.com/");
        let own = page().referer(&endpoint("adfs.example.com", 443));
        assert_eq!(own, "https://adfs.example.com/adfs/ls/?a=b");
    }
}
