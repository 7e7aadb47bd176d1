//! Where keys stand.

use super::{SMALL, folder};
use crate::playbook::parse;

#[test]
fn keys_stand_where_they_are_written() {
    let print = "sha256:".to_owned() + &"ab".repeat(32);
    let text = format!(
        "{SMALL}limits: {{ concurrency: 4 }}\ntls:\n  pins: {{ \"a.example.com:1\": [\"{print}\"], \
         \"b.example.com:2\": [\"{print}\"] }}\n"
    );
    let places = parse("p.yaml", &text, &folder(&[])).unwrap().places;
    let line = text.lines().position(|line| line.starts_with("limits")).unwrap() + 1;
    let at = places.at("limits.concurrency").unwrap();
    assert_eq!((at.line as usize, at.column), (line, 11));
    assert!(places.at("limits.max_removals").is_none());
    let pins: Vec<&str> = places.below("tls.pins").map(|(name, _)| name).collect();
    assert_eq!(pins, ["a.example.com:1", "b.example.com:2"]);
}
