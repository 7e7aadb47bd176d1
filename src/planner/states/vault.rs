//! Many short secrets one after the other, in blocks that never move and are wiped at their end.

use std::fmt;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// Bytes of one block.
const BLOCK: usize = 64 * 1024;

/// The blocks.
#[derive(Default)]
pub(super) struct Vault {
    blocks: Vec<Zeroizing<String>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

/// Where a secret lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    block: u32,
    from: u32,
    length: u32,
    /// It begins with what was known of it, which is not kept.
    begun: bool,
}

impl Vault {
    /// Keeps a text; not its beginning, where that is what is given.
    pub(super) fn keep(&mut self, text: &str, beginning: &str) -> Kept {
        let rest = text.strip_prefix(beginning);
        let (text, begun) = (rest.unwrap_or(text), rest.is_some());
        let fits = |block: &&mut Zeroizing<String>| block.capacity() - block.len() >= text.len();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let length = number(text.len());
        let count = self.blocks.len();
        if let Some(block) = self.blocks.last_mut().filter(fits) {
            let from = number(block.len());
            block.push_str(text);
            return Kept { block: number(count - 1), from, length, begun };
        }
        let mut block = Zeroizing::new(String::with_capacity(BLOCK.max(text.len())));
        block.push_str(text);
        self.blocks.push(block);
        Kept { block: number(count), from: 0, length, begun }
    }

    /// The text as it was, with the same beginning.
    pub(super) fn get(&self, kept: &Kept, beginning: &str) -> SecretString {
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let block = self.blocks.get(at(kept.block)).map_or("", |block| block.as_str());
        let from = at(kept.from);
        let rest = block.get(from..from.saturating_add(at(kept.length))).unwrap_or_default();
        if !kept.begun || beginning.is_empty() {
            return rest.into();
        }
        let mut text = String::with_capacity(beginning.len() + rest.len());
        text.push_str(beginning);
        text.push_str(rest);
        text.into()
    }
}
