//! Checks of Finesse's IP Phone Agent Settings.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "ippa-settings-differ",
        subject: "settings",
        severity: Error,
        title: "Finesse uses another application user",
        why: "Sign-in works, the screen never changes. User name in IP Phone Agent Settings is \
              not the application user.",
        how: "With `mode: rest` the site's path is read on both nodes. With `mode: operator` not \
              checkable; the last attestation is shown.",
        fix: "Enter the same user and password; restart Tomcat in order.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3",
        judged: Judged::Verify,
    },
    Check {
        id: "ippa-settings-not-observable",
        subject: "settings",
        severity: Info,
        title: "IP Phone Agent Settings cannot be read",
        why: "No public interface reads what Finesse stored; the password cannot be read anywhere.",
        how: "Always. The credential is tested at CUCM and at the phone; only an agent signed in \
              by IPPA with changing screens proves what Finesse stored.",
        fix: "None: said as not checkable.",
        source: "No public interface describes these settings",
        judged: Judged::Verify,
    },
    Check {
        id: "ippa-settings-path",
        subject: "settings",
        severity: Error,
        title: "The site's path for IP Phone Agent Settings does not work",
        why: "404 or 403 on the site's path. Path of mode `rest` is wrong, or the secondary was \
              addressed.",
        how: "GET only, valid credentials, once per path; 401 stops. 405 is a path that takes no \
              GET: what stands there is not checkable.",
        fix: "Find the path in Finesse's audit log.",
        source: "No public interface describes these settings",
        judged: Judged::Verify,
    },
    Check {
        id: "ippa-settings-per-site",
        subject: "settings",
        severity: Info,
        title: "On PCCE the settings exist per site",
        why: "PCCE: one site works, another does not. The setting exists per site and peripheral \
              set, in Unified CCE Administration.",
        how: "`finesse.product: pcce`.",
        fix: "Repeat for every site and peripheral set.",
        source: "PCCE Administration and Configuration Guide",
        judged: Judged::Lint,
    },
    Check {
        id: "authentication-refused",
        subject: "settings",
        severity: Error,
        title: "CUCM refuses the application user's credential",
        why: "Screens do not change; `CiscoIPPhoneError` 4 in the fippa log. Wrong password, \
              device not associated, user missing.",
        how: "One POST to the Authentication URL of each CUCM node for one phone known to be \
              associated; anything but AUTHORIZED. A wrong password stops there; later refusals \
              mean association.",
        fix: "Correct the password, associate the device.",
        source: "IP Phone Services Application Development Notes, HTTP requests; IP Phone \
              Services Application Development Notes, XML objects",
        judged: Judged::Verify,
    },
    Check {
        id: "authentication-url",
        subject: "settings",
        severity: Error,
        title: "The phones' Authentication URL does not work",
        why: "Screens change on no phone: the Authentication URL is empty, has a short name or a \
              dead node, or another system such as a paging server answers.",
        how: "Enterprise parameters URL Authentication and Secured Authentication URL: empty, no \
              page's address, a short name, or another page than CUCM's on a server of the \
              cluster. What another system's page answers only a phone shows.",
        fix: "FQDN of the publisher, `/ccmcip/authenticate.jsp`, 8080 or 8443; or repair the \
              paging server's pass-through.",
        source: "CUCM Security Guide 12.5(1); Collaboration Enterprise design 12.x; Cisco \
              tech-note 216177",
        judged: Judged::Verify,
    },
    Check {
        id: "authentication-too-broad",
        subject: "settings",
        severity: Warning,
        title: "CUCM authorises devices that are not associated",
        why: "A device that is not associated is AUTHORIZED too, probably by the group that may \
              control all devices.",
        how: "The same test with a device that is not associated.",
        fix: "Judge association over AXL instead.",
        source: "IP Phone Services Application Development Notes, HTTP requests",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-authentication-url-differs",
        subject: "settings",
        severity: Warning,
        title: "A phone uses another Authentication URL",
        why: "One phone or pool fails, others work. The phone uses another Authentication URL, \
              DNS or TVS than CUCM would give today.",
        how: "On request, the phone's own network configuration page.",
        fix: "Apply configuration, remove the phone-level URL.",
        source: "IP Phone Services Application Development Notes, HTTP requests",
        judged: Judged::Doctor,
    },
    Check {
        id: "phone-push-refused",
        subject: "settings",
        severity: Error,
        title: "A phone refuses the application user",
        why: "The phone itself refuses the credential, or its path to CUCM is broken.",
        how: "On request, an authenticated read of the phone; only the status is looked at.",
        fix: "Correct the password, associate the device; then look at DNS and trust on the phone.",
        source: "IP Phone Services Application Development Notes, HTTP requests",
        judged: Judged::Doctor,
    },
];
