//! `show …`: version, account, cluster.
//!
//! Source: facts/vos.md section 2.7; the text of `show myself` and `show account` is in no source.

use crate::sandbox::platform::Kind;
use crate::sandbox::platform::knobs::AccountLook;
use crate::sandbox::platform::shell::{Said, Shell};

/// `show version active`.
pub fn version(shell: &Shell) -> Said {
    let master = match shell.station.kind {
        Kind::Publisher | Kind::Subscriber => {
            shell.site.options.release.replace('(', "-").replace(')', "")
        }
        Kind::Finesse(_) => master(&shell.site.options.finesse.release),
    };
    let options = shell.knobs().software_options;
    let options = match options.as_slice() {
        [] => "No Installed Software Options Found.".to_owned(),
        all => all.join("\n"),
    };
    Said::text(&format!(
        "Active Master Version: {master}\nActive Version Installed Software Options:\n{options}"
    ))
}

/// `12.5(1)SU3` as the platform writes it.
fn master(release: &str) -> String {
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit());
    let mut next = || numbers.find(|number| !number.is_empty()).unwrap_or("1").to_owned();
    let (major, minor, maintenance) = (next(), next(), next());
    format!("{major}.{minor}.{maintenance}.10000-{}", 20 + release.len())
}

/// `show myself`.
pub fn myself(shell: &Shell) -> Said {
    let (user, level) = (&shell.user, shell.level);
    Said::text(&match shell.knobs().account_look {
        AccountLook::Pairs => format!(
            "Machine Name    : {}\naccount name    : {user}\nprivilege level : {level}\ncommand count   : disabled\nlogging setting : disabled",
            shell.station.short()
        ),
        AccountLook::Table => format!("USER LEVEL\n---------- -----\n{user:<10} {level}"),
        AccountLook::Sentence => format!("You are {user}, privilege level {level}."),
    })
}

/// `show account`.
pub fn account(shell: &Shell) -> Said {
    let accounts = match shell.station.kind {
        Kind::Publisher | Kind::Subscriber => &shell.site.options.publisher_platform,
        Kind::Finesse(_) => &shell.site.options.finesse.platform,
    };
    let look = shell.knobs().account_look;
    let lines = accounts.iter().map(|own| match look {
        AccountLook::Pairs => format!("Account = {}, Privilege Level = {}", own.user, own.level),
        AccountLook::Table => format!("{:<10} {}", own.user, own.level),
        AccountLook::Sentence => format!("{} has privilege level {}.", own.user, own.level),
    });
    Said { lines: lines.collect(), unpaged: false }
}

/// `show network cluster`.
pub fn network_cluster(shell: &Shell) -> Said {
    let nodes: Vec<(String, &str, String)> = match shell.station.kind {
        Kind::Publisher | Kind::Subscriber => {
            let role = |at| match at {
                0 => "Publisher callmanager DBPub",
                _ => "Subscriber callmanager DBSub",
            };
            let row = |(at, host): (usize, &str)| {
                (format!("192.0.2.{}", 21 + at), role(at), host.to_owned())
            };
            shell.site.options.cucm_hosts().enumerate().map(row).collect()
        }
        Kind::Finesse(_) => {
            let hosts = shell.site.finesse(|cluster, _| {
                cluster.nodes.iter().map(|node| node.host.clone()).collect::<Vec<_>>()
            });
            let roles = ["Publisher callmanager DBPub", "Subscriber callmanager DBSub"];
            let row = |(at, host)| (format!("192.0.2.{}", 11 + at), roles[at % 2], host);
            hosts.into_iter().enumerate().map(row).collect()
        }
    };
    let mut text = String::new();
    for (at, (address, role, host)) in nodes.iter().enumerate() {
        let short = host.split('.').next().unwrap_or_default();
        let state = if at == 0 {
            "authenticated"
        } else {
            "authenticated using TCP since Fri Jan 30 17:44:48 2026"
        };
        text = format!("{text}{address} {host} {short} {role} {state}\n");
    }
    text.push_str("\nServer Table (processnode) Entries\n----------------------------------\n");
    for (_, _, host) in &nodes {
        text.push_str(host);
        text.push('\n');
    }
    text.push_str("\nSuccessful");
    Said::text(&text)
}

/// `show accountlocking`.
pub fn account_locking(shell: &Shell) -> Said {
    let knobs = shell.knobs();
    if !knobs.locking {
        return Said::text("Account Lockout is disabled");
    }
    Said::text(&format!(
        "Account Lockout is enabled\nUnlock Time : {} seconds\nRetry Count : {} attempts",
        knobs.lock_ms / 1000,
        knobs.lock_after
    ))
}
