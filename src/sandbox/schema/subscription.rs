//! The types of one entry of `services`, the same on phones and device profiles.

use super::{ANY, Kind, Part, one, opt};

/// AXL 14.0 schema, `XSubscribedService`.
pub static REQUEST: &[Part] = &[
    one("telecasterServiceName", Kind::Reference),
    one("name", Kind::Text(100)),
    opt("url", Kind::Text(ANY)).nil(),
    opt("urlButtonIndex", Kind::Integer),
    opt("urlLabel", Kind::Text(50)),
    opt("serviceNameAscii", Kind::Text(50)),
];

/// AXL 14.0 schema, `RSubscribedService`.
pub static REPLY: &[Part] = &[
    opt("telecasterServiceName", Kind::Reference),
    opt("name", Kind::Text(100)),
    opt("url", Kind::Text(ANY)),
    opt("urlButtonIndex", Kind::Integer),
    opt("urlLabel", Kind::Text(50)),
    opt("serviceNameAscii", Kind::Text(50)),
    opt("phoneService", Kind::Word),
    opt("phoneServiceCategory", Kind::Word),
    opt("vendor", Kind::Text(ANY)),
    opt("version", Kind::Text(ANY)),
    opt("priority", Kind::Integer),
];
