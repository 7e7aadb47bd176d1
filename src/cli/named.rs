//! The devices that a command line names: rows of the playbook's roster, or rows of their own.

use std::collections::BTreeMap;
use std::path::Path;

use crate::outcome::Outcome;
use crate::plan::OneShot;
use crate::playbook::diagnostic::nearest;
use crate::playbook::{self, AgentRow, Cell, Deployment, FilledBy, Location, Manage};
use crate::report::Section;
use crate::trouble::Trouble;

use super::Call;
use super::args::{Asked, Devices};
use super::connect::{files, terminal};
use super::load::invalid;

/// Where rows stand that flags make.
const COMMAND_LINE: &str = "(command line)";

/// The rows that a command line names; `None` where it names none, and all of the playbook are meant.
pub fn rows(
    call: &Call,
    deployment: &Deployment,
    (one_shot, asked): (OneShot, &Asked),
    roster: Option<&str>,
) -> Result<Option<Vec<AgentRow>>, Box<Section>> {
    let refused = |trouble| Box::new(Section::of(&deployment.name, trouble));
    if !asked.end_users.is_empty() {
        return Ok(Some(asked.end_users.iter().map(|user| end_user(deployment, user)).collect()));
    }
    if let Some(file) = asked.devices.roster.as_deref() {
        let file = if file == "-" { "(standard input)" } else { file };
        let text = roster.unwrap_or_default();
        return parsed(call, deployment, one_shot, (file, text)).map(Some);
    }
    let named = named(&asked.devices).map_err(refused)?;
    match asked.values() {
        // A pipe that had nothing in it asks for nothing; it must not ask for everything.
        _ if named.is_empty() && asked.devices.are_named() => Err(refused(nothing_read())),
        Some(flag) if named.is_empty() => Err(refused(no_device(flag))),
        None if named.is_empty() => Ok(None),
        _ => of_names(call, deployment, (one_shot, asked), &named).map(Some),
    }
}

impl Asked {
    /// A flag that says a value of one device.
    fn values(&self) -> Option<&'static str> {
        let flags = [(self.id.is_some(), "--id"), (self.extension.is_some(), "--extension")];
        flags.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}

impl Devices {
    /// Whether any is named.
    pub fn are_named(&self) -> bool {
        !self.device.is_empty() || !self.profile.is_empty() || self.roster.is_some()
    }
}

/// A device of the command line: whether it is a profile, and its name.
type Named = (bool, String);

fn named(devices: &Devices) -> Result<Vec<Named>, Trouble> {
    let mut named = Vec::new();
    for name in &devices.device {
        if name == "-" {
            let text = text_of("-")?;
            let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            named.extend(lines.map(|name| (false, name.to_owned())));
        } else {
            named.push((false, name.clone()));
        }
    }
    named.extend(devices.profile.iter().map(|name| (true, name.clone())));
    Ok(named)
}

/// The text of `--roster`.
pub fn roster(asked: &Asked) -> Result<Option<String>, Trouble> {
    asked.devices.roster.as_deref().map(text_of).transpose()
}

fn text_of(file: &str) -> Result<String, Trouble> {
    if file == "-" {
        return terminal::all_of_input().map_err(|why| {
            Trouble::new("usage", Outcome::Usage, "Standard input cannot be read")
                .because(why)
                .then("give the names of devices, one a line, through a pipe")
        });
    }
    files::read_text(Path::new(file)).map_err(|why| {
        Trouble::new("roster-unreadable", Outcome::Usage, "The roster cannot be read")
            .at(file.to_owned())
            .because(why)
            .then("check the path of --roster")
    })
}

/// Rows by name: what the playbook's roster says of a device stands, and what it does not know is a row of its own.
fn of_names(
    call: &Call,
    deployment: &Deployment,
    (one_shot, asked): (OneShot, &Asked),
    named: &[Named],
) -> Result<Vec<AgentRow>, Box<Section>> {
    let refused = |trouble| Box::new(Section::of(&deployment.name, trouble));
    if let (Some(flag), [_, second, ..]) = (asked.values(), named) {
        return Err(refused(one_device(flag, &second.1)));
    }
    let mut known: BTreeMap<(bool, &str), &AgentRow> = BTreeMap::new();
    for row in &deployment.agents.rows {
        let both = [(false, &row.device), (true, &row.device_profile)];
        for (profile, name) in both {
            known.extend(name.iter().map(|name| ((profile, name.as_str()), row)));
        }
    }
    let mut rows = Vec::new();
    for (profile, name) in named {
        let row = known.get(&(*profile, name.as_str()));
        if let Some(row) = row {
            agrees(row, asked, name).map_err(refused)?;
            // A row may name a phone and a profile: only the one that is asked for is worked on.
            let row = AgentRow {
                device: row.device.clone().filter(|_| !profile),
                device_profile: row.device_profile.clone().filter(|_| *profile),
                ..(*row).clone()
            };
            rows.push(row);
            continue;
        }
        let text = row_text(*profile, name, asked);
        if !deployment.agents.rows.is_empty() {
            let listed: Vec<&str> = known.keys().map(|(_, name)| *name).collect();
            let near = nearest(name, &listed)
                .map_or(String::new(), |near| format!("; did you mean {near}?"));
            call.console.note(&format!("{name} is not in the playbook's roster{near}"));
        }
        rows.extend(parsed(call, deployment, one_shot, (COMMAND_LINE, &text))?);
    }
    Ok(rows)
}

/// Values of the command line and of the roster are the same, or it is not clear which are meant.
fn agrees(row: &AgentRow, asked: &Asked, name: &str) -> Result<(), Trouble> {
    let pairs = [("--id", &asked.id, &row.id), ("--extension", &asked.extension, &row.extension)];
    for (flag, said, listed) in pairs {
        let Some(said) = said else { continue };
        let same = matches!(listed, Cell::Value(value) if value == said);
        if !same {
            let what = format!("{flag} of {name} is not what the roster says");
            return Err(Trouble::new("roster-contradiction", Outcome::Usage, what)
                .at(row.at.to_string())
                .because("the next apply would change it back")
                .then(format!("correct the row, and leave {flag} out")));
        }
    }
    Ok(())
}

/// One row as a roster has it. What is not said of it stays as it is.
fn row_text(profile: bool, name: &str, asked: &Asked) -> String {
    let column = if profile { "device_profile" } else { "device" };
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let value = |value: &Option<String>| cell(value.as_deref().unwrap_or("keep"));
    format!(
        "{column},id,extension\n{},{},{}\n",
        cell(name),
        value(&asked.id),
        value(&asked.extension)
    )
}

fn parsed(
    call: &Call,
    deployment: &Deployment,
    one_shot: OneShot,
    (file, text): (&str, &str),
) -> Result<Vec<AgentRow>, Box<Section>> {
    let mut filled = deployment.one_button_sign_in.clone();
    if one_shot != OneShot::Subscribe {
        // Values are of no account: a list of devices will do.
        (filled.id, filled.extension) = (FilledBy::SignIn, FilledBy::SignIn);
    }
    playbook::agents::rows(file, text, &filled)
        .map_err(|mistakes| invalid(&deployment.name, &mistakes, call.console.aside.color))
}

/// The row of an end user, or one of its own.
fn end_user(deployment: &Deployment, user: &str) -> AgentRow {
    let mut rows = deployment.agents.rows.iter();
    let row = rows.find(|row| row.user.as_deref() == Some(user));
    row.cloned().unwrap_or_else(|| AgentRow {
        device: None,
        device_profile: None,
        id: Cell::Empty,
        extension: Cell::Empty,
        user: Some(user.into()),
        manage: Manage::All,
        at: Location { file: COMMAND_LINE.into(), line: 1, column: 1 },
    })
}

fn nothing_read() -> Trouble {
    Trouble::new("usage", Outcome::Usage, "No device is named")
        .because("standard input has no name in it")
        .then("one name a line; without --device all devices of the playbook are meant")
}

fn no_device(flag: &str) -> Trouble {
    Trouble::new("usage", Outcome::Usage, format!("{flag} is of one device, and none is named"))
        .then("name it: --device SEP001122334455")
}

fn one_device(flag: &str, second: &str) -> Trouble {
    let what = format!("{flag} is of one device, and {second} is another");
    Trouble::new("usage", Outcome::Usage, what)
        .then("one call a device, or --roster with a row for each")
}

#[cfg(test)]
mod tests {
    use super::row_text;
    use crate::cli::args::Asked;

    #[test]
    fn a_row_is_written_as_a_roster_has_it() {
        let asked = Asked { id: Some("10,01".to_owned()), ..Asked::default() };
        let expected = "device,id,extension\n\"SEP001122334455\",\"10,01\",\"keep\"\n";
        assert_eq!(row_text(false, "SEP001122334455", &asked), expected);
    }
}
