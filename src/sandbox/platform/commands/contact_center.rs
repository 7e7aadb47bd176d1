//! `utils finesse …`.
//!
//! Source: facts/finesse.md section 18; the text of `maintenance status` and of a Finesse that is down is in no source.

use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::connected_users::count;
use crate::sandbox::finesse::node::{Client, Maintenance};
use crate::sandbox::platform::shell::{Said, Shell};

/// Performs what follows `utils finesse`.
pub fn perform(shell: &Shell, side: Side, words: &[&str]) -> Said {
    match words {
        ["show_connected_users", form @ ("summary" | "detail")] => {
            connected_users(shell, side, *form == "detail")
        }
        ["maintenance", "status"] => maintenance(shell, side),
        ["locked_out_users", "list"] => locked_out(shell, side),
        _ => Said::text(super::UNKNOWN),
    }
}

fn connected_users(shell: &Shell, side: Side, detail: bool) -> Said {
    let text = shell.site.finesse(|cluster, _| {
        let node = &cluster.nodes[side.index()];
        if !node.in_service() {
            return "Cisco Finesse is not in service. Try again when it is running.".to_owned();
        }
        let number = |client| count(cluster, side, client);
        let total = node.signed_in.len();
        let mut text = format!(
            "Total Connected Users: {total}\nDesktop Users: {}\nFIPPA Users: {}\nThird-party Users: {}\nUsers connected to Finesse via LAN/WAN: {total}\nUsers connected to Finesse via Proxy: 0\n",
            number(Client::Desktop),
            number(Client::Fippa),
            number(Client::Thirdparty)
        );
        if detail {
            for (client, label) in [
                (Client::Desktop, "Desktop Users List"),
                (Client::Fippa, "FIPPA Users List"),
                (Client::Thirdparty, "Third-party Users List"),
            ] {
                let ids = node.signed_in.iter().filter(|one| one.client == client);
                let ids: Vec<&str> = ids.map(|one| one.id.as_str()).collect();
                text = format!("{text}{label} [{}]\n", ids.join(", "));
            }
        }
        text
    });
    Said::text(&text)
}

fn maintenance(shell: &Shell, side: Side) -> Said {
    shell.site.finesse(|cluster, _| {
        let word = match cluster.nodes[side.index()].maintenance.0 {
            Maintenance::None => "NOT_INITIATED",
            Maintenance::InProgress => "IN_PROGRESS",
            Maintenance::Completed => "COMPLETED",
            Maintenance::Failed => "FAILED",
        };
        Said::text(&format!("Maintenance mode status: {word}"))
    })
}

fn locked_out(shell: &Shell, side: Side) -> Said {
    let host = shell.site.finesse(|cluster, _| cluster.nodes[side.index()].host.clone());
    let locked = shell.site.front().finesse_locks.locked();
    let users: Vec<&str> =
        locked.iter().filter_map(|one| one.strip_prefix(&format!("{host} "))).collect();
    let mut text = format!("Total locked out users : {}\n", users.len());
    for (at, user) in users.iter().enumerate() {
        text = format!("{text}{}) {user}\n", at + 1);
    }
    Said::text(&text)
}
