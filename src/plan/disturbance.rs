//! What steps disturb, and the words by which it is allowed.

/// What a step disturbs; each kind needs `--allow` or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disturbance {
    /// An enterprise flag that can only be changed by replacing the service.
    ReplaceService,
    /// Values of phones that are not listed are cleared.
    ClearValues,
    /// Every phone of the cluster counts.
    ClusterWide,
    /// A subscription or association is taken away.
    Removal,
    /// A direct database write under `sql_writes: ask`.
    Sql,
    /// A restart that signs every agent of a node out.
    Restart,
    /// A phone registers or starts anew.
    PhoneReset,
    /// A CUCM node starts anew.
    Reboot,
}

impl Disturbance {
    /// All kinds that exist so far.
    pub const ALL: [Self; 8] = [
        Self::ReplaceService,
        Self::ClearValues,
        Self::ClusterWide,
        Self::Removal,
        Self::Sql,
        Self::Restart,
        Self::PhoneReset,
        Self::Reboot,
    ];

    /// The word of `--allow`.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReplaceService => "replace-service",
            Self::ClearValues => "clear-values",
            Self::ClusterWide => "cluster-wide",
            Self::Removal => "removal",
            Self::Sql => "sql",
            Self::Restart => "restart",
            Self::PhoneReset => "phone-reset",
            Self::Reboot => "reboot",
        }
    }
}
