//! What the database says of many devices in one row each: model, CTI flag, locale, services provisioning, common device
//! configuration.
//!
//! Column names: public code. All are asked for in one statement; where the server refuses that, each alone, so that
//! what one release does not have keeps nothing else from being read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use compact_str::CompactString;

use super::answers::Answer;
use super::bulk::{NAMES, by_names, smaller};
use super::configuration::refuses_statement;
use super::exchange::{QUERY, Request};
use super::query::{self, Filter, bounded};
use super::row::{self, Texts};
use super::{AxlError, Reader, requests};
use crate::clients::xml::{Body, Rows};

/// One of the things that are asked of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceFact {
    /// Model, e.g. `Cisco 8845`.
    Model,
    /// *Allow Control of Device from CTI*, `t` or `f`.
    CtiControl,
    /// User locale, e.g. `Czech Czech Republic`.
    UserLocale,
    /// *Services Provisioning* of the device, e.g. `Default`.
    Provisioning,
    /// *Services Provisioning* of its common phone profile.
    ProfileProvisioning,
    /// Name of its common device configuration.
    DeviceConfiguration,
}

impl DeviceFact {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Model,
        Self::CtiControl,
        Self::UserLocale,
        Self::Provisioning,
        Self::ProfileProvisioning,
        Self::DeviceConfiguration,
    ];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::CtiControl => "Allow Control of Device from CTI",
            Self::UserLocale => "user locale",
            Self::Provisioning => "Services Provisioning",
            Self::ProfileProvisioning => "Services Provisioning of the common phone profile",
            Self::DeviceConfiguration => "common device configuration",
        }
    }

    /// Column, its name in the answer, and the joins that it needs.
    fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Model => {
                ("t.name", "modelname", " left outer join typemodel t on t.enum = d.tkmodel")
            }
            Self::CtiControl => ("d.allowcticontrolflag", "ctiflag", ""),
            Self::UserLocale => (
                "ul.name",
                "localename",
                " left outer join typeuserlocale ul on ul.enum = d.tkuserlocale",
            ),
            Self::Provisioning => (
                "sd.name",
                "displayname",
                " left outer join typephoneservicedisplay sd on sd.enum = d.tkphoneservicedisplay",
            ),
            // With the profile's name: a row of another table is told by what names it.
            Self::ProfileProvisioning => (
                "p.name profilename, sp.name",
                "profiledisplayname",
                " left outer join commonphoneconfig p on p.pkid = d.fkcommonphoneconfig \
                 left outer join typephoneservicedisplay sp on sp.enum = p.tkphoneservicedisplay",
            ),
            Self::DeviceConfiguration => (
                "cd.name",
                "configname",
                " left outer join commondeviceconfig cd on cd.pkid = d.fkcommondeviceconfig",
            ),
        }
    }
}

/// What is told of a device, or of all devices of which the same is told.
pub type Facts = BTreeMap<DeviceFact, String>;

/// What was read, and what the server would not tell.
#[derive(Debug, Default)]
pub struct DeviceFacts {
    /// By device and fact; empty where the database has nothing.
    pub told: BTreeMap<CompactString, Arc<Facts>>,
    /// Facts that the server refused to tell, with its words.
    pub refused: BTreeMap<DeviceFact, String>,
}

/// What can be asked in one statement, as far as learnt, and what cannot be asked at all.
#[derive(Default)]
struct Asked {
    together: Vec<Vec<DeviceFact>>,
    refused: BTreeMap<DeviceFact, String>,
}

impl Asked {
    /// The statement about these facts was refused. What has to be asked in its place: each alone.
    fn refuse(&mut self, facts: &[DeviceFact], error: &AxlError) -> Vec<Vec<DeviceFact>> {
        let apart = match facts {
            [only] => {
                self.refused.insert(*only, error.to_string());
                Vec::new()
            }
            several => several.iter().map(|fact| vec![*fact]).collect(),
        };
        // Not where another batch has learnt it already.
        if let Some(at) = self.together.iter().position(|known| known == facts) {
            self.together.splice(at..=at, apart.iter().cloned());
        }
        apart
    }
}

impl Reader {
    /// These facts of these devices.
    pub async fn device_facts(
        &self,
        names: &[String],
        facts: &[DeviceFact],
    ) -> Result<DeviceFacts, AxlError> {
        let asked = Asked { together: vec![facts.to_vec()], ..Asked::default() };
        let asked = Mutex::new(asked);
        let mut told = BTreeMap::new();
        let mut known: BTreeSet<Arc<Facts>> = BTreeSet::new();
        let take = |some: BTreeMap<CompactString, Facts>| {
            for (device, facts) in some {
                let facts = known.get(&facts).map_or_else(|| Arc::new(facts), Arc::clone);
                known.insert(Arc::clone(&facts));
                told.insert(device, facts);
            }
        };
        by_names(names, |names| self.some_facts(names, &asked), take).await?;
        let asked = asked.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(DeviceFacts { told, refused: asked.refused })
    }

    async fn some_facts(
        &self,
        names: &[String],
        asked: &Mutex<Asked>,
    ) -> Result<BTreeMap<CompactString, Facts>, AxlError> {
        let sizes = &self.shared.sizes;
        let mut told = BTreeMap::new();
        let mut left = names;
        while !left.is_empty() {
            let (now, later) = query::some(left, sizes.of::<Facts>(NAMES));
            match self.facts_of(now, asked, &mut told).await {
                Ok(()) => left = later,
                Err(error) => {
                    sizes.too_large::<Facts>(smaller(now.len(), &error).ok_or(error)?);
                }
            }
        }
        Ok(told)
    }

    /// Facts that cannot be asked together are asked apart from then on, those that are refused no more.
    async fn facts_of(
        &self,
        names: &[String],
        asked: &Mutex<Asked>,
        told: &mut BTreeMap<CompactString, Facts>,
    ) -> Result<(), AxlError> {
        let known = || asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = known().together.clone();
        while let Some(facts) = waiting.pop() {
            let text = statement(Filter::Devices(names), &facts)?;
            let request = Request::large(QUERY, requests::sql(&text))?;
            let wanted = facts.clone();
            match self.made(request, move |rows| facts_in(rows, &wanted)).await {
                Ok(found) => {
                    for (device, found) in found {
                        told.entry(device).or_default().extend(found);
                    }
                }
                Err(error)
                    if smaller(names.len(), &error).is_none() && refuses_statement(&error) =>
                {
                    waiting.extend(known().refuse(&facts, &error));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// *IP Addressing Mode* of a common device configuration; `None` when there is none of this name.
    pub async fn ip_addressing_mode(&self, name: &str) -> Result<Option<String>, AxlError> {
        let operation = "getCommonDeviceConfig";
        let mut body = Body::new();
        body.text("name", name).nest("returnedTags", |tags| {
            tags.empty("name").empty("ipAddressingMode");
        });
        let Some(found) = self.found(&Request::read(operation, body)?).await? else {
            return Ok(None);
        };
        let config = Answer::new(operation, &found).object("commonDeviceConfig")?;
        Ok(Some(config.optional("ipAddressingMode")))
    }
}

fn facts_in(
    rows: &Rows,
    wanted: &[DeviceFact],
) -> Result<BTreeMap<CompactString, Facts>, AxlError> {
    let texts = Texts::default();
    let mut told: BTreeMap<CompactString, Facts> = BTreeMap::new();
    for row in row::all(rows, &texts) {
        let device = told.entry(row.name_column("devicename")?).or_default();
        for fact in wanted {
            device.insert(*fact, row.column(fact.sql().1)?.to_owned());
        }
    }
    Ok(told)
}

fn statement(filter: Filter<'_>, facts: &[DeviceFact]) -> Result<String, AxlError> {
    let mut columns = String::new();
    let mut joins = String::new();
    for (column, name, join) in facts.iter().map(|fact| fact.sql()) {
        columns.extend([", ", column, " ", name]);
        joins.push_str(join);
    }
    let condition = filter.condition()?;
    bounded(format!(
        "select d.name devicename{columns} from device d{joins} where {condition} order by d.name"
    ))
}

#[cfg(test)]
mod tests {
    use super::{DeviceFact, statement};
    use crate::clients::axl::query::Filter;

    #[test]
    fn each_fact_brings_its_own_joins() {
        let names = ["SEP1".to_owned()];
        let text = statement(Filter::Devices(&names), &DeviceFact::ALL).unwrap();
        assert!(
            text.starts_with("select d.name devicename, t.name modelname, d.allowcti"),
            "{text}"
        );
        assert_eq!(text.matches(" join ").count(), 6, "{text}");
        let text = statement(Filter::Devices(&names), &[DeviceFact::CtiControl]).unwrap();
        assert_eq!(
            text,
            "select d.name devicename, d.allowcticontrolflag ctiflag from device d where d.name in ('SEP1') order by d.name"
        );
    }
}
