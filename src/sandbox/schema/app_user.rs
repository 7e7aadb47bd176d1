//! Request and reply types of application users.

use super::{ANY, Kind, MANY, Part, one, one_of, opt, range};

/// AXL 14.0 schema, `XAppUser`.
pub static ADD: &[Part] = &[
    one("userid", Kind::Text(ANY)),
    opt("password", Kind::Text(ANY)),
    opt(
        "passwordCredentials",
        Kind::Children(&[
            opt("pwdCredPolicyName", Kind::Reference),
            opt("pwdCredUserCantChange", Kind::Boolean),
            opt("pwdCredUserMustChange", Kind::Boolean),
            opt("pwdCredDoesNotExpire", Kind::Boolean),
            opt("pwdCredTimeChanged", Kind::Text(ANY)),
            opt("pwdCredTimeAdminLockout", Kind::Text(ANY)).nil(),
            opt("pwdCredLockedByAdministrator", Kind::Boolean),
            opt("pwdResetHackCount", Kind::Boolean),
        ]),
    ),
    opt("digestCredentials", Kind::Text(ANY)),
    opt("presenceGroupName", Kind::Reference),
    opt("acceptPresenceSubscription", Kind::Boolean),
    opt("acceptOutOfDialogRefer", Kind::Boolean),
    opt("acceptUnsolicitedNotification", Kind::Boolean),
    opt("allowReplaceHeader", Kind::Boolean),
    opt("associatedDevices", Kind::Children(&[range("device", Kind::Text(50), 0, MANY)])),
    opt(
        "associatedGroups",
        Kind::Children(&[range(
            "userGroup",
            Kind::Children(&[
                one("name", Kind::Text(100)),
                opt("userRoles", Kind::Children(&[range("userRole", Kind::Text(100), 0, MANY)])),
            ]),
            0,
            MANY,
        )]),
    ),
    opt(
        "ctiControlledDeviceProfiles",
        Kind::Children(&[range("deviceProfile", Kind::Text(50), 0, MANY)]),
    ),
];

/// AXL 14.0 schema, `UpdateAppUserReq`.
pub static UPDATE: &[Part] = &[
    one_of(&[one("uuid", Kind::Uuid), one("userid", Kind::Text(ANY))]),
    opt("newUserid", Kind::Text(ANY)),
    opt("password", Kind::Text(ANY)),
    opt(
        "passwordCredentials",
        Kind::Children(&[
            opt("pwdCredPolicyName", Kind::Reference),
            opt("pwdCredUserCantChange", Kind::Boolean),
            opt("pwdCredUserMustChange", Kind::Boolean),
            opt("pwdCredDoesNotExpire", Kind::Boolean),
            opt("pwdCredTimeChanged", Kind::Text(ANY)),
            opt("pwdCredTimeAdminLockout", Kind::Text(ANY)).nil(),
            opt("pwdCredLockedByAdministrator", Kind::Boolean),
            opt("pwdResetHackCount", Kind::Boolean),
        ]),
    ),
    opt("digestCredentials", Kind::Text(ANY)),
    opt("presenceGroupName", Kind::Reference),
    opt("acceptPresenceSubscription", Kind::Boolean),
    opt("acceptOutOfDialogRefer", Kind::Boolean),
    opt("acceptUnsolicitedNotification", Kind::Boolean),
    opt("allowReplaceHeader", Kind::Boolean),
    opt("associatedDevices", Kind::Children(&[range("device", Kind::Text(50), 0, MANY)])),
    opt(
        "associatedGroups",
        Kind::Children(&[range(
            "userGroup",
            Kind::Children(&[
                one("name", Kind::Text(100)),
                opt("userRoles", Kind::Children(&[range("userRole", Kind::Text(100), 0, MANY)])),
            ]),
            0,
            MANY,
        )]),
    ),
    opt(
        "ctiControlledDeviceProfiles",
        Kind::Children(&[range("deviceProfile", Kind::Text(50), 0, MANY)]),
    ),
];

/// AXL 14.0 schema, `RAppUser`.
pub static REPLY: &[Part] = &[
    opt("userid", Kind::Text(ANY)),
    opt("password", Kind::Text(ANY)),
    opt(
        "passwordCredentials",
        Kind::Children(&[
            opt("pwdCredPolicyName", Kind::Reference),
            opt("pwdCredUserCantChange", Kind::Boolean),
            opt("pwdCredUserMustChange", Kind::Boolean),
            opt("pwdCredDoesNotExpire", Kind::Boolean),
            opt("pwdCredTimeChanged", Kind::Text(ANY)),
            opt("pwdCredTimeAdminLockout", Kind::Text(ANY)),
            opt("pwdCredLockedByAdministrator", Kind::Boolean),
            opt("pwdResetHackCount", Kind::Boolean),
        ]),
    ),
    opt("digestCredentials", Kind::Text(ANY)),
    opt("presenceGroupName", Kind::Reference),
    opt("acceptPresenceSubscription", Kind::Boolean),
    opt("acceptOutOfDialogRefer", Kind::Boolean),
    opt("acceptUnsolicitedNotification", Kind::Boolean),
    opt("allowReplaceHeader", Kind::Boolean),
    opt("isStandard", Kind::Boolean),
    opt("associatedDevices", Kind::Children(&[range("device", Kind::Text(50), 0, MANY)])),
    opt(
        "associatedGroups",
        Kind::Children(&[range(
            "userGroup",
            Kind::Children(&[
                opt("name", Kind::Text(100)),
                opt("userRoles", Kind::Children(&[range("userRole", Kind::Text(100), 0, MANY)])),
            ]),
            0,
            MANY,
        )]),
    ),
    opt(
        "associatedCapfProfiles",
        Kind::Children(&[range("capfProfileInstanceId", Kind::Text(128), 0, MANY)]),
    ),
    opt(
        "ctiControlledDeviceProfiles",
        Kind::Children(&[range("deviceProfile", Kind::Text(50), 0, MANY)]),
    ),
];

/// AXL 14.0 schema, `LAppUser`.
pub static LISTED: &[Part] = &[
    opt("userid", Kind::Text(ANY)),
    opt("presenceGroupName", Kind::Reference),
    opt("acceptPresenceSubscription", Kind::Boolean),
    opt("acceptOutOfDialogRefer", Kind::Boolean),
    opt("acceptUnsolicitedNotification", Kind::Boolean),
    opt("allowReplaceHeader", Kind::Boolean),
    opt("isStandard", Kind::Boolean),
];
