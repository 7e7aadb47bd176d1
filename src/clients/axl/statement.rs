//! The closed set of direct database writes. Names and values become quoted literals here and nowhere else; keys are
//! resolved by name inside the same statement, so a statement stays right when ids change.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::AxlError;

/// The longest statement that is sent, in bytes.
pub(super) const LONGEST: usize = 32 * 1024 - 1;

/// One SQL write. Never shown: it may hold passwords.
#[derive(Clone)]
pub struct Statement {
    text: SecretString,
    secrets: Vec<SecretString>,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Statement(secret)")
    }
}

/// Which subscription a statement is about.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Device name.
    pub device: &'a str,
    /// Name of the phone service.
    pub service: &'a str,
    /// Narrows to one row where a device is subscribed twice.
    pub subscription_pkid: Option<&'a str>,
}

/// A subscription row to insert.
#[derive(Debug, Clone, Copy)]
pub struct NewSubscription<'a> {
    /// Device name.
    pub device: &'a str,
    /// Name of the phone service.
    pub service: &'a str,
    /// Name of the subscription, at most 32 characters.
    pub name: &'a str,
    /// ASCII name.
    pub name_ascii: &'a str,
    /// URL with values.
    pub url: &'a SecretString,
    /// HTTPS URL with values.
    pub secure_url: &'a SecretString,
    /// Label.
    pub label: &'a str,
}

impl Statement {
    /// A new subscription, in the menu (button 0).
    pub fn insert_subscription(new: &NewSubscription<'_>) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, \
                 serviceurl, secureserviceurl, urlbuttonindex, urllabel) \
                 select d.pkid, t.pkid, {}, {}, {}, {}, 0, {} from device d, telecasterservice t \
                 where d.name = {} and t.name = {}",
                quoted("name", new.name)?,
                quoted("ASCII name", new.name_ascii)?,
                quoted("URL", new.url.expose_secret())?,
                quoted("secure URL", new.secure_url.expose_secret())?,
                quoted("label", new.label)?,
                quoted("device", new.device)?,
                quoted("service", new.service)?,
            ),
            vec![new.url.clone(), new.secure_url.clone()],
        )
    }

    /// New URLs; `None` leaves one alone. Refused when both are `None`.
    pub fn set_urls(
        target: &Target<'_>,
        url: Option<&SecretString>,
        secure_url: Option<&SecretString>,
    ) -> Result<Self, AxlError> {
        let mut set = Vec::new();
        if let Some(url) = url {
            set.push(format!("serviceurl = {}", quoted("URL", url.expose_secret())?));
        }
        if let Some(url) = secure_url {
            set.push(format!("secureserviceurl = {}", quoted("secure URL", url.expose_secret())?));
        }
        if set.is_empty() {
            return Err(refused("no URL to set"));
        }
        Self::checked(
            format!(
                "update telecastersubscribedservice set {} where {}",
                set.join(", "),
                target.rows()?
            ),
            url.into_iter().chain(secure_url).cloned().collect(),
        )
    }

    /// A new name and ASCII name of a subscription.
    pub fn set_subscription_name(
        target: &Target<'_>,
        name: &str,
        name_ascii: &str,
    ) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "update telecastersubscribedservice set servicename = {}, servicenameascii = {} where {}",
                quoted("name", name)?,
                quoted("ASCII name", name_ascii)?,
                target.rows()?
            ),
            Vec::new(),
        )
    }

    /// Deletes a subscription; its value rows go with it.
    pub fn delete_subscription(target: &Target<'_>) -> Result<Self, AxlError> {
        Self::checked(
            format!("delete from telecastersubscribedservice where {}", target.rows()?),
            Vec::new(),
        )
    }

    /// A new value row.
    pub fn insert_value(
        target: &Target<'_>,
        parameter_pkid: &str,
        value: &SecretString,
    ) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "insert into telecastersubscribedparameter (fktelecastersubscribedservice, \
                 fktelecasterserviceparameter, value) select s.pkid, {}, {} {}",
                key(parameter_pkid)?,
                quoted("value", value.expose_secret())?,
                target.joined()?
            ),
            vec![value.clone()],
        )
    }

    /// Another value in an existing value row.
    pub fn update_value(
        target: &Target<'_>,
        parameter_pkid: &str,
        value: &SecretString,
    ) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "update telecastersubscribedparameter set value = {} where {} and fktelecasterserviceparameter = {}",
                quoted("value", value.expose_secret())?,
                target.value_rows()?,
                key(parameter_pkid)?
            ),
            vec![value.clone()],
        )
    }

    /// Deletes one value row.
    pub fn delete_value(target: &Target<'_>, parameter_pkid: &str) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "delete from telecastersubscribedparameter where {} and fktelecasterserviceparameter = {}",
                target.value_rows()?,
                key(parameter_pkid)?
            ),
            Vec::new(),
        )
    }

    /// Deletes every value row of a subscription.
    pub fn delete_values(target: &Target<'_>) -> Result<Self, AxlError> {
        Self::checked(
            format!("delete from telecastersubscribedparameter where {}", target.value_rows()?),
            Vec::new(),
        )
    }

    /// Renames a service parameter in place, so that no subscriber loses a value.
    pub fn rename_parameter(pkid: &str, name: &str) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "update telecasterserviceparameter set name = {} where pkid = {}",
                quoted("parameter name", name)?,
                key(pkid)?
            ),
            Vec::new(),
        )
    }

    /// Hands the values stored for one parameter to another.
    pub fn move_values(from_pkid: &str, to_pkid: &str) -> Result<Self, AxlError> {
        Self::checked(
            format!(
                "update telecastersubscribedparameter set fktelecasterserviceparameter = {} \
                 where fktelecasterserviceparameter = {}",
                key(to_pkid)?,
                key(from_pkid)?
            ),
            Vec::new(),
        )
    }

    fn checked(text: String, secrets: Vec<SecretString>) -> Result<Self, AxlError> {
        if text.len() > LONGEST {
            return Err(refused(format!("an SQL statement of {} bytes is over 32 KB", text.len())));
        }
        Ok(Self { text: text.into(), secrets })
    }

    pub(super) fn text(&self) -> &SecretString {
        &self.text
    }

    pub(super) fn secrets(&self) -> &[SecretString] {
        &self.secrets
    }
}

impl Target<'_> {
    /// Condition on telecastersubscribedservice alone.
    fn rows(&self) -> Result<String, AxlError> {
        let mut condition = format!(
            "fkdevice in (select pkid from device where name = {}) \
             and fktelecasterservice in (select pkid from telecasterservice where name = {})",
            quoted("device", self.device)?,
            quoted("service", self.service)?
        );
        if let Some(pkid) = self.subscription_pkid {
            condition.push_str(" and pkid = ");
            condition.push_str(&key(pkid)?);
        }
        Ok(condition)
    }

    /// `from … where …` over subscription, device and service.
    fn joined(&self) -> Result<String, AxlError> {
        let mut from = format!(
            "from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice \
             inner join telecasterservice t on t.pkid = s.fktelecasterservice \
             where d.name = {} and t.name = {}",
            quoted("device", self.device)?,
            quoted("service", self.service)?
        );
        if let Some(pkid) = self.subscription_pkid {
            from.push_str(" and s.pkid = ");
            from.push_str(&key(pkid)?);
        }
        Ok(from)
    }

    /// Condition on telecastersubscribedparameter.
    fn value_rows(&self) -> Result<String, AxlError> {
        Ok(format!("fktelecastersubscribedservice in (select s.pkid {})", self.joined()?))
    }
}

/// A quoted literal. `what` names the value in the refusal, never the value itself.
pub(super) fn quoted(what: &str, text: &str) -> Result<String, AxlError> {
    if text.chars().any(char::is_control) {
        return Err(refused(format!("the {what} holds a control character")));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

/// A database key as a literal: lower case, no braces, 8-4-4-4-12.
pub(super) fn key(pkid: &str) -> Result<String, AxlError> {
    let plain = pkid.trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase();
    let groups: Vec<&str> = plain.split('-').collect();
    let sizes = [8, 4, 4, 4, 12];
    let well_formed = groups.len() == sizes.len()
        && groups.iter().zip(sizes).all(|(group, size)| {
            group.len() == size && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
    if well_formed { Ok(format!("'{plain}'")) } else { Err(refused("a database key is malformed")) }
}

fn refused(why: impl Into<String>) -> AxlError {
    AxlError::Refused { why: why.into() }
}
