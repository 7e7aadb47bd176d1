//! Lines: which numbers stand on which devices, in which order and partition, and which of them are in a line group.
//!
//! Tables and columns: public code and the vendor's data dictionaries; that `numplan` has the flag of *Allow Control of
//! Device from CTI* is a guess by the name that AXL's line has, so a statement without it follows one that is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use compact_str::CompactString;

use super::bulk::{self, by_names};
use super::configuration::refuses_statement;
use super::exchange::{QUERY, Request};
use super::query::{self, Filter, bounded};
use super::row::{self, Row, Texts};
use super::{AxlError, Pkid, Reader, requests};

/// A number on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Device name.
    pub device: CompactString,
    /// Class of the device, e.g. `Phone`.
    pub class: Arc<str>,
    /// Key of the number: one key, one number in one partition.
    pub key: Pkid,
    /// The number.
    pub number: CompactString,
    /// Partition; empty for none.
    pub partition: Arc<str>,
    /// Position among the device's lines, as configured.
    pub index: i64,
    /// *Maximum Number of Calls*.
    pub calls: Option<i64>,
    /// *Busy Trigger*.
    pub busy: Option<i64>,
    /// *Allow Control of Device from CTI* of the line; `None` where the database does not tell.
    pub cti: Option<bool>,
}

/// Which lines.
#[derive(Debug, Clone, Copy)]
pub enum LinesOf<'a> {
    /// All lines of these devices.
    Devices(&'a [String]),
    /// These numbers, on whatever device.
    Numbers(&'a [String]),
}

impl Reader {
    /// The lines, each complete or an error: given away many at a time, all lines of one name at once.
    pub async fn lines(
        &self,
        of: LinesOf<'_>,
        take: impl FnMut(Vec<Line>),
    ) -> Result<(), AxlError> {
        let (LinesOf::Devices(names) | LinesOf::Numbers(names)) = of;
        let flagged = AtomicBool::new(true);
        let read = |names| {
            let filter = match of {
                LinesOf::Devices(_) => Filter::Devices(names),
                LinesOf::Numbers(_) => Filter::Numbers(names),
            };
            self.some_lines(filter, &flagged)
        };
        by_names(names, read, take).await
    }

    /// With the flag, until a statement with it is refused.
    async fn some_lines(
        &self,
        filter: Filter<'_>,
        flagged: &AtomicBool,
    ) -> Result<Vec<Line>, AxlError> {
        if flagged.load(Ordering::Relaxed) {
            match self.every(with_flag, line, filter).await {
                Err(error) if refuses_statement(&error) => flagged.store(false, Ordering::Relaxed),
                found => return found,
            }
        }
        self.every(without_flag, line, filter).await
    }

    /// Names of the line groups that these numbers are members of, by the key of the number.
    pub async fn line_groups(
        &self,
        numbers: &[String],
    ) -> Result<BTreeMap<Pkid, BTreeSet<String>>, AxlError> {
        let mut all: BTreeMap<Pkid, BTreeSet<String>> = BTreeMap::new();
        let read = |numbers| self.every(groups, member, Filter::Numbers(numbers));
        let take = |found| {
            for (key, group) in found {
                all.entry(key).or_default().insert(group);
            }
        };
        by_names(numbers, read, take).await?;
        Ok(all)
    }

    /// Whether programs may control each of these end users' devices (*Allow Control of Device from CTI* of the user).
    pub async fn end_users_cti(&self, ids: &[String]) -> Result<BTreeMap<String, bool>, AxlError> {
        let mut all = BTreeMap::new();
        for batch in ids.chunks(bulk::USERS) {
            let request = Request::read(QUERY, requests::sql(&users(Filter::EndUsers(batch))?))?;
            let found = self.rows(&request).await?;
            for row in row::all(&found, &Texts::default()) {
                all.insert(
                    row.name_column("userid")?,
                    row.flag_column("allowcticontrolflag")?.unwrap_or(true),
                );
            }
        }
        Ok(all)
    }
}

fn with_flag(filter: Filter<'_>, after: Option<&Pkid>, first: usize) -> Result<String, AxlError> {
    lines(", n.allowcticontrolflag", filter, after, first)
}

fn without_flag(
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    lines("", filter, after, first)
}

/// A page of lines.
fn lines(
    more: &str,
    filter: Filter<'_>,
    after: Option<&Pkid>,
    first: usize,
) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} m.pkid, d.name devicename, c.name classname, n.pkid linepkid, n.dnorpattern, \
         r.name partitionname, m.numplanindex, m.maxnumcalls, m.busytrigger{more} from devicenumplanmap m \
         inner join device d on d.pkid = m.fkdevice inner join typeclass c on c.enum = d.tkclass \
         inner join numplan n on n.pkid = m.fknumplan \
         left outer join routepartition r on r.pkid = n.fkroutepartition where {}{} order by m.pkid",
        filter.condition()?,
        query::beyond("m.pkid", after)?
    ))
}

/// A page of members of line groups.
fn groups(filter: Filter<'_>, after: Option<&Pkid>, first: usize) -> Result<String, AxlError> {
    bounded(format!(
        "select first {first} g.pkid, n.pkid linepkid, n.dnorpattern, l.name groupname from linegroupnumplanmap g \
         inner join linegroup l on l.pkid = g.fklinegroup inner join numplan n on n.pkid = g.fknumplan \
         where {}{} order by g.pkid",
        filter.condition()?,
        query::beyond("g.pkid", after)?
    ))
}

fn users(filter: Filter<'_>) -> Result<String, AxlError> {
    let condition = filter.condition()?;
    bounded(format!(
        "select u.userid, u.allowcticontrolflag from enduser u where {condition} order by u.userid"
    ))
}

pub(super) fn line(row: Row<'_>) -> Result<Option<Line>, AxlError> {
    Ok(Some(Line {
        device: row.name_column("devicename")?,
        class: row.shared_column("classname")?,
        key: row.key_column("linepkid")?,
        number: row.name_column("dnorpattern")?,
        partition: row.shared_column("partitionname")?,
        index: row.integer_column("numplanindex")?.unwrap_or(0),
        calls: row.integer_column("maxnumcalls")?,
        busy: row.integer_column("busytrigger")?,
        cti: if row.has_column("allowcticontrolflag") {
            row.flag_column("allowcticontrolflag")?
        } else {
            None
        },
    }))
}

pub(super) fn member(row: Row<'_>) -> Result<Option<(Pkid, String)>, AxlError> {
    Ok(Some((row.key_column("linepkid")?, row.name_column("groupname")?)))
}

#[cfg(test)]
mod tests {
    use super::{groups, line, users, with_flag, without_flag};
    use crate::clients::axl::query::Filter;
    use crate::clients::axl::row::{self, Texts};

    #[test]
    fn statements_name_devices_numbers_and_users() {
        let names = ["2001".to_owned()];
        let text = with_flag(Filter::Numbers(&names), None, 10).unwrap();
        assert!(text.contains(", n.allowcticontrolflag from devicenumplanmap m "), "{text}");
        assert!(text.ends_with(" where n.dnorpattern in ('2001') order by m.pkid"), "{text}");
        let text = without_flag(Filter::Devices(&names), None, 10).unwrap();
        assert!(
            text.contains("m.busytrigger from ") && text.contains("d.name in ('2001')"),
            "{text}"
        );
        let text = groups(Filter::Numbers(&names), None, 10).unwrap();
        assert!(text.ends_with("where n.dnorpattern in ('2001') order by g.pkid"), "{text}");
        let text = users(Filter::EndUsers(&names)).unwrap();
        assert!(text.ends_with("where u.userid in ('2001') order by u.userid"), "{text}");
    }

    #[test]
    fn a_row_is_a_line_with_or_without_the_flag() {
        let of = |flag: &str| {
            let text = format!(
                "<row><pkid>a</pkid><devicename>SEP1</devicename><classname>Phone</classname>\
                 <linepkid>0A1B2C3D-0000-0000-0000-00000000000F</linepkid><dnorpattern>2001</dnorpattern><partitionname/>\
                 <numplanindex>2</numplanindex><maxnumcalls>4</maxnumcalls><busytrigger/>{flag}</row>"
            );
            line(row::all(&row::only(&text), &Texts::default()).next().unwrap()).unwrap().unwrap()
        };
        let plain = of("");
        assert_eq!((plain.index, plain.calls, plain.busy, plain.cti), (2, Some(4), None, None));
        assert_eq!(plain.key.to_string(), "0a1b2c3d-0000-0000-0000-00000000000f");
        assert_eq!(of("<allowcticontrolflag>f</allowcticontrolflag>").cti, Some(false));
        assert_eq!(of("<allowcticontrolflag>t</allowcticontrolflag>").cti, Some(true));
    }
}
