//! Certificates as the database has them: every node's own, and what the trust stores hold. Read with the AXL account.

use super::query::{self, Filter};
use super::row::Row;
use super::{AxlError, Reader};
use crate::clients::certificate::Certificate;

/// A certificate in one store of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// The server it is noted for; may be empty.
    pub server: String,
    /// The certificate; `None` when what is stored cannot be read as one.
    pub certificate: Option<Certificate>,
}

impl Reader {
    /// What the database has in a store, e.g. `tomcat` (the nodes' own) or `Phone-trust`.
    ///
    /// It tells nothing of the files on a node.
    pub async fn stored_certificates(
        &self,
        store: &str,
    ) -> Result<Vec<StoredCertificate>, AxlError> {
        let stores = [store.to_owned()];
        self.every(query::certificates, stored, Filter::Stores(&stores)).await
    }
}

pub(super) fn stored(row: Row<'_>) -> Result<Option<StoredCertificate>, AxlError> {
    let server = row.column("servername")?.trim().to_owned();
    let certificate = Certificate::from_pem(row.column("certificate")?);
    Ok(Some(StoredCertificate { server, certificate }))
}
