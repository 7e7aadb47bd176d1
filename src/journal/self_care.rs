//! What agents need for the Self Care Portal, before and after a write: an enterprise parameter's value, members of a
//! user group.

/// The value of an enterprise parameter.
pub const VALUE: &str = "value";
/// Whether a user is a member of a group; the part of the group is the user.
pub const MEMBER: &str = "member";
