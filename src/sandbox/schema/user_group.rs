//! Request and reply types of user groups.

use super::{ANY, Kind, MANY, Part, at_most_one_of, one, one_of, opt, range};

/// AXL 14.0 schema, `UpdateUserGroupReq`.
pub static UPDATE: &[Part] = &[
    one_of(&[one("name", Kind::Text(100)), one("uuid", Kind::Uuid)]),
    at_most_one_of(&[
        Part::Sequence(&[
            opt(
                "removeMembers",
                Kind::Children(&[range("member", Kind::Children(MEMBER), 0, MANY)]),
            ),
            opt("addMembers", Kind::Children(&[range("member", Kind::Children(MEMBER), 0, MANY)])),
        ]),
        opt("members", Kind::Children(&[range("member", Kind::Children(MEMBER), 0, MANY)])),
    ]),
    at_most_one_of(&[
        Part::Sequence(&[
            opt("removeUserRoles", Kind::Children(&[range("userRole", Kind::Open, 0, MANY)])),
            opt("addUserRoles", Kind::Children(&[range("userRole", Kind::Open, 0, MANY)])),
        ]),
        opt("userRoles", Kind::Children(&[range("userRole", Kind::Open, 0, MANY)])),
    ]),
    opt("newName", Kind::Text(128)),
];

/// AXL 14.0 schema, `XUserGroupMember`.
pub static MEMBER: &[Part] = &[one("userId", Kind::Text(ANY))];

/// AXL 14.0 schema, `RUserGroupMember`.
pub static MEMBER_REPLY: &[Part] = &[opt("userId", Kind::Text(ANY))];

/// AXL 14.0 schema, `RUserGroup`.
pub static REPLY: &[Part] = &[
    opt("members", Kind::Children(&[range("member", Kind::Children(MEMBER_REPLY), 0, MANY)])),
    opt("userRoles", Kind::Children(&[range("userRole", Kind::Open, 0, MANY)])),
    opt("name", Kind::Text(128)),
];

/// AXL 14.0 schema, `LUserGroup`.
pub static LISTED: &[Part] = &[opt("name", Kind::Text(128))];
