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
        ["ippa_inactivity_timeout", order @ ..] => inactivity(shell, order),
        ["show_property", object, name] => property(shell, object, name),
        ["set_property", object, name, value] if shell.level >= 1 => {
            set_property(shell, (object, name), value)
        }
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

/// `ippa_inactivity_timeout status|disable|enable [seconds]`; what the status says is in no source.
fn inactivity(shell: &Shell, order: &[&str]) -> Said {
    let mut knobs = shell.knobs();
    let seconds = match order {
        ["status"] => {
            return Said::text(&knobs.inactivity_look.status(knobs.inactivity_seconds));
        }
        _ if shell.level == 0 => return Said::text(super::UNKNOWN),
        ["disable"] => None,
        ["enable"] => Some(120),
        ["enable", text] => match text.parse::<u32>() {
            Ok(seconds) if (120..=86_400).contains(&seconds) => Some(seconds),
            _ => return Said::text("The timeout must be between 120 and 86400 seconds"),
        },
        _ => return Said::text(super::UNKNOWN),
    };
    knobs.inactivity_seconds = seconds;
    shell.site.front().shells.set(&shell.station.host, knobs);
    Said::text(
        "Restart Cisco Finesse Tomcat for the change to take effect:\nutils service restart Cisco Finesse Tomcat",
    )
}

/// `show_property`; the form of the answer is in no source.
fn property(shell: &Shell, object: &str, name: &str) -> Said {
    let value = match (object, name) {
        ("webservices", "enableUserAuthMode") => {
            shell.site.finesse(|cluster, _| cluster.knobs.user_auth_mode).to_string()
        }
        _ => match shell.knobs().properties.get(&format!("{object} {name}")) {
            Some(value) => value.clone(),
            None => return Said::text(&format!("Property {name} does not exist in {object}")),
        },
    };
    Said::text(&shell.knobs().property_look.shown(name, &value))
}

fn set_property(shell: &Shell, (object, name): (&str, &str), value: &str) -> Said {
    if (object, name) == ("webservices", "enableUserAuthMode") {
        shell.site.finesse(|cluster, _| cluster.knobs.user_auth_mode = value == "true");
    } else {
        let mut knobs = shell.knobs();
        knobs.properties.insert(format!("{object} {name}"), value.to_owned());
        shell.site.front().shells.set(&shell.station.host, knobs);
    }
    Said::text(
        "Property successfully updated.\nRestart Cisco Finesse Tomcat for the change to take effect.",
    )
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
