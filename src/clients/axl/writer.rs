//! Typed writes. Constructed by `apply` alone.

use secrecy::{ExposeSecret, SecretString};

use super::answers::{self, Answer};
use super::exchange::Request;
use super::{
    ApplicationUserUpdate, AxlError, DeviceKind, NewApplicationUser, NewPhoneService,
    PhoneServiceUpdate, Reader, Statement, SubscribedService, requests,
};
use crate::clients::xml::Body;

/// Writes over AXL, and reads like the [`Reader`] it wraps. No write is ever repeated unless the server has said
/// that it refused it for now.
#[derive(Debug, Clone)]
pub struct Writer {
    reader: Reader,
}

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
    pub async fn add_application_user(&self, add: &NewApplicationUser) -> Result<(), AxlError> {
        let body = requests::add_application_user(add);
        self.write("addAppUser", body, vec![add.password.clone()]).await
    }

    /// `updateAppUser`; each list given replaces the stored one.
    pub async fn update_application_user(
        &self,
        id: &str,
        update: &ApplicationUserUpdate,
    ) -> Result<(), AxlError> {
        let body = requests::update_application_user(id, update);
        self.write("updateAppUser", body, update.password.iter().cloned().collect()).await
    }

    /// `addIpPhoneServices`.
    pub async fn add_phone_service(&self, add: &NewPhoneService) -> Result<(), AxlError> {
        self.write("addIpPhoneServices", requests::add_phone_service(add), Vec::new()).await
    }

    /// `updateIpPhoneServices`; parameters by delta only.
    pub async fn update_phone_service(
        &self,
        name: &str,
        update: &PhoneServiceUpdate,
    ) -> Result<(), AxlError> {
        let body = requests::update_phone_service(name, update);
        self.write("updateIpPhoneServices", body, Vec::new()).await
    }

    /// `removeAppUser`.
    pub async fn remove_application_user(&self, id: &str) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("userid", id);
        self.write("removeAppUser", body, Vec::new()).await
    }

    /// `removeIpPhoneServices`: every subscription to it goes along.
    pub async fn remove_phone_service(&self, name: &str) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("serviceName", name);
        self.write("removeIpPhoneServices", body, Vec::new()).await
    }

    /// `updatePhone` or `updateDeviceProfile` with nothing but the complete `services`: what is not in the list is
    /// taken away.
    pub async fn update_device_services(
        &self,
        kind: DeviceKind,
        name: &str,
        services: &[SubscribedService],
    ) -> Result<(), AxlError> {
        let secrets = services.iter().filter_map(|service| service.url.clone()).collect();
        let body = requests::update_device_services(name, services);
        self.write(requests::update_operation(kind), body, secrets).await
    }

    /// One direct database write; returns the number of rows changed.
    pub async fn execute(&self, statement: &Statement) -> Result<u64, AxlError> {
        let operation = "executeSQLUpdate";
        let body = requests::sql(statement.text().expose_secret());
        let request = Request::write(operation, body, statement.secrets().to_vec())?;
        let answer = self.reader.call(&request).await?;
        answers::rows_updated(Answer::new(operation, &answer))
    }

    pub(super) async fn write(
        &self,
        operation: &'static str,
        body: Body,
        secrets: Vec<SecretString>,
    ) -> Result<(), AxlError> {
        let request = Request::write(operation, body, secrets)?;
        let answer = self.reader.call(&request).await?;
        answers::written(Answer::new(operation, &answer))
    }
}
