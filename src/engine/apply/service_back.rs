//! Puts a phone service's definition back: its own fields in one update, a parameter without losing a value that some
//! subscriber holds for it.

use crate::clients::axl::{AxlError, PhoneService, PhoneServiceUpdate, Pkid, ServiceParameter};
use crate::journal::past::Reversal;
use crate::journal::phone_service as images;
use crate::journal::{Kept, Key};
use crate::plan::Object;
use crate::planner::build::SqlMode;
use crate::planner::undo::Present;
use crate::playbook::Parameter;
use crate::resources::service_parameter::parameter_of;

use super::run::Run;

/// A parameter that is put back.
struct Earlier<'a> {
    slot: Parameter,
    /// `None`: it is gone.
    now: Option<&'a ServiceParameter>,
    /// `None`: the run has defined it.
    was: Option<ServiceParameter>,
}

impl Run<'_> {
    /// Why parameters cannot be put back without somebody losing a value.
    pub(super) fn parameters_in_the_way(
        &self,
        object: &Object,
        present: &Present,
        reversal: &Reversal,
    ) -> Option<String> {
        let service = present.services.get(&object.name)?;
        let held =
            |earlier: &Earlier<'_>| earlier.now.is_some_and(|now| present.held.contains(&now.pkid));
        let mut held = earlier(service, reversal).into_iter().filter(held);
        let without_sql = self.task.sql == SqlMode::Never;
        let stuck = held.find(|earlier| earlier.was.is_none() || without_sql)?;
        Some(format!(
            "subscribers hold values for its parameter {}, which they would lose",
            stuck.slot.name()
        ))
    }

    /// A service that is gone, as it was.
    pub(super) async fn service_again(&mut self, reversal: &Reversal) -> Result<(), AxlError> {
        let was = |key: &Key| {
            let found = reversal.put_back.iter().find(|(own, ..)| own == key);
            let secret = found.and_then(|(_, _, was)| was.secret());
            secret.map(|text| secrecy::ExposeSecret::expose_secret(&text).to_owned())
        };
        let parts = reversal.put_back.iter().filter(|(key, ..)| key.field == images::PARAMETER);
        let parts: Vec<&str> = parts.map(|(key, ..)| key.of.as_str()).collect();
        self.writes += 1;
        self.writer.add_phone_service(&images::described(&was, &parts)).await
    }

    pub(super) async fn service_back(
        &mut self,
        object: &Object,
        present: &Present,
        reversal: &Reversal,
    ) -> Result<(), AxlError> {
        let Some(service) = present.services.get(&object.name) else {
            return Err(AxlError::Refused { why: format!("{object} is not there any more") });
        };
        let mut update = own_fields(reversal);
        let mut moved = Vec::new();
        let parameters = earlier(service, reversal);
        for earlier in &parameters {
            match (earlier.now, &earlier.was) {
                (Some(now), Some(was)) if present.held.contains(&now.pkid) => {
                    moved.push((earlier.slot, now, was.clone()));
                }
                (now, was) => {
                    update.remove_parameters.extend(now.cloned());
                    update.add_parameters.extend(was.clone());
                }
            }
        }
        for (slot, now, was) in moved {
            let name_only = ServiceParameter { name: was.name.clone(), ..now.clone() };
            if (ServiceParameter { pkid: name_only.pkid.clone(), ..was.clone() }) == name_only {
                self.rename(&now.pkid, &was.name).await?;
            } else {
                self.succeed(&object.name, now, slot, was).await?;
            }
        }
        self.writes += 1;
        self.writer.update_phone_service(&object.name, &update).await
    }
}

fn own_fields(reversal: &Reversal) -> PhoneServiceUpdate {
    let was = |field: &str| {
        let found = reversal.put_back.iter().find(|(key, ..)| *key == Key::own(field));
        found.and_then(|(_, _, was)| was.text()).map(str::to_owned)
    };
    PhoneServiceUpdate {
        new_name: was(images::NAME),
        ascii_name: was(images::ASCII_NAME),
        description: was(images::DESCRIPTION),
        url: was(images::URL),
        secure_url: was(images::SECURE_URL),
        category: was(images::CATEGORY),
        kind: was(images::TYPE),
        enabled: was(images::ENABLED).map(|flag| flag == "true"),
        ..PhoneServiceUpdate::default()
    }
}

fn earlier<'a>(service: &'a PhoneService, reversal: &Reversal) -> Vec<Earlier<'a>> {
    let slots = Parameter::ALL
        .into_iter()
        .filter(|slot| reversal.put_back.iter().any(|(key, ..)| key.of == slot.name()));
    let of = |slot: Parameter| {
        let now = parameter_of(service, slot);
        let was = |field: &str| {
            let found =
                reversal.put_back.iter().find(|(key, ..)| *key == Key::of(slot.name(), field));
            found.map(|(_, _, was)| was)
        };
        if matches!(was(images::PARAMETER), Some(Kept::Absent)) {
            return Some(Earlier { slot, now, was: None });
        }
        let text = |field: &str, of: fn(&ServiceParameter) -> &String| {
            let was = was(field).and_then(Kept::secret);
            let was = was.map(|was| secrecy::ExposeSecret::expose_secret(&was).to_owned());
            was.or_else(|| now.map(|now| of(now).clone())).unwrap_or_default()
        };
        let flag = |field: &str, now: Option<bool>| {
            let was = was(field).and_then(Kept::text).map(|flag| flag == "true");
            was.or(now).unwrap_or_default()
        };
        let was = ServiceParameter {
            pkid: Pkid::default(),
            name: text(images::PARAMETER, |now| &now.name),
            display_name: text(images::DISPLAY_NAME, |now| &now.display_name),
            default: text(images::DEFAULT, |now| &now.default),
            description: text(images::DESCRIPTION, |now| &now.description),
            required: flag(images::REQUIRED, now.map(|now| now.required)),
            password: flag(images::MASKED, now.map(|now| now.password)),
        };
        Some(Earlier { slot, now, was: Some(was) })
    };
    slots.filter_map(of).collect()
}
