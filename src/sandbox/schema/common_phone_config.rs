//! Request and reply types of common phone profiles and the enterprise level.

use super::{Kind, Part, one, one_of, opt};

/// AXL 14.0 schema, `UpdateCommonPhoneConfigReq`.
pub static UPDATE: &[Part] = &[
    one_of(&[one("name", Kind::Text(100)), one("uuid", Kind::Uuid)]),
    opt("newName", Kind::Text(50)),
    opt("description", Kind::Text(128)),
    opt("unlockPwd", Kind::Text(50)),
    opt("dndOption", Kind::Word),
    opt("dndAlertingType", Kind::Word),
    opt("backgroundImage", Kind::Boolean),
    opt("phonePersonalization", Kind::Word),
    opt("phoneServiceDisplay", Kind::Word),
    opt("sshUserId", Kind::Text(50)),
    opt("sshPwd", Kind::Text(255)),
    opt("vendorConfig", Kind::Vendor).nil(),
    opt("alwaysUsePrimeLine", Kind::Word),
    opt("alwaysUsePrimeLineForVoiceMessage", Kind::Word),
    opt("vpnGroupName", Kind::Reference).nil(),
    opt("vpnProfileName", Kind::Reference).nil(),
    opt("featureControlPolicy", Kind::Reference).nil(),
    opt("wifiHotspotProfile", Kind::Reference).nil(),
];

/// AXL 14.0 schema, `RCommonPhoneConfig`.
pub static REPLY: &[Part] = &[
    opt("name", Kind::Text(50)),
    opt("description", Kind::Text(128)),
    opt("unlockPwd", Kind::Text(50)),
    opt("dndOption", Kind::Word),
    opt("dndAlertingType", Kind::Word),
    opt("backgroundImage", Kind::Boolean),
    opt("phonePersonalization", Kind::Word),
    opt("phoneServiceDisplay", Kind::Word),
    opt("sshUserId", Kind::Text(50)),
    opt("sshPwd", Kind::Text(255)),
    opt("vendorConfig", Kind::Vendor),
    opt("alwaysUsePrimeLine", Kind::Word),
    opt("alwaysUsePrimeLineForVoiceMessage", Kind::Word),
    opt("vpnGroupName", Kind::Reference),
    opt("vpnProfileName", Kind::Reference),
    opt("featureControlPolicy", Kind::Reference),
    opt("wifiHotspotProfile", Kind::Reference),
];

/// AXL 14.0 schema, `LCommonPhoneConfig`.
pub static LISTED: &[Part] = &[
    opt("name", Kind::Text(50)),
    opt("description", Kind::Text(128)),
    opt("dndOption", Kind::Word),
    opt("dndAlertingType", Kind::Word),
    opt("backgroundImage", Kind::Boolean),
    opt("phonePersonalization", Kind::Word),
    opt("phoneServiceDisplay", Kind::Word),
    opt("sshUserId", Kind::Text(50)),
    opt("alwaysUsePrimeLine", Kind::Word),
    opt("alwaysUsePrimeLineForVoiceMessage", Kind::Word),
    opt("vpnGroupName", Kind::Reference),
    opt("vpnProfileName", Kind::Reference),
    opt("featureControlPolicy", Kind::Reference),
];

/// AXL 14.0 schema, `UpdateEnterprisePhoneConfigReq`.
pub static UPDATE_ENTERPRISE: &[Part] = &[opt("vendorConfig", Kind::Vendor).nil()];
