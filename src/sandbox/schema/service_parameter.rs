//! Types of service parameters and process nodes.

use super::{ANY, Kind, Part, one, one_of, opt};

/// AXL 14.0 schema, `UpdateServiceParameterReq`.
pub static UPDATE: &[Part] = &[
    one_of(&[
        one("uuid", Kind::Uuid),
        Part::Sequence(&[
            one("processNodeName", Kind::Reference),
            one("name", Kind::Text(ANY)),
            one("service", Kind::Word),
        ]),
    ]),
    opt("value", Kind::Text(ANY)).nil(),
];

/// AXL 14.0 schema, `RServiceParameter`.
pub static REPLY: &[Part] = &[
    opt("processNodeName", Kind::Reference),
    opt("name", Kind::Text(ANY)),
    opt("service", Kind::Word),
    opt("value", Kind::Text(ANY)),
    opt("valueType", Kind::Word),
];

/// AXL 14.0 schema, `LServiceParameter`.
pub static LISTED: &[Part] = &[
    opt("processNodeName", Kind::Reference),
    opt("name", Kind::Text(ANY)),
    opt("service", Kind::Word),
    opt("value", Kind::Text(ANY)),
    opt("valueType", Kind::Word),
];

/// AXL 14.0 schema, `LProcessNode`.
pub static LISTED_NODE: &[Part] = &[
    opt("name", Kind::Text(255)),
    opt("description", Kind::Text(50)),
    opt("mac", Kind::Word),
    opt("ipv6Name", Kind::Text(ANY)),
    opt("nodeUsage", Kind::Word),
    opt("lbmHubGroup", Kind::Reference),
    opt("processNodeRole", Kind::Word),
];
