//! Reply types of common device configurations.

use super::{Kind, Part, opt};

/// AXL 14.0 schema, `RCommonDeviceConfig`.
pub static REPLY: &[Part] = &[
    opt("name", Kind::Text(50)),
    opt("softkeyTemplateName", Kind::Reference),
    opt("userLocale", Kind::Word),
    opt("networkHoldMohAudioSourceId", Kind::Word),
    opt("userHoldMohAudioSourceId", Kind::Word),
    opt("mlppDomainId", Kind::Text(128)),
    opt("mlppIndicationStatus", Kind::Word),
    opt("useTrustedRelayPoint", Kind::Boolean),
    opt("preemption", Kind::Word),
    opt("ipAddressingMode", Kind::Word),
    opt("ipAddressingModePreferenceControl", Kind::Word),
    opt("allowAutoConfigurationForPhones", Kind::Word),
    opt("useImeForOutboundCalls", Kind::Word),
    opt("confidentialAccess", Kind::Open),
    opt("allowDuplicateAddressDetection", Kind::Word),
    opt("acceptRedirectMessages", Kind::Word),
    opt("replyMulticastEchoRequest", Kind::Word),
];

/// AXL 14.0 schema, `LCommonDeviceConfig`.
pub static LISTED: &[Part] = &[
    opt("name", Kind::Text(50)),
    opt("softkeyTemplateName", Kind::Reference),
    opt("userLocale", Kind::Word),
    opt("networkHoldMohAudioSourceId", Kind::Word),
    opt("userHoldMohAudioSourceId", Kind::Word),
    opt("mlppIndicationStatus", Kind::Word),
    opt("useTrustedRelayPoint", Kind::Boolean),
    opt("preemption", Kind::Word),
    opt("ipAddressingMode", Kind::Word),
    opt("ipAddressingModePreferenceControl", Kind::Word),
    opt("allowAutoConfigurationForPhones", Kind::Word),
    opt("useImeForOutboundCalls", Kind::Word),
    opt("confidentialAccess", Kind::Open),
    opt("allowDuplicateAddressDetection", Kind::Word),
    opt("acceptRedirectMessages", Kind::Word),
    opt("replyMulticastEchoRequest", Kind::Word),
];
