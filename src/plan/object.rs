//! The things that are changed or found, by kind and name.

use std::fmt;

/// The kind of a thing that is changed or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// An application user.
    ApplicationUser,
    /// A phone service.
    PhoneService,
    /// A phone.
    Phone,
    /// An Extension Mobility device profile.
    DeviceProfile,
    /// A common phone profile.
    CommonPhoneProfile,
    /// The enterprise phone configuration; there is one.
    EnterprisePhoneConfiguration,
    /// An enterprise parameter.
    EnterpriseParameter,
    /// A user group (access control group).
    UserGroup,
    /// An end user.
    EndUser,
    /// A Finesse node.
    FinesseNode,
    /// An agent, by id.
    Agent,
    /// A team of agents.
    Team,
    /// A CUCM node.
    CucmNode,
    /// A waiver of the file beside the playbook.
    Waiver,
}

impl ObjectKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::ApplicationUser,
        Self::PhoneService,
        Self::Phone,
        Self::DeviceProfile,
        Self::CommonPhoneProfile,
        Self::EnterprisePhoneConfiguration,
        Self::EnterpriseParameter,
        Self::UserGroup,
        Self::EndUser,
        Self::FinesseNode,
        Self::Agent,
        Self::Team,
        Self::CucmNode,
        Self::Waiver,
    ];

    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApplicationUser => "application user",
            Self::PhoneService => "phone service",
            Self::Phone => "phone",
            Self::DeviceProfile => "device profile",
            Self::CommonPhoneProfile => "common phone profile",
            Self::EnterprisePhoneConfiguration => "enterprise phone configuration",
            Self::EnterpriseParameter => "enterprise parameter",
            Self::UserGroup => "user group",
            Self::EndUser => "end user",
            Self::FinesseNode => "Finesse node",
            Self::Agent => "agent",
            Self::Team => "team",
            Self::CucmNode => "CUCM node",
            Self::Waiver => "waiver",
        }
    }
}

/// A thing on the cluster, by name, never by a server-assigned id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

impl Object {
    /// A thing of this kind and name.
    pub fn new(kind: ObjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.name)
    }
}
