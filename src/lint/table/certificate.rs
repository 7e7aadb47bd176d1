//! Checks of certificates and trust stores.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "certificate-unreadable",
        subject: "certificate",
        severity: Error,
        title: "A node's certificate could not be read",
        why: "Port closed, handshake failed (cipher, TLS version), no access.",
        how: "TLS to CUCM 8443 and Finesse 8445 of every node; CUCM also by AXL SQL on \
              `certificate`; by shell where allowed.",
        fix: "Open the port or give access; until then the certificate is not checked (exit code \
              3), never in sync.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Export procedures \
              (publisher and subscribers)",
        judged: Judged::Verify,
    },
    Check {
        id: "tomcat-trust-lacks-cucm",
        subject: "certificate",
        severity: Error,
        title: "Finesse does not trust a CUCM certificate",
        why: "Finesse cannot reach CUCM or phones by HTTPS since 12.5. A CUCM node's tomcat \
              certificate (or its CA) is not in Finesse's tomcat-trust.",
        how: "Certificates of every CUCM node against each Finesse node's tomcat-trust, compared \
              by SHA-256; not checkable where the store cannot be read.",
        fix: "Import, then restart Finesse Tomcat and the notification service.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Import CUCM \
              Certificate",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-trust-lacks-finesse",
        subject: "certificate",
        severity: Error,
        title: "Phones do not trust the Finesse certificate",
        why: "Connection fails over HTTPS; after a renewal all phones at once; \"Host Not \
              Found\". The identity certificate Finesse presents on 8445 is not in CUCM's \
              Phone-trust.",
        how: "Leaf on the wire (serial, issuer, SHA-256) against AXL SQL: `certificate` joined \
              with `certificateservicecertificatemap`, `tkcertificateservice` = 1.",
        fix: "Upload the identity certificate as Phone-trust on every CUCM node; reboot as the \
              guide says; reset phones.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Import Certificate \
              into CUCM; CUCM Security Guide 12.5(1); Cisco tech-note 210541",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-trust-only-ca",
        subject: "certificate",
        severity: Error,
        title: "Phone-trust has the CA, not the Finesse certificate itself",
        why: "CA-signed Finesse, yet phones refuse. Only root or intermediate was imported; TVS \
              follows no chain.",
        how: "Issuer's certificate is in Phone-trust, the leaf is not.",
        fix: "Upload the leaf as well.",
        source: "CUCM Security Guide 12.5(1)",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-name",
        subject: "certificate",
        severity: Error,
        title: "The certificate is for another name",
        why: "Phone or client refuses the name. FQDN of the service URL is neither SAN nor CN of \
              the certificate served.",
        how: "TLS handshake: names against both service hosts.",
        fix: "Reissue, or use the right FQDN.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: CA-Signed",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-chain",
        subject: "certificate",
        severity: Error,
        title: "The certificate chain is incomplete",
        why: "CA-signed path broken. Intermediate missing on the wire, or CA unknown to the \
              other side.",
        how: "Chain building, both directions.",
        fix: "Complete the chain: upload the intermediate authorities to tomcat-trust of the node named, \
              then its signed certificate as tomcat again, and restart its Tomcat. Where a root signed it \
              directly, name the root's file under `tls.ca_files`.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: CA-Signed steps 1–3",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-expired",
        subject: "certificate",
        severity: Error,
        title: "A certificate is not valid today",
        why: "Every connection fails. Past its end date (or not yet valid).",
        how: "`notBefore` and `notAfter` of every certificate read.",
        fix: "Renew, then import again everywhere.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Certificate \
              Management; UCCX Administration and Operations Guide 15.0, Cisco Finesse",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-expiring",
        subject: "certificate",
        severity: Warning,
        title: "A certificate ends soon",
        why: "Phones will fail on a known day. Fewer than 30 days left.",
        how: "The end date of every certificate read, against `checks.certificate_days`.",
        fix: "Plan renewal and the import of the new leaf into Phone-trust.",
        source: "Field experience",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-changed",
        subject: "certificate",
        severity: Error,
        title: "The certificate on the wire is not the known one",
        why: "The certificate on the wire is not the one pinned or stored. Renewed, or someone \
              in between.",
        how: "SHA-256 of the certificate on the wire against the pin, the last run and the trust \
              store.",
        fix: "Verify out of band, then import the new one.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Self-Signed",
        judged: Judged::Verify,
    },
    Check {
        id: "certificate-key-type",
        subject: "certificate",
        severity: Error,
        title: "CUCM cannot use the key type of Finesse's certificate",
        why: "Phones cannot connect after ECDSA was enabled on Finesse. CUCM is not enabled for \
              ECDSA.",
        how: "Key type of the certificate offered on 8445 (RSA-only and ECDSA-only handshake) \
              and on CUCM.",
        fix: "Enable ECDSA on CUCM, or RSA on Finesse.",
        source: "UCCE Security Guide 12.6(1); Finesse Administration Guide, Getting Started",
        judged: Judged::Verify,
    },
    Check {
        id: "trust-same-name",
        subject: "certificate",
        severity: Warning,
        title: "A trust store kept the old certificate of the same name",
        why: "Import reported success, the old certificate is still there. One certificate per \
              common name and store; a new one replaces only when its notBefore is later.",
        how: "After each import: compare by fingerprint, not by name.",
        fix: "Delete the old one first, then import.",
        source: "CUCM Security Guide 12.5(1); tech-note 217138",
        judged: Judged::Verify,
    },
    Check {
        id: "tvs-unreachable",
        subject: "certificate",
        severity: Warning,
        title: "The Trust Verification Service does not answer",
        why: "\"Host Not Found\" over HTTPS. Trust Verification Service stopped, or TCP 2445 \
              blocked.",
        how: "TCP 2445 to each CUCM node; Control Center: Cisco Trust Verification Service.",
        fix: "Start it, open the port.",
        source: "Cisco tech-note 118699",
        judged: Judged::Verify,
    },
    Check {
        id: "finesse-peer-certificate",
        subject: "certificate",
        severity: Warning,
        title: "A Finesse node does not trust the other",
        why: "Trouble between the two Finesse nodes. Each node must hold the other's valid \
              certificate.",
        how: "Tomcat-trust of each node against the leaf of the other.",
        fix: "Import.",
        source: "UCCX Administration and Operations Guide 15.0, Cisco Finesse",
        judged: Judged::Verify,
    },
    Check {
        id: "finesse-trusts-all",
        subject: "certificate",
        severity: Warning,
        title: "Finesse accepts any certificate",
        why: "Finesse validates no certificate of the servers it calls, because \
              `trustAllCertificates` is true.",
        how: "`utils finesse show_property webservices trustAllCertificates`.",
        fix: "Report only; never changed automatically.",
        source: "Finesse Administration Guide 15.0(1), CLI; UCCX Release Notes 12.5(1); UCCX \
              Administration and Operations Guide 15.0, Cisco Finesse",
        judged: Judged::Verify,
    },
    Check {
        id: "notification-restart-pending",
        subject: "certificate",
        severity: Warning,
        title: "Finesse has not been restarted since a certificate import",
        why: "New tomcat-trust entries not used. After an import Finesse Tomcat and the \
              notification service must restart: stop Tomcat, stop Notification, start \
              Notification, start Tomcat.",
        how: "An import of an earlier run without a later restart; otherwise not checkable.",
        fix: "Restart in that order, primary first, once for all causes.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Import CUCM step \
              6; Finesse Administration Guide, Perform Routine Maintenance",
        judged: Judged::Verify,
    },
    Check {
        id: "cucm-reboot-pending",
        subject: "certificate",
        severity: Warning,
        title: "CUCM has not been rebooted since a certificate import",
        why: "Phones still refuse after the import into Phone-trust. The guide asks for a reboot \
              of the CUCM server.",
        how: "An import of an earlier run without a later start of the node; otherwise not \
              checkable.",
        fix: "See first whether phones open the service: the Trust Verification Service takes added \
              certificates by itself. Then restart it on every node (documented for a sibling \
              store). The guide's own step is the reboot, a separate maintenance step per node: \
              apply with --allow reboot and --reboot NODE, or by hand and --operator-done; never \
              implied.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Import into CUCM \
              step 6",
        judged: Judged::Verify,
    },
];
