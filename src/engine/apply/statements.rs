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
    let target = Target { device, service: &edit.service, subscription_pkid: edit.pkid.as_deref() };
    if edit.unsubscribe {
        return Ok(vec![
            Statement::delete_values(&target)?,
            Statement::delete_subscription(&target)?,
        ]);
    }
    let mut statements = Vec::new();
    if let (true, Some(url), Some(secure_url)) = (edit.subscribe, &edit.url, &edit.secure_url) {
        statements.push(Statement::insert_subscription(&NewSubscription {
            device,
            service: &edit.service,
            name: &edit.service,
            name_ascii: &ascii_name(&edit.service),
            url,
            secure_url,
            label: "",
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
    let pkid = |parameter: Parameter| {
        let service = services.get(&edit.service);
        let found = service.and_then(|service| parameter_of(service, parameter));
        let missing = || AxlError::Refused {
            why: format!("service {} has no parameter {}", edit.service, parameter.name()),
        };
        found.map(|parameter| parameter.pkid.clone()).ok_or_else(missing)
    };
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
