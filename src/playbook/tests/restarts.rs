//! `restart` and `windows`.

use std::time::Duration;

use super::{SMALL, folder, read, rendered};
use crate::playbook::{BetweenNodes, Restart, RestartWhen, Window};

fn restart(lines: &str) -> Restart {
    read(&format!("{SMALL}{lines}"), &folder(&[])).restart
}

fn windows(lines: &str) -> Vec<Window> {
    read(&format!("{SMALL}windows: {lines}\n"), &folder(&[])).windows
}

fn wrong(lines: &str) -> String {
    rendered(&format!("{SMALL}{lines}"), &folder(&[]))
}

#[test]
fn a_restart_follows_when_it_is_needed() {
    for (lines, at) in [("", "books/p.yaml:5:1"), ("restart: {}\n", "books/p.yaml:16:1")] {
        let found = restart(lines);
        assert_eq!(found.finesse_tomcat, RestartWhen::WhenNeeded);
        assert_eq!(found.between_nodes, BetweenNodes::Confirm);
        assert_eq!(found.back_within, Duration::from_mins(15));
        assert_eq!(found.at.to_string(), at);
    }
    let never = restart("restart: { finesse_tomcat: never, between_nodes: 15 }\n");
    assert_eq!(never.finesse_tomcat, RestartWhen::Never);
    assert_eq!(never.between_nodes, BetweenNodes::Minutes(15));
    let written = restart("restart: { finesse_tomcat: when-needed, between_nodes: confirm }\n");
    assert_eq!(written.between_nodes, BetweenNodes::Confirm);
    let minutes = |n: &str| restart(&format!("restart: {{ between_nodes: {n} }}\n")).between_nodes;
    assert_eq!([minutes("0"), minutes("1440")], [0, 1440].map(BetweenNodes::Minutes));
    let back = |time: &str| restart(&format!("restart: {{ back_within: {time} }}\n")).back_within;
    assert_eq!(
        ["1s", "20m", "2h", "7200s"].map(back),
        [1, 1200, 7200, 7200].map(Duration::from_secs)
    );
}

#[test]
fn mistakes_of_a_restart() {
    insta::assert_snapshot!(wrong("restart: { finesse_tomcat: always, between_nodes: confrim, between: 1 }\n"), @r#"
    error[unknown-word]: `always` is not a word for `restart.finesse_tomcat`
      --> books/p.yaml:16:28
       |
    16 | restart: { finesse_tomcat: always …
       |                            ^^^^^^
       = one of: when-needed, never
    error[unknown-word]: `confrim` is not a word or number for `restart.between_nodes`
      --> books/p.yaml:16:51
       |
    16 | restart: { finesse_tomcat: always, between_nodes: confrim …
       |                                                   ^^^^^^^
       = did you mean `confirm`?
       = `confirm`, or minutes: a whole number from 0 to 1440
    error[unknown-key]: `between` is not a key of restart
      --> books/p.yaml:16:60
       |
    16 | restart: { finesse_tomcat: always, between_nodes: confrim, between: …
       |                                                            ^^^^^^^
       = its keys: finesse_tomcat, between_nodes, back_within
    "#);
    for bad in ["1441", "-1", "15m", "'15'", "1.5"] {
        let out = wrong(&format!("restart: {{ between_nodes: {bad} }}\n"));
        assert!(out.contains("a whole number from 0 to 1440"), "{bad}\n{out}");
    }
    for bad in ["0s", "0m", "7201s", "3h", "15", "1.5m", "-5m", "soon", "5000000000s"] {
        let out = wrong(&format!("restart: {{ back_within: {bad} }}\n"));
        assert!(out.contains("is not a time for `restart.back_within`"), "{bad}\n{out}");
        assert!(out.contains("p.yaml:16:25") && out.contains("from 1s to 2h"), "{bad}\n{out}");
    }
    assert!(wrong("restart: { between_nodes: [1] }\n").contains("must be text, not a list"));
    assert!(wrong("restart: never\n").contains("must be a mapping"));
}

#[test]
fn windows_have_days_times_and_a_zone() {
    let found = windows(
        "[{ days: [sun, sat, sat], from: '22:00', to: 05:30, zone: Europe/Prague }, \
         { from: 00:00, to: 00:00, zone: UTC }]",
    );
    let [night, always] = found.as_slice() else { panic!("two windows") };
    assert_eq!(night.days, [5, 6]);
    assert_eq!((night.from, night.to), (22 * 60, 5 * 60 + 30));
    assert_eq!(night.zone, "Europe/Prague");
    assert_eq!(night.at.to_string(), "books/p.yaml:16:11");
    assert_eq!((always.days.as_slice(), always.from, always.to), ([].as_slice(), 0, 0));
    assert!(windows("[]").is_empty());
    let week = windows(
        "[{ days: [mon, tue, wed, thu, fri, sat, sun], from: 23:59, to: 00:00, zone: UTC }]",
    );
    assert_eq!(week.first().map(|w| w.days.clone()), Some((0..7).collect()));
}

#[test]
fn mistakes_of_windows() {
    insta::assert_snapshot!(wrong("windows:\n  - { days: [Saturday, sta], from: 9:00, to: '24:00', zone: Europe/Praque }\n  \
        - { days: [], from: 2200, to: 22:60, zone: CET+1 }\n  - { day: [sat] }\n"), @r#"
    error[unknown-word]: `Saturday` is not a day for `windows[1].days[1]`
      --> books/p.yaml:17:14
       |
    17 |   - { days: [Saturday …
       |              ^^^^^^^^
       = did you mean `sat`?
       = one of: mon, tue, wed, thu, fri, sat, sun
    error[unknown-word]: `sta` is not a day for `windows[1].days[2]`
      --> books/p.yaml:17:24
       |
    17 |   - { days: [Saturday, sta …
       |                        ^^^
       = did you mean `sat`?
       = one of: mon, tue, wed, thu, fri, sat, sun
    error[bad-value]: `9:00` is not a time of day for `windows[1].from`
      --> books/p.yaml:17:36
       |
    17 |   - { days: [Saturday, sta], from: 9:00 …
       |                                    ^^^^
       = did you mean `09:00`?
       = written HH:MM, from 00:00 to 23:59; an end not after the beginning is on the next day
    error[bad-value]: `24:00` is not a time of day for `windows[1].to`
      --> books/p.yaml:17:46
       |
    17 |   - { days: [Saturday, sta], from: 9:00, to: '24:00' …
       |                                              ^^^^^^^
       = did you mean `00:00`?
       = written HH:MM, from 00:00 to 23:59; an end not after the beginning is on the next day
    error[unknown-word]: `Europe/Praque` is not a time zone
      --> books/p.yaml:17:61
       |
    17 |   - { days: [Saturday, sta], from: 9:00, to: '24:00', zone: Europe/Praque
       |                                                             ^^^^^^^^^^^^^
       = did you mean `Europe/Prague`?
       = a name of the IANA database, like Europe/Prague or UTC
    error[bad-value]: `windows[2].days` names no day
      --> books/p.yaml:18:7
       |
    18 |   - { days: …
       |       ^^^^
       = leave it out for every day
    error[bad-value]: `2200` is not a time of day for `windows[2].from`
      --> books/p.yaml:18:23
       |
    18 |   - { days: [], from: 2200 …
       |                       ^^^^
       = written HH:MM, from 00:00 to 23:59; an end not after the beginning is on the next day
    error[bad-value]: `22:60` is not a time of day for `windows[2].to`
      --> books/p.yaml:18:33
       |
    18 |   - { days: [], from: 2200, to: 22:60 …
       |                                 ^^^^^
       = written HH:MM, from 00:00 to 23:59; an end not after the beginning is on the next day
    error[unknown-word]: `CET+1` is not a time zone
      --> books/p.yaml:18:46
       |
    18 |   - { days: [], from: 2200, to: 22:60, zone: CET+1
       |                                              ^^^^^
       = a name of the IANA database, like Europe/Prague or UTC
    error[missing-key]: `windows[3].from` is missing
      --> books/p.yaml:19:5
       |
    19 |   - { …
       |     ^
    error[missing-key]: `windows[3].to` is missing
      --> books/p.yaml:19:5
       |
    19 |   - { …
       |     ^
    error[missing-key]: `windows[3].zone` is missing
      --> books/p.yaml:19:5
       |
    19 |   - { …
       |     ^
    error[unknown-key]: `day` is not a key of windows[3]
      --> books/p.yaml:19:7
       |
    19 |   - { day: …
       |       ^^^
       = did you mean `days`?
    "#);
    assert!(wrong("windows: { from: '22:00' }\n").contains("`windows` must be a list"));
    assert!(wrong("windows: [sat]\n").contains("`windows[1]` must be a mapping"));
    let case = wrong("windows: [{ from: 22:00, to: 23:00, zone: europe/prague }]\n");
    assert!(case.contains("did you mean `Europe/Prague`?"), "{case}");
}
