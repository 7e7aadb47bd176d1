//! `utils dbreplication runtimestate`: three layouts of rows are printed by the releases. Of a row, name and address at
//! its start and the last digit in brackets count.

use super::NotRecognised;

/// The state of database replication, as one node sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// One row per node, exactly as many as announced.
    pub nodes: Vec<ReplicationNode>,
    /// Whether a synchronisation or a check of one is said to be in progress.
    pub in_progress: bool,
}

/// One node's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicationNode {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// State.
    pub state: ReplicationState,
    /// What waits to be replicated, where the layout tells.
    pub queue: Option<u64>,
    /// The words after the state, e.g. `Setup Completed`.
    pub detail: String,
}

/// The digit of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicationState {
    /// 0: not started.
    NotStarted,
    /// 1: not all is there yet.
    CountIncorrect,
    /// 2: good.
    Good,
    /// 3: bad.
    Bad,
    /// 4: the set-up failed.
    SetupFailed,
    /// A digit without a documented meaning.
    Other(u8),
}

impl ReplicationState {
    fn read(digit: u8) -> Self {
        match digit {
            0 => Self::NotStarted,
            1 => Self::CountIncorrect,
            2 => Self::Good,
            3 => Self::Bad,
            4 => Self::SetupFailed,
            other => Self::Other(other),
        }
    }

    /// Whether waiting may help.
    pub fn may_become_good(self) -> bool {
        matches!(self, Self::NotStarted | Self::CountIncorrect)
    }
}

impl Replication {
    /// Reads the state.
    ///
    /// # Errors
    /// When the detailed view is missing, or has another number of rows than it announces: a row that is not
    /// recognised must not look like a node that is fine.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        let mut lines = text.lines();
        let announced = lines
            .by_ref()
            .find_map(announced)
            .ok_or(NotRecognised { why: "no line `Cluster Detailed View … (N Servers)`" })?;
        let nodes: Vec<ReplicationNode> = lines.filter_map(row).collect();
        if nodes.is_empty() || nodes.len() != announced {
            return Err(NotRecognised { why: "another number of rows than servers announced" });
        }
        let in_progress = text.to_ascii_lowercase().contains("in progress");
        Ok(Self { nodes, in_progress })
    }

    /// Whether every node's state is good.
    pub fn complete(&self) -> bool {
        !self.nodes.is_empty() && self.nodes.iter().all(|node| node.state == ReplicationState::Good)
    }

    /// Nodes that waiting does not help.
    pub fn broken(&self) -> Vec<&ReplicationNode> {
        let bad = |node: &&ReplicationNode| {
            node.state != ReplicationState::Good && !node.state.may_become_good()
        };
        self.nodes.iter().filter(bad).collect()
    }

    /// What waits to be replicated on all nodes together; `None` when the layout does not tell for each.
    pub fn queued(&self) -> Option<u64> {
        self.nodes.iter().try_fold(0, |sum: u64, node| Some(sum.saturating_add(node.queue?)))
    }
}

/// `Cluster Detailed View from cucm-01 (2 Servers):`
fn announced(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("Cluster Detailed View")?;
    let (_, inside) = rest.rsplit_once('(')?;
    let (count, word) = inside.trim().split_once(char::is_whitespace)?;
    word.trim_start().to_ascii_lowercase().starts_with("server").then_some(())?;
    count.parse().ok().filter(|count| *count > 0)
}

/// The longest line that may be a node, in bytes: every bracket of it is looked at.
const LONGEST: usize = 1000;

fn row(line: &str) -> Option<ReplicationNode> {
    let line = Some(line).filter(|line| line.len() <= LONGEST)?;
    let mut words = line.split_whitespace();
    let (name, address) = (words.next()?, words.next()?);
    let address_like = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    if !address.chars().all(address_like) || !address.contains(['.', ':']) {
        return None;
    }
    let (before, digit, detail) = last_digit(line)?;
    // name, address and the time of a ping come before it
    let queue = before.split_whitespace().skip(3).find_map(|word| word.parse().ok());
    Some(ReplicationNode {
        name: name.to_owned(),
        address: address.to_owned(),
        state: ReplicationState::read(digit),
        queue,
        detail: detail.trim().to_owned(),
    })
}

/// What stands before the last `(digit)`, the digit, and what stands after it.
fn last_digit(line: &str) -> Option<(&str, u8, &str)> {
    line.rmatch_indices('(').find_map(|(at, _)| {
        let (before, rest) = line.split_at_checked(at)?;
        let (inside, after) = rest.strip_prefix('(')?.split_once(')')?;
        let digit = inside.parse().ok().filter(|_| inside.len() == 1)?;
        Some((before, digit, after))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Replication, ReplicationState};

    const HEAD: &str = "Server Time: Mon Jul 17 17:03:45 EDT 2023\n\n\
        Cluster Replication State: BROADCAST SYNC ended at: 2023-07-17-16-47\n     \
        Sync Result: SYNC COMPLETED on 753 tables out of 753\n     Sync Status: All Tables are in sync\n\n\
        DB Version: ccm15_0_1_12900_234\nRepltimeout set to: 300s\nPROCESS option set to: 1\n\n";
    const NEW: &str = "Cluster Detailed View from cucm-01 (2 Servers):\n\n\
        \x20                                     PING      DB/RPC/   REPL.    Replication    REPLICATION SETUP\n\
        SERVER-NAME         IP ADDRESS        (msec)    DbMon?    QUEUE    Group ID       (RTMT) & Details\n\
        -----------         ----------        ------    -------   -----    -----------    ------------------\n\
        cucm-01             172.168.0.101     0.045     Y/Y/Y     0        (g_2)          (2) Setup Completed\n\
        cucm-02             172.168.0.102     0.220     Y/Y/Y     7        (g_3)          (2) Setup Completed\n";
    const TEN: &str = "Cluster Detailed View from uc10-pub (2 Servers):\n\n\
        uc10-pub    192.0.2.95     0.040  Yes       (g_2)  (2) Setup Completed\n\
        uc10-sub    2001:db8::5    0.282  Yes       (g_3)  (2) Setup Completed\n";
    const OLD: &str = "Cluster Detailed View from PUB (2 Servers):\n\n\
        server1     100.10.10.201  0.038  Yes Connected  0  match  Yes  (2) PUB Setup Completed\n\
        server2     100.10.10.202  0.248  Yes Connected  128  match  Yes  (2) Setup Completed\n";

    #[test]
    fn three_layouts() {
        for (text, queued) in [(NEW, Some(7)), (TEN, None), (OLD, Some(128))] {
            let read = Replication::parse(&format!("{HEAD}{text}")).unwrap();
            assert!(read.complete() && !read.in_progress && read.broken().is_empty(), "{text}");
            assert_eq!((read.nodes.len(), read.queued()), (2, queued), "{text}");
        }
        let read = Replication::parse(OLD).unwrap();
        assert_eq!(read.nodes[0].detail, "PUB Setup Completed");
        assert_eq!((read.nodes[1].name.as_str(), read.nodes[1].queue), ("server2", Some(128)));
    }

    #[test]
    fn only_twos_are_complete() {
        for (digit, broken) in [(0, false), (1, false), (3, true), (4, true), (7, true)] {
            let text = NEW.replacen("(2) Setup Completed", &format!("({digit}) Out Of Sync"), 1);
            let read = Replication::parse(&text).unwrap();
            assert!(!read.complete(), "{digit}");
            assert_eq!(!read.broken().is_empty(), broken, "{digit}");
        }
        let state = Replication::parse(NEW).unwrap().nodes[1].state;
        assert_eq!(state, ReplicationState::Good);
    }

    #[test]
    fn a_check_in_progress_is_told() {
        let text = format!(
            "Cluster Replication State: Replication status command started at: 2023-07-17-16-47\n     \
             Replication status command in PROGRESS. Checked 134 tables out of 754\n     \
             Last Completed Table: devicenumplanmapremdestmap\n     No Errors or Mismatches found.\n\n{NEW}"
        );
        let read = Replication::parse(&text).unwrap();
        assert!(read.in_progress && read.complete());
    }

    #[test]
    fn a_wrong_number_of_rows_is_not_recognised() {
        let lines = |text: &str, kept: usize| {
            text.lines().take(kept).fold(String::new(), |all, line| all + line + "\n")
        };
        for text in [
            lines(NEW, 6),
            NEW.replace("(2 Servers)", "(3 Servers)"),
            NEW.replace("(2 Servers)", "(1 Server)"),
            NEW.replace("172.168.0.102", "unknown"),
            NEW.replace("Cluster Detailed View", "Cluster View"),
            NEW.replace("(2 Servers)", "(0 Servers)"),
            lines(NEW, 5),
            HEAD.to_owned(),
            String::new(),
        ] {
            assert!(Replication::parse(&text).is_err(), "{text}");
        }
        let one = lines(NEW, 6).replace("(2 Servers)", "(1 Servers)");
        assert!(Replication::parse(&one).unwrap().complete(), "a single node with its row");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Cluster Detailed View|\\(|\\)|[0-9]| Servers|a 1\\.2|é| |\n){0,40}") {
            if let Ok(read) = Replication::parse(&text) {
                prop_assert!(read.nodes.len() <= text.lines().count());
            }
        }
    }
}
