//! The machines below the nodes: when each was started, whether it is being rebooted, and which of CUCM's services do not run.
//!
//! Source: facts/vos.md sections 2.7, 3, 11. While a machine reboots, its ports close every connection.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Station;
use crate::sandbox::finesse::node::Order;
use crate::sandbox::site::Site;

/// State of a service that does not simply run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It runs.
    Started,
    /// It was stopped.
    Stopped,
    /// It will run.
    Starting,
    /// It will not run.
    Stopping,
    /// Nobody activated it.
    NotActivated,
}

/// One machine.
#[derive(Debug, Clone)]
struct Machine {
    since: Instant,
    back: Option<Instant>,
    boots: u32,
    services: BTreeMap<String, State>,
}

/// All machines, by host. One that was never touched has been up for thirty days.
#[derive(Debug)]
pub struct Machines {
    begun: Instant,
    known: BTreeMap<String, Machine>,
}

impl Default for Machines {
    fn default() -> Self {
        Self { begun: Instant::now(), known: BTreeMap::new() }
    }
}

/// How long a machine had been up when the sandbox began.
const UP: Duration = Duration::from_hours(30 * 24);

impl Machines {
    fn of(&mut self, host: &str) -> &mut Machine {
        let begun = self.begun;
        self.known.entry(host.to_owned()).or_insert_with(|| Machine {
            since: begun,
            back: None,
            boots: 0,
            services: BTreeMap::new(),
        })
    }

    /// Begins a reboot that takes so long.
    pub fn reboot(&mut self, host: &str, takes: Duration) {
        let machine = self.of(host);
        machine.back = Some(Instant::now() + takes);
        machine.boots += 1;
        machine.services.retain(|_, state| *state == State::NotActivated);
    }

    /// Whether the machine is being rebooted now.
    pub fn is_down(&mut self, host: &str) -> bool {
        let now = Instant::now();
        let machine = self.of(host);
        match machine.back {
            Some(back) if back > now => true,
            Some(back) => {
                (machine.since, machine.back) = (back, None);
                false
            }
            None => false,
        }
    }

    /// How often it was rebooted.
    pub fn boots(&mut self, host: &str) -> u32 {
        self.of(host).boots
    }

    /// How long its services have been up.
    pub fn up(&mut self, host: &str) -> Duration {
        self.is_down(host);
        let machine = self.of(host);
        let before = if machine.boots == 0 { UP } else { Duration::ZERO };
        machine.since.elapsed() + before
    }

    /// State of a service of CUCM.
    pub fn service(&mut self, host: &str, name: &str) -> State {
        self.of(host).services.get(name).copied().unwrap_or(State::Started)
    }

    /// Sets the state of a service of CUCM.
    pub fn set(&mut self, host: &str, name: &str, state: State) {
        self.of(host).services.insert(name.to_owned(), state);
    }
}

/// Reboots a node's machine. Finesse on it starts once the machine is back, and its agents are signed out.
pub fn reboot(site: &Site, station: &Station) {
    let knobs = site.front().shells.knobs(&station.host);
    let takes = Duration::from_millis(knobs.reboot_ms);
    site.front().machines.reboot(&station.host, takes);
    if let Some(side) = station.kind.side() {
        site.finesse(|cluster, now| cluster.order(now + takes, side, Order::Restart));
    }
}

#[cfg(test)]
mod tests {
    use super::{Machines, State};
    use std::time::Duration;

    #[test]
    fn a_reboot_ends_and_starts_what_was_stopped() {
        let mut machines = Machines::default();
        machines.set("a", "Cisco Tftp", State::Stopped);
        machines.set("a", "Cisco DirSync", State::NotActivated);
        assert!(machines.up("a") > Duration::from_hours(24));
        machines.reboot("a", Duration::from_millis(5));
        assert!(machines.is_down("a") && !machines.is_down("b"));
        std::thread::sleep(Duration::from_millis(10));
        assert!(!machines.is_down("a"));
        assert!(machines.up("a") < Duration::from_hours(1));
        assert_eq!(machines.service("a", "Cisco Tftp"), State::Started);
        assert_eq!(machines.service("a", "Cisco DirSync"), State::NotActivated);
        assert_eq!(machines.boots("a"), 1);
    }
}
