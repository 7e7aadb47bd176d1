//! One device's write: the whole list and the settings in one request, or SQL row by row and the settings beside it;
//! and the writes of many at once.

use std::cell::Cell;
use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};

use crate::clients::axl::{AxlError, DeviceKind, PhoneService, SubscribedService, Writer};
use crate::clients::stop::Stop;
use crate::journal::{Entry, Field};
use crate::planner::running::Told;
use crate::playbook::ascii_name;
use crate::resources::subscription::{Edit, object};
use crate::resources::writer_rule::Way;
use crate::resources::{phone_settings, vendor_config};

use super::statements::statements;
use super::together::{fits, send_together};
use super::writing::Begun;

/// One write, built and ready to be sent.
pub(super) struct Ready {
    pub(super) index: usize,
    /// How subscriptions are written; `Operator` where none are.
    pub(super) way: Way,
    pub(super) kind: DeviceKind,
    pub(super) name: String,
    pub(super) edits: Vec<Edit>,
    /// Elements of `vendorConfig` to set; empty where none are.
    pub(super) settings: phone_settings::Edit,
    /// Elements of `vendorConfig` to put back as they were; empty where none are.
    pub(super) elements: Vec<(String, Vec<String>)>,
    /// What of the settings is to be seen on the phone once it is told.
    pub(super) shows: Told,
    /// What is touched of the device, for the journal.
    pub(super) fields: Vec<Field>,
    /// Subscriptions that the database has on this device.
    pub(super) subscriptions: usize,
    /// What stands inside of its `vendorConfig`, where the bulk read is known to tell it byte for byte.
    pub(super) config: Option<String>,
    /// It is written by statements of its own: one about many devices was refused, or did not do what it should.
    pub(super) alone: bool,
}

impl Ready {
    pub(super) fn has_settings(&self) -> bool {
        !self.settings.is_empty() || !self.elements.is_empty()
    }

    /// The device as the journal has it.
    pub(super) fn entry(&self) -> Entry {
        Entry::new(&object(self.kind, &self.name), self.fields.iter().cloned())
    }
}

/// How a write ended, and for which of the two parts the error counts.
pub(super) struct Sent {
    pub(super) writes: usize,
    pub(super) subscription: bool,
    pub(super) settings: bool,
    pub(super) error: Option<AxlError>,
    /// A statement about many devices was refused: this one is looked at and written again, alone.
    pub(super) alone: bool,
}

impl Sent {
    /// Something of the subscriptions was sent.
    pub(super) fn of_subscription() -> Self {
        Self { writes: 0, subscription: true, settings: false, error: None, alone: false }
    }

    /// The settings were sent.
    pub(super) fn of_settings() -> Self {
        Self { subscription: false, settings: true, ..Self::of_subscription() }
    }

    /// Whether all went well until now.
    pub(super) fn is_well(&self) -> bool {
        self.error.is_none() && !self.alone
    }
}

/// What sending needs to know of the run.
#[derive(Clone, Copy)]
pub(super) struct Sending<'a> {
    pub(super) writer: &'a Writer,
    pub(super) services: &'a BTreeMap<String, PhoneService>,
    pub(super) stop: &'a Stop,
    /// Something went wrong that ends the run.
    pub(super) over: &'a Cell<bool>,
    /// The group before, of which some writes may be under way.
    pub(super) before: Option<&'a Begun>,
    pub(super) concurrency: usize,
    /// Statements about many devices are tried.
    pub(super) together: bool,
}

impl Sending<'_> {
    /// Nothing new is begun once the end was asked for; what is in flight is awaited. What went wrong in the group before
    /// is noted first: it may end the run.
    pub(super) async fn goes_on(&self) -> bool {
        if let Some(before) = self.before {
            before.settled().await;
        }
        !self.stop.is_set() && !self.over.get()
    }
}

/// Rows of writes that [`send_all`] tells the beginning of: single devices, two stages of statements about many, and
/// settings beside these.
pub(super) const ROWS: usize = 4;

/// Sends the writes of many devices, in the order of `ready`. `None`: not begun, because the run is to end.
pub(super) async fn send_all(
    sending: Sending<'_>,
    begun: &Begun,
    ready: &[Ready],
) -> Vec<Option<Sent>> {
    let fitting: Vec<usize> =
        (0..).zip(ready).filter(|(_, item)| fits(item)).map(|(place, _)| place).collect();
    // One device has statements of its own, which say more plainly what they do.
    let together = if sending.together && fitting.len() > 1 { fitting } else { Vec::new() };
    let single = (0..).zip(ready).filter(|(place, _)| together.binary_search(place).is_err());
    let single = single.map(|(place, item)| async move {
        if !sending.goes_on().await {
            return (place, None);
        }
        let sent = send(sending, item).await;
        if sent.error.is_some() {
            begun.fail();
        }
        (place, Some(sent))
    });
    let single = stream::iter(begun.told_by(single));
    let single = single.buffer_unordered(sending.concurrency).collect::<Vec<_>>();
    let many: Vec<&Ready> = together.iter().filter_map(|place| ready.get(*place)).collect();
    let (single, many) = futures::join!(single, send_together(sending, begun, &many));
    let mut sent: Vec<Option<Sent>> = ready.iter().map(|_| None).collect();
    for (place, one) in single.into_iter().chain(together.into_iter().zip(many)) {
        if let Some(sent) = sent.get_mut(place) {
            *sent = one;
        }
    }
    sent
}

/// Sends one device's write.
async fn send(sending: Sending<'_>, item: &Ready) -> Sent {
    let Sending { writer, services, .. } = sending;
    let mut sent = Sent { subscription: false, ..Sent::of_subscription() };
    match item.way {
        Way::Whole => {
            sent.subscription = true;
            sent.settings = item.has_settings();
            sent.error = send_list(writer, item, &mut sent.writes).await.err();
            return sent;
        }
        Way::Delta => {
            let error = send_delta(writer, item, services, &mut sent.writes).await.err();
            if error.is_some() {
                return Sent { subscription: true, error, ..sent };
            }
        }
        Way::Operator => {}
    }
    if item.has_settings() {
        sent.settings = true;
        sent.error = send_settings(writer, item, &mut sent.writes).await.err();
    }
    sent
}

/// The settings alone: `vendorConfig` as it is now, with the wanted elements set.
pub(super) async fn send_settings(
    writer: &Writer,
    item: &Ready,
    count: &mut usize,
) -> Result<(), AxlError> {
    let config = if let Some(base) = &item.config {
        config(item, base)?
    } else {
        let base = writer.reader().phone_base(&item.name).await?.ok_or_else(|| gone(item))?;
        config(item, &base.config)?
    };
    *count += 1;
    writer.update_phone(&item.name, Some(&config), None).await
}

fn config(item: &Ready, base: &str) -> Result<String, AxlError> {
    let merged = phone_settings::merged(base, &item.settings);
    let merged = merged.and_then(|merged| with_elements(&merged, &item.elements));
    merged.ok_or_else(|| AxlError::Refused {
        why: format!("vendorConfig of {} is not well-formed, and is not written back", item.name),
    })
}

/// A configuration with elements as they were; `None` when it is not well-formed.
pub(super) fn with_elements(config: &str, elements: &[(String, Vec<String>)]) -> Option<String> {
    elements.iter().try_fold(config.to_owned(), |config, (element, were)| {
        vendor_config::restore(&config, element, were)
    })
}

fn gone(item: &Ready) -> AxlError {
    AxlError::Refused { why: format!("{} is not there any more", item.name) }
}

async fn send_list(writer: &Writer, item: &Ready, count: &mut usize) -> Result<(), AxlError> {
    let mut list = Vec::new();
    let mut settings = None;
    if let (Some(base), true, 0) = (&item.config, item.has_settings(), item.subscriptions) {
        settings = Some(config(item, base)?);
    } else if item.has_settings() {
        let base = writer.reader().phone_base(&item.name).await?.ok_or_else(|| gone(item))?;
        settings = Some(config(item, &base.config)?);
        list = base.services;
    } else if item.subscriptions > 0 {
        let read = writer.reader().device_services(item.kind, &item.name).await?;
        list = read.unwrap_or_default();
    }
    if list.len() != item.subscriptions {
        return Err(AxlError::Refused {
            why: format!(
                "AXL lists {} subscriptions and the database {}; writing the list could lose one",
                list.len(),
                item.subscriptions
            ),
        });
    }
    for edit in &item.edits {
        merge(&mut list, edit);
    }
    *count += 1;
    match settings {
        Some(config) => writer.update_phone(&item.name, Some(&config), Some(&list)).await,
        None => writer.update_device_services(item.kind, &item.name, &list).await,
    }
}

fn merge(list: &mut Vec<SubscribedService>, edit: &Edit) {
    if edit.unsubscribe {
        list.retain(|entry| entry.service != edit.service);
    } else if edit.subscribe {
        let was = edit.as_it_was.as_ref();
        list.push(SubscribedService {
            service: edit.service.clone(),
            service_uuid: None,
            name: was.map_or(&edit.service, |was| &was.name).clone(),
            url: edit.url.clone(),
            button_index: Some(was.map_or(0, |was| was.button_index)),
            label: was.map(|was| was.label.clone()).filter(|label| !label.is_empty()),
            name_ascii: Some(
                was.map_or_else(|| ascii_name(&edit.service), |was| was.name_ascii.clone()),
            ),
        });
    } else {
        for entry in list.iter_mut().filter(|entry| entry.service == edit.service) {
            if let Some(url) = &edit.url {
                entry.url = Some(url.clone());
            }
            if let Some(name) = &edit.name {
                entry.name.clone_from(name);
                entry.name_ascii = Some(ascii_name(name));
            }
        }
    }
}

async fn send_delta(
    writer: &Writer,
    item: &Ready,
    services: &BTreeMap<String, PhoneService>,
    count: &mut usize,
) -> Result<(), AxlError> {
    for edit in &item.edits {
        for statement in statements(&item.name, edit, services)? {
            *count += 1;
            writer.execute(&statement).await?;
        }
    }
    Ok(())
}
