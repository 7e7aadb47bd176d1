//! The phones' own web servers, only on request: what each says of itself, and whether it takes a push.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::SecretString;

use crate::checks::doctor::{Area, Line, web};
use crate::clients::phone_web::{self, HTTPS};
use crate::clients::port;
use crate::clients::risport::{Devices, Lookup, PhoneStatus};
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::axl::Cucm;
use super::{Exam, Probe};

/// Longest wait for a phone's port: a firewall says nothing at all.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at the first registered phones of the roster. `tested`: the password, where CUCM has accepted it.
pub(super) async fn look(
    exam: &mut Exam<'_, '_>,
    cucm: &Cucm,
    (wanted, devices): (&[String], &Devices),
    tested: Option<&SecretString>,
) -> Result<(), Trouble> {
    let Some(Probe { phones, push }) = exam.probe else { return Ok(()) };
    let registered = wanted.iter().filter_map(|name| match devices.lookup(name) {
        Lookup::Found(phone) if phone.status == PhoneStatus::Registered => {
            Some((name.clone(), phone.address?))
        }
        Lookup::Found(_) | Lookup::Absent | Lookup::CannotTell => None,
    });
    let chosen: Vec<(String, IpAddr)> = registered.take(phones).collect();
    if chosen.is_empty() {
        let why = "no phone of the roster is registered with an address";
        exam.add(Line::not_checkable(Area::Phones, "phones' web servers", why));
        return Ok(());
    }
    let urls = urls(cucm).await;
    for (phone, address) in chosen {
        exam.begin(format!("web server of {phone}"))?;
        one(exam, (&phone, address), &urls, tested.filter(|_| push)).await;
        if push && tested.is_none() {
            let why = "because CUCM's own page did not accept the credential first";
            exam.add(Line::not_checked(Area::Phones, format!("{phone} push"), why));
        }
    }
    Ok(())
}

/// The URLs that CUCM's enterprise parameters hold: a phone's Authentication URL is one of them, whatever its name there.
async fn urls(cucm: &Cucm) -> Vec<String> {
    let Some(reader) = &cucm.reader else { return Vec::new() };
    let all = reader.enterprise_parameters().await.unwrap_or_default();
    let values = all.into_iter().map(|parameter| parameter.value);
    values.filter(|value| value.to_ascii_lowercase().contains("authenticate")).collect()
}

async fn one(
    exam: &mut Exam<'_, '_>,
    (phone, address): (&str, IpAddr),
    urls: &[String],
    password: Option<&SecretString>,
) {
    let task = exam.task;
    let secured = Endpoint { host: address.to_string(), port: HTTPS };
    match phone_web::network_page(task.http, &secured).await {
        Ok(seen) => exam.lines.extend(web::page(phone, address, &seen, urls)),
        Err(error) => {
            exam.add(web::unread(phone, &secured.to_string(), &error));
            return;
        }
    }
    let excepted = task.deployment.phone_settings.is_none();
    if !excepted {
        let plain = Endpoint { host: address.to_string(), port: 80 };
        let open = port::open(&plain, &task.http.settings().connect_map, PATIENCE).await.is_ok();
        exam.add(web::plain_port(phone, open));
    }
    if let Some(password) = password {
        let user = &task.deployment.application_user.id;
        let verdict = phone_web::push(task.http, &secured, user, password).await;
        exam.add(web::push(phone, user, &verdict));
    }
}
