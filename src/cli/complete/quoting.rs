//! How shells hand over what was typed, and how they want what is offered.

use crate::cli::args::Shell;

/// What a shell does by itself, and what is left to do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// bash hands over words as they were typed, and inserts what it is given.
    Bash,
    /// The same, in quotes that are still open.
    BashQuoted,
    /// Words stand as they were typed; the shell quotes what it inserts.
    Typed,
    /// The shell does both.
    Done,
}

/// What needs no backslash.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "_-./:=,@%+".contains(c)
}

impl Quoting {
    /// As the shell does it for a word like the one that is being typed.
    pub(super) fn of(shell: Shell, current: &str) -> Self {
        match shell {
            Shell::Bash if current.starts_with(['"', '\'']) => Self::BashQuoted,
            Shell::Bash => Self::Bash,
            Shell::Fish | Shell::Powershell => Self::Typed,
            Shell::Zsh | Shell::Elvish => Self::Done,
        }
    }

    /// Whether there is no place for what a candidate means.
    pub(super) fn values_only(self) -> bool {
        matches!(self, Self::Bash | Self::BashQuoted)
    }

    /// A word before the one that is being typed, as the command would get it.
    pub(super) fn read(self, word: &str) -> String {
        match self {
            Self::Done => word.to_owned(),
            Self::Typed => word.trim_matches(['"', '\'']).to_owned(),
            Self::Bash | Self::BashQuoted => unquoted(word),
        }
    }

    /// The word that is being typed.
    pub(super) fn read_current(self, word: &str) -> String {
        match self {
            Self::BashQuoted => word[1..].to_owned(),
            Self::Bash | Self::Typed | Self::Done => self.read(word),
        }
    }

    /// A candidate as the shell wants it.
    pub(super) fn written(self, value: &str) -> String {
        if self != Self::Bash {
            return value.to_owned();
        }
        let mut written = String::with_capacity(value.len());
        for (at, c) in value.char_indices() {
            let is_home = at == 0 && value.starts_with("~/");
            if !is_plain(c) && !is_home {
                written.push('\\');
            }
            written.push(c);
        }
        written
    }
}

fn unquoted(word: &str) -> String {
    let mut unquoted = String::with_capacity(word.len());
    let mut quote = None;
    let mut letters = word.chars();
    while let Some(c) = letters.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => unquoted.extend(letters.next()),
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => unquoted.push(c),
        }
    }
    unquoted
}

#[cfg(test)]
mod tests {
    use super::Quoting;
    use crate::cli::args::Shell;

    #[test]
    fn a_file_with_a_command_in_its_name_is_inserted_as_a_name() {
        let bash = Quoting::of(Shell::Bash, "si");
        assert_eq!(bash.written("site $(reboot).yaml"), "site\\ \\$\\(reboot\\).yaml");
        assert_eq!(bash.read("site\\ \\$\\(reboot\\).yaml"), "site $(reboot).yaml");
        assert_eq!(bash.read("'a b'\"c\\\"d\""), "a bc\"d");
        assert_eq!(bash.written("~/a~"), "~/a\\~");
        let quoted = Quoting::of(Shell::Bash, "\"my s");
        assert_eq!(quoted.read_current("\"my s"), "my s");
        assert_eq!(quoted.written("my site.yaml"), "my site.yaml");
    }
}
