//! Typed writes. Constructed by `apply` alone.

use super::*;

/// Writes over AXL, and reads like the [`Reader`] it wraps.
#[derive(Debug, Clone)]
pub struct Writer {
    reader: Reader,
}

#[expect(clippy::unused_async, reason = "signatures first")]
impl Writer {
    /// A writer over this reader's session.
    pub fn new(reader: Reader) -> Self {
        Self { reader }
    }
    /// The reader.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
    /// `addAppUser`.
    pub async fn add_application_user(&self, _add: &NewApplicationUser) -> Result<(), AxlError> {
        Err(AxlError::Denied)
    }
    /// `updateAppUser`; each list given replaces the stored one.
    pub async fn update_application_user(
        &self,
        _id: &str,
        _update: &ApplicationUserUpdate,
    ) -> Result<(), AxlError> {
        Err(AxlError::Denied)
    }
    /// `addIpPhoneServices`.
    pub async fn add_phone_service(&self, _add: &NewPhoneService) -> Result<(), AxlError> {
        Err(AxlError::Denied)
    }
    /// `updateIpPhoneServices`; parameters by delta only.
    pub async fn update_phone_service(
        &self,
        _name: &str,
        _update: &PhoneServiceUpdate,
    ) -> Result<(), AxlError> {
        Err(AxlError::Denied)
    }
    /// `updatePhone` or `updateDeviceProfile` with nothing but the complete `services`.
    pub async fn update_device_services(
        &self,
        _kind: DeviceKind,
        _name: &str,
        _services: &[SubscribedService],
    ) -> Result<(), AxlError> {
        Err(AxlError::Denied)
    }
    /// One direct database write; returns the number of rows changed.
    pub async fn execute(&self, _statement: &Statement) -> Result<u64, AxlError> {
        Err(AxlError::Denied)
    }
}
