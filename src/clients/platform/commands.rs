//! What may be typed: a closed list of commands that read, and names of services.

use std::fmt;

use super::ShellError;

/// A command that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadCommand {
    /// States of all services.
    ServiceList,
    /// State of database replication, as this node sees it.
    ReplicationState,
    /// State of the replication of UCCX's datastore; UCCX with two nodes only.
    UccxServers,
    /// Release and COP files.
    VersionActive,
    /// The account's own level. Its output is documented nowhere.
    Myself,
    /// Whether and how long accounts are locked.
    AccountLocking,
    /// Host name, clock, versions, load.
    Status,
    /// The node's own addresses and DNS servers.
    NetworkEth0,
    /// The nodes of a CUCM cluster.
    NetworkCluster,
    /// Clock synchronisation.
    NtpStatus,
    /// Lowest TLS version as server.
    TlsServerMinVersion,
    /// Lowest TLS version as client.
    TlsClientMinVersion,
    /// How many users are connected to this Finesse node.
    ConnectedUsersSummary,
    /// Who is connected to this Finesse node.
    ConnectedUsersDetail,
    /// Finesse maintenance mode. Its output is documented nowhere.
    MaintenanceStatus,
    /// How long an idle IP phone agent stays signed in.
    IppaInactivityTimeout,
    /// Locked Finesse users.
    LockedOutUsers,
    /// The node's own certificates.
    OwnCertificates,
    /// Certificates of all trust stores, one line each.
    TrustedCertificates,
    /// Whether Finesse takes any certificate of the servers it calls.
    TrustAllCertificates,
}

impl ReadCommand {
    /// Every one of them.
    pub const ALL: [Self; 20] = [
        Self::ServiceList,
        Self::ReplicationState,
        Self::UccxServers,
        Self::VersionActive,
        Self::Myself,
        Self::AccountLocking,
        Self::Status,
        Self::NetworkEth0,
        Self::NetworkCluster,
        Self::NtpStatus,
        Self::TlsServerMinVersion,
        Self::TlsClientMinVersion,
        Self::ConnectedUsersSummary,
        Self::ConnectedUsersDetail,
        Self::MaintenanceStatus,
        Self::IppaInactivityTimeout,
        Self::LockedOutUsers,
        Self::OwnCertificates,
        Self::TrustedCertificates,
        Self::TrustAllCertificates,
    ];

    /// As it is typed.
    pub fn text(self) -> &'static str {
        match self {
            Self::ServiceList => "utils service list",
            Self::ReplicationState => "utils dbreplication runtimestate",
            Self::UccxServers => "show uccx dbreplication servers",
            Self::VersionActive => "show version active",
            Self::Myself => "show myself",
            Self::AccountLocking => "show accountlocking",
            Self::Status => "show status",
            Self::NetworkEth0 => "show network eth0",
            Self::NetworkCluster => "show network cluster",
            Self::NtpStatus => "utils ntp status",
            Self::TlsServerMinVersion => "show tls server min-version",
            Self::TlsClientMinVersion => "show tls client min-version",
            Self::ConnectedUsersSummary => "utils finesse show_connected_users summary",
            Self::ConnectedUsersDetail => "utils finesse show_connected_users detail",
            Self::MaintenanceStatus => "utils finesse maintenance status",
            Self::IppaInactivityTimeout => "utils finesse ippa_inactivity_timeout status",
            Self::LockedOutUsers => "utils finesse locked_out_users list",
            Self::OwnCertificates => "show cert list own",
            Self::TrustedCertificates => "show cert list trust",
            Self::TrustAllCertificates => {
                "utils finesse show_property webservices trustAllCertificates"
            }
        }
    }
}

/// Sent once at the start of a session; whether the account may is not known, so what it answers does not matter.
pub(super) const PAGING_OFF: &str = "set cli pagination off";

/// What happens to a service. Only [`super::ShellWriter`] asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Restart,
    Stop,
    Start,
}

impl Change {
    pub(super) fn command(self, service: &ServiceName) -> String {
        let word = match self {
            Self::Restart => "restart",
            Self::Stop => "stop",
            Self::Start => "start",
        };
        format!("utils service {word} {service}")
    }
}

/// The name of a service, made of nothing that a shell could take for more than a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceName(String);

impl ServiceName {
    /// A name of 1 to 80 letters, digits, blanks and `-_.()`, with a letter or digit at its start.
    ///
    /// # Errors
    /// [`ShellError::Refused`] for anything else.
    pub fn new(name: &str) -> Result<Self, ShellError> {
        let letter = |c: char| c.is_ascii_alphanumeric() || " -_.()".contains(c);
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts && name.len() <= 80 && name.trim() == name && name.chars().all(letter) {
            return Ok(Self(name.to_owned()));
        }
        let shown: String = name.chars().take(80).collect();
        Err(ShellError::Refused { why: format!("{shown:?} is not the name of a service") })
    }

    /// `Cisco Finesse Tomcat`, the same on stand-alone Finesse and on UCCX.
    pub fn finesse_tomcat() -> Self {
        Self("Cisco Finesse Tomcat".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, ReadCommand, ServiceName};

    #[test]
    fn a_name_is_nothing_but_a_name() {
        for good in ["Cisco Finesse Tomcat", "SOAP -Log Collection", "A Cisco DB", "Cisco DRF (x)"]
        {
            assert!(ServiceName::new(good).is_ok(), "{good}");
        }
        let long = "x".repeat(81);
        for bad in
            ["", " a", "a ", "a\nutils system restart", "a\u{3}", "a;b", "a|b", "-a", "é", &long]
        {
            assert!(ServiceName::new(bad).is_err(), "{bad:?}");
        }
        let tomcat = ServiceName::finesse_tomcat();
        assert_eq!(ServiceName::new(tomcat.as_str()).unwrap(), tomcat);
        assert_eq!(Change::Restart.command(&tomcat), "utils service restart Cisco Finesse Tomcat");
    }

    #[test]
    fn no_command_that_reads_changes_anything() {
        let disturbing = [
            "restart", "stop", "start ", "set ", "reset", "delete", "import", "initiate", "enable",
        ];
        for command in ReadCommand::ALL {
            let text = command.text();
            assert!(disturbing.iter().all(|word| !text.contains(word)), "{text}");
            assert!(text.starts_with("show ") || text.starts_with("utils "), "{text}");
        }
    }
}
