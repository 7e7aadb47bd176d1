//! `utils service list|restart|stop|start`.
//!
//! Source: facts/vos.md section 2.7.

use std::time::Duration;

use serde_json::json;

use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::node::{Order, Process};
use crate::sandbox::options::Product;
use crate::sandbox::platform::knobs::Wording;
use crate::sandbox::platform::machines::State;
use crate::sandbox::platform::shell::{Said, Shell};
use crate::sandbox::platform::terminal::Gone;
use crate::sandbox::platform::{Kind, Station};
use crate::sandbox::site::Site;

/// Finesse's own service.
pub const TOMCAT: &str = "Cisco Finesse Tomcat";
/// What vouches for certificates to phones.
pub const TVS: &str = "Cisco Trust Verification Service";
const LOOK: Duration = Duration::from_millis(10);
const OLD: &str = " Don't press Ctrl-c while the service is getting RESTARTED.If Service has not Restarted Properly, execute the same Command Again";
const NEW: &str = " Do not press Ctrl+C while the service is restarting. If the service has not restarted properly, execute the same command again.";

fn notification(product: Product) -> &'static str {
    match product {
        Product::Uccx => "Cisco Unified CCX Notification Service",
        Product::Ucce | Product::Pcce => "Cisco Finesse Notification Service",
    }
}

/// Services that run on a node, besides Finesse Tomcat.
pub fn names(site: &Site, station: &Station) -> Vec<&'static str> {
    let mut names = vec![
        "A Cisco DB",
        "A Cisco DB Replicator",
        "Cisco AMC Service",
        "Cisco Audit Event Service",
        "Cisco CDP",
        "Cisco CDP Agent",
        "Cisco Certificate Change Notification",
        "Cisco Certificate Expiry Monitor",
        "Cisco DRF Local",
    ];
    match station.kind {
        Kind::Publisher | Kind::Subscriber => names.extend([
            "Cisco AXL Web Service",
            "Cisco CTIManager",
            "Cisco CallManager",
            "Cisco Extension Mobility",
            "Cisco RIS Data Collector",
            "Cisco Tftp",
            TVS,
        ]),
        Kind::Finesse(_) => {
            names.push(notification(site.options.finesse.product));
            names.push("Cisco Web Proxy Service");
        }
    }
    names.extend([
        "Cisco Tomcat",
        "Platform Administrative Web Service",
        "SOAP -Log Collection APIs",
    ]);
    names
}

/// `utils service list`.
pub fn list(shell: &Shell) -> Said {
    let side = shell.station.kind.side();
    let cucm: Vec<(String, Process, &str)> = names(&shell.site, &shell.station)
        .into_iter()
        .map(|name| match shell.site.front().machines.service(&shell.station.host, name) {
            State::Started => (name.to_owned(), Process::Started, ""),
            State::Stopped => (name.to_owned(), Process::Stopped, ""),
            State::Starting => (name.to_owned(), Process::Starting, ""),
            State::Stopping => (name.to_owned(), Process::Stopping, ""),
            State::NotActivated => (name.to_owned(), Process::Stopped, "Service Not Activated"),
        })
        .collect();
    let mut rows = shell.site.finesse(|cluster, _| {
        let node = side.map(|side| &cluster.nodes[side.index()]);
        let state = |name: &str| node.and_then(|node| node.other_services.get(name).copied());
        let mut rows = cucm;
        for row in &mut rows {
            row.1 = state(&row.0).unwrap_or(row.1);
        }
        if let Some(node) = node {
            rows.push((TOMCAT.to_owned(), node.tomcat, ""));
        }
        rows
    });
    let first = side != Some(Side::Secondary) && shell.station.kind != Kind::Subscriber;
    let drf = if first { Process::Started } else { Process::Stopped };
    rows.push(("Cisco DRF Primary".to_owned(), drf, ""));
    rows.push(("Cisco DirSync".to_owned(), Process::Stopped, "Service Not Activated"));
    for row in &mut rows {
        if row.1 == Process::Stopped && row.2.is_empty() {
            row.2 = "Commanded Out of Service";
        }
    }
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let mut lines: Vec<String> = [
        "Requesting service status, please wait...",
        "System SSH [STARTED]",
        "Cluster Manager [STARTED]",
        "Name Service Cache [STOPPED]",
        "Service Manager is running",
        "Getting list of all services",
        ">> Return code = 0",
    ]
    .map(str::to_owned)
    .into();
    lines.extend(rows.into_iter().map(|(name, state, reason)| {
        let tail = if reason.is_empty() { String::new() } else { format!("  {reason}") };
        format!("{name}[{}]{tail}", state.word())
    }));
    lines.push(format!("Primary Node ={first}"));
    Said { lines, unpaged: false }
}

/// `utils service restart|stop|start <name>`, which shows its progress by itself.
///
/// # Errors
/// The client is gone.
pub async fn change(shell: &mut Shell, verb: &str, name: &str) -> Result<(), Gone> {
    let order = match verb {
        "restart" => Order::Restart,
        "stop" => Order::Stop,
        _ => Order::Start,
    };
    if order == Order::Restart {
        let warning = match shell.knobs().wording {
            Wording::Old => OLD,
            Wording::New => NEW,
        };
        shell.terminal.line(warning).await?;
    }
    shell.terminal.line("Service Manager is running").await?;
    match shell.station.kind {
        Kind::Finesse(side) if name == TOMCAT => tomcat(shell, side, order).await,
        Kind::Finesse(_) | Kind::Publisher | Kind::Subscriber
            if names(&shell.site, &shell.station).contains(&name)
                && (name != TVS || shell.knobs().tvs_restart) =>
        {
            other(shell, name, order).await
        }
        Kind::Finesse(_) | Kind::Publisher | Kind::Subscriber => {
            shell.terminal.line(&format!("{name} is not a valid service name")).await
        }
    }
}

async fn tomcat(shell: &mut Shell, side: Side, order: Order) -> Result<(), Gone> {
    let running = |shell: &Shell| shell.site.finesse(|c, _| c.nodes[side.index()].tomcat);
    if order == Order::Start && running(shell) == Process::Started {
        return twice(shell, TOMCAT, Process::Started).await;
    }
    shell.site.finesse(|cluster, now| cluster.order(now, side, order));
    let drops =
        order == Order::Restart && shell.site.front().shells.drops_restart(&shell.station.host);
    let mut shown = None;
    loop {
        let state = running(shell);
        if shown != Some(state) {
            twice(shell, TOMCAT, state).await?;
            shown = Some(state);
            if drops {
                shell.terminal.hang_up().await;
                return Err(Gone);
            }
        }
        let settled = match state {
            Process::Started | Process::Failed | Process::Stopped => true,
            Process::Starting => shell.knobs().prompt_after_starting,
            Process::Stopping => false,
        };
        if settled {
            return Ok(());
        }
        if shell.terminal.pause(LOOK).await? {
            // The reason why nobody may press it: what was under way stops there.
            shell.site.finesse(|cluster, _| cluster.nodes[side.index()].break_off());
            let fields = json!({ "node": shell.station.host, "service": TOMCAT });
            shell.site.tell("command-broken-off", fields);
            return shell.terminal.line("^C").await;
        }
    }
}

async fn other(shell: &mut Shell, name: &str, order: Order) -> Result<(), Gone> {
    let whole = shell.site.finesse(|cluster, _| cluster.knobs.times.tomcat_started_ms);
    let states: &[Process] = match order {
        Order::Restart => &[Process::Stopping, Process::Starting, Process::Started],
        Order::Stop => &[Process::Stopping, Process::Stopped],
        Order::Start => &[Process::Starting, Process::Started],
    };
    for state in states {
        if let Some(side) = shell.station.kind.side() {
            shell.site.finesse(|cluster, _| {
                cluster.nodes[side.index()].other_services.insert(name.to_owned(), *state);
            });
        } else {
            let state = match state {
                Process::Started => State::Started,
                Process::Starting => State::Starting,
                Process::Stopping => State::Stopping,
                Process::Stopped | Process::Failed => State::Stopped,
            };
            shell.site.front().machines.set(&shell.station.host, name, state);
        }
        twice(shell, name, *state).await?;
        shell.terminal.pause(Duration::from_millis(whole / 6)).await?;
    }
    let fields = json!({ "node": shell.station.host, "service": name, "order": format!("{order:?}").to_lowercase() });
    shell.site.tell("service-done", fields);
    Ok(())
}

/// Every state is shown two times, with two blanks behind it.
async fn twice(shell: &Shell, name: &str, state: Process) -> Result<(), Gone> {
    let line = format!("{name}[{}]  ", state.word());
    shell.terminal.line(&line).await?;
    shell.terminal.line(&line).await
}
