//! The one value behind the exit code, the last line of text and the JSON `outcome`.

/// How a call of ippactl ended. The discriminants are the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// Done; in sync.
    Done = 0,
    /// Something failed.
    Failed = 1,
    /// Changes are pending (`plan --detailed-exitcode`), or drift was found (`verify`).
    Changes = 2,
    /// A read that should have worked failed, a declared check could not run, or a step was deferred or left
    /// to an operator.
    Incomplete = 3,
    /// Credentials were refused or a role is missing.
    Denied = 4,
    /// A safety rule refused.
    Refused = 5,
    /// Wrong usage, or a playbook that does not validate.
    Usage = 64,
    /// Interrupted; the journal says what was done.
    Interrupted = 130,
}

impl Outcome {
    /// Every outcome, in the order in which the first that holds wins.
    pub const BY_PRECEDENCE: [Self; 8] = [
        Self::Interrupted,
        Self::Usage,
        Self::Denied,
        Self::Refused,
        Self::Failed,
        Self::Incomplete,
        Self::Changes,
        Self::Done,
    ];

    /// The process exit code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Changes => "changes",
            Self::Incomplete => "incomplete",
            Self::Denied => "denied",
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::Interrupted => "interrupted",
        }
    }

    /// What the code means, as the README's table says it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done; in sync",
            Self::Failed => "failed",
            Self::Changes => "changes pending (`plan --detailed-exitcode`), or drift (`verify`)",
            Self::Incomplete => {
                "incomplete: a read that should have worked failed, a declared check could not run, a step was deferred or left to an operator"
            }
            Self::Denied => "credentials refused or a role is missing",
            Self::Refused => "refused by a safety rule",
            Self::Usage => "usage, or a playbook that does not validate",
            Self::Interrupted => "interrupted; the journal says what was done",
        }
    }

    /// The outcome that wins when several hold; [`Outcome::Done`] for none.
    pub fn winner(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let held: Vec<Self> = outcomes.into_iter().collect();
        Self::BY_PRECEDENCE.into_iter().find(|outcome| held.contains(outcome)).unwrap_or(Self::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn the_first_that_holds_wins() {
        assert_eq!(Outcome::winner([]), Outcome::Done);
        assert_eq!(Outcome::winner([Outcome::Changes, Outcome::Incomplete]), Outcome::Incomplete);
        assert_eq!(Outcome::winner([Outcome::Failed, Outcome::Refused]), Outcome::Refused);
        assert_eq!(Outcome::winner([Outcome::Refused, Outcome::Denied]), Outcome::Denied);
        assert_eq!(Outcome::winner(Outcome::BY_PRECEDENCE), Outcome::Interrupted);
    }
}
