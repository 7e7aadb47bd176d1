//! Where the keys of a playbook stand: a setting can be told with the line that makes it.

use std::collections::BTreeMap;

use super::location::Location;
use super::reading::Reading;
use super::tree::{Node, NodeKind};

/// Keys within keys, this deep.
const DEEPEST: usize = 3;

/// The places of keys, by their names with dots between.
#[derive(Debug, Clone, Default)]
pub struct Places(BTreeMap<Vec<String>, Location>);

impl Places {
    /// Those of a tree.
    pub fn of(reading: &Reading, root: &Node) -> Self {
        let mut places = Self::default();
        places.add(reading, root, &mut Vec::new());
        places
    }

    fn add(&mut self, reading: &Reading, node: &Node, path: &mut Vec<String>) {
        let NodeKind::Map(entries) = &node.kind else { return };
        for (key, value) in entries {
            path.push(key.text.clone());
            self.0.insert(path.clone(), reading.locate(key.span.start));
            if path.len() < DEEPEST {
                self.add(reading, value, path);
            }
            path.pop();
        }
    }

    /// Where a key stands, written `limits.concurrency`; nothing where the playbook does not have it.
    pub fn at(&self, key: &str) -> Option<&Location> {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        self.0.get(&path)
    }

    /// The keys directly below one, and where they stand.
    pub fn below(&self, key: &str) -> impl Iterator<Item = (&str, &Location)> {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        let children = self.0.range(path.clone()..);
        let children = children.take_while(move |(key, _)| key.starts_with(&path));
        let length = key.split('.').count() + 1;
        children
            .filter(move |(key, _)| key.len() == length)
            .filter_map(|(key, place)| Some((key.last()?.as_str(), place)))
    }
}
