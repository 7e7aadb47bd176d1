//! What the nodes hold, kept in the sandbox's database between runs. Passwords are digests there too.

use rusqlite::{Connection, OptionalExtension, params};

use super::cluster::Cluster;
use super::node::Credentials;
use crate::sandbox::from::told;

/// Takes over what was kept. A row that was on its way when the sandbox ended has arrived since.
///
/// # Errors
/// The database's own.
pub fn restore(db: &Connection, cluster: &mut Cluster) -> rusqlite::Result<()> {
    let mut arrived: Option<Credentials> = None;
    for node in &mut cluster.nodes {
        let found = db
            .query_row(
                "select stored_user, stored_sha256, running_user, running_sha256 from sandbox_finesse where host = ?1",
                [&node.host],
                |row| {
                    let at = |user: usize| {
                        Ok::<_, rusqlite::Error>(Credentials {
                            user: row.get(user)?,
                            password_sha256: row.get(user + 1)?,
                        })
                    };
                    Ok((at(0)?, at(2)?))
                },
            )
            .optional()?;
        if let Some((stored, running)) = found {
            node.stored = arrived.clone().unwrap_or(stored);
            node.running = running;
        }
        arrived.get_or_insert_with(|| node.stored.clone());
    }
    Ok(())
}

/// Keeps what the nodes hold now.
///
/// # Errors
/// The database's own.
pub fn keep(db: &Connection, cluster: &Cluster) -> rusqlite::Result<()> {
    for node in &cluster.nodes {
        db.execute(
            "insert or replace into sandbox_finesse (host, stored_user, stored_sha256, running_user, running_sha256) values (?1, ?2, ?3, ?4, ?5)",
            params![
                node.host,
                node.stored.user,
                node.stored.password_sha256,
                node.running.user,
                node.running.password_sha256
            ],
        )?;
        if cluster.loaded {
            told::forget(db, &format!("{}:{}", node.host, node.api_port), node.told.keys())?;
        }
    }
    Ok(())
}
