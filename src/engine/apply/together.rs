//! SQL writes of many devices together: as few statements as the texts fit in. Where the server refuses one of them, its
//! devices are looked at again and written one by one.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};

use crate::clients::axl::{
    AxlError, NewSubscription, PhoneService, Pkid, Statement, UrlsOf, ValueOf,
};
use crate::playbook::ascii_name;
use crate::resources::service_parameter::parameter_of;
use crate::resources::subscription::Edit;
use crate::resources::writer_rule::Way;

use super::send::{Ready, Sending, Sent, send_settings};
use super::writing::Begun;

/// Statements about many devices of a group that are performed at a time: they are about the same tables, and what else is written
/// should not wait for them.
const AT_ONCE: usize = 2;

/// Devices of a first statement, of whose texts nothing is known yet.
const LIKELY: usize = 50;

/// One statement, and the devices that it is about by their places.
struct Together {
    statement: Statement,
    places: Vec<usize>,
}

/// Whether all that is written on a device can be a part of statements about many.
pub(super) fn fits(item: &Ready) -> bool {
    item.way == Way::Delta && !item.alone && item.edits.iter().all(edit_fits)
}

fn edit_fits(edit: &Edit) -> bool {
    let mut texts = edit.url.iter().chain(&edit.secure_url);
    let known = if edit.subscribe {
        edit.url.is_some() && edit.secure_url.is_some()
    } else {
        edit.pkid.is_some()
    };
    known
        && !edit.unsubscribe
        && edit.name.is_none()
        && edit.clear.is_empty()
        && edit.as_it_was.is_none()
        && texts.all(Statement::bears)
        && edit.rows.iter().all(|(_, value, _)| Statement::bears(value))
}

/// Sends what all of these devices need: rows and settings side by side, as neither rests on the other. `None` for a
/// device on which nothing was begun, because the run is to end.
pub(super) async fn send_together(
    sending: Sending<'_>,
    begun: &Begun,
    items: &[&Ready],
) -> Vec<Option<Sent>> {
    let (rows, settings) =
        futures::join!(rows(sending, begun, items), settings(sending, begun, items));
    rows.into_iter().zip(settings).map(|(rows, settings)| both(rows, settings)).collect()
}

/// How one device's writes ended, given how both parts did.
fn both(rows: Option<Sent>, settings: Option<Sent>) -> Option<Sent> {
    let (Some(rows), Some(settings)) = (&rows, &settings) else { return rows.or(settings) };
    let failed = rows.error.is_some() || settings.error.is_some();
    Some(Sent {
        writes: rows.writes + settings.writes,
        // An error counts for the part that it came from.
        subscription: !failed || rows.error.is_some(),
        settings: !failed || settings.error.is_some(),
        error: rows.error.clone().or_else(|| settings.error.clone()),
        alone: rows.alone,
    })
}

async fn rows(sending: Sending<'_>, begun: &Begun, items: &[&Ready]) -> Vec<Option<Sent>> {
    let mut sent: Vec<Option<Sent>> = items.iter().map(|_| None).collect();
    // Statements take some time to be made: what is written beside them is begun before.
    tokio::task::yield_now().await;
    // New subscriptions first: their values are rows that hang on them.
    for stage in [subscriptions, urls_and_values] {
        let open = |place: &usize| {
            sent.get(*place).is_some_and(|sent| sent.as_ref().is_none_or(Sent::is_well))
        };
        let places: Vec<usize> = (0..items.len()).filter(open).collect();
        let mut all = Vec::new();
        for (place, error) in stage(items, &places, sending.services, &mut all) {
            begun.fail();
            if let Some(sent) = sent.get_mut(place) {
                *sent = Some(Sent { error: Some(error), ..Sent::of_subscription() });
            }
        }
        perform(sending, begun, all, &mut sent).await;
    }
    sent
}

async fn perform(
    sending: Sending<'_>,
    begun: &Begun,
    all: Vec<Together>,
    sent: &mut [Option<Sent>],
) {
    let performed = all.into_iter().map(|Together { statement, places }| async move {
        let goes_on = sending.goes_on().await;
        let result = if goes_on { Some(sending.writer.execute(&statement).await) } else { None };
        (places, result)
    });
    let at_once = sending.concurrency.min(AT_ONCE);
    let mut performed = stream::iter(begun.told_by(performed)).buffer_unordered(at_once);
    while let Some((places, result)) = performed.next().await {
        let Some(result) = result else { continue };
        if result.is_err() {
            begun.fail();
        }
        // The first one stands for the statement where writes are counted.
        for (number, place) in places.into_iter().enumerate() {
            let Some(sent) = sent.get_mut(place) else { continue };
            let sent = sent.get_or_insert_with(Sent::of_subscription);
            sent.writes += usize::from(number == 0);
            match &result {
                Ok(_) => {}
                Err(error) if error.fault_kind().is_some() && !error.deferred() => {
                    sent.alone = true;
                }
                Err(error) => sent.error = Some(error.clone()),
            }
        }
    }
}

async fn settings(sending: Sending<'_>, begun: &Begun, items: &[&Ready]) -> Vec<Option<Sent>> {
    let mut sent: Vec<Option<Sent>> = items.iter().map(|_| None).collect();
    let written = items.iter().zip(&mut sent).map(|(item, sent)| async move {
        if item.has_settings() && sending.goes_on().await {
            let sent = sent.insert(Sent::of_settings());
            sent.error = send_settings(sending.writer, item, &mut sent.writes).await.err();
            if sent.error.is_some() {
                begun.fail();
            }
        }
    });
    let written = stream::iter(begun.told_by(written));
    written.buffer_unordered(sending.concurrency).collect::<()>().await;
    sent
}

type Refused = Vec<(usize, AxlError)>;

/// New subscriptions, by service.
fn subscriptions(
    items: &[&Ready],
    places: &[usize],
    _: &BTreeMap<String, PhoneService>,
    all: &mut Vec<Together>,
) -> Refused {
    let mut by_service: BTreeMap<&str, Vec<(usize, Edits<'_>)>> = BTreeMap::new();
    for (place, item, edit) in edits(items, places).filter(|(_, _, edit)| edit.subscribe) {
        by_service.entry(&edit.service).or_default().push((place, vec![(item, edit)]));
    }
    let mut refused = Vec::new();
    for (service, devices) in by_service {
        let ascii = ascii_name(service);
        let make = |devices: &[(usize, Edits<'_>)]| {
            let new = devices.iter().flat_map(|(_, edits)| edits).filter_map(|(item, edit)| {
                Some(NewSubscription {
                    device: &item.name,
                    service,
                    name: service,
                    name_ascii: &ascii,
                    url: edit.url.as_ref()?,
                    secure_url: edit.secure_url.as_ref()?,
                    label: "",
                    button_index: 0,
                    priority: None,
                })
            });
            Statement::insert_subscriptions(&new.collect::<Vec<_>>())
        };
        refused.extend(packed(&devices, &make, all));
    }
    refused
}

fn urls_and_values(
    items: &[&Ready],
    places: &[usize],
    services: &BTreeMap<String, PhoneService>,
    all: &mut Vec<Together>,
) -> Refused {
    let mut refused = urls(items, places, all);
    refused.extend(values(items, places, services, all));
    refused
}

/// URLs, by which of the two are set.
fn urls(items: &[&Ready], places: &[usize], all: &mut Vec<Together>) -> Refused {
    let mut alike: BTreeMap<(bool, bool), Vec<(usize, Edits<'_>)>> = BTreeMap::new();
    for (place, item, edit) in edits(items, places).filter(|(_, _, edit)| !edit.subscribe) {
        let which = (edit.url.is_some(), edit.secure_url.is_some());
        if which != (false, false) {
            alike.entry(which).or_default().push((place, vec![(item, edit)]));
        }
    }
    let make = |devices: &[(usize, Edits<'_>)]| {
        let rows = devices.iter().flat_map(|(_, edits)| edits).filter_map(|(_, edit)| {
            Some(UrlsOf {
                subscription_pkid: edit.pkid.as_ref()?,
                url: edit.url.as_ref(),
                secure_url: edit.secure_url.as_ref(),
            })
        });
        Statement::set_many_urls(&rows.collect::<Vec<_>>())
    };
    alike.values().flat_map(|devices| packed(devices, &make, all)).collect()
}

/// Which parameters a device gets, by service, and whether its subscriptions are known by key.
type Shape<'a> = (bool, Vec<(&'a str, &'a Pkid)>);

/// Value rows: new ones by what each device gets, others by parameter.
fn values(
    items: &[&Ready],
    places: &[usize],
    services: &BTreeMap<String, PhoneService>,
    all: &mut Vec<Together>,
) -> Refused {
    let mut refused = Vec::new();
    let mut new: BTreeMap<Shape<'_>, Vec<(usize, Vec<ValueOf<'_>>)>> = BTreeMap::new();
    let mut other: BTreeMap<&Pkid, Vec<(usize, Vec<ValueOf<'_>>)>> = BTreeMap::new();
    for place in places {
        let Some(item) = items.get(*place) else { continue };
        let rows = match rows_of(item, services) {
            Ok(rows) => rows,
            Err(error) => {
                refused.push((*place, error));
                continue;
            }
        };
        let (there, fresh): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, there)| *there);
        for (row, _) in there {
            other.entry(row.parameter_pkid).or_default().push((*place, vec![row]));
        }
        // Whose subscriptions are known by key, and whose are not, are not of one statement.
        for known in [true, false] {
            let rows = fresh.iter().map(|(row, _)| *row);
            let rows: Vec<ValueOf<'_>> =
                rows.filter(|row| row.subscription_pkid.is_some() == known).collect();
            let mut shape: Vec<_> =
                rows.iter().map(|row| (row.service, row.parameter_pkid)).collect();
            shape.sort_unstable();
            if !rows.is_empty() {
                new.entry((known, shape)).or_default().push((*place, rows));
            }
        }
    }
    for devices in new.values() {
        refused.extend(packed(devices, &|rows| Statement::insert_many_values(&flat(rows)), all));
    }
    for devices in other.values() {
        refused.extend(packed(devices, &|rows| Statement::update_many_values(&flat(rows)), all));
    }
    refused
}

fn flat<'a>(devices: &[(usize, Vec<ValueOf<'a>>)]) -> Vec<ValueOf<'a>> {
    devices.iter().flat_map(|(_, rows)| rows).copied().collect()
}

fn rows_of<'a>(
    item: &'a Ready,
    services: &'a BTreeMap<String, PhoneService>,
) -> Result<Vec<(ValueOf<'a>, bool)>, AxlError> {
    let mut rows = Vec::new();
    for edit in &item.edits {
        for (parameter, value, there) in &edit.rows {
            let service = services.get(&edit.service);
            let found = service.and_then(|service| parameter_of(service, *parameter));
            let parameter_pkid = found.map(|one| &one.pkid).ok_or_else(|| {
                let name = parameter.name();
                let why = format!("service {} has no parameter {name}", edit.service);
                AxlError::Refused { why }
            })?;
            let row = ValueOf {
                device: &item.name,
                service: &edit.service,
                subscription_pkid: edit.pkid.as_ref(),
                parameter_pkid,
                value,
            };
            rows.push((row, *there));
        }
    }
    Ok(rows)
}

type Edits<'a> = Vec<(&'a Ready, &'a Edit)>;

fn edits<'a>(
    items: &'a [&'a Ready],
    places: &'a [usize],
) -> impl Iterator<Item = (usize, &'a Ready, &'a Edit)> {
    let chosen = places.iter().filter_map(|place| Some((*place, *items.get(*place)?)));
    chosen.flat_map(|(place, item)| item.edits.iter().map(move |edit| (place, item, edit)))
}

/// Statements about all of these devices, each about as many as it is likely to bear: half as many where it would be too
/// long. A device that has none even alone is given back with the reason.
fn packed<T>(
    devices: &[(usize, T)],
    make: &impl Fn(&[(usize, T)]) -> Result<Statement, AxlError>,
    all: &mut Vec<Together>,
) -> Refused {
    let mut refused = Vec::new();
    let mut left = devices;
    let mut size = LIKELY;
    while !left.is_empty() {
        let (now, later) = left.split_at(size.min(left.len()));
        match (make(now), now) {
            (Ok(statement), _) => {
                size = statement.room_for(now.len());
                let places = now.iter().map(|(place, _)| *place).collect();
                all.push(Together { statement, places });
                left = later;
            }
            (Err(error), [(place, _)]) => {
                refused.push((*place, error));
                left = later;
            }
            (Err(_), _) => size = now.len() / 2,
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::{NewSubscription, Statement, Together, packed};

    /// Devices with URLs of these lengths, packed: the places of each statement, and those that were refused.
    fn of(lengths: &[usize], wrong: &[usize]) -> (Vec<Vec<usize>>, Vec<usize>) {
        let name = |place| format!("SEP{place}{}", if wrong.contains(&place) { "\n" } else { "" });
        let text = |length: &usize| SecretString::from("u".repeat(*length));
        let devices: Vec<(usize, (String, SecretString))> = (0..)
            .zip(lengths)
            .map(|(place, length)| (place, (name(place), text(length))))
            .collect();
        let make = |devices: &[(usize, (String, SecretString))]| {
            let new = devices.iter().map(|(_, (device, url))| NewSubscription {
                device,
                service: "F",
                name: "F",
                name_ascii: "F",
                url,
                secure_url: url,
                label: "",
                button_index: 0,
                priority: None,
            });
            Statement::insert_subscriptions(&new.collect::<Vec<_>>())
        };
        let mut all = Vec::new();
        let refused = packed(&devices, &make, &mut all);
        let places = all.into_iter().map(|Together { places, .. }| places).collect();
        (places, refused.into_iter().map(|(place, _)| place).collect())
    }

    #[test]
    fn every_device_stands_in_one_statement_or_is_refused() {
        let mut lengths = vec![100; 500];
        lengths[200] = 20_000;
        lengths[300..360].fill(900);
        let (statements, refused) = of(&lengths, &[7, 499]);
        assert_eq!(refused, [7, 200, 499]);
        let mut places: Vec<usize> = statements.concat();
        assert!(places.is_sorted());
        places.extend(refused);
        places.sort_unstable();
        assert_eq!(places, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn statements_are_about_as_long_as_they_may_be() {
        let (statements, _) = of(&[120; 1000], &[]);
        assert!((50..1000).contains(&statements[1].len()), "{}", statements[1].len());
        let last = statements.len() - 1;
        assert!(statements[1..last].iter().all(|places| places.len() == statements[1].len()));
        assert!(of(&[], &[]).0.is_empty());
    }
}
