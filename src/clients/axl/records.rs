//! What AXL and the database behind it tell and take, as typed records.

use std::sync::Arc;

use compact_str::CompactString;
use secrecy::SecretString;

use super::Pkid;

/// The two kinds of devices that can be subscribed to phone services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// A phone.
    Phone,
    /// An Extension Mobility device profile.
    DeviceProfile,
}

impl DeviceKind {
    /// From the name in `typeclass`; `None` for any other class of device (AXL 14.0 schema, `XClass`).
    pub fn from_class(name: &str) -> Option<Self> {
        match name {
            "Phone" => Some(Self::Phone),
            "Device Profile" => Some(Self::DeviceProfile),
            _ => None,
        }
    }
}

/// One page of a keyset read.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows; rows of devices that are neither phone nor device profile are left out.
    pub rows: Vec<T>,
    /// Give it as `after` to get the next page. `None`: the database has announced that this was the last.
    pub next: Option<Pkid>,
}

/// An application user with its three lists, each complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationUser {
    /// User id.
    pub id: String,
    /// Controlled devices.
    pub devices: Vec<String>,
    /// Groups, in the server's spelling.
    pub groups: Vec<String>,
    /// Controlled device profiles.
    pub profiles: Vec<String>,
    /// Presence group.
    pub presence_group: Option<String>,
}

/// An application user to create.
#[derive(Debug, Clone)]
pub struct NewApplicationUser {
    /// User id.
    pub id: String,
    /// Password, 1 to 127 characters.
    pub password: SecretString,
    /// Presence group; `Standard Presence Group` unless there is a reason.
    pub presence_group: String,
    /// Controlled devices.
    pub devices: Vec<String>,
    /// Groups, in the server's spelling.
    pub groups: Vec<String>,
    /// Controlled device profiles.
    pub profiles: Vec<String>,
}

/// What to change on an application user. A list that is given replaces the stored one whole; `None` leaves a
/// field alone.
#[derive(Debug, Clone, Default)]
pub struct ApplicationUserUpdate {
    /// New password.
    pub password: Option<SecretString>,
    /// Complete list of controlled devices.
    pub devices: Option<Vec<String>>,
    /// Complete list of groups.
    pub groups: Option<Vec<String>>,
    /// Complete list of controlled device profiles.
    pub profiles: Option<Vec<String>>,
}

/// A phone service's definition (AXL 14.0 schema, `RIpPhoneServices`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneService {
    /// Name.
    pub name: String,
    /// ASCII name.
    pub ascii_name: String,
    /// Description.
    pub description: String,
    /// URL, a template without values.
    pub url: String,
    /// HTTPS URL, a template without values.
    pub secure_url: String,
    /// Category, e.g. `XML Service`.
    pub category: String,
    /// Type, e.g. `Standard IP Phone Service`.
    pub kind: String,
    /// Vendor.
    pub vendor: String,
    /// Version.
    pub version: String,
    /// Whether phones are offered the service.
    pub enabled: bool,
    /// Whether every phone is subscribed.
    pub enterprise: bool,
    /// Parameters in the server's order.
    pub parameters: Vec<ServiceParameter>,
}

/// A service parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceParameter {
    /// Database key, lower case, no braces. Empty on a parameter that is about to be added, and where a server
    /// gave none; no statement can be made with an empty one.
    pub pkid: Pkid,
    /// Name, which is also the name in the query.
    pub name: String,
    /// Display name.
    pub display_name: String,
    /// Default value; empty = none.
    pub default: String,
    /// Description.
    pub description: String,
    /// *Parameter is Required*.
    pub required: bool,
    /// *Parameter is a Password*.
    pub password: bool,
}

/// A phone service to create.
#[derive(Debug, Clone)]
pub struct NewPhoneService {
    /// Name, at most 32 characters.
    pub name: String,
    /// ASCII name.
    pub ascii_name: String,
    /// Description.
    pub description: String,
    /// URL.
    pub url: String,
    /// HTTPS URL.
    pub secure_url: String,
    /// Category.
    pub category: String,
    /// Type.
    pub kind: String,
    /// Whether phones are offered the service.
    pub enabled: bool,
    /// Whether every phone is subscribed; can only be chosen here.
    pub enterprise: bool,
    /// Parameters; `pkid` is not used.
    pub parameters: Vec<ServiceParameter>,
}

/// What to change on a phone service; `None` leaves a field alone.
#[derive(Debug, Clone, Default)]
pub struct PhoneServiceUpdate {
    /// New name.
    pub new_name: Option<String>,
    /// ASCII name.
    pub ascii_name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// URL.
    pub url: Option<String>,
    /// HTTPS URL.
    pub secure_url: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Type.
    pub kind: Option<String>,
    /// Whether phones are offered the service.
    pub enabled: Option<bool>,
    /// Parameters to remove, complete as read: subscribers' values for them go along.
    pub remove_parameters: Vec<ServiceParameter>,
    /// Parameters to add; `pkid` is not used.
    pub add_parameters: Vec<ServiceParameter>,
}

/// One entry of a device's `services`, as read and as written back. What was absent stays absent.
#[derive(Debug, Clone)]
pub struct SubscribedService {
    /// Name of the phone service (`telecasterServiceName`).
    pub service: String,
    /// The reference's `uuid` attribute as the server gave it, with braces.
    pub service_uuid: Option<String>,
    /// Name of the subscription.
    pub name: String,
    /// URL with the values in its query.
    pub url: Option<SecretString>,
    /// Button position; 0 = in the menu.
    pub button_index: Option<i64>,
    /// Label.
    pub label: Option<String>,
    /// ASCII name.
    pub name_ascii: Option<String>,
}

/// A device, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Name.
    pub name: CompactString,
    /// Phone or device profile.
    pub kind: DeviceKind,
    /// Model, e.g. `Cisco 8845`.
    pub model: Arc<str>,
}

/// A subscription row with the name of its device and service and the service's URL templates.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Database key.
    pub pkid: Pkid,
    /// Device name.
    pub device: CompactString,
    /// Phone or device profile.
    pub kind: DeviceKind,
    /// Name of the phone service.
    pub service: Arc<str>,
    /// Name of the subscription.
    pub name: Arc<str>,
    /// ASCII name of the subscription.
    pub name_ascii: Arc<str>,
    /// URL with the values in its query.
    pub url: SecretString,
    /// HTTPS URL with the values in its query.
    pub secure_url: SecretString,
    /// Button position; 0 = in the menu.
    pub button_index: i64,
    /// Label.
    pub label: Arc<str>,
    /// Priority, 1 to 100.
    pub priority: Option<i64>,
    /// The service's own priority, which a new subscription gets.
    pub service_priority: Option<i64>,
    /// The service's URL template.
    pub template: Arc<str>,
    /// The service's HTTPS URL template.
    pub secure_template: Arc<str>,
}

/// A value row of a subscription.
#[derive(Debug, Clone)]
pub struct SubscriptionValue {
    /// Key of the subscription.
    pub subscription: Pkid,
    /// Name of the service parameter.
    pub parameter: Arc<str>,
    /// The value.
    pub value: SecretString,
}

/// A device that holds a value for a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterHolder {
    /// Device name.
    pub device: String,
    /// Key of the service parameter.
    pub parameter_pkid: Pkid,
    /// Name of the service parameter.
    pub parameter: String,
}
