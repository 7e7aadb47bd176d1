//! What many phones' own configurations say, as many at a time as one answer bears: the next are asked for while some
//! are taken apart.
//!
//! By SQL from `devicexml4k`, `8k` and `16k`, of which a phone has one: columns are in [`super::query`].

use std::collections::BTreeMap;

use super::bulk::smaller;
use super::configuration::refuses_statement;
use super::exchange::{QUERY, Request};
use super::row::{self, Texts};
use super::under_way::UnderWay;
use super::{AxlError, PhoneConfiguration, Reader, query, requests};
use crate::clients::xml::Rows;

/// Phones in the first statement: 16,000 bytes each, and what writing them as XML adds, stay under the 8 MB of an answer.
const PHONES: usize = 250;

/// Configurations that are left to read.
pub struct Configurations<'a> {
    reader: &'a Reader,
    left: &'a [String],
    ahead: Option<Begun<'a>>,
}

/// Phones whose configurations were asked for.
struct Begun<'a> {
    names: &'a [String],
    later: &'a [String],
    answer: UnderWay,
}

impl<'a> Configurations<'a> {
    pub(super) fn new(reader: &'a Reader, names: &'a [String]) -> Self {
        Self { reader, left: names, ahead: None }
    }

    /// Of how many phones they are left.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Those of the next phones, none behind the last; by one request each where the database's text columns cannot be
    /// read so.
    pub async fn next(&mut self) -> Result<Vec<PhoneConfiguration>, AxlError> {
        let sizes = &self.reader.shared.sizes;
        while !self.left.is_empty() {
            let ahead = self.ahead.take();
            let begun = ahead.map_or_else(|| self.begin(self.left), Ok)?;
            let Begun { names, later, answer } = begun;
            match answer.answer().await {
                Ok(answer) => {
                    let mut ahead = None;
                    if !later.is_empty() {
                        sizes.answered::<PhoneConfiguration>(names.len(), answer.length());
                        ahead = self.begin(later).ok();
                    }
                    let found = answer.made(configurations).await?;
                    (self.left, self.ahead) = (later, ahead);
                    return Ok(found);
                }
                Err(error) => match smaller(names.len(), &error) {
                    Some(fewer) => sizes.too_large::<PhoneConfiguration>(fewer),
                    None if refuses_statement(&error) => {
                        let found = self.one_by_one(names).await?;
                        self.left = later;
                        return Ok(found);
                    }
                    None => return Err(error),
                },
            }
        }
        Ok(Vec::new())
    }

    fn begin(&self, left: &'a [String]) -> Result<Begun<'a>, AxlError> {
        let most = self.reader.shared.sizes.of::<PhoneConfiguration>(PHONES);
        let (names, later) = query::some(left, most);
        let request = Request::large(QUERY, requests::sql(&query::configurations(names)?))?;
        Ok(Begun { names, later, answer: UnderWay::begin(self.reader, request) })
    }

    async fn one_by_one(&self, names: &[String]) -> Result<Vec<PhoneConfiguration>, AxlError> {
        let mut all = Vec::new();
        for name in names {
            all.extend(self.reader.configuration_of(name).await?);
        }
        Ok(all)
    }
}

/// In the order of their names.
fn configurations(rows: &Rows) -> Result<Vec<PhoneConfiguration>, AxlError> {
    let texts = Texts::default();
    let mut phones = BTreeMap::new();
    for row in row::all(rows, &texts) {
        let device: String = row.name_column("devicename")?;
        let mut config = "";
        for column in ["xml4k", "xml8k", "xml16k"] {
            config =
                Some(row.column(column)?).filter(|text| !text.trim().is_empty()).unwrap_or(config);
        }
        phones.insert(
            device.clone(),
            PhoneConfiguration {
                device,
                model: row.shared_column("modelname")?,
                profile: row.shared_column("profilename")?,
                config: config.to_owned(),
            },
        );
    }
    Ok(phones.into_values().collect())
}
