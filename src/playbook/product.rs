//! The products that Finesse belongs to.

/// `finesse.product`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Unified Contact Center Express.
    Uccx,
    /// Unified Contact Center Enterprise.
    Ucce,
    /// Packaged Contact Center Enterprise.
    Pcce,
}

impl Product {
    /// The playbook's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uccx => "uccx",
            Self::Ucce => "ucce",
            Self::Pcce => "pcce",
        }
    }
}
