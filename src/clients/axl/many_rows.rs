//! Database writes for many devices in one statement. Informix inserts one row of `values` per statement, so the rows
//! come from a `select` over what is there, and a CASE expression gives each its own text.
//!
//! A CASE over literals of different lengths makes text as long as the longest, filled up with blanks (type CHAR), and
//! `trim` takes them off again (Informix Guide to SQL: *CASE expressions*, *TRIM*). A text with blanks of its own at an
//! end therefore has no place here: see [`Statement::bears`].

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};

use super::statement::{LONGEST, key, quoted, refused};
use super::{AxlError, NewSubscription, Pkid, Statement};

/// New URLs of one subscription. In one statement, all have the first or all have not, and so with the second.
#[derive(Debug, Clone, Copy)]
pub struct UrlsOf<'a> {
    /// The subscription's key.
    pub subscription_pkid: &'a Pkid,
    /// URL; `None` leaves it alone.
    pub url: Option<&'a SecretString>,
    /// HTTPS URL; `None` leaves it alone.
    pub secure_url: Option<&'a SecretString>,
}

/// A value of one device's subscription.
#[derive(Debug, Clone, Copy)]
pub struct ValueOf<'a> {
    /// Device name.
    pub device: &'a str,
    /// Name of the phone service.
    pub service: &'a str,
    /// The subscription's key; `None` where it was made a moment ago. In one statement, all have one or none has.
    pub subscription_pkid: Option<&'a Pkid>,
    /// Key of the service parameter.
    pub parameter_pkid: &'a Pkid,
    /// Value.
    pub value: &'a SecretString,
}

impl Statement {
    /// Whether a text comes out of such a statement as it went in.
    pub fn bears(text: &SecretString) -> bool {
        let text = text.expose_secret();
        text.trim_matches(' ').len() == text.len()
    }

    /// This statement is about so many devices: about how many one of its kind could be, at least one.
    pub fn room_for(&self, devices: usize) -> usize {
        let length = self.text().expose_secret().len().max(1);
        // Texts differ, and one that is too long is made in vain.
        (devices * (LONGEST - LONGEST / 16) / length).max(1)
    }

    /// New subscriptions of many devices to one service, alike in all but their URLs.
    pub fn insert_subscriptions(news: &[NewSubscription<'_>]) -> Result<Self, AxlError> {
        let first = news.first().ok_or_else(|| refused("no subscription to insert"))?;
        let urls = |of: fn(&NewSubscription<'_>) -> SecretString| -> Vec<(String, SecretString)> {
            news.iter().map(|new| (new.device.to_owned(), of(new))).collect()
        };
        let (urls, secure_urls) = (urls(|new| new.url.clone()), urls(|new| new.secure_url.clone()));
        let devices: Vec<&str> = news.iter().map(|new| new.device).collect();
        let text = inserted(
            first,
            &text_of("d.name", "URL", &quoted_names(&urls)?)?,
            &text_of("d.name", "secure URL", &quoted_names(&secure_urls)?)?,
            &format!("in ({})", listed(devices, |name| quoted("device", name))?),
        )?;
        Self::checked(text, urls.into_iter().chain(secure_urls).map(|(_, url)| url).collect())
    }

    /// New URLs of many subscriptions.
    pub fn set_many_urls(rows: &[UrlsOf<'_>]) -> Result<Self, AxlError> {
        let column = |what, of: fn(&UrlsOf<'_>) -> Option<SecretString>| {
            let texts = rows
                .iter()
                .filter_map(|row| of(row).map(|url| Ok((key(row.subscription_pkid)?, url))));
            let texts = texts.collect::<Result<Vec<(String, SecretString)>, AxlError>>()?;
            if !texts.is_empty() && texts.len() != rows.len() {
                return Err(refused("one statement sets one set of columns"));
            }
            let text = if texts.is_empty() { None } else { Some(text_of("pkid", what, &texts)?) };
            Ok((text, texts.into_iter().map(|(_, url)| url).collect::<Vec<_>>()))
        };
        let (url, mut secrets) = column("URL", |row| row.url.cloned())?;
        let (secure_url, more) = column("secure URL", |row| row.secure_url.cloned())?;
        secrets.extend(more);
        let set: Vec<String> = [("serviceurl", url), ("secureserviceurl", secure_url)]
            .into_iter()
            .filter_map(|(column, text)| Some(format!("{column} = {}", text?)))
            .collect();
        if set.is_empty() {
            return Err(refused("no URL to set"));
        }
        let keys = listed(rows.iter().map(|row| row.subscription_pkid), key)?;
        Self::checked(
            format!(
                "update telecastersubscribedservice set {} where pkid in ({keys})",
                set.join(", ")
            ),
            secrets,
        )
    }

    /// New value rows of many devices. Each device gets the same parameters of the same services, each once.
    pub fn insert_many_values(rows: &[ValueOf<'_>]) -> Result<Self, AxlError> {
        let mut parameters: BTreeMap<&str, BTreeSet<&Pkid>> = BTreeMap::new();
        let mut texts: BTreeMap<&Pkid, BTreeMap<&str, &SecretString>> = BTreeMap::new();
        for row in rows {
            parameters.entry(row.service).or_default().insert(row.parameter_pkid);
            texts.entry(row.parameter_pkid).or_default().insert(row.device, row.value);
        }
        let devices: BTreeSet<&str> = rows.iter().map(|row| row.device).collect();
        let each: usize = parameters.values().map(BTreeSet::len).sum();
        if rows.is_empty() || rows.len() != each * devices.len() {
            return Err(refused("one statement gives each device the same parameters"));
        }
        let services = parameters.iter().map(|(service, parameters)| {
            Ok(format!(
                "(t.name = {} and p.pkid in ({}))",
                quoted("service", service)?,
                listed(parameters.iter().copied(), key)?
            ))
        });
        let services = services.collect::<Result<Vec<_>, AxlError>>()?.join(" or ");
        Self::checked(
            format!(
                "insert into telecastersubscribedparameter (fktelecastersubscribedservice, \
                 fktelecasterserviceparameter, value) select s.pkid, p.pkid, {} \
                 from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice \
                 inner join telecasterservice t on t.pkid = s.fktelecasterservice \
                 inner join telecasterserviceparameter p on {services} where {}",
                by_parameter(&texts)?,
                which(rows, &devices)?,
            ),
            secrets_of(rows),
        )
    }

    /// Other values in existing rows of one parameter.
    pub fn update_many_values(rows: &[ValueOf<'_>]) -> Result<Self, AxlError> {
        let first = rows.first().ok_or_else(|| refused("no value to update"))?;
        let known = |row: &ValueOf<'_>| {
            let pkid = row.subscription_pkid.ok_or_else(|| refused("no subscription to update"))?;
            key(pkid)
        };
        let texts = rows.iter().map(|row| Ok((known(row)?, row.value.clone())));
        let texts = texts.collect::<Result<Vec<_>, AxlError>>()?;
        let keys: Vec<&str> = texts.iter().map(|(key, _)| key.as_str()).collect();
        Self::checked(
            format!(
                "update telecastersubscribedparameter set value = {} \
                 where fktelecastersubscribedservice in ({}) and fktelecasterserviceparameter = {}",
                text_of("fktelecastersubscribedservice", "value", &texts)?,
                keys.join(", "),
                key(first.parameter_pkid)?
            ),
            secrets_of(rows),
        )
    }
}

/// A row for each of the devices, alike but for the two URLs.
pub(super) fn inserted(
    new: &NewSubscription<'_>,
    url: &str,
    secure_url: &str,
    devices: &str,
) -> Result<String, AxlError> {
    let column = if new.priority.is_some() { ", priority" } else { "" };
    let priority = new.priority.map(|priority| format!(", {priority}")).unwrap_or_default();
    Ok(format!(
        "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, \
         serviceurl, secureserviceurl, urlbuttonindex, urllabel{column}) \
         select d.pkid, t.pkid, {}, {}, {url}, {secure_url}, {}, {}{priority} from device d, telecasterservice t \
         where d.name {devices} and t.name = {}",
        quoted("name", new.name)?,
        quoted("ASCII name", new.name_ascii)?,
        new.button_index,
        quoted("label", new.label)?,
        quoted("service", new.service)?,
    ))
}

fn secrets_of(rows: &[ValueOf<'_>]) -> Vec<SecretString> {
    rows.iter().map(|row| row.value.clone()).collect()
}

/// The subscriptions that get values: by key, or all of these devices to the services named beside.
fn which(rows: &[ValueOf<'_>], devices: &BTreeSet<&str>) -> Result<String, AxlError> {
    let keys: BTreeSet<&Pkid> = rows.iter().filter_map(|row| row.subscription_pkid).collect();
    if keys.is_empty() {
        let names = listed(devices.iter().copied(), |name| quoted("device", name))?;
        return Ok(format!("d.name in ({names})"));
    }
    if rows.iter().any(|row| row.subscription_pkid.is_none()) {
        return Err(refused("one statement names all subscriptions by key, or none"));
    }
    Ok(format!("s.pkid in ({})", listed(keys, key)?))
}

/// The value by parameter and device. Parameters that have the same values on all devices share an expression.
fn by_parameter(
    texts: &BTreeMap<&Pkid, BTreeMap<&str, &SecretString>>,
) -> Result<String, AxlError> {
    let mut alike: Vec<(Vec<&Pkid>, &BTreeMap<&str, &SecretString>)> = Vec::new();
    for (parameter, values) in texts {
        let same = |other: &BTreeMap<&str, &SecretString>| {
            other.len() == values.len()
                && other.iter().zip(values).all(|((a, one), (b, two))| {
                    a == b && one.expose_secret() == two.expose_secret()
                })
        };
        match alike.iter_mut().find(|(_, other)| same(other)) {
            Some((parameters, _)) => parameters.push(parameter),
            None => alike.push((vec![parameter], values)),
        }
    }
    let arms = alike.iter().map(|(parameters, values)| {
        let values = values
            .iter()
            .map(|(name, value)| Ok((quoted("device", name)?, SecretString::clone(value))));
        let values = values.collect::<Result<Vec<_>, AxlError>>()?;
        let keys = listed(parameters.iter().copied(), key)?;
        Ok(format!("when p.pkid in ({keys}) then {}", case("d.name", "value", &values)?))
    });
    let arms = arms.collect::<Result<Vec<_>, AxlError>>()?;
    Ok(format!("trim(case {} end)", arms.join(" ")))
}

fn quoted_names(texts: &[(String, SecretString)]) -> Result<Vec<(String, SecretString)>, AxlError> {
    texts.iter().map(|(name, text)| Ok((quoted("device", name)?, text.clone()))).collect()
}

/// One text per literal that `column` is compared with.
fn text_of(column: &str, what: &str, texts: &[(String, SecretString)]) -> Result<String, AxlError> {
    Ok(format!("trim({})", case(column, what, texts)?))
}

fn case(column: &str, what: &str, texts: &[(String, SecretString)]) -> Result<String, AxlError> {
    let mut expression = format!("case {column}");
    for (literal, text) in texts {
        if !Statement::bears(text) {
            return Err(refused(format!("the {what} begins or ends with a blank")));
        }
        let text = quoted(what, text.expose_secret())?;
        for part in [" when ", literal, " then ", &text] {
            expression.push_str(part);
        }
    }
    expression.push_str(" end");
    Ok(expression)
}

fn listed<'a, T: ?Sized + 'a>(
    items: impl IntoIterator<Item = &'a T>,
    literal: impl Fn(&T) -> Result<String, AxlError>,
) -> Result<String, AxlError> {
    let literals = items.into_iter().map(literal).collect::<Result<Vec<_>, _>>()?;
    Ok(literals.join(", "))
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::{Pkid, UrlsOf, ValueOf};
    use crate::clients::axl::{AxlError, NewSubscription, Statement};

    const ONE: &str = "{0A1B2C3D-0000-0000-0000-000000000001}";
    const TWO: &str = "0a1b2c3d-0000-0000-0000-000000000002";
    const ID: &str = "0a1b2c3d-0000-0000-0000-0000000000a1";
    const OTHER_ID: &str = "0a1b2c3d-0000-0000-0000-0000000000b1";

    fn text(statement: Result<Statement, AxlError>) -> String {
        let text = statement.unwrap().text().expose_secret().to_owned();
        text.replace("0a1b2c3d-0000-0000-0000-0000000000", "…")
    }

    #[test]
    fn urls_of_many_subscriptions() {
        let [a, b] = ["http://f?id=1", "http://f?id=22"].map(SecretString::from);
        let row =
            |subscription_pkid, secure_url| UrlsOf { subscription_pkid, url: None, secure_url };
        let [one, two] = [ONE, TWO].map(Pkid::read);
        let rows = [row(&one, Some(&a)), row(&two, Some(&b))];
        assert_eq!(
            text(Statement::set_many_urls(&rows)),
            "update telecastersubscribedservice set secureserviceurl = trim(case pkid when '…01' then 'http://f?id=1' \
             when '…02' then 'http://f?id=22' end) where pkid in ('…01', '…02')"
        );
        let uneven = [rows[0], UrlsOf { url: Some(&a), ..rows[1] }];
        assert!(Statement::set_many_urls(&uneven).is_err());
        assert!(Statement::set_many_urls(&[row(&one, None)]).is_err());
    }

    #[test]
    fn values_of_many_devices_and_services() {
        let [a, b, c] = ["1001", "it's", "77"].map(SecretString::from);
        let [one, two, id, other] = [ONE, TWO, ID, OTHER_ID].map(Pkid::read);
        let row = |device, service, pkid, parameter_pkid, value| ValueOf {
            device,
            service,
            subscription_pkid: Some(pkid),
            parameter_pkid,
            value,
        };
        let mut rows = vec![
            row("SEP1", "F", &one, &id, &a),
            row("SEP1", "G", &two, &other, &a),
            row("SEP2", "F", &id, &id, &b),
            row("SEP2", "G", &other, &other, &b),
        ];
        assert_eq!(
            text(Statement::insert_many_values(&rows)),
            "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value) \
             select s.pkid, p.pkid, trim(case when p.pkid in ('…a1', '…b1') then \
             case d.name when 'SEP1' then '1001' when 'SEP2' then 'it''s' end end) \
             from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice \
             inner join telecasterservice t on t.pkid = s.fktelecasterservice \
             inner join telecasterserviceparameter p on (t.name = 'F' and p.pkid in ('…a1')) or (t.name = 'G' and p.pkid in ('…b1')) \
             where s.pkid in ('…01', '…02', '…a1', '…b1')"
        );
        rows[3].value = &c;
        let told = text(Statement::insert_many_values(&rows));
        assert!(
            told.contains("when p.pkid in ('…a1') then case") && told.contains("then '77'"),
            "{told}"
        );
        for row in &mut rows {
            row.subscription_pkid = None;
        }
        assert!(
            text(Statement::insert_many_values(&rows)).contains("where d.name in ('SEP1', 'SEP2')")
        );
        rows.pop();
        assert!(Statement::insert_many_values(&rows).is_err());
    }

    #[test]
    fn values_in_rows_that_are_there() {
        let value = SecretString::from("x");
        let [one, id] = [ONE, ID].map(Pkid::read);
        let row = ValueOf {
            device: "SEP1",
            service: "F",
            subscription_pkid: Some(&one),
            parameter_pkid: &id,
            value: &value,
        };
        assert_eq!(
            text(Statement::update_many_values(&[row])),
            "update telecastersubscribedparameter set value = trim(case fktelecastersubscribedservice when '…01' then 'x' \
             end) where fktelecastersubscribedservice in ('…01') and fktelecasterserviceparameter = '…a1'"
        );
    }

    #[test]
    fn subscriptions_of_many_devices() {
        let url = SecretString::from("http://f");
        let new = |device| NewSubscription {
            device,
            service: "F",
            name: "F",
            name_ascii: "F",
            url: &url,
            secure_url: &url,
            label: "",
            button_index: 0,
            priority: None,
        };
        assert_eq!(
            text(Statement::insert_subscriptions(&[new("SEP1"), new("SEP2")])),
            "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, \
             serviceurl, secureserviceurl, urlbuttonindex, urllabel) select d.pkid, t.pkid, 'F', 'F', \
             trim(case d.name when 'SEP1' then 'http://f' when 'SEP2' then 'http://f' end), \
             trim(case d.name when 'SEP1' then 'http://f' when 'SEP2' then 'http://f' end), 0, '' \
             from device d, telecasterservice t where d.name in ('SEP1', 'SEP2') and t.name = 'F'"
        );
    }

    #[test]
    fn what_trim_would_change_is_refused() {
        let blank = SecretString::from(" x");
        assert!(!Statement::bears(&blank) && Statement::bears(&"a b".into()));
        let row =
            UrlsOf { subscription_pkid: &Pkid::read(ONE), url: Some(&blank), secure_url: None };
        assert!(Statement::set_many_urls(&[row]).is_err());
    }
}
