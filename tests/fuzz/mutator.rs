//! Makes a case out of kept inputs: bytes, words of the format, whole parts of it, depth, length, and ends cut off.

use crate::corpus::Corpus;
use crate::subjects::Subject;

/// The longest case, in bytes; few come near it.
const LONGEST: usize = 256 * 1024;
/// What every format has to stand.
const WORDS: &[&str] = &[
    "\0",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\u{8}",
    "\u{1b}[31m",
    "\u{1b}]0;x\u{7}",
    "\u{9b}",
    "\u{202e}",
    "\u{feff}",
    "\u{2028}",
    "é",
    "𝄞",
    "-1",
    "0",
    "65536",
    "4294967296",
    "18446744073709551616",
    "1e999",
    "%00",
    "'",
    "\"",
    "\\",
    "..",
    "/",
];

/// One stream of numbers per case (`SplitMix64`), so that a case is repeated without those before it.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64, subject: &str, number: u64) -> Self {
        let name =
            subject.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let mut random = Self(name ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, or 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// Makes the cases of one subject.
pub(crate) struct Mutator<'a> {
    subject: &'a Subject,
    corpus: &'a Corpus,
}

impl<'a> Mutator<'a> {
    pub(crate) fn new(subject: &'a Subject, corpus: &'a Corpus) -> Self {
        Self { subject, corpus }
    }

    /// A kept input with one to eight changes, mostly few.
    pub(crate) fn case(&self, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.corpus.entry(random.below(usize::MAX)).to_vec();
        let changes = 1 + random.below(8).min(random.below(8));
        for _ in 0..changes {
            self.change(&mut bytes, random);
            bytes.truncate(LONGEST);
        }
        bytes
    }

    fn change(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        match random.below(15) {
            0 => {
                let at = random.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            1 => {
                let at = random.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap();
                }
            }
            2 | 3 => {
                let word = self.word(random);
                let at = self.edge(bytes, random);
                put(bytes, at, at, word.as_bytes());
            }
            4 => {
                let word = self.word(random);
                let (from, to) = self.part(bytes, random);
                put(bytes, from, to, word.as_bytes());
            }
            5 => {
                let (from, to) = self.part(bytes, random);
                put(bytes, from, to, b"");
            }
            // A part once more, or so often that it is a list without end.
            6 | 7 => {
                let (from, to) = self.part(bytes, random);
                let part = bytes[from..to].to_vec();
                let most = LONGEST.saturating_sub(bytes.len()) / part.len().max(1);
                let often =
                    if random.below(150) == 0 { random.below(4096) } else { random.below(3) + 1 };
                let at = self.edge(bytes, random);
                put(bytes, at, at, &part.repeat(often.min(most)));
            }
            8 => bytes.truncate(random.below(bytes.len())),
            9 => {
                let other = self.corpus.entry(random.below(usize::MAX)).to_vec();
                let (from, to) = self.part(&other, random);
                let (begin, end) = self.part(bytes, random);
                put(bytes, begin, end, &other[from..to]);
            }
            // Two parts change places.
            10 => {
                let (from, to) = self.part(bytes, random);
                let part: Vec<u8> = bytes.drain(from..to).collect();
                let at = self.edge(bytes, random);
                put(bytes, at, at, &part);
            }
            // Deeper than anybody writes.
            11 => {
                let (open, close) = self.subject.nests[random.below(self.subject.nests.len())];
                let deep =
                    if random.below(100) == 0 { random.below(20_000) } else { random.below(70) };
                let (from, to) = self.part(bytes, random);
                let inside = bytes[from..to].to_vec();
                let closes = if random.below(4) == 0 { 0 } else { deep };
                let nested =
                    [open.repeat(deep).as_bytes(), &inside, close.repeat(closes).as_bytes()]
                        .concat();
                put(bytes, from, to, &nested);
            }
            // Longer than anybody writes.
            12 => {
                let long =
                    if random.below(100) == 0 { random.below(LONGEST) } else { random.below(400) };
                let word = self.word(random);
                let at = self.edge(bytes, random);
                put(bytes, at, at, word.repeat(long / word.len().max(1)).as_bytes());
            }
            // Another number.
            13 => {
                let digits: Vec<usize> =
                    (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let from = digits[random.below(digits.len())];
                    let length =
                        bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    let number =
                        random.one(&["0", "-1", "9", "65536", "99999999999999999999", "1.5", ""]);
                    put(bytes, from, from + length, number.as_bytes());
                }
            }
            _ => {
                let at = random.below(bytes.len() + 1);
                let length = random.below(12);
                let noise: Vec<u8> =
                    (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
                put(bytes, at, at, &noise);
            }
        }
    }

    fn word(&self, random: &mut Random) -> &'a str {
        if random.below(4) == 0 { random.one(WORDS) } else { random.one(self.subject.words) }
    }

    /// A place where something of the format begins, mostly.
    fn edge(&self, bytes: &[u8], random: &mut Random) -> usize {
        let from = random.below(bytes.len() + 1);
        if random.below(5) == 0 {
            return from;
        }
        let marks = self.subject.marks.as_bytes();
        let next = bytes[from..].iter().position(|byte| marks.contains(byte));
        next.map_or(from, |offset| from + offset + random.below(2))
    }

    /// From one such place to a near one, or to any.
    fn part(&self, bytes: &[u8], random: &mut Random) -> (usize, usize) {
        let from = self.edge(bytes, random);
        let far = if random.below(8) == 0 { bytes.len() } else { random.below(200) };
        let end = from + random.below(far.min(bytes.len() - from) + 1);
        let marks = self.subject.marks.as_bytes();
        let near = bytes[end..].iter().take(200).position(|byte| marks.contains(byte));
        (from, near.map_or(end, |offset| end + offset))
    }
}

fn put(bytes: &mut Vec<u8>, from: usize, to: usize, new: &[u8]) {
    bytes.splice(from..to, new.iter().copied());
}
