//! The SQL reads: keyset pages, ordered by the key, `first n` rows after the last key seen.

use super::statement::{LONGEST, key, quoted};
use super::{AxlError, Pkid};

/// Bytes of names in one statement; the rest of it is shorter than what is left.
const NAMES: usize = LONGEST - 4096;

/// Which rows of a bulk read are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Filter<'a> {
    /// Subscriptions to these services.
    Services(&'a [String]),
    /// Subscriptions of these devices.
    Devices(&'a [String]),
    /// Associations of these application users.
    Users(&'a [String]),
    /// These numbers.
    Numbers(&'a [String]),
    /// These end users.
    EndUsers(&'a [String]),
    /// All phones.
    Phones,
    /// Certificates of these stores.
    Stores(&'a [String]),
    /// All rows.
    Everything,
}

impl Filter<'_> {
    pub(super) fn is_empty(self) -> bool {
        match self {
            Self::Services(names)
            | Self::Devices(names)
            | Self::Users(names)
            | Self::Numbers(names)
            | Self::EndUsers(names)
            | Self::Stores(names) => names.is_empty(),
            Self::Phones | Self::Everything => false,
        }
    }

    /// The condition on the rows.
    pub(super) fn condition(self) -> Result<String, AxlError> {
        match self {
            Self::Services(names) => Ok(format!("t.name in ({})", list("service", names)?)),
            Self::Devices(names) => Ok(format!("d.name in ({})", list("device", names)?)),
            Self::Users(names) => Ok(format!("u.name in ({})", list("user", names)?)),
            Self::Numbers(names) => Ok(format!("n.dnorpattern in ({})", list("number", names)?)),
            Self::EndUsers(names) => Ok(format!("u.userid in ({})", list("user", names)?)),
            Self::Phones => Ok("c.name = 'Phone'".to_owned()),
            Self::Stores(names) => Ok(format!("t.name in ({})", list("store", names)?)),
            Self::Everything => Ok("1 = 1".to_owned()),
        }
    }
}

/// A page of subscriptions.
pub(super) fn subscriptions(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} s.pkid, d.name devicename, c.name classname, t.name telecastername, s.servicename, \
         s.servicenameascii, s.serviceurl, s.secureserviceurl, s.urlbuttonindex, s.urllabel, s.priority, \
         t.urltemplate, t.secureurltemplate, t.priority servicepriority \
         from telecastersubscribedservice s \
         inner join device d on d.pkid = s.fkdevice inner join typeclass c on c.enum = d.tkclass \
         inner join telecasterservice t on t.pkid = s.fktelecasterservice where {}{} order by s.pkid",
        filter.condition()?,
        beyond("s.pkid", after)?
    ))
}

/// A page of value rows.
pub(super) fn values(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    let columns = "v.fktelecastersubscribedservice subscriptionkey, v.value";
    of_values(columns, matches!(filter, Filter::Devices(_)), filter, after, first)
}

/// A page of who holds a value for which parameter, without the values.
pub(super) fn holders(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    of_values("d.name devicename", true, filter, after, first)
}

/// Devices are looked up where somebody asks for them: a value costs the database as many look-ups as it has joins.
fn of_values(
    columns: &str,
    devices: bool,
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    let devices = if devices { "inner join device d on d.pkid = s.fkdevice " } else { "" };
    bounded(format!(
        "select first {first} v.pkid, p.pkid parameterkey, p.name parametername, {columns} \
         from telecastersubscribedparameter v \
         inner join telecastersubscribedservice s on s.pkid = v.fktelecastersubscribedservice {devices}\
         inner join telecasterservice t on t.pkid = s.fktelecasterservice \
         inner join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter \
         where {}{} order by v.pkid",
        filter.condition()?,
        beyond("v.pkid", after)?
    ))
}

/// A page of the devices that application users control (`tkuserassociation` 1 = CTI control).
pub(super) fn controlled(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} m.pkid, d.name devicename from applicationuserdevicemap m \
         inner join device d on d.pkid = m.fkdevice \
         inner join applicationuser u on u.pkid = m.fkapplicationuser \
         where {} and m.tkuserassociation = 1{} order by m.pkid",
        filter.condition()?,
        beyond("m.pkid", after)?
    ))
}

/// A page of the names of phones.
pub(super) fn names(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} d.pkid, d.name devicename, c.name classname from device d \
         inner join typeclass c on c.enum = d.tkclass where {}{} order by d.pkid",
        filter.condition()?,
        beyond("d.pkid", after)?
    ))
}

/// A page of the certificates of a store.
pub(super) fn certificates(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} c.pkid, c.servername, c.certificate from certificate c \
         inner join certificateservicecertificatemap m on m.fkcertificate = c.pkid \
         inner join typecertificateservice t on t.enum = m.tkcertificateservice \
         where {}{} order by c.pkid",
        filter.condition()?,
        beyond("c.pkid", after)?
    ))
}

/// A page of phone services.
pub(super) fn services(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} t.pkid, t.name telecastername, t.urltemplate, t.secureurltemplate \
         from telecasterservice t where {}{} order by t.pkid",
        filter.condition()?,
        beyond("t.pkid", after)?
    ))
}

/// Class and model of the devices of these names.
pub(super) fn devices(names: &[String]) -> Result<String, AxlError> {
    bounded(format!(
        "select d.name devicename, c.name classname, m.name modelname from device d \
         inner join typeclass c on c.enum = d.tkclass left outer join typemodel m on m.enum = d.tkmodel \
         where d.name in ({}) order by d.name",
        list("device", names)?
    ))
}

/// Configuration, model and profile of phones. A phone has its configuration in one of three tables, by size.
pub(super) fn configurations(names: &[String]) -> Result<String, AxlError> {
    bounded(format!(
        "select d.name devicename, m.name modelname, p.name profilename, x4.xml xml4k, x8.xml xml8k, x16.xml xml16k \
         from device d inner join typeclass c on c.enum = d.tkclass \
         left outer join typemodel m on m.enum = d.tkmodel \
         left outer join commonphoneconfig p on p.pkid = d.fkcommonphoneconfig \
         left outer join devicexml4k x4 on x4.fkdevice = d.pkid \
         left outer join devicexml8k x8 on x8.fkdevice = d.pkid \
         left outer join devicexml16k x16 on x16.fkdevice = d.pkid \
         where c.name = 'Phone' and d.name in ({}) order by d.name",
        list("device", names)?
    ))
}

/// Those of these end users that exist.
pub(super) fn end_users(ids: &[String]) -> Result<String, AxlError> {
    bounded(format!(
        "select u.userid from enduser u where u.userid in ({}) order by u.userid",
        list("user", ids)?
    ))
}

/// Those of these end users that are in a group.
pub(super) fn members(group: &str, ids: &[String]) -> Result<String, AxlError> {
    bounded(format!(
        "select u.userid from enduser u inner join enduserdirgroupmap m on m.fkenduser = u.pkid \
         inner join dirgroup g on g.pkid = m.fkdirgroup \
         where g.name = {} and u.userid in ({}) order by u.userid",
        quoted("group", group)?,
        list("user", ids)?
    ))
}

/// As many of the first of these names as a statement bears, at most so many and at least one; and the others.
pub(super) fn some(names: &[String], most: usize) -> (&[String], &[String]) {
    let mut left = NAMES;
    let fits = names.iter().take(most).take_while(|name| {
        // Quotes around it, one more for each in it, a comma and a space.
        let length = name.len() + name.matches('\'').count() + 4;
        let fits = length <= left;
        left = left.saturating_sub(length);
        fits
    });
    names.split_at(fits.count().max(1).min(names.len()))
}

/// All of the names, as many at a time as [`some`] takes.
pub(super) fn batches(names: &[String], most: usize) -> impl Iterator<Item = &[String]> {
    let mut left = names;
    std::iter::from_fn(move || {
        let (now, later) = some(left, most);
        left = later;
        (!now.is_empty()).then_some(now)
    })
}

/// The condition that begins a page beyond the last key seen.
pub(super) fn beyond(column: &str, after: Option<&Pkid>) -> Result<String, AxlError> {
    match after {
        Some(after) => Ok(format!(" and {column} > {}", key(after)?)),
        None => Ok(String::new()),
    }
}

fn list(what: &str, names: &[String]) -> Result<String, AxlError> {
    let quoted: Vec<String> =
        names.iter().map(|name| quoted(what, name)).collect::<Result<_, _>>()?;
    Ok(quoted.join(", "))
}

/// No statement is over 32 KB.
pub(super) fn bounded(text: String) -> Result<String, AxlError> {
    if text.len() > LONGEST {
        return Err(AxlError::Refused { why: "an SQL statement is over 32 KB".to_owned() });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{
        Filter, Pkid, configurations as lines, devices, holders, some, subscriptions, values,
    };

    const KEY: &str = "0A1B2C3D-0000-0000-0000-00000000000F";

    #[test]
    fn pages_are_ordered_by_key_and_begin_beyond_the_last() {
        let names = ["Cisco Finesse".to_owned(), "O'Brien's".to_owned()];
        let first = subscriptions(Filter::Services(&names), None, 2000).unwrap();
        assert!(first.starts_with("select first 2000 s.pkid, "), "{first}");
        assert!(
            first.ends_with("where t.name in ('Cisco Finesse', 'O''Brien''s') order by s.pkid"),
            "{first}"
        );
        let next = subscriptions(Filter::Services(&names[..1]), Some(&Pkid::of(KEY)), 10).unwrap();
        assert!(
            next.ends_with(
                "where t.name in ('Cisco Finesse') \
                 and s.pkid > '0a1b2c3d-0000-0000-0000-00000000000f' order by s.pkid"
            ),
            "{next}"
        );
        let of = values(Filter::Devices(&names[..1]), Some(&Pkid::of(KEY)), 10).unwrap();
        assert!(of.contains(" where d.name in ('Cisco Finesse') and v.pkid > '0a1b"), "{of}");
        assert!(
            of.contains(" s.pkid = v.fktelecastersubscribedservice inner join device d "),
            "{of}"
        );
        let of = values(Filter::Services(&names[..1]), None, 10).unwrap();
        assert!(!of.contains("device d"), "{of}");
        let who = holders(Filter::Services(&names[..1]), None, 10).unwrap();
        assert!(!who.contains("v.value") && who.contains("d.name devicename"), "{who}");
    }

    #[test]
    fn names_go_into_as_few_statements_as_they_fit_in() {
        let names: Vec<String> = (0..4000).map(|at| format!("SEP{at:012}")).collect();
        let mut left = names.as_slice();
        let mut counts = Vec::new();
        while !left.is_empty() {
            let (now, later) = some(left, 2000);
            assert!(lines(now).is_ok());
            counts.push(now.len());
            left = later;
        }
        assert_eq!(counts, [1509, 1509, 982]);
        assert_eq!(some(&names, 7).0.len(), 7);
        let long = ["'".repeat(20_000), "S".to_owned()];
        assert_eq!(some(&long, 7).0.len(), 1, "whether it fits is for the statement to say");
        assert!(some(&[], 7).0.is_empty());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(devices(&["SEP\n".to_owned()]).is_err());
        assert!(devices(&vec!["S".repeat(50); 700]).is_err());
        assert!(subscriptions(Filter::Devices(&[]), Some(&Pkid::of("x' or 1=1")), 1).is_err());
    }
}
