//! Request and reply types of phone services and their parameters.

use super::{ANY, Kind, MANY, Part, at_most_one_of, one, one_of, opt, range};

/// AXL 14.0 schema, `XIpPhoneServices`.
pub static ADD: &[Part] = &[
    one("serviceName", Kind::Text(128)),
    one("asciiServiceName", Kind::Text(128)),
    opt("serviceDescription", Kind::Text(128)).nil(),
    one("serviceUrl", Kind::Text(ANY)).nil(),
    opt("secureServiceUrl", Kind::Text(ANY)).nil(),
    one("serviceCategory", Kind::Word),
    one("serviceType", Kind::Word),
    opt("serviceVendor", Kind::Text(ANY)),
    opt("serviceVersion", Kind::Text(ANY)),
    opt("enabled", Kind::Boolean),
    opt("enterpriseSubscription", Kind::Boolean),
    opt("parameters", Kind::Children(&[range("parameter", Kind::Children(PARAMETER), 1, MANY)])),
];

/// AXL 14.0 schema, `UpdateIpPhoneServicesReq`.
pub static UPDATE: &[Part] = &[
    one_of(&[one("uuid", Kind::Uuid), one("serviceName", Kind::Text(128))]),
    opt("newServiceName", Kind::Text(128)),
    opt("asciiServiceName", Kind::Text(128)),
    opt("serviceDescription", Kind::Text(128)).nil(),
    opt("serviceUrl", Kind::Text(ANY)).nil(),
    opt("secureServiceUrl", Kind::Text(ANY)).nil(),
    opt("serviceCategory", Kind::Word),
    opt("serviceType", Kind::Word),
    opt("serviceVendor", Kind::Text(ANY)),
    opt("serviceVersion", Kind::Text(ANY)),
    opt("enabled", Kind::Boolean),
    at_most_one_of(&[
        Part::Sequence(&[
            opt(
                "removeParameters",
                Kind::Children(&[range("parameter", Kind::Children(PARAMETER), 1, MANY)]),
            ),
            opt(
                "addParameters",
                Kind::Children(&[range("parameter", Kind::Children(PARAMETER), 1, MANY)]),
            ),
        ]),
        opt(
            "parameters",
            Kind::Children(&[range("parameter", Kind::Children(PARAMETER), 1, MANY)]),
        ),
    ]),
];

/// AXL 14.0 schema, `XIpPhoneServicesParameter`.
pub static PARAMETER: &[Part] = &[
    one("name", Kind::Text(50)),
    one("displayName", Kind::Text(128)),
    opt("default", Kind::Text(255)),
    one("description", Kind::Text(255)).nil(),
    opt("paramRequired", Kind::Boolean),
    opt("paramPassword", Kind::Boolean),
];

/// AXL 14.0 schema, `RIpPhoneServices`.
pub static REPLY: &[Part] = &[
    opt("serviceName", Kind::Text(128)),
    opt("asciiServiceName", Kind::Text(128)),
    opt("serviceDescription", Kind::Text(128)),
    opt("serviceUrl", Kind::Text(ANY)),
    opt("secureServiceUrl", Kind::Text(ANY)),
    opt("serviceCategory", Kind::Word),
    opt("serviceType", Kind::Word),
    opt("serviceVendor", Kind::Text(ANY)),
    opt("serviceVersion", Kind::Text(ANY)),
    opt("enabled", Kind::Boolean),
    opt("enterpriseSubscription", Kind::Boolean),
    opt(
        "parameters",
        Kind::Children(&[range("parameter", Kind::Children(PARAMETER_REPLY), 0, MANY)]),
    ),
];

/// AXL 14.0 schema, `RIpPhoneServicesParameter`.
pub static PARAMETER_REPLY: &[Part] = &[
    opt("name", Kind::Text(50)),
    opt("displayName", Kind::Text(128)),
    opt("default", Kind::Text(255)),
    opt("description", Kind::Text(255)),
    opt("paramRequired", Kind::Boolean),
    opt("paramPassword", Kind::Boolean),
];

/// AXL 14.0 schema, `LIpPhoneServices`.
pub static LISTED: &[Part] = &[
    opt("serviceName", Kind::Text(128)),
    opt("asciiServiceName", Kind::Text(128)),
    opt("serviceDescription", Kind::Text(128)),
    opt("serviceUrl", Kind::Text(ANY)),
    opt("secureServiceUrl", Kind::Text(ANY)),
    opt("serviceCategory", Kind::Word),
    opt("serviceType", Kind::Word),
    opt("serviceVendor", Kind::Text(ANY)),
    opt("serviceVersion", Kind::Text(ANY)),
    opt("enabled", Kind::Boolean),
    opt("enterpriseSubscription", Kind::Boolean),
];
