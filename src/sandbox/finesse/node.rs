//! One node: what its Tomcat is doing, what it holds, who is signed in.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::sandbox::from::told::Told;
use crate::sandbox::options::FinesseNode;
use crate::sandbox::sha256_hex;
use crate::sandbox::soap::Node as Element;

/// The user of the phones' authentication, with a digest of the password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// User; empty when nothing was ever saved.
    pub user: String,
    /// SHA-256 of the password; empty when nothing was ever saved.
    pub password_sha256: String,
}

impl Credentials {
    /// With the digest of this password.
    pub fn of(user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), password_sha256: sha256_hex(password.as_bytes()) }
    }
}

/// State of a service's process, as the shell shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Process {
    /// Runs.
    Started,
    /// Does not.
    Stopped,
    /// Will run.
    Starting,
    /// Will not run.
    Stopping,
    /// Was to run and does not.
    Failed,
}

impl Process {
    /// The word between the brackets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "STARTED",
            Self::Stopped => "STOPPED",
            Self::Starting => "STARTING",
            Self::Stopping => "STOPPING",
            Self::Failed => "FAILED",
        }
    }
}

/// What answers on the node's port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Web {
    /// The web proxy alone, with 502.
    Down,
    /// Finesse, which is not ready yet.
    OutOfService,
    /// Finesse.
    InService,
}

/// The next thing that happens to a node's Tomcat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The process is gone.
    Stopped,
    /// The process begins.
    Starting,
    /// The process runs.
    Started,
    /// The process could not be started.
    Failed,
    /// The application answers.
    Answering,
    /// The application works.
    InService,
}

/// What was asked of a Tomcat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `utils service restart`.
    Restart,
    /// `utils service stop`.
    Stop,
    /// `utils service start`.
    Start,
}

/// How far a Tomcat comes that is restarted or started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The application works.
    InService,
    /// The application answers, and is not ready.
    OutOfService,
    /// The process runs, and only the web proxy answers.
    ProxyAlone,
    /// The process cannot be started.
    Failed,
}

/// Client that an agent uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Client {
    /// Browser.
    Desktop,
    /// Phone.
    Fippa,
    /// Other.
    Thirdparty,
}

impl Client {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Desktop => "DESKTOP",
            Self::Fippa => "FIPPA",
            Self::Thirdparty => "THIRDPARTY",
        }
    }
}

/// An agent who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedIn {
    /// Agent id.
    pub id: String,
    /// With what.
    pub client: Client,
    /// On which phone.
    #[serde(default)]
    pub device: Option<String>,
    /// On which extension; none: the agent's.
    #[serde(default)]
    pub extension: Option<String>,
}

/// Maintenance mode (facts/finesse.md section 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maintenance {
    /// Never asked for.
    None,
    /// Waits for agents to leave.
    InProgress,
    /// All left; Finesse has shut down.
    Completed,
    /// Not all left in time.
    Failed,
}

/// One Finesse node.
#[derive(Debug)]
pub struct Node {
    /// Name.
    pub host: String,
    /// Port of REST and servlet, as playbooks write it.
    pub api_port: u16,
    /// What its database holds.
    pub stored: Credentials,
    /// What its Tomcat authenticates with.
    pub running: Credentials,
    /// Its Tomcat's process.
    pub tomcat: Process,
    /// What answers on its port.
    pub web: Web,
    /// Other services that are not running, by name.
    pub other_services: BTreeMap<String, Process>,
    /// Out of service for another reason than a restart.
    pub forced_out: bool,
    /// The heartbeat to CTI succeeds.
    pub heartbeat: bool,
    /// Maintenance mode of Finesse, and since when.
    pub maintenance: (Maintenance, Instant),
    /// Maintenance mode of CTI: word, and since when.
    pub cti_maintenance: (String, Instant),
    /// Who is signed in here.
    pub signed_in: Vec<SignedIn>,
    /// Objects as they were captured, by path, while nothing has happened to the node since.
    pub told: BTreeMap<String, Told>,
    /// `SystemInfo` in the web proxy's cache, and since when.
    pub cached: Option<(Instant, Element)>,
    timeline: VecDeque<(Instant, Step)>,
    order: Order,
    booting: Option<Credentials>,
}

impl Node {
    /// A node in service, holding nothing yet.
    pub fn new(name: &FinesseNode) -> Self {
        let now = Instant::now();
        Self {
            host: name.host.clone(),
            api_port: name.api_port,
            stored: Credentials::default(),
            running: Credentials::default(),
            tomcat: Process::Started,
            web: Web::InService,
            other_services: BTreeMap::new(),
            forced_out: false,
            heartbeat: true,
            maintenance: (Maintenance::None, now),
            cti_maintenance: (String::new(), now),
            signed_in: Vec::new(),
            told: BTreeMap::new(),
            cached: None,
            timeline: VecDeque::new(),
            order: Order::Restart,
            booting: None,
        }
    }

    /// Whether Finesse works here.
    pub fn in_service(&self) -> bool {
        self.web == Web::InService && !self.forced_out
    }

    /// Whether only the web proxy answers.
    pub fn is_dead(&self) -> bool {
        self.web == Web::Down || self.maintenance.0 == Maintenance::Completed
    }

    /// What was asked of Tomcat last.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether something is under way.
    pub fn is_busy(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// When the next thing happens.
    pub fn next(&self) -> Option<Instant> {
        self.timeline.front().map(|(at, _)| *at)
    }

    /// Begins an order; the process takes `process` in all, the application works after `whole`.
    ///
    /// What the new process will authenticate with is read now: a row that arrives later is not seen before the
    /// next restart.
    pub fn begin(
        &mut self,
        order: Order,
        now: Instant,
        (process, whole): (Duration, Duration),
        end: End,
    ) {
        let whole = whole.max(process);
        let (half, rest) = (process / 2, whole.saturating_sub(process));
        let mut steps = match order {
            Order::Restart => vec![(half, Step::Starting), (process, Step::Started)],
            Order::Start => vec![(half, Step::Started)],
            Order::Stop => vec![(half, Step::Stopped)],
        };
        let started = steps.last().map_or(half, |(at, _)| *at);
        if order != Order::Stop {
            steps.push((started + rest / 2, Step::Answering));
            steps.push((started + rest, Step::InService));
        }
        // A stop comes to its end in any case.
        let end = if order == Order::Stop { End::InService } else { end };
        match end {
            End::InService => {}
            End::OutOfService => steps.retain(|(_, step)| *step != Step::InService),
            End::ProxyAlone => {
                steps.retain(|(_, step)| !matches!(step, Step::Answering | Step::InService));
            }
            End::Failed => {
                steps.retain(|(_, step)| *step == Step::Starting);
                steps.push((started, Step::Failed));
            }
        }
        // A restart clears the web proxy's cache (facts/finesse.md section 2).
        self.cached = None;
        self.told.clear();
        self.order = order;
        self.timeline = steps.into_iter().map(|(after, step)| (now + after, step)).collect();
        self.booting = (order != Order::Stop).then(|| self.stored.clone());
        self.tomcat = if order == Order::Start { Process::Starting } else { Process::Stopping };
        self.web = Web::Down;
    }

    /// Somebody broke the order off: Tomcat stays down until it is started again.
    pub fn break_off(&mut self) {
        if matches!(self.tomcat, Process::Stopping | Process::Starting) {
            self.timeline.clear();
            self.booting = None;
            self.tomcat = Process::Stopped;
            self.web = Web::Down;
        }
    }

    /// Takes the next step and gives its moment.
    pub fn advance(&mut self) -> Option<(Instant, Step)> {
        let (at, step) = self.timeline.pop_front()?;
        match step {
            Step::Stopped => self.tomcat = Process::Stopped,
            Step::Starting => self.tomcat = Process::Starting,
            Step::Failed => self.tomcat = Process::Failed,
            Step::Started => {
                self.tomcat = Process::Started;
                if let Some(read) = self.booting.take() {
                    self.running = read;
                }
                // A node that was drained and is started again takes agents again.
                if self.maintenance.0 == Maintenance::Completed {
                    self.maintenance.0 = Maintenance::None;
                }
            }
            Step::Answering => self.web = Web::OutOfService,
            Step::InService => self.web = Web::InService,
        }
        Some((at, step))
    }
}
