//! Checks of Finesse's pages for phones.

use super::{Check, Judged};
use crate::plan::Severity::Error;

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "servlet-not-answering",
        subject: "servlet",
        severity: Error,
        title: "The IPPA page does not answer",
        why: "Phone: connection failed, `HTTP Error [10]`. Node or servlet down, port closed.",
        how: "A GET of the IPPA page on both nodes with a device name that exists nowhere, the \
              certificate judged as the phones would.",
        fix: "Repair the node; see `finesse-not-in-service`.",
        source: "IP Phone Services Application Development Notes, HTTP requests",
        judged: Judged::Verify,
    },
    Check {
        id: "servlet-not-phone-xml",
        subject: "servlet",
        severity: Error,
        title: "The IPPA page is not a phone's XML",
        why: "Phone: `XML Error [4]`. HTML of the proxy (502 page), login page, wrong path.",
        how: "The same GET: status 200, well-formed, the root element begins with `CiscoIPPhone`.",
        fix: "Correct the URL; wait for the restart.",
        source: "IP Phone Services Application Development Notes, troubleshooting",
        judged: Judged::Verify,
    },
    Check {
        id: "servlet-real-device",
        subject: "servlet",
        severity: Error,
        title: "A check would sign a real agent in or out",
        why: "With a real device name the page would sign a live agent in or out.",
        how: "Before the page is asked for: CUCM has a device of the name that is to exist nowhere. \
              Pages of real devices are never asked for.",
        fix: "Rename the device, or give it back its own name.",
        source: "ippactl: a check disturbs nobody",
        judged: Judged::Verify,
    },
];
