//! What is there now, of everything that a run has touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::{ApplicationUser, PhoneService, Pkid};
use crate::journal::past::{Reversal, Touched};
use crate::journal::{
    Image, Key, application_user, phone_service, self_care, settings, subscription,
};
use crate::plan::{Object, ObjectKind};
use crate::resources::subscription::DeviceState;

/// What was read.
#[derive(Debug, Default)]
pub struct Present {
    /// Application users that exist.
    pub users: BTreeMap<String, ApplicationUser>,
    /// Phone services that exist, by name.
    pub services: BTreeMap<String, PhoneService>,
    /// Subscriptions of devices.
    pub states: BTreeMap<String, DeviceState>,
    /// The inside of phones' `vendorConfig`.
    pub phones: BTreeMap<String, String>,
    /// The inside of common phone profiles' `vendorConfig`.
    pub profiles: BTreeMap<String, String>,
    /// The inside of the enterprise phone configuration's.
    pub enterprise: String,
    /// Enterprise parameters.
    pub parameters: BTreeMap<String, String>,
    /// Members of groups: group and user.
    pub members: BTreeSet<(String, String)>,
    /// Keys of service parameters that some subscriber holds a value for.
    pub held: BTreeSet<Pkid>,
}

impl Present {
    /// What stands in a field.
    pub fn image(&self, object: &Object, touched: &Touched, key: &Key) -> Image {
        let name = &object.name;
        let config =
            |found: Option<&String>| found.map_or(Image::Absent, |c| settings::present(key, c));
        match object.kind {
            ObjectKind::ApplicationUser => application_user::present(key, self.users.get(name)),
            ObjectKind::PhoneService => phone_service::present(key, self.service(object, touched)),
            ObjectKind::Phone if key.of.is_empty() => config(self.phones.get(name)),
            ObjectKind::Phone | ObjectKind::DeviceProfile => {
                let state = self.states.get(name);
                state.map_or(Image::Absent, |state| subscription::present(key, state))
            }
            ObjectKind::CommonPhoneProfile => config(self.profiles.get(name)),
            ObjectKind::EnterprisePhoneConfiguration => settings::present(key, &self.enterprise),
            ObjectKind::EnterpriseParameter => {
                Image::maybe(self.parameters.get(name).map(String::as_str))
            }
            ObjectKind::UserGroup => {
                let is = self.members.contains(&(name.clone(), key.of.clone()));
                Image::maybe(is.then_some(self_care::MEMBER))
            }
            ObjectKind::EndUser
            | ObjectKind::FinesseNode
            | ObjectKind::Agent
            | ObjectKind::Team
            | ObjectKind::CucmNode
            | ObjectKind::Waiver => Image::Unknown,
        }
    }

    /// A service under the name that the run gave it, or the one it had.
    pub fn service(&self, object: &Object, touched: &Touched) -> Option<&PhoneService> {
        let former = || self.services.get(touched.former_name.as_ref()?);
        self.services.get(&object.name).or_else(former)
    }

    /// Whether every phone is subscribed to this service.
    pub fn is_enterprise(&self, service: &str) -> bool {
        self.services.get(service).is_some_and(|service| service.enterprise)
    }

    /// Whether only the database can put a service's parameters back without losing a value.
    pub fn needs_sql(&self, object: &Object, reversal: &Reversal) -> bool {
        let Some(service) = self.services.get(&object.name) else { return false };
        let parts: BTreeSet<&str> = reversal
            .put_back
            .iter()
            .map(|(key, ..)| key.of.as_str())
            .filter(|of| !of.is_empty())
            .collect();
        object.kind == ObjectKind::PhoneService
            && service.parameters.iter().any(|parameter| {
                parts.iter().any(|part| part.eq_ignore_ascii_case(&parameter.name))
                    && self.held.contains(&parameter.pkid)
            })
    }
}
