//! Checks of phone services.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "service-missing",
        subject: "service",
        severity: Error,
        title: "The phone service does not exist",
        why: "No Finesse entry in the phone's menu.",
        how: "AXL getIpPhoneServices / listIpPhoneServices.",
        fix: "Create it.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service steps 2–9",
        judged: Judged::Verify,
    },
    Check {
        id: "service-url-not-fqdn",
        subject: "service",
        severity: Error,
        title: "A service URL does not carry a complete FQDN",
        why: "Certificate name mismatch, or the phone cannot resolve. The URL carries an IP \
              address or a short name.",
        how: "Offline on `service_host`; live on both URLs of each service.",
        fix: "Use the complete FQDN.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3 note",
        judged: Judged::Lint,
    },
    Check {
        id: "service-url-malformed",
        subject: "service",
        severity: Error,
        title: "A service URL is not the one IPPA needs",
        why: "`XML Error [4]`, `File Not Found`, wrong page. Scheme, port or path differ from \
              `http://FQDN:8082/fippa/#DEVICENAME#` and `https://FQDN:8445/fippa/#DEVICENAME#`; \
              trailing slash, blank, typing error in `#DEVICENAME#`.",
        how: "AXL byte compare of both URLs (the playbook derives them).",
        fix: "Let ippactl derive the URLs.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service steps 5–6",
        judged: Judged::Verify,
    },
    Check {
        id: "service-url-with-parameters",
        subject: "service",
        severity: Error,
        title: "A service URL carries parameters of its own",
        why: "Phone gets broken XML or wrong values. `?` or `&` written into the Service URL; in \
              XML `&` must be `&amp;`, values percent-encoded.",
        how: "AXL: `?` or `&` in a service URL.",
        fix: "Use service parameters.",
        source: "IP Phone Services Application Development Notes, troubleshooting; Field \
              experience",
        judged: Judged::Verify,
    },
    Check {
        id: "service-secure-url-missing",
        subject: "service",
        severity: Error,
        title: "The phone service has no secure URL",
        why: "Connection fails since the upgrade to 12.5; or plain HTTP ends in a redirect. No \
              Secure-Service URL.",
        how: "AXL `secureServiceUrl` empty.",
        fix: "Add it; both URLs are mandatory.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 6 \
              note; IP Phone Services Application Development Notes, service administration",
        judged: Judged::Verify,
    },
    Check {
        id: "service-plain-url-missing",
        subject: "service",
        severity: Error,
        title: "The phone service has no plain URL",
        why: "CUCM refuses to save. No Service URL, although HTTP is off since 12.5(1).",
        how: "AXL `serviceUrl` empty.",
        fix: "Keep the 8082 URL as well.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 5 note",
        judged: Judged::Verify,
    },
    Check {
        id: "service-http-only-release",
        subject: "service",
        severity: Error,
        title: "This Finesse release has no IPPA over HTTPS",
        why: "HTTPS cannot work. Finesse 11.6 or earlier serves IPPA over HTTP only.",
        how: "Offline: `finesse.release` below 12.5(1). Live where the release can be read.",
        fix: "Upgrade, or operate outside this tool.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 6 \
              note; Finesse Administration Guide, Manage Finesse IP Phone Agent, 11.6 edition",
        judged: Judged::Lint,
    },
    Check {
        id: "service-hosts-differ",
        subject: "service",
        severity: Error,
        title: "The two URLs of a service name different hosts",
        why: "Some phone models reach another node. Service URL and Secure-Service URL of one \
              service name different hosts.",
        how: "The hosts of both URLs of one service, by AXL.",
        fix: "Put the same FQDN into both.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service steps 5, \
              6, 10",
        judged: Judged::Verify,
    },
    Check {
        id: "service-host-not-finesse",
        subject: "service",
        severity: Error,
        title: "The service points at a host that is not a Finesse node",
        why: "The service points at a server that is no Finesse node of this deployment. Old \
              server, typing error.",
        how: "AXL host against playbook and `SystemInfo` node hosts.",
        fix: "Correct it, then rebuild the subscriptions.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 10",
        judged: Judged::Verify,
    },
    Check {
        id: "service-category-type",
        subject: "service",
        severity: Error,
        title: "The service has the wrong category or type",
        why: "The service does not appear or does not start. Category is not XML Service or type \
              is not Standard IP Phone Service.",
        how: "AXL `serviceCategory`, `serviceType`.",
        fix: "Correct both.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 7",
        judged: Judged::Verify,
    },
    Check {
        id: "service-disabled",
        subject: "service",
        severity: Error,
        title: "The phone service is not enabled",
        why: "The service does not appear. Enable is off.",
        how: "AXL `enabled`.",
        fix: "Switch on.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 8",
        judged: Judged::Verify,
    },
    Check {
        id: "service-single",
        subject: "service",
        severity: Error,
        title: "There is one service for two Finesse nodes",
        why: "After a node failure agents cannot work. Only one service although there are two \
              nodes; IPPA does not fail over.",
        how: "SystemInfo names a second node and the playbook has none; AXL. Not applicable on a \
              single node.",
        fix: "Create the second service and subscribe all phones to it.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Failure Behavior, \
              service step 10",
        judged: Judged::Verify,
    },
    Check {
        id: "services-same-host",
        subject: "service",
        severity: Error,
        title: "Both services point at the same node",
        why: "The second service fails together with the first. Both services carry the same FQDN.",
        how: "Offline, and on both URLs in AXL.",
        fix: "Point each service at a different node.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Failure Behavior",
        judged: Judged::Lint,
    },
    Check {
        id: "services-same-name",
        subject: "service",
        severity: Error,
        title: "Two services have the same name",
        why: "CUCM refuses, or agents cannot tell them apart. Both services have the same name.",
        how: "Offline, and by name in AXL.",
        fix: "Choose names that differ, for example \"Cisco Finesse\" and \"Cisco Finesse \
              Secondary\".",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: service step 10",
        judged: Judged::Lint,
    },
    Check {
        id: "service-name-too-long",
        subject: "service",
        severity: Error,
        title: "CUCM does not take the service's name",
        why: "CUCM refuses the service or its subscription. The name is empty, over 32 \
              characters or has a double quote (the AXL type alone would allow 128).",
        how: "Offline.",
        fix: "Choose a shorter name without double quotes.",
        source: "IP Phone Services Application Development Notes, service administration; AXL \
              9.1 schema, database rules",
        judged: Judged::Lint,
    },
    Check {
        id: "service-not-adopted",
        subject: "service",
        severity: Warning,
        title: "The service to adopt exists beside the declared one",
        why: "Phones keep the other service, and its subscriptions are not moved. A service is taken \
              over only where none of the declared name exists.",
        how: "AXL getIpPhoneServices for both names.",
        fix: "Take `adopt` out of the playbook and name the other service in `retire`.",
        source: "Field experience",
        judged: Judged::Verify,
    },
    Check {
        id: "service-enterprise-changed",
        subject: "service",
        severity: Error,
        title: "The subscription kind of an existing service differs",
        why: "The declared subscription kind cannot be reached by an update. Enterprise \
              Subscription is fixed at creation; AXL's update request has no element for it.",
        how: "AXL `enterpriseSubscription` differs from the playbook.",
        fix: "Rename the old service, create the new one, move the roster's subscriptions, \
              disable the old: shown, with `--allow replace-service`; subscribers outside the \
              roster are listed, never moved; nothing is deleted.",
        source: "IP Phone Services Application Development Notes, service administration; AXL \
              14.0 schema",
        judged: Judged::Verify,
    },
];
