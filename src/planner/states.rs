//! Subscriptions and values of many devices, packed: what repeats is kept once, secrets lie one after the other in
//! blocks that are wiped, and a device is unpacked when it is looked at.

mod vault;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use secrecy::ExposeSecret;

use crate::clients::axl::{DeviceKind, Pkid, Subscription};
use crate::resources::subscription::DeviceState;
use vault::{Kept, Vault};

/// What subscriptions have in common: nearly all to one service are alike but for their device and values.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    kind: DeviceKind,
    service: Arc<str>,
    name: Arc<str>,
    name_ascii: Arc<str>,
    button_index: i64,
    label: Arc<str>,
    priority: Option<i64>,
    service_priority: Option<i64>,
    template: Arc<str>,
    secure_template: Arc<str>,
}

#[derive(Debug)]
struct Packed {
    key: Pkid,
    shape: Arc<Shape>,
    url: Kept,
    secure_url: Kept,
    /// Where its values stand.
    values: Range<u32>,
}

#[derive(Debug)]
struct Value {
    /// Which subscription's, by its place.
    of: u32,
    /// Which of the parameters.
    parameter: u32,
    kept: Kept,
}

/// By device name; every device that has any of the services.
#[derive(Debug, Default)]
pub struct States {
    devices: BTreeMap<CompactString, Range<u32>>,
    subscriptions: Vec<Packed>,
    values: Vec<Value>,
    parameters: Vec<Arc<str>>,
    vault: Vault,
}

impl States {
    /// What is there on a device; `None` where nothing is.
    pub fn get(&self, device: &str) -> Option<DeviceState> {
        self.devices.get(device).map(|own| self.unpack(device, own))
    }

    /// Whether a device has any.
    pub fn contains(&self, device: &str) -> bool {
        self.devices.contains_key(device)
    }

    /// All devices.
    pub fn iter(&self) -> impl Iterator<Item = (&str, DeviceState)> {
        self.beyond(|_| false)
    }

    /// All devices but those that are known.
    pub fn beyond(
        &self,
        known: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&str, DeviceState)> {
        let rest = self.devices.iter().filter(move |(name, _)| !known(name));
        rest.map(|(name, own)| (&**name, self.unpack(name, own)))
    }

    fn unpack(&self, device: &str, own: &Range<u32>) -> DeviceState {
        let mut state = DeviceState::default();
        let packed = self.subscriptions.get(range(own)).unwrap_or_default();
        state.subscriptions.reserve_exact(packed.len());
        for packed in packed {
            let (shape, pkid) = (&packed.shape, packed.key.clone());
            let rows = self.values.get(range(&packed.values)).unwrap_or_default();
            if !rows.is_empty() {
                let rows = rows.iter().filter_map(|row| {
                    let parameter = self.parameters.get(place(row.parameter))?;
                    Some((Arc::clone(parameter), self.vault.get(&row.kept, "")))
                });
                state.rows.insert(pkid.clone(), rows.collect());
            }
            state.subscriptions.push(Subscription {
                pkid,
                device: device.into(),
                kind: shape.kind,
                service: Arc::clone(&shape.service),
                name: Arc::clone(&shape.name),
                name_ascii: Arc::clone(&shape.name_ascii),
                url: self.vault.get(&packed.url, &shape.template),
                secure_url: self.vault.get(&packed.secure_url, &shape.secure_template),
                button_index: shape.button_index,
                label: Arc::clone(&shape.label),
                priority: shape.priority,
                service_priority: shape.service_priority,
                template: Arc::clone(&shape.template),
                secure_template: Arc::clone(&shape.secure_template),
            });
        }
        state
    }
}

fn place(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn range(range: &Range<u32>) -> Range<usize> {
    place(range.start)..place(range.end)
}

fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// States while they are packed, subscription by subscription and value by value, in any order.
#[derive(Debug, Default)]
pub(super) struct Packing {
    subscriptions: Vec<(CompactString, Packed)>,
    /// Each with its subscription's key.
    values: Vec<(Pkid, Value)>,
    vault: Vault,
    shapes: HashSet<Arc<Shape>>,
    parameters: Vec<Arc<str>>,
}

impl Packing {
    pub(super) fn subscription(&mut self, one: Subscription) {
        let url = self.vault.keep(one.url.expose_secret(), &one.template);
        let secure_url = self.vault.keep(one.secure_url.expose_secret(), &one.secure_template);
        let shape = Shape {
            kind: one.kind,
            service: one.service,
            name: one.name,
            name_ascii: one.name_ascii,
            button_index: one.button_index,
            label: one.label,
            priority: one.priority,
            service_priority: one.service_priority,
            template: one.template,
            secure_template: one.secure_template,
        };
        let known = self.shapes.get(&shape).map(Arc::clone);
        let shape = known.unwrap_or_else(|| {
            let shape = Arc::new(shape);
            self.shapes.insert(Arc::clone(&shape));
            shape
        });
        let packed = Packed { key: one.pkid, shape, url, secure_url, values: 0..0 };
        self.subscriptions.push((one.device, packed));
    }

    pub(super) fn value(&mut self, subscription: Pkid, parameter: &Arc<str>, value: &str) {
        // A service has few.
        let known = self.parameters.iter().position(|known| known == parameter);
        let parameter = short(known.unwrap_or_else(|| {
            self.parameters.push(Arc::clone(parameter));
            self.parameters.len() - 1
        }));
        let kept = self.vault.keep(value, "");
        self.values.push((subscription, Value { of: u32::MAX, parameter, kept }));
    }

    /// Everything by device. Values of subscriptions that are not there are left out.
    pub(super) fn finish(mut self) -> States {
        drop(self.shapes);
        self.subscriptions.sort_by(|a, b| a.0.cmp(&b.0));
        let mut states = States {
            values: placed(&self.subscriptions, self.values),
            parameters: self.parameters,
            vault: self.vault,
            ..States::default()
        };
        let mut from = 0;
        for (place, (device, mut packed)) in self.subscriptions.into_iter().enumerate() {
            let place = short(place);
            let rest = states.values.get(from..).unwrap_or_default();
            let to = from + rest.iter().take_while(|value| value.of == place).count();
            packed.values = short(from)..short(to);
            from = to;
            states.subscriptions.push(packed);
            states.devices.entry(device).or_insert(place..place).end = place + 1;
        }
        states.subscriptions.shrink_to_fit();
        states
    }
}

/// Values in the order of their subscriptions. Both sides are sorted by key and gone through once: looking up each key
/// would miss the processor's caches each time.
fn placed(subscriptions: &[(CompactString, Packed)], mut values: Vec<(Pkid, Value)>) -> Vec<Value> {
    let mut keys: Vec<(&Pkid, u32)> =
        (0..).zip(subscriptions).map(|(place, (_, packed))| (&packed.key, place)).collect();
    keys.sort_unstable();
    // Of several with one key, the first.
    keys.dedup_by(|later, first| later.0 == first.0);
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let mut keys = keys.into_iter().peekable();
    let of = |(key, value): (Pkid, Value)| {
        while keys.next_if(|(own, _)| **own < key).is_some() {}
        let (_, of) = *keys.peek().filter(|(own, _)| **own == key)?;
        Some(Value { of, ..value })
    };
    let mut placed: Vec<Value> = values.into_iter().filter_map(of).collect();
    placed.sort_by_key(|value| value.of);
    placed.shrink_to_fit();
    placed
}

impl FromIterator<(String, DeviceState)> for States {
    fn from_iter<T: IntoIterator<Item = (String, DeviceState)>>(all: T) -> Self {
        let mut packing = Packing::default();
        for (device, state) in all {
            for (subscription, rows) in &state.rows {
                for (parameter, value) in rows {
                    packing.value(subscription.clone(), parameter, value.expose_secret());
                }
            }
            for one in state.subscriptions {
                packing.subscription(Subscription { device: device.as_str().into(), ..one });
            }
        }
        packing.finish()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::Packing;
    use crate::clients::axl::{DeviceKind, Pkid, Subscription};

    fn subscription(device: &str, pkid: &str, url: &str) -> Subscription {
        Subscription {
            pkid: Pkid::of(pkid),
            device: device.into(),
            kind: DeviceKind::Phone,
            service: "Finesse".into(),
            name: "Agent".into(),
            name_ascii: "Agent A".into(),
            url: url.into(),
            secure_url: format!("s{url}").into(),
            button_index: 3,
            label: "L".into(),
            priority: Some(50),
            service_priority: None,
            template: "http://f/#DEVICENAME#".into(),
            secure_template: "shttp://f/#DEVICENAME#".into(),
        }
    }

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let of_service = "http://f/#DEVICENAME#?id=1&password=\u{159}";
        let all = [
            subscription("SEP2", "b", "http://other?id=2"),
            subscription("SEP1", "0a1b2c3d-0000-0000-0000-00000000000f", of_service),
            subscription("SEP2", "a", ""),
        ];
        let mut packing = Packing::default();
        packing.value(Pkid::of("a"), &"id".into(), "s3cret");
        packing.value(Pkid::of("gone"), &"id".into(), "nobody's");
        for one in &all {
            packing.subscription(one.clone());
        }
        packing.value(all[1].pkid.clone(), &"Id".into(), "");
        packing.value(Pkid::of("a"), &"password".into(), "two");
        let states = packing.finish();
        assert!(states.contains("SEP1") && states.get("SEP3").is_none());
        let names: Vec<&str> = states.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["SEP1", "SEP2"]);
        let (one, two) = (states.get("SEP1").unwrap(), states.get("SEP2").unwrap());
        let shown = |one: &Subscription| {
            let urls = [one.url.expose_secret(), one.secure_url.expose_secret()];
            format!("{one:?} {urls:?}")
        };
        let all: Vec<String> = all.iter().map(shown).collect();
        assert_eq!(one.subscriptions.iter().map(shown).collect::<Vec<_>>(), all[1..2]);
        let unpacked: Vec<String> = two.subscriptions.iter().map(shown).collect();
        assert_eq!(unpacked, [all[0].clone(), all[2].clone()], "in the order in which they came");
        let rows = |rows: &[(std::sync::Arc<str>, secrecy::SecretString)]| {
            let rows = rows.iter().map(|(name, value)| format!("{name}={}", value.expose_secret()));
            rows.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            (two.rows.len(), rows(&two.rows[&Pkid::of("a")])),
            (1, "id=s3cret password=two".to_owned())
        );
        assert_eq!(rows(&one.rows[&Pkid::of("0a1b2c3d-0000-0000-0000-00000000000f")]), "Id=");
        assert!(!format!("{states:?}").contains("s3cret"), "secrets are not shown");
        let again = states.iter().map(|(name, state)| (name.to_owned(), state));
        let again: super::States = again.collect();
        assert_eq!(format!("{:?}", again.get("SEP2")), format!("{:?}", states.get("SEP2")));
    }
}
