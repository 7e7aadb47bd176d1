//! Typed reads of single objects.

use std::collections::BTreeMap;

use super::*;

/// Reads over AXL. Cheap to clone; clones share session, limits and counters.
#[derive(Debug, Clone)]
pub struct Reader {
    version: String,
}

#[expect(clippy::unused_async, reason = "signatures first")]
impl Reader {
    /// Authenticates once, learns release and AXL version.
    pub async fn connect(settings: AxlSettings) -> Result<Self, AxlError> {
        let _settings = settings;
        Err(AxlError::Denied)
    }
    /// AXL version in use, e.g. `14.0`.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// CUCM release, e.g. `14.0.1.13900(155)`.
    pub fn release(&self) -> &str {
        &self.version
    }
    /// Requests sent so far, by operation; every sending counts.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        BTreeMap::new()
    }
    /// An application user, `None` when there is none of this id.
    pub async fn application_user(&self, _id: &str) -> Result<Option<ApplicationUser>, AxlError> {
        Err(AxlError::Denied)
    }
    /// Whether an end user of this id exists.
    pub async fn end_user_exists(&self, _id: &str) -> Result<bool, AxlError> {
        Err(AxlError::Denied)
    }
    /// Names of user groups, `%` is the wildcard.
    pub async fn user_groups(&self, _pattern: &str) -> Result<Vec<String>, AxlError> {
        Err(AxlError::Denied)
    }
    /// A phone service with its parameters.
    pub async fn phone_service(&self, _name: &str) -> Result<Option<PhoneService>, AxlError> {
        Err(AxlError::Denied)
    }
    /// A device's `services`, the merge base of a whole-list write; `None` when the device does not exist.
    pub async fn device_services(
        &self,
        _kind: DeviceKind,
        _name: &str,
    ) -> Result<Option<Vec<SubscribedService>>, AxlError> {
        Err(AxlError::Denied)
    }
    /// Devices of these names.
    pub async fn devices(&self, _names: &[String]) -> Result<Vec<Device>, AxlError> {
        Err(AxlError::Denied)
    }
    /// One page of the subscriptions to these services.
    pub async fn subscriptions_page(
        &self,
        _services: &[String],
        _after: Option<&str>,
    ) -> Result<Page<Subscription>, AxlError> {
        Err(AxlError::Denied)
    }
    /// One page of the values held by subscriptions to these services.
    pub async fn values_page(
        &self,
        _services: &[String],
        _after: Option<&str>,
    ) -> Result<Page<SubscriptionValue>, AxlError> {
        Err(AxlError::Denied)
    }
    /// All subscriptions, to any service, of these devices.
    pub async fn subscriptions_of(
        &self,
        _devices: &[String],
    ) -> Result<Vec<Subscription>, AxlError> {
        Err(AxlError::Denied)
    }
    /// All values of all subscriptions of these devices.
    pub async fn values_of(&self, _devices: &[String]) -> Result<Vec<SubscriptionValue>, AxlError> {
        Err(AxlError::Denied)
    }
    /// Who holds a value for which parameter of a service.
    pub async fn subscribers_with_values(
        &self,
        _service: &str,
    ) -> Result<Vec<ParameterHolder>, AxlError> {
        Err(AxlError::Denied)
    }
}
