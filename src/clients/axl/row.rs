//! A row of an SQL answer, column by column. A column that must be there and is not is an error, never an empty value.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use super::exchange::QUERY;
use super::{AxlError, Pkid};
use crate::clients::xml;

/// A row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    row: xml::Row<'a>,
    texts: &'a Texts,
}

/// Texts that stand in many rows of an answer, each once.
#[derive(Default)]
pub(super) struct Texts(RefCell<HashSet<Arc<str>>>);

/// The rows of an answer, in their order.
pub(super) fn all<'a>(
    rows: &'a xml::Rows,
    texts: &'a Texts,
) -> impl Iterator<Item = Row<'a>> + use<'a> {
    rows.iter().map(move |row| Row { row, texts })
}

impl<'a> Row<'a> {
    /// A column, empty when NULL; a row without the column is no row of our query.
    pub(super) fn column(self, name: &str) -> Result<&'a str, AxlError> {
        self.row.cell(name).ok_or_else(|| wrong(name, "missing in a row"))
    }

    /// A column whose text is that of many rows.
    pub(super) fn shared_column(self, name: &str) -> Result<Arc<str>, AxlError> {
        let text = self.column(name)?;
        let mut texts = self.texts.0.borrow_mut();
        if let Some(known) = texts.get(text) {
            return Ok(Arc::clone(known));
        }
        let text: Arc<str> = text.into();
        texts.insert(Arc::clone(&text));
        Ok(text)
    }

    /// A column that holds a name, which is that of many rows.
    pub(super) fn shared_name_column(self, name: &str) -> Result<Arc<str>, AxlError> {
        let text = self.shared_column(name)?;
        if text.is_empty() { Err(wrong(name, "empty in a row")) } else { Ok(text) }
    }

    /// Whether the query had such a column.
    pub(super) fn has_column(self, name: &str) -> bool {
        self.row.cell(name).is_some()
    }

    /// A column as a whole number; `None` when NULL.
    pub(super) fn integer_column(self, name: &str) -> Result<Option<i64>, AxlError> {
        let text = self.column(name)?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| wrong(name, "not an integer"))
    }

    /// A column as a flag; `None` when NULL.
    pub(super) fn flag_column(self, name: &str) -> Result<Option<bool>, AxlError> {
        match self.column(name)?.trim() {
            "" => Ok(None),
            "t" | "true" | "1" => Ok(Some(true)),
            "f" | "false" | "0" => Ok(Some(false)),
            _ => Err(wrong(name, "not a boolean")),
        }
    }

    /// A column that holds a key, in the form of SQL.
    pub(super) fn key_column(self, name: &str) -> Result<Pkid, AxlError> {
        let text = self.column(name)?.trim();
        if text.is_empty() {
            return Err(wrong(name, "empty in a row"));
        }
        Ok(Pkid::read(text))
    }

    /// A column that holds a name.
    pub(super) fn name_column<T: From<&'a str>>(self, name: &str) -> Result<T, AxlError> {
        let text = self.column(name)?;
        if text.is_empty() {
            return Err(wrong(name, "empty in a row"));
        }
        Ok(text.into())
    }
}

fn wrong(name: &str, how: &str) -> AxlError {
    let why = format!("{name} in row is {how}");
    AxlError::Unexpected { operation: QUERY, status: 200, why }
}

/// The only row of a document, for tests of what is made of rows.
#[cfg(test)]
pub(super) fn only(row: &str) -> xml::Rows {
    let text = format!(
        "<Envelope><Body><{QUERY}Response><return>{row}</return></{QUERY}Response></Body></Envelope>"
    );
    let response = format!("{QUERY}Response");
    xml::Element::with_rows(text.as_bytes(), &response).unwrap().1
}
