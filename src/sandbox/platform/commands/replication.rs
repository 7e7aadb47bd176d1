//! `utils dbreplication runtimestate` in its three layouts, and UCCX's own view.
//!
//! Source: facts/vos.md section 2.7, facts/finesse.md section 16. The words for states 0 and 1 are in no source.

use crate::sandbox::finesse::knobs::BusyLook;
use crate::sandbox::options::Product;
use crate::sandbox::platform::Kind;
use crate::sandbox::platform::knobs::{Layout, SingleServer, UccxServers};
use crate::sandbox::platform::shell::{Said, Shell};

/// One server's row.
struct Row {
    name: String,
    address: String,
    state: u8,
    queue: u32,
}

fn words(state: u8) -> &'static str {
    match state {
        0 => "Initializing",
        1 => "Setup Started",
        2 => "Setup Completed",
        3 => "Out Of Sync",
        _ => "Setup Incomplete/Failed",
    }
}

/// Every server, and whether replication is under way.
fn rows(shell: &Shell) -> (Vec<Row>, bool) {
    if shell.station.kind.is_cucm() {
        let forced = shell.site.front().shells.cucm_replication();
        let down = |host: &str| shell.site.front().machines.is_down(host);
        let row = |(at, host): (usize, &str)| Row {
            name: host.split('.').next().unwrap_or_default().to_owned(),
            address: format!("192.0.2.{}", 21 + at),
            state: forced.unwrap_or(if down(host) { 0 } else { 2 }),
            queue: 0,
        };
        let rows = shell.site.options.cucm_hosts().enumerate().map(row).collect();
        return (rows, false);
    }
    shell.site.finesse(|cluster, _| {
        let busy = cluster.replicating();
        let knobs = &cluster.knobs;
        let row = |(at, node): (usize, &crate::sandbox::finesse::node::Node)| {
            let waiting = busy && at > 0;
            let state = match (knobs.replication_state, waiting, knobs.busy_look) {
                (Some(forced), ..) => forced,
                (None, true, BusyLook::State) => 1,
                (None, ..) => 2,
            };
            Row {
                name: node.host.split('.').next().unwrap_or_default().to_owned(),
                address: format!("192.0.2.{}", 11 + at),
                state,
                queue: if waiting { 3 } else { 0 },
            }
        };
        (cluster.nodes.iter().enumerate().map(row).collect(), busy)
    })
}

/// `utils dbreplication runtimestate`.
pub fn runtimestate(shell: &Shell) -> Said {
    let (rows, busy) = rows(shell);
    let head = if busy {
        "Cluster Replication State: Replication status command in PROGRESS. Checked 134 tables out of 754\n     Last Completed Table: devicenumplanmapremdestmap\n     No Errors or Mismatches found."
    } else {
        "Cluster Replication State: BROADCAST SYNC ended at: 2026-01-17-16-47\n     Sync Result: SYNC COMPLETED on 753 tables out of 753\n     Sync Status: All Tables are in sync\n     Use CLI to see detail: 'file view activelog cm/trace/dbl/20260117_164617_dbl_repl_output_Broadcast.log'"
    };
    let single = shell.knobs().single_server;
    if rows.len() == 1 && single == SingleServer::Sentence {
        return Said::text("\nThis is a single server: there is no replication");
    }
    let bare = rows.len() == 1 && single == SingleServer::NoRow;
    let servers = if bare { "1 Server".to_owned() } else { format!("{} Servers", rows.len()) };
    let mut text = format!(
        "\nServer Time: Sat Jan 31 10:00:00 CET 2026\n\n{head}\n\nDB Version: ccm12_5_1_11900_146\nRepltimeout set to: 300s\nPROCESS option set to: 1\n\nCluster Detailed View from {} ({servers}):\n\n",
        shell.station.short()
    );
    let layout = shell.knobs().layout;
    text.push_str(match layout {
        Layout::Current => "                                      PING      DB/RPC/   REPL.    Replication    REPLICATION SETUP\nSERVER-NAME         IP ADDRESS        (msec)    DbMon?    QUEUE    Group ID       (RTMT) & Details\n-----------         ----------        ------    -------   -----    -----------    ------------------\n",
        Layout::Short => "                                 PING            REPLICATION    REPLICATION SETUP\nSERVER-NAME  IP ADDRESS         (msec)  RPC?    Group ID       (RTMT) & Details\n-----------  ------------       ------  ----    -----------    ------------------\n",
        Layout::Oldest => "                              PING            REPLICATION   REPL.  DBver&  REPL.  REPLICATION SETUP\nSERVER-NAME     IP ADDRESS     (msec)  RPC?    STATUS        QUEUE  TABLES  LOOP?  (RTMT) & details\n-----------     ------------   ------  ----    -----------   -----  ------- -----  -----------------\n",
    });
    for (at, row) in rows.iter().enumerate().filter(|_| !bare) {
        let Row { name, address, state, queue } = row;
        let (group, words) = (at + 2, words(*state));
        let side = if at == 0 { "PUB " } else { "" };
        let line = match layout {
            Layout::Current => format!(
                "{name:<20}{address:<18}0.045     Y/Y/Y     {queue:<9}(g_{group})          ({state}) {words}"
            ),
            Layout::Short => {
                format!(
                    "{name:<13}{address:<19}0.040   Yes     (g_{group})          ({state}) {words}"
                )
            }
            Layout::Oldest => format!(
                "{name:<16}{address:<15}0.038   Yes     Connected     {queue:<7}match   Yes    ({state}) {side}{words}"
            ),
        };
        text.push_str(&line);
        text.push('\n');
    }
    Said::text(&text)
}

/// `show uccx dbreplication servers`: UCCX with two nodes only.
pub fn uccx_servers(shell: &Shell) -> Said {
    let (rows, busy) = rows(shell);
    let uccx = shell.site.options.finesse.product == Product::Uccx;
    let Kind::Finesse(side) = shell.station.kind else { return Said::text(super::UNKNOWN) };
    let form = shell.knobs().uccx_servers;
    if !uccx || rows.len() < 2 || form == UccxServers::Unknown {
        return Said::text(super::UNKNOWN);
    }
    let mut text = "SERVER                 ID STATE    STATUS     QUEUE  CONNECTION CHANGED\n-----------------------------------------------------------------------\n".to_owned();
    let shown = if form == UccxServers::HeadOnly { &[][..] } else { &rows[..] };
    for (at, row) in shown.iter().enumerate() {
        let local = at == side.index();
        let status = match (local, row.state) {
            (true, _) => "Local",
            (false, 0 | 1) if !busy => "Connecting",
            (false, 3 | 4) => "Dropped",
            (false, _) => "Connected",
        };
        let queue = if busy && !local { 3 } else { 0 };
        let changed = if local { "" } else { "Jan 30 22:01:19" };
        let line = format!(
            "{:<22}{:>3} {:<8} {status:<10} {queue:>5} {changed}",
            row.address,
            100 + 10 * at,
            "Active"
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    Said::text(&text)
}

/// `show perf query class "Number of Replicates Created and State of Replication"`: this node's own state.
pub fn replicate_state(shell: &Shell) -> Said {
    let (rows, _) = rows(shell);
    let own = rows.iter().find(|row| row.name == shell.station.short());
    Said::text(&format!(
        "==>query class :\n\n - Perf class (Number of Replicates Created and State of Replication) has instances and values:\n    ReplicateCount  -> Number of Replicates Created   = 753\n    ReplicateCount  -> Replicate_State                = {}",
        own.map_or(2, |row| row.state)
    ))
}
