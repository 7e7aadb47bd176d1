//! One subscription's edit as SQL statements: exactly the columns and rows that differ.

use std::collections::BTreeMap;

use crate::clients::axl::{AxlError, NewSubscription, PhoneService, Statement, Target};
use crate::playbook::{Parameter, ascii_name};
use crate::resources::service_parameter::parameter_of;
use crate::resources::subscription::Edit;

/// The statements that make `edit` on `device`, in order. Parameters are named by key, read in this run.
pub(super) fn statements(
    device: &str,
    edit: &Edit,
    services: &BTreeMap<String, PhoneService>,
) -> Result<Vec<Statement>, AxlError> {
    let target = Target { device, service: &edit.service, subscription_pkid: edit.pkid.as_ref() };
    if edit.unsubscribe {
        return Ok(vec![
            Statement::delete_values(&target)?,
            Statement::delete_subscription(&target)?,
        ]);
    }
    let mut statements = Vec::new();
    if let (true, Some(url), Some(secure_url)) = (edit.subscribe, &edit.url, &edit.secure_url) {
        let was = edit.as_it_was.as_ref();
        let ascii = ascii_name(&edit.service);
        statements.push(Statement::insert_subscription(&NewSubscription {
            device,
            service: &edit.service,
            name: was.map_or(&edit.service, |was| &was.name),
            name_ascii: was.map_or(&ascii, |was| &was.name_ascii),
            url,
            secure_url,
            label: was.map_or("", |was| &was.label),
            button_index: was.map_or(0, |was| was.button_index),
            priority: was.and_then(|was| was.priority),
        })?);
    } else {
        if let Some(name) = &edit.name {
            statements.push(Statement::set_subscription_name(&target, name, &ascii_name(name))?);
        }
        if edit.url.is_some() || edit.secure_url.is_some() {
            statements.push(Statement::set_urls(
                &target,
                edit.url.as_ref(),
                edit.secure_url.as_ref(),
            )?);
        }
    }
    let service = services.get(&edit.service);
    let missing = |name: &str| AxlError::Refused {
        why: format!("service {} has no parameter {name}", edit.service),
    };
    let pkid = |parameter: Parameter| {
        let found = service.and_then(|service| parameter_of(service, parameter));
        found.map(|one| one.pkid.clone()).ok_or_else(|| missing(parameter.name()))
    };
    for (name, value) in edit.as_it_was.iter().flat_map(|was| &was.rows) {
        let mut known = service.into_iter().flat_map(|service| &service.parameters);
        let found = known.find(|known| known.name.eq_ignore_ascii_case(name));
        let pkid = &found.ok_or_else(|| missing(name))?.pkid;
        statements.push(Statement::insert_value(&target, pkid, value)?);
    }
    for (parameter, value, is_there) in &edit.rows {
        let pkid = pkid(*parameter)?;
        statements.push(match is_there {
            true => Statement::update_value(&target, &pkid, value)?,
            false => Statement::insert_value(&target, &pkid, value)?,
        });
    }
    for parameter in &edit.clear {
        statements.push(Statement::delete_value(&target, &pkid(*parameter)?)?);
    }
    Ok(statements)
}
