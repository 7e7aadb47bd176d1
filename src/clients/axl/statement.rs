//! The closed set of direct database writes. Names and values become quoted literals here and nowhere else; keys are
//! resolved by name inside the same statement, so a statement stays right when ids change.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::many_rows::inserted;
use super::{AxlError, Pkid};

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
    pub subscription_pkid: Option<&'a Pkid>,
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
    /// Button position; 0 = in the menu.
    pub button_index: i64,
    /// Priority; the database's own default where there is none.
    pub priority: Option<i64>,
}

impl Statement {
    /// A new subscription.
    pub fn insert_subscription(new: &NewSubscription<'_>) -> Result<Self, AxlError> {
        let text = inserted(
            new,
            &quoted("URL", new.url.expose_secret())?,
            &quoted("secure URL", new.secure_url.expose_secret())?,
            &format!("= {}", quoted("device", new.device)?),
        )?;
        Self::checked(text, vec![new.url.clone(), new.secure_url.clone()])
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

    /// Deletes a subscription. Delete its value rows first: whether they go along is not certain.
    pub fn delete_subscription(target: &Target<'_>) -> Result<Self, AxlError> {
        Self::checked(
            format!("delete from telecastersubscribedservice where {}", target.rows()?),
            Vec::new(),
        )
    }

    /// A new value row.
    pub fn insert_value(
        target: &Target<'_>,
        parameter_pkid: &Pkid,
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
        parameter_pkid: &Pkid,
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
    pub fn delete_value(target: &Target<'_>, parameter_pkid: &Pkid) -> Result<Self, AxlError> {
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
    pub fn rename_parameter(pkid: &Pkid, name: &str) -> Result<Self, AxlError> {
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
    pub fn move_values(from_pkid: &Pkid, to_pkid: &Pkid) -> Result<Self, AxlError> {
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

    pub(super) fn checked(text: String, secrets: Vec<SecretString>) -> Result<Self, AxlError> {
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
pub(super) fn key(pkid: &Pkid) -> Result<String, AxlError> {
    let plain = pkid.to_string().to_ascii_lowercase();
    let groups: Vec<&str> = plain.split('-').collect();
    let sizes = [8, 4, 4, 4, 12];
    let well_formed = groups.len() == sizes.len()
        && groups.iter().zip(sizes).all(|(group, size)| {
            group.len() == size && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
    if well_formed { Ok(format!("'{plain}'")) } else { Err(refused("a database key is malformed")) }
}

pub(super) fn refused(why: impl Into<String>) -> AxlError {
    AxlError::Refused { why: why.into() }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::{NewSubscription, Statement, Target};
    use crate::clients::axl::{AxlError, Pkid};

    const PKID: &str = "{0A1B2C3D-0000-0000-0000-00000000000F}";
    const LOWER: &str = "'0a1b2c3d-0000-0000-0000-00000000000f'";
    const TARGET: Target<'_> =
        Target { device: "SEP1", service: "O'Finesse", subscription_pkid: None };
    fn pkid() -> Pkid {
        Pkid::read(PKID)
    }

    const BY_NAME: &str = "fkdevice in (select pkid from device where name = 'SEP1') \
        and fktelecasterservice in (select pkid from telecasterservice where name = 'O''Finesse')";
    const JOINED: &str = "from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice \
        inner join telecasterservice t on t.pkid = s.fktelecasterservice \
        where d.name = 'SEP1' and t.name = 'O''Finesse'";

    fn text(statement: Result<Statement, AxlError>) -> String {
        statement.unwrap().text().expose_secret().to_owned()
    }

    #[test]
    fn keys_are_resolved_by_name() {
        let url = SecretString::from("http://f?id=1&n=it's");
        let new = NewSubscription {
            device: "SEP1",
            service: "O'Finesse",
            name: "Finesse",
            name_ascii: "Finesse",
            url: &url,
            secure_url: &url,
            label: "",
            button_index: 0,
            priority: None,
        };
        assert_eq!(
            text(Statement::insert_subscription(&new)),
            "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, \
             serviceurl, secureserviceurl, urlbuttonindex, urllabel) select d.pkid, t.pkid, 'Finesse', 'Finesse', \
             'http://f?id=1&n=it''s', 'http://f?id=1&n=it''s', 0, '' from device d, telecasterservice t \
             where d.name = 'SEP1' and t.name = 'O''Finesse'"
        );
        assert_eq!(
            text(Statement::set_urls(
                &Target { subscription_pkid: Some(&pkid()), ..TARGET },
                None,
                Some(&url)
            )),
            format!(
                "update telecastersubscribedservice set secureserviceurl = 'http://f?id=1&n=it''s' \
                 where {BY_NAME} and pkid = {LOWER}"
            )
        );
        assert_eq!(
            text(Statement::delete_subscription(&TARGET)),
            format!("delete from telecastersubscribedservice where {BY_NAME}")
        );
    }

    #[test]
    fn values_go_by_parameter_key() {
        let value = SecretString::from("a'b");
        assert_eq!(
            text(Statement::insert_value(
                &Target { subscription_pkid: Some(&pkid()), ..TARGET },
                &pkid(),
                &value
            )),
            format!(
                "insert into telecastersubscribedparameter (fktelecastersubscribedservice, \
                 fktelecasterserviceparameter, value) select s.pkid, {LOWER}, 'a''b' {JOINED} and s.pkid = {LOWER}"
            )
        );
        let rows = format!("fktelecastersubscribedservice in (select s.pkid {JOINED})");
        assert_eq!(
            text(Statement::update_value(&TARGET, &pkid(), &value)),
            format!(
                "update telecastersubscribedparameter set value = 'a''b' where {rows} \
                 and fktelecasterserviceparameter = {LOWER}"
            )
        );
        assert_eq!(
            text(Statement::delete_values(&TARGET)),
            format!("delete from telecastersubscribedparameter where {rows}")
        );
        assert_eq!(
            text(Statement::move_values(&pkid(), &pkid())),
            format!(
                "update telecastersubscribedparameter set fktelecasterserviceparameter = {LOWER} \
                 where fktelecasterserviceparameter = {LOWER}"
            )
        );
    }

    #[test]
    fn what_cannot_be_a_literal_is_refused_without_being_told() {
        let value = SecretString::from("hunter\n2");
        let error = Statement::insert_value(&TARGET, &pkid(), &value).unwrap_err();
        assert!(!error.to_string().contains("hunter"), "{error}");
        for pkid in ["", "x", "0a1b2c3d-0000-0000-0000-00000000000g", "' or 1=1 --"] {
            assert!(Statement::rename_parameter(&Pkid::of(pkid), "id").is_err(), "{pkid}");
        }
        assert!(Statement::set_urls(&TARGET, None, None).is_err());
        let long = SecretString::from("x".repeat(33_000));
        assert!(Statement::update_value(&TARGET, &pkid(), &long).is_err());
    }

    #[test]
    fn a_statement_is_never_shown() {
        let statement = Statement::insert_value(&TARGET, &pkid(), &"hunter2".into()).unwrap();
        assert_eq!(format!("{statement:?}"), "Statement(secret)");
    }
}
