//! `config explain`: which setting came from where, and what it took the place of. Speaks to nobody, and shows no secret.

mod declared;

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::playbook::Deployment;
use crate::report::config::{Config, Origin, Setting};

use super::args::{self, Color, Output};
use super::connect::{self, terminal};
use super::link::kept_folder;
use super::load::load;
use super::way::Failure;
use super::{Call, one_shot, sso};

/// What the flags say that are given, by their names with `_`.
type Given = BTreeSet<String>;

/// Every setting of this call, and of a playbook where one is named.
pub fn explain(call: &Call, playbook: Option<&str>) -> Result<sso::Shown, Failure> {
    let given = args::given(&connect::command_line());
    let loaded = playbook.map(|file| load(file, call.console.aside.color));
    let loaded = loaded.transpose().map_err(Failure::Invalid)?;
    let deployment = loaded.as_ref().map(|loaded| &loaded.deployment);
    let mut settings = vec![state(call)?, output(call, &given), color(call), questions(call)];
    settings.push(timeout(call, &given));
    settings.push(match call.global.deadline {
        Some(deadline) => {
            Setting::new("deadline", format!("{deadline} s"), Origin::named("flag", "--deadline"))
        }
        None => Setting::new("deadline", "none", Origin::unsaid()),
    });
    settings.push(concurrency(call, deployment));
    settings.extend(proxy(call));
    settings.extend(connect::variable(one_shot::PLAYBOOK).map(|file| {
        Setting::new("playbook of one part", file, Origin::named("environment", one_shot::PLAYBOOK))
    }));
    settings.push(authorities());
    settings.push(who());
    if let Some(deployment) = deployment {
        settings.extend(declared::settings(call, deployment)?);
    }
    let config = Config { settings };
    Ok((config.text(), config.fields(), Outcome::Done))
}

fn state(call: &Call) -> Result<Setting, Failure> {
    let global = &call.global;
    let name = "state folder";
    let Some(folder) = kept_folder(global)? else {
        let origin = Origin::named("flag", "--sandbox");
        return Ok(Setting::new(name, "forgotten after the run", origin));
    };
    let origin = if global.state_dir.is_some() {
        Origin::named("flag", "--state-dir")
    } else if global.sandbox {
        Origin::named("flag", "--sandbox-state")
    } else {
        Origin::named("environment", connect::state_variable())
    };
    let otherwise = connect::state_folder(None).ok().filter(|other| *other != folder);
    let otherwise = otherwise.map(|other| format!("{}, the default", other.display()));
    Ok(Setting::new(name, folder.display().to_string(), origin).over(otherwise))
}

fn output(call: &Call, given: &Given) -> Setting {
    let value = match call.global.output {
        Output::Text => "text",
        Output::Json => "json",
    };
    if given.contains("output") {
        let other = (value != "text").then(|| "text, the default".to_owned());
        return Setting::new("output", value, Origin::named("flag", "--output")).over(other);
    }
    Setting::new("output", value, Origin::unsaid())
}

fn color(call: &Call) -> Setting {
    let on = |on: bool| if on { "on" } else { "off" };
    let value = on(call.console.result.color);
    let at_terminal = terminal::stdout_is_terminal();
    let seen = if at_terminal { "stdout is a terminal" } else { "stdout is no terminal" };
    let without = |text: &str| Some(format!("{}, as {text}", on(at_terminal)));
    match (call.global.color, connect::no_color()) {
        (Color::Auto, true) if at_terminal => {
            Setting::new("colour", value, Origin::named("environment", "NO_COLOR"))
                .over(without(seen))
        }
        (Color::Auto, _) => Setting::new("colour", value, Origin::named("terminal", seen)),
        (Color::Always | Color::Never, true) => {
            Setting::new("colour", value, Origin::named("flag", "--color"))
                .over(Some("off, as NO_COLOR is set".to_owned()))
        }
        (Color::Always | Color::Never, false) => {
            Setting::new("colour", value, Origin::named("flag", "--color")).over(without(seen))
        }
    }
}

fn questions(call: &Call) -> Setting {
    let value = if call.interactive { "asked here" } else { "none: what is not said is refused" };
    let origin = match (call.global.no_input, call.interactive) {
        (true, _) => Origin::named("flag", "--no-input"),
        (false, true) => Origin::named("terminal", "this is a terminal"),
        (false, false) => Origin::named("terminal", "stdin or stderr is no terminal"),
    };
    Setting::new("questions", value, origin)
}

fn timeout(call: &Call, given: &Given) -> Setting {
    let value = format!("{} s", call.global.timeout);
    if given.contains("timeout") {
        let other = Some("60 s, the default".to_owned());
        return Setting::new("timeout", value, Origin::named("flag", "--timeout")).over(other);
    }
    Setting::new("timeout", value, Origin::unsaid())
}

fn concurrency(call: &Call, deployment: Option<&Deployment>) -> Setting {
    let name = "concurrency";
    let key = "limits.concurrency";
    let default = crate::playbook::Limits::default().concurrency;
    let at = deployment.and_then(|deployment| Some((deployment, deployment.places.at(key)?)));
    let declared = at.map(|(deployment, at)| (deployment.limits.concurrency, at));
    match (call.global.concurrency, declared) {
        (Some(number), declared) => {
            let other = declared.map_or_else(
                || format!("{default}, the default"),
                |(number, at)| format!("{number} at {at}"),
            );
            let origin = Origin::named("flag", "--concurrency");
            Setting::new(name, number.to_string(), origin).over(Some(other))
        }
        (None, Some((number, at))) => {
            Setting::new(name, number.to_string(), Origin::playbook(key, at))
                .over((number != default).then(|| format!("{default}, the default")))
        }
        (None, None) => Setting::new(name, default.to_string(), Origin::unsaid()),
    }
}

/// The first of these variables that is set, and the others that are.
fn first_of(names: &[&'static str]) -> Option<(&'static str, String, Vec<&'static str>)> {
    let set = names.iter().filter_map(|name| Some((*name, connect::variable(name)?)));
    let mut set = set.collect::<Vec<_>>().into_iter();
    let (name, value) = set.next()?;
    Some((name, value, set.map(|(name, _)| name).collect()))
}

fn proxy(call: &Call) -> Vec<Setting> {
    let elsewhere = if call.global.sandbox {
        Some("--sandbox")
    } else {
        (!call.global.connect_to.is_empty()).then_some("--connect-to")
    };
    let found = first_of(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]);
    if let Some(flag) = elsewhere {
        let other = found.map(|(name, ..)| format!("the one of {name}"));
        return vec![Setting::new("proxy", "none", Origin::named("flag", flag)).over(other)];
    }
    let Some((name, value, others)) = found else {
        let system = cfg!(any(windows, target_os = "macos"));
        let (value, origin) = if system {
            ("the system's, where it has one", Origin::named("system", "system settings"))
        } else {
            ("none", Origin::unsaid())
        };
        return vec![Setting::new("proxy", value, origin)];
    };
    // What stands before an at sign is a user with a password.
    let shown = match value.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => value,
    };
    let mut proxy = Setting::new("proxy", shown, Origin::named("environment", name));
    proxy.overrides = others.into_iter().map(str::to_owned).collect();
    let direct = first_of(&["NO_PROXY", "no_proxy"]).map(|(name, value, _)| {
        Setting::new("without proxy", value, Origin::named("environment", name))
    });
    std::iter::once(proxy).chain(direct).collect()
}

fn authorities() -> Setting {
    match first_of(&["SSL_CERT_FILE", "SSL_CERT_DIR"]) {
        Some((name, value, _)) => {
            Setting::new("authorities", value, Origin::named("environment", name))
                .over(Some("the system's".to_owned()))
        }
        None => Setting::new("authorities", "the system's", Origin::unsaid()),
    }
}

fn who() -> Setting {
    let origin = match first_of(&["USER", "LOGNAME", "USERNAME"]) {
        Some((name, ..)) => Origin::named("environment", name),
        None => Origin::unsaid(),
    };
    Setting::new("who, in the journal", connect::user_name(), origin)
}
