//! Counts what was asked, for tests that count writes, sign-ins and tries.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::Instant;

use serde::Serialize;

use super::sso::record::Record;

const REMEMBERED: usize = 200;

/// One request on the AXL port.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Operation; empty when it was not reached.
    pub operation: String,
    /// Name, uuid or statement that the request is about.
    pub object: String,
    /// Whether the operation writes.
    pub writes: bool,
    /// HTTP status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// Whether a planned fault was at work.
    pub injected: bool,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A write that changed the database. The number is the same for the same operation on the same object.
    Performed(u64),
    /// A write that was refused because too many change notifications were outstanding.
    Throttled,
    /// Anything else.
    Other,
}

/// When writes were performed, in milliseconds since the counters began.
#[derive(Debug, Serialize)]
pub struct Span {
    #[serde(skip)]
    begun: Instant,
    /// The first.
    pub first_ms: Option<f64>,
    /// The last.
    pub last_ms: Option<f64>,
}

impl Default for Span {
    fn default() -> Self {
        Self { begun: Instant::now(), first_ms: None, last_ms: None }
    }
}

/// The counters since the start or the last reset.
#[derive(Debug, Default, Serialize)]
pub struct Ledger {
    /// Requests by operation.
    pub operations: BTreeMap<String, u64>,
    /// Requests of reading operations.
    pub reads: u64,
    /// Requests of writing operations, refused and failed ones included.
    pub writes: u64,
    /// Writing operations that changed the database.
    pub performed_writes: u64,
    /// Those of them that did the same to the same object as one before, e.g. updated a phone again.
    pub doubled_writes: u64,
    /// Writes refused with 503 because too many change notifications were outstanding.
    pub throttled_writes: u64,
    /// When writes were performed.
    pub performed: Span,
    #[serde(skip)]
    done: HashSet<u64>,
    /// `executeSQLQuery` requests.
    pub sql_reads: u64,
    /// `executeSQLUpdate` requests.
    pub sql_writes: u64,
    /// 401 answers by account.
    pub unauthorized: BTreeMap<String, u64>,
    /// Admissions by HTTP Basic, by account.
    pub sign_ins: BTreeMap<String, u64>,
    /// Wrong passwords at `authenticate.jsp`, by user.
    pub authenticate_failures: BTreeMap<String, u64>,
    /// Requests at `authenticate.jsp`.
    pub authenticate_requests: u64,
    /// The last requests, oldest first.
    pub last: VecDeque<Entry>,
    /// Requests on the Finesse ports.
    pub finesse: FinesseLedger,
    /// What happened on the shells.
    pub ssh: ShellLedger,
    /// What was asked in the course of single sign-on.
    pub sso: Record,
    /// Requests at `RisPort`.
    pub ris_requests: u64,
    /// Those that were over the rate.
    pub ris_refused: u64,
}

/// One request on a Finesse port.
#[derive(Debug, Clone, Serialize)]
pub struct FinesseEntry {
    /// Host of the node.
    pub node: String,
    /// Method.
    pub method: String,
    /// Path without the query, which may hold a password.
    pub path: String,
    /// User of its Basic credentials, right or wrong.
    pub user: String,
    /// HTTP status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// Whether a planned fault was at work.
    pub injected: bool,
    /// How credentials were given: `Basic`, `Bearer`, or not at all.
    pub scheme: String,
}

/// The counters of the Finesse ports.
#[derive(Debug, Default, Serialize)]
pub struct FinesseLedger {
    /// Requests that are not a GET.
    pub writes: u64,
    /// GET requests.
    pub reads: u64,
    /// Requests that brought a cookie back; with Basic they should not (facts/finesse.md section 2).
    pub cookies: u64,
    /// 401 answers to credentials, by `user@host`.
    pub unauthorized: BTreeMap<String, u64>,
    /// Requests with right credentials, by `user@host`.
    pub admitted: BTreeMap<String, u64>,
    /// The last requests, oldest first.
    pub last: VecDeque<FinesseEntry>,
}

impl FinesseLedger {
    /// Counts one request.
    pub fn enter(&mut self, entry: FinesseEntry) {
        if entry.method == "GET" {
            self.reads += 1;
        } else {
            self.writes += 1;
        }
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(entry);
    }
}

/// The counters of the shells.
#[derive(Debug, Default, Serialize)]
pub struct ShellLedger {
    /// Successful logins, by `user@host`.
    pub logins: BTreeMap<String, u64>,
    /// Credentials refused, by `user@host`.
    pub refused: BTreeMap<String, u64>,
    /// Connections, by host; with or without a login.
    pub connections: BTreeMap<String, u64>,
    /// Requests for `exec`, which are refused.
    pub exec_requests: u64,
    /// Commands as they were typed, `host: command`, oldest first.
    pub commands: VecDeque<String>,
}

impl ShellLedger {
    /// Remembers a command.
    pub fn command(&mut self, host: &str, line: &str) {
        if self.commands.len() == REMEMBERED {
            self.commands.pop_front();
        }
        self.commands.push_back(format!("{host}: {line}"));
    }
}

impl Ledger {
    /// Counts one request.
    pub fn enter(&mut self, entry: Entry, fate: Fate) {
        if !entry.operation.is_empty() {
            *self.operations.entry(entry.operation.clone()).or_default() += 1;
            match entry.operation.as_str() {
                "executeSQLQuery" => self.sql_reads += 1,
                "executeSQLUpdate" => self.sql_writes += 1,
                _ => {}
            }
            if entry.writes {
                self.writes += 1;
                match fate {
                    Fate::Performed(key) => self.perform(key),
                    Fate::Throttled => self.throttled_writes += 1,
                    Fate::Other => {}
                }
            } else {
                self.reads += 1;
            }
        }
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(entry);
    }

    fn perform(&mut self, key: u64) {
        self.performed_writes += 1;
        self.doubled_writes += u64::from(!self.done.insert(key));
        let now = self.performed.begun.elapsed().as_secs_f64() * 1000.0;
        self.performed.first_ms.get_or_insert(now);
        self.performed.last_ms = Some(now);
    }

    /// Adds one to a count by name.
    pub fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
}
