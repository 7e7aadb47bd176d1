//! Checks of reaching the systems.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "finesse-unreachable",
        subject: "access",
        severity: Error,
        title: "A Finesse node does not answer",
        why: "No answer on the API port of a node. Wrong host or port, firewall, node down.",
        how: "TCP and TLS to 8445 of each node; then `GET SystemInfo`.",
        fix: "Correct `finesse.*.host` or `api_port`; open the port.",
        source: "Finesse developer guide, SystemInfo",
        judged: Judged::Doctor,
    },
    Check {
        id: "finesse-name-unresolved",
        subject: "access",
        severity: Error,
        title: "A host name does not resolve",
        why: "Host name of a service URL or node does not resolve. No DNS record, short name.",
        how: "DNS look-up (forward and reverse) of every FQDN in the playbook, from here; \
              phones: `phone-without-dns`.",
        fix: "Add the record; use the FQDN.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 2 note \
              (complete FQDN); Cisco tech-note 118699",
        judged: Judged::Doctor,
    },
    Check {
        id: "finesse-behind-proxy",
        subject: "access",
        severity: Error,
        title: "The address belongs to a reverse proxy, not to Finesse",
        why: "421, or 403 on administration paths, or 401 on SystemInfo. The address is a \
              VPN-less reverse proxy; IPPA and administration are refused there.",
        how: "421; or 403 on administration paths; or node hosts in `SystemInfo` that differ \
              from the address used (401 on SystemInfo alone proves nothing: 15.0 may want \
              credentials).",
        fix: "Use the nodes' own FQDNs inside the LAN.",
        source: "UCCE Features Guide 12.6(2), VPN-less access; UCCX 12.5(1) SU2 Operations \
              Guide, VPN-less access",
        judged: Judged::Doctor,
    },
    Check {
        id: "finesse-credential-refused",
        subject: "access",
        severity: Error,
        title: "Finesse refuses the administrator",
        why: "401 on an administrator call. Wrong password, or locked after five.",
        how: "Any administrator GET, tried once.",
        fix: "Correct the secret; wait 5 min (console: 30 min) before the next try.",
        source: "Finesse Web Services Developer Guide 12.5(1); Finesse Administration Guide, \
              Getting Started",
        judged: Judged::Doctor,
    },
    Check {
        id: "finesse-primary-mismatch",
        subject: "access",
        severity: Error,
        title: "The declared primary node is not the primary",
        why: "403 on a write; or the playbook's primary is the other node. Configuration APIs do \
              not run on the secondary (UCCE), or it is read-only (UCCX).",
        how: "`SystemInfo.primaryNode/host` against `finesse.primary`.",
        fix: "Swap primary and secondary.",
        source: "Finesse Web Services Developer Guide 12.5(1)",
        judged: Judged::Verify,
    },
    Check {
        id: "finesse-not-in-service",
        subject: "access",
        severity: Error,
        title: "A Finesse node is not in service",
        why: "SystemInfo OUT_OF_SERVICE, or heartbeat `failure`; 503, 502. CTI lost, Tomcat \
              starting, engine fail-over.",
        how: "`GET SystemInfo` on each node (with `?nocache=`): `status`, \
              `lastCTIHeartbeatStatus`.",
        fix: "Wait or repair first; no restart while the other node is out.",
        source: "Finesse Administration Guide, Failover Mechanisms",
        judged: Judged::Verify,
    },
    Check {
        id: "finesse-release-unknown",
        subject: "access",
        severity: Info,
        title: "The Finesse release could not be read",
        why: "Rules that depend on the release are not judged. SystemInfo has no version element.",
        how: "`show version active` over SSH, else `finesse.release` in the playbook, else not \
              checkable.",
        fix: "Give platform access or state the release.",
        source: "Finesse developer guide, SystemInfo",
        judged: Judged::Never("a playbook has to state the release, so it is always known"),
    },
    Check {
        id: "clock-skew",
        subject: "access",
        severity: Warning,
        title: "Clocks differ",
        why: "SAML failures, \"not yet valid\" certificates. Clocks of this machine, CUCM, \
              Finesse or IdS differ.",
        how: "`Date` header of each answer against the local clock.",
        fix: "Repair NTP.",
        source: "Cisco tech-note 200662",
        judged: Judged::Doctor,
    },
    Check {
        id: "ntp-unsynchronised",
        subject: "access",
        severity: Warning,
        title: "A node is not synchronised by NTP",
        why: "Certificates not yet valid, SAML failures. A node is not synchronised.",
        how: "`utils ntp status` per node.",
        fix: "Repair NTP.",
        source: "Cisco Unified OS command line, `utils ntp status`",
        judged: Judged::Doctor,
    },
    Check {
        id: "axl-unreachable",
        subject: "access",
        severity: Error,
        title: "AXL does not answer",
        why: "No CUCM read or write possible. Host, port 8443, Cisco AXL Web Service stopped.",
        how: "AXL getCCMVersion; Control Center status.",
        fix: "Start the service on the publisher, open the port.",
        source: "AXL Developer Guide",
        judged: Judged::Doctor,
    },
    Check {
        id: "axl-role-missing",
        subject: "access",
        severity: Error,
        title: "The AXL account lacks a role",
        why: "403, or single operations refused. Account lacks Standard AXL API Access (reads: \
              the read-only role), or serviceability read.",
        how: "AXL getCCMVersion, then one cheap read of each kind; RisPort.",
        fix: "Grant the role; `verify` needs reads only.",
        source: "AXL Developer Guide",
        judged: Judged::Doctor,
    },
    Check {
        id: "cucm-service-stopped",
        subject: "access",
        severity: Error,
        title: "A CUCM service that IPPA needs is stopped",
        why: "Sign-in, pushes or EM fail. Cisco CTIManager, Cisco RIS Data Collector, Cisco \
              Trust Verification Service, Cisco Certificate Change Notification or, with EM, \
              Cisco Extension Mobility is not Started.",
        how: "Control Center status per node.",
        fix: "Start it.",
        source: "ippactl: the services that the guide's steps rely on",
        judged: Judged::Doctor,
    },
    Check {
        id: "os-admin-level",
        subject: "access",
        severity: Warning,
        title: "The platform account may only read",
        why: "Restart or import refused over SSH. The platform account has privilege level 0 \
              (read); 1 is needed.",
        how: "Answer of the first privileged command; `show myself` as text.",
        fix: "Use an account of level 1.",
        source: "Cisco Unified OS command line, privilege levels",
        judged: Judged::Doctor,
    },
    Check {
        id: "ssh-host-key-changed",
        subject: "access",
        severity: Error,
        title: "A node's SSH host key changed",
        why: "SSH refused before any password is sent. The node's host key differs from the \
              known one.",
        how: "The known-hosts file of the playbook or of the user, then what was accepted at a \
              terminal.",
        fix: "Verify out of band, then trust again.",
        source: "ippactl: host keys are checked always",
        judged: Judged::Doctor,
    },
];
