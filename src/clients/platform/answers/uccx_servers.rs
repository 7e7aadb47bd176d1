//! `show uccx dbreplication servers`: a head, a rule, and a row per server of UCCX's datastore. UCCX with two nodes
//! only.

use super::NotRecognised;

/// The replication servers of UCCX's datastore, as one node sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UccxServers {
    /// Two at least, one of them the node itself.
    pub servers: Vec<UccxServer>,
}

/// One server's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UccxServer {
    /// Name or address.
    pub name: String,
    /// e.g. `Active`.
    pub state: String,
    /// e.g. `Connected`, or `Local` for the node itself.
    pub status: String,
    /// What waits to be replicated to it.
    pub queue: u64,
}

impl UccxServer {
    /// Whether it takes part and nothing waits for it.
    pub fn good(&self) -> bool {
        let connected = self.local() || self.status.eq_ignore_ascii_case("connected");
        self.state.eq_ignore_ascii_case("active") && connected && self.queue == 0
    }

    fn local(&self) -> bool {
        self.status.eq_ignore_ascii_case("local")
    }
}

impl UccxServers {
    /// Reads the table; `None` when there is none, as where the command is not known.
    ///
    /// # Errors
    /// When there is a head and not everything under it is understood: a row that is not recognised must not look
    /// like a server that is fine.
    pub fn parse(text: &str) -> Result<Option<Self>, NotRecognised> {
        let mut lines = text.lines().map(str::trim);
        if !lines.by_ref().any(head) {
            return Ok(None);
        }
        let mut servers = Vec::new();
        for line in lines.filter(|line| !line.chars().all(|c| c == '-' || c.is_whitespace())) {
            if line.to_ascii_lowercase().starts_with("command successful") {
                break;
            }
            let why = "a line under the head that is no server with state, status and queue";
            servers.push(row(line).ok_or(NotRecognised { why })?);
        }
        if servers.len() < 2 || servers.iter().filter(|server| server.local()).count() != 1 {
            return Err(NotRecognised { why: "not two servers, one of them Local" });
        }
        Ok(Some(Self { servers }))
    }

    /// Whether every server is active and connected, with nothing queued.
    pub fn complete(&self) -> bool {
        self.servers.len() > 1 && self.servers.iter().all(UccxServer::good)
    }

    /// The first server that is not.
    pub fn first_bad(&self) -> Option<&UccxServer> {
        self.servers.iter().find(|server| !server.good())
    }
}

/// `SERVER … ID STATE STATUS QUEUE CONNECTION CHANGED`
fn head(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.starts_with(&["SERVER", "ID", "STATE", "STATUS", "QUEUE"])
}

fn row(line: &str) -> Option<UccxServer> {
    let mut words = line.split_whitespace();
    let (name, id, state, status, queue) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    id.parse::<u64>().ok()?;
    let letters = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic());
    if !letters(state) || !letters(status) {
        return None;
    }
    Some(UccxServer {
        name: name.to_owned(),
        state: state.to_owned(),
        status: status.to_owned(),
        queue: queue.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::UccxServers;

    const GOOD: &str = "SERVER                 ID STATE    STATUS     QUEUE  CONNECTION CHANGED\n\
        -----------------------------------------------------------------------\n\
        192.0.2.106           110 Active   Connected       0 Apr  7 22:01:19\n\
        192.0.2.107           100 Active   Local           0\n";

    #[test]
    fn all_active_connected_and_nothing_queued() {
        let read = UccxServers::parse(GOOD).unwrap().unwrap();
        assert!(read.complete() && read.first_bad().is_none());
        assert_eq!((read.servers.len(), read.servers[0].name.as_str()), (2, "192.0.2.106"));
        let ended = format!("{GOOD}\nCommand successful.\n");
        assert!(UccxServers::parse(&ended).unwrap().unwrap().complete());
        for (from, to, bad) in [
            ("Connected       0", "Connected       7", "192.0.2.106"),
            ("Connected ", "Dropped   ", "192.0.2.106"),
            ("100 Active ", "100 Suspend", "192.0.2.107"),
        ] {
            let read = UccxServers::parse(&GOOD.replace(from, to)).unwrap().unwrap();
            assert!(!read.complete(), "{to}");
            assert_eq!(read.first_bad().unwrap().name, bad, "{to}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_complete() {
        for text in ["", "Executed command unsuccessfully\nNo valid command entered", "SERVER"] {
            assert_eq!(UccxServers::parse(text), Ok(None), "{text}");
        }
        let lines: Vec<&str> = GOOD.lines().collect();
        for text in [
            lines[..2].join("\n"),
            lines[..3].join("\n"),
            GOOD.replace("Local    ", "Connected"),
            GOOD.replace("Connected", "Local    "),
            GOOD.replace("100 Active   Local           0", "100 Active"),
            GOOD.replace("Local           0", "Local           ?"),
            format!("{GOOD}The datastore is not reachable\n"),
        ] {
            assert!(UccxServers::parse(&text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_cut_table_is_never_complete(at in 0_usize..GOOD.len() - 1) {
            let read = UccxServers::parse(GOOD.get(..at).unwrap_or_default());
            let complete = matches!(&read, Ok(Some(servers)) if servers.complete());
            prop_assert!(!complete, "{read:?}");
        }

        #[test]
        fn any_text_is_read(text in "(SERVER ID STATE STATUS QUEUE|Active|Local|[0-9]| |é|\n){0,40}") {
            drop(UccxServers::parse(&text));
        }
    }
}
