//! Checks of the application user.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "app-user-password-limits",
        subject: "app-user",
        severity: Error,
        title: "The application user's password is too long or not ASCII",
        why: "Console or CUCM refuses the password; or it is cut and never matches. More than 95 \
              characters, or characters outside ASCII.",
        how: "Offline, before any call, for CUCM and Finesse alike.",
        fix: "Choose a password of at most 95 ASCII characters.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: steps 2.3, 3.3",
        judged: Judged::Lint,
    },
    Check {
        id: "app-user-password-not-alphanumeric",
        subject: "app-user",
        severity: Warning,
        title: "The application user's password has other characters than letters and digits",
        why: "Finesse settings save, pushes still fail. The console field is said to want \
              letters and digits only.",
        how: "Offline: any character outside `[A-Za-z0-9]`.",
        fix: "Prefer a longer alphanumeric password.",
        source: "Cisco tech-note 212115",
        judged: Judged::Lint,
    },
    Check {
        id: "app-user-id-taken",
        subject: "app-user",
        severity: Error,
        title: "An end user already has the application user's id",
        why: "CUCM refuses to create the application user. An end user has the same user id \
              (forbidden in either direction).",
        how: "AXL getUser with the application user's id.",
        fix: "Choose another id.",
        source: "AXL 9.1 schema, database rules",
        judged: Judged::Verify,
    },
    Check {
        id: "app-user-missing",
        subject: "app-user",
        severity: Error,
        title: "The application user does not exist",
        why: "Pushes to phones fail; screens do not change.",
        how: "AXL getAppUser (a fault not found only; a failed read is never absent).",
        fix: "Create it.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: steps 2.1–2.3",
        judged: Judged::Verify,
    },
    Check {
        id: "app-user-groups",
        subject: "app-user",
        severity: Error,
        title: "The application user lacks a CTI group",
        why: "Pushes fail with Error 4. Not in Standard CTI Enabled or Standard CTI Allow \
              Control of All Devices.",
        how: "AXL getAppUser `associatedGroups`, names compared ignoring case (\"Of\"/\"of\").",
        fix: "Add the missing group, keep the others.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: steps 2.5–2.6",
        judged: Judged::Verify,
    },
    Check {
        id: "app-user-is-rmcm",
        subject: "app-user",
        severity: Error,
        title: "The application user is UCCX's RMCM user",
        why: "Erratic control, sign-in trouble on UCCX. The RMCM user is used for IPPA.",
        how: "Offline: `application_user.id` against `application_user.uccx_rmcm.user`. Live: \
              the same name on the cluster.",
        fix: "Use a separate user.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 2 UCCX note",
        judged: Judged::Lint,
    },
    Check {
        id: "phone-not-on-rmcm",
        subject: "app-user",
        severity: Error,
        title: "A phone is not controlled by the RMCM user",
        why: "UCCX agent cannot sign in, device invalid. Physical phone (with EM: device \
              profile) is not a controlled device of the RMCM user.",
        how: "AXL getAppUser of the RMCM user; UCCX only.",
        fix: "Associate in CUCM, or `uccx_rmcm.devices: add`; other changes to that user are not \
              supported.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 2 UCCX note; \
              Cisco tech-note 210485",
        judged: Judged::Verify,
    },
    Check {
        id: "rmcm-groups",
        subject: "app-user",
        severity: Warning,
        title: "The RMCM user's groups were changed",
        why: "UCCX agents cannot sign in or be monitored. Groups of the RMCM user were changed. \
              Expected: Standard CTI Enabled; Allow Control of All Devices; Allow Control of \
              Phones supporting Connected Xfer and conf; for Finesse also Allow Call Monitoring \
              and Allow Call Recording.",
        how: "AXL getAppUser of the RMCM user.",
        fix: "Operator: let UCCX set the user right.",
        source: "Cisco tech-note 210485, step 7",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-not-controlled",
        subject: "app-user",
        severity: Error,
        title: "A phone is not a controlled device of the application user",
        why: "Sign-in works, the screen never changes; Error 4. An agent's phone is not a \
              controlled device of the application user.",
        how: "AXL getAppUser `associatedDevices` against the roster and against all phones \
              subscribed to an IPPA service.",
        fix: "Associate the phone (add to the list, never replace it).",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 2.4",
        judged: Judged::Verify,
    },
    Check {
        id: "profile-not-controlled",
        subject: "app-user",
        severity: Error,
        title: "A device profile is not controlled by the application user",
        why: "Works on fixed phones, not for Extension Mobility users. The device profile is not \
              associated with the application user (from 11.0(1)).",
        how: "AXL getAppUser `ctiControlledDeviceProfiles` against the device profiles of the \
              roster's agents.",
        fix: "Associate profile and phone.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3 note",
        judged: Judged::Verify,
    },
    Check {
        id: "controlled-device-undeclared",
        subject: "app-user",
        severity: Info,
        title: "The application user controls devices that the playbook does not name",
        why: "The application user controls devices the playbook does not name. Set by hand, or \
              agents left.",
        how: "AXL getAppUser against the roster.",
        fix: "None: reported, never removed by `apply`.",
        source: "ippactl: nothing else is touched",
        judged: Judged::Verify,
    },
];
