//! The request and reply types of AXL as plain tables, and what their parts are made of.
//!
//! Source: the AXL 14.0 schema, with what 11.5 and 12.0 lack, or have beyond it, marked. Types that nothing here simulates (lines, speed
//! dials, …) are open: any content passes.

pub mod app_user;
pub mod check;
pub mod common_device_config;
pub mod common_phone_config;
pub mod device_profile;
pub mod end_user;
pub mod line;
pub mod operations;
pub mod phone_get;
pub mod phone_list;
pub mod phone_service;
pub mod phone_update;
pub mod service_parameter;
pub mod subscription;
pub mod user_group;

/// No limit on a text's length.
pub const ANY: usize = usize::MAX;
/// No limit on how often an element may occur.
pub const MANY: usize = usize::MAX;

/// Major and minor of an AXL version.
pub type Version = (u32, u32);

/// What an element may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// A word of an enumeration; the schema lets any text pass, the database does not.
    Word,
    /// `t`, `f`, `true`, `false`, `0` or `1`.
    Boolean,
    /// An integer or nothing.
    Integer,
    /// A uuid in braces.
    Uuid,
    /// A name, a `uuid` attribute, or both.
    Reference,
    /// A firmware name with an optional attribute `special`.
    Load,
    /// Any elements without a namespace.
    Vendor,
    /// Anything at all.
    Open,
    /// Elements in a fixed order.
    Children(&'static [Part]),
    /// Search criteria: elements in a fixed order, at least one of them.
    Criteria(&'static [Part]),
    /// Names of elements to be returned, in a fixed order; their content does not matter.
    Tags(&'static [Part]),
}

/// One element of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Least number of occurrences.
    pub min: usize,
    /// Greatest number of occurrences.
    pub max: usize,
    /// May be nil.
    pub nillable: bool,
    /// The first version whose schema has it.
    pub since: Version,
    /// The first version whose schema no longer has it.
    pub until: Version,
}

/// One part of a sequence.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// An element.
    Element(Element),
    /// Parts in order; used inside a choice.
    Sequence(&'static [Part]),
    /// One of several parts.
    Choice {
        /// The alternatives.
        branches: &'static [Part],
        /// Whether one of them has to be there.
        needed: bool,
    },
}

impl Part {
    /// The same element, nillable.
    #[must_use]
    pub const fn nil(self) -> Self {
        match self {
            Self::Element(element) => Self::Element(Element { nillable: true, ..element }),
            Self::Sequence(_) | Self::Choice { .. } => self,
        }
    }

    /// The same element, unknown to earlier versions.
    #[must_use]
    pub const fn since(self, major: u32, minor: u32) -> Self {
        match self {
            Self::Element(element) => Self::Element(Element { since: (major, minor), ..element }),
            Self::Sequence(_) | Self::Choice { .. } => self,
        }
    }

    /// The same element, gone from this version on.
    #[must_use]
    pub const fn until(self, major: u32, minor: u32) -> Self {
        match self {
            Self::Element(element) => Self::Element(Element { until: (major, minor), ..element }),
            Self::Sequence(_) | Self::Choice { .. } => self,
        }
    }
}

/// An element that occurs `min` to `max` times.
pub const fn range(name: &'static str, kind: Kind, min: usize, max: usize) -> Part {
    let (since, until) = ((0, 0), (u32::MAX, 0));
    Part::Element(Element { name, kind, min, max, nillable: false, since, until })
}

/// An element that may be left out.
pub const fn opt(name: &'static str, kind: Kind) -> Part {
    range(name, kind, 0, 1)
}

/// An element that has to be there.
pub const fn one(name: &'static str, kind: Kind) -> Part {
    range(name, kind, 1, 1)
}

/// Exactly one of the parts.
pub const fn one_of(branches: &'static [Part]) -> Part {
    Part::Choice { branches, needed: true }
}

/// One of the parts or none.
pub const fn at_most_one_of(branches: &'static [Part]) -> Part {
    Part::Choice { branches, needed: false }
}
