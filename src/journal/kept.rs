//! What a journal keeps of a field: the text itself, or of a secret a keyed digest, and the secret where it was sealed.

use secrecy::SecretString;

use crate::plan::{SecretNote, Shown};

use super::{Image, sorted};

/// What stood in a field, as far as it was kept.
#[derive(Debug, Clone)]
pub enum Kept {
    /// Nothing.
    Absent,
    /// A text.
    Text(String),
    /// A list whose order says nothing.
    List(Vec<String>),
    /// A secret: enough to recognise it, and itself where it was sealed and could be opened.
    Secret {
        /// Keyed digest, hexadecimal.
        digest: String,
        /// The secret.
        value: Option<SecretString>,
    },
    /// No interface tells.
    Unknown,
}

impl Kept {
    /// What is kept of this; `digest` recognises a secret.
    pub fn of(image: &Image, digest: &dyn Fn(&SecretString) -> String) -> Self {
        match image {
            Image::Absent => Self::Absent,
            Image::Text(text) => Self::Text(text.clone()),
            Image::List(list) => Self::List(list.clone()),
            Image::Secret(secret) => {
                Self::Secret { digest: digest(secret), value: Some(secret.clone()) }
            }
            Image::Unknown => Self::Unknown,
        }
    }

    /// Whether both are known, and the same.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::List(a), Self::List(b)) => sorted(a) == sorted(b),
            (Self::Text(a), Self::Text(b))
            | (Self::Secret { digest: a, .. }, Self::Secret { digest: b, .. }) => a == b,
            _ => false,
        }
    }

    /// Whether it can be written again.
    pub fn is_whole(&self) -> bool {
        !matches!(self, Self::Secret { value: None, .. } | Self::Unknown)
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::List(_) | Self::Secret { .. } | Self::Unknown => None,
        }
    }

    /// The value to write, where there is one.
    pub fn secret(&self) -> Option<SecretString> {
        match self {
            Self::Text(text) => Some(SecretString::from(text.clone())),
            Self::Secret { value, .. } => value.clone(),
            Self::Absent | Self::List(_) | Self::Unknown => None,
        }
    }

    /// The entries of a list; of nothing, none.
    pub fn list(&self) -> Vec<String> {
        match self {
            Self::List(list) => list.clone(),
            Self::Absent | Self::Text(_) | Self::Secret { .. } | Self::Unknown => Vec::new(),
        }
    }

    /// The same as an image.
    pub fn image(&self) -> Image {
        match self {
            Self::Absent => Image::Absent,
            Self::Text(text) => Image::Text(text.clone()),
            Self::List(list) => Image::List(list.clone()),
            Self::Secret { value: Some(value), .. } => Image::Secret(value.clone()),
            Self::Secret { value: None, .. } | Self::Unknown => Image::Unknown,
        }
    }

    /// As it may be shown.
    pub fn shown(&self) -> Shown {
        match self {
            Self::Absent => Shown::Absent,
            Self::Text(text) => Shown::text(text),
            Self::List(list) => Shown::text(list.join(", ")),
            Self::Secret { .. } => Shown::Secret(SecretNote::Set),
            Self::Unknown => Shown::Secret(SecretNote::CannotTell),
        }
    }
}
