//! Pages of a bulk read, one after another: the next is under way while one is taken apart.

use super::bulk::{Decode, FIRST_PAGE, Text, smaller};
use super::exchange::{QUERY, Request};
use super::query::Filter;
use super::row::{self, Texts};
use super::under_way::{UnderWay, Unread};
use super::{AxlError, Page, Pkid, Reader, answers, requests};
use crate::clients::xml::Rows;

/// The pages that are left of a read.
pub struct Pages<'a, T> {
    reader: &'a Reader,
    text: Text,
    decode: Decode<T>,
    filter: Filter<'a>,
    /// Behind which key the next page begins.
    after: Option<Pkid>,
    /// The last has been given.
    over: bool,
    ahead: Option<Begun>,
}

/// A page that was asked for.
struct Begun {
    after: Option<Pkid>,
    first: usize,
    answer: UnderWay,
}

/// A page that was taken apart.
pub(super) struct Taken<T> {
    pub(super) rows: Vec<T>,
    /// Rows of the answer, wanted or not.
    count: usize,
    last: Option<Pkid>,
}

impl<'a, T: Send + 'static> Pages<'a, T> {
    pub(super) fn new(
        reader: &'a Reader,
        text: Text,
        decode: Decode<T>,
        filter: Filter<'a>,
    ) -> Self {
        Self { reader, text, decode, filter, after: None, over: false, ahead: None }
    }

    /// The next page, of which there is at least one; `None` behind the last. Fewer rows than asked for is the database's
    /// word that it was the last.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, AxlError> {
        self.page(true).await
    }

    /// The same, where nobody may want another.
    pub async fn next_alone(&mut self) -> Result<Option<Page<T>>, AxlError> {
        self.page(false).await
    }

    async fn page(&mut self, more: bool) -> Result<Option<Page<T>>, AxlError> {
        if self.over {
            return Ok(None);
        }
        if self.filter.is_empty() {
            // Nobody has to be asked what there is of nothing.
            self.over = true;
            return Ok(Some(Page { rows: Vec::new(), next: None }));
        }
        let (first, answer) = self.answer().await?;
        let length = answer.length();
        if let Some(key) = answer.last_key(first).filter(|_| more) {
            self.reader.shared.sizes.answered::<T>(first, length);
            // A key that cannot be asked for is told when its page is wanted.
            self.ahead = self.begin(Some(key)).ok();
        }
        let decode = self.decode;
        let taken = answer.made(move |rows| taken(rows, decode)).await?;
        let next = if taken.count < first { None } else { taken.last };
        if taken.count > first || (next.is_some() && next == self.after) {
            return Err(AxlError::Unexpected {
                operation: QUERY,
                status: 200,
                why: "the server does not page as asked".to_owned(),
            });
        }
        if next.is_some() && self.ahead.is_none() {
            self.reader.shared.sizes.answered::<T>(first, length);
        }
        // Not before: a page that failed is still to be read.
        (self.after, self.over) = (next.clone(), next.is_none());
        Ok(Some(Page { rows: taken.rows, next }))
    }

    /// The answer, and how many rows it was asked for: the one under way, if that is the one.
    async fn answer(&mut self) -> Result<(usize, Unread), AxlError> {
        loop {
            let ahead = self.ahead.take().filter(|ahead| ahead.after == self.after);
            let begun = ahead.map_or_else(|| self.begin(self.after.clone()), Ok)?;
            let first = begun.first;
            match begun.answer.answer().await {
                Ok(answer) => return Ok((first, answer)),
                Err(error) => {
                    let fewer = smaller(first, &error).ok_or(error)?;
                    tracing::debug!(first, fewer, "the page is too large for the server");
                    self.reader.shared.sizes.too_large::<T>(fewer);
                }
            }
        }
    }

    fn begin(&self, after: Option<Pkid>) -> Result<Begun, AxlError> {
        let first = self.reader.shared.sizes.of::<T>(FIRST_PAGE);
        let text = (self.text)(self.filter, after.as_ref(), first)?;
        let request = Request::large(QUERY, requests::sql(&text))?;
        Ok(Begun { after, first, answer: UnderWay::begin(self.reader, request) })
    }
}

pub(super) fn taken<T>(rows: &Rows, decode: Decode<T>) -> Result<Taken<T>, AxlError> {
    let texts = Texts::default();
    let mut taken = Taken { rows: Vec::new(), count: 0, last: None };
    let mut last = None;
    for row in row::all(rows, &texts) {
        taken.count += 1;
        last = Some(row);
        taken.rows.extend(decode(row)?);
    }
    taken.last = last.map(answers::page_key).transpose()?;
    Ok(taken)
}
