//! A cluster loaded from a capture of a real one, in place of the seeded site. The folder is all that the two sides share:
//! what the server said is read anew here, and put back into the tables that it was read from.

pub mod coverage;
mod decoders;
mod fill;
mod folder;
pub mod nodes;
mod objects;
mod phones;
mod rows;
mod statement;
mod store;
pub mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::options::{FinesseNode, FinesseOptions};
use super::soap::{self, Node};
use super::state::{seed, tables};
use super::{Account, Administrator, PlatformAccount, Role, SandboxOptions};
use crate::outcome::Outcome;
use crate::playbook::deployment::Endpoint;
use crate::trouble::Trouble;
use fill::Fill;
use folder::{Folder, Machine};
use objects::Objects;
use store::Store;

/// A capture, read and found whole.
#[derive(Debug, Clone)]
pub struct Capture {
    folder: Folder,
    values: BTreeMap<String, String>,
}

/// How the loaded sandbox is reached.
#[derive(Debug, Clone)]
pub struct Access<'a> {
    /// The password of every account.
    pub password: &'a str,
    /// The AXL account of the seeded sandbox that only reads.
    pub reader: &'a str,
}

impl Capture {
    /// Reads a capture's folder; `passwords` is the text of agents' passwords, two columns `id,password`.
    ///
    /// # Errors
    /// `capture-unusable`, `agent-passwords-invalid`.
    pub fn open(path: &Path, passwords: Option<&str>) -> Result<Arc<Self>, Trouble> {
        let folder = Folder::read(path).map_err(|why| unusable(path, why))?;
        let values = match passwords {
            Some(text) => revealed(&folder, text).map_err(|why| {
                Trouble::new(
                    "agent-passwords-invalid",
                    Outcome::Usage,
                    "The agents' passwords cannot be used",
                )
                .because(why)
                .then("give the file that the playbook names: two columns, id,password")
            })?,
            None => BTreeMap::new(),
        };
        let capture = Self { folder, values };
        // Everything is understood before anything is started.
        capture.store()?;
        Ok(Arc::new(capture))
    }

    /// The options of a sandbox that plays the captured cluster.
    ///
    /// # Errors
    /// `capture-unusable`.
    pub fn options(self: &Arc<Self>, access: &Access<'_>) -> Result<SandboxOptions, Trouble> {
        let manifest = &self.folder.manifest;
        let accounts = &manifest.accounts;
        let usual = SandboxOptions::default();
        let publisher = self.endpoint(&manifest.cucm.publisher)?;
        let axl = accounts.axl.clone().unwrap_or_else(|| "axladmin".to_owned());
        let account = |user: &str, role| Account {
            user: user.to_owned(),
            password: access.password.to_owned(),
            role,
        };
        let mut all = vec![account(&axl, Role::ReadWrite)];
        if axl != access.reader {
            all.push(account(access.reader, Role::ReadOnly));
        }
        let user = |name: &Option<String>, usual: &str| Administrator {
            user: name.clone().unwrap_or_else(|| usual.to_owned()),
            password: access.password.to_owned(),
        };
        let shell = |name: &Option<String>| {
            vec![PlatformAccount {
                user: name.clone().unwrap_or_else(|| "osadmin".to_owned()),
                password: access.password.to_owned(),
                level: 4,
            }]
        };
        let ssh = match &manifest.cucm.platform_ssh {
            Some(text) => self.endpoint(text)?,
            None => Endpoint { host: publisher.host.clone(), port: 22 },
        };
        let node = |machine: &Machine| FinesseNode {
            host: machine.host.clone(),
            api_port: machine.api_port,
            ssh_port: machine.ssh_port,
        };
        let settings = manifest.finesse.settings.as_ref().map(|settings| settings.path.clone());
        Ok(SandboxOptions {
            publisher,
            accounts: all,
            ris: vec![user(&accounts.serviceability, "risreader")],
            publisher_ssh: Some(ssh),
            publisher_platform: shell(&accounts.cucm_platform),
            finesse: FinesseOptions {
                product: manifest.finesse.product,
                release: manifest.finesse.release.clone(),
                primary: node(&manifest.finesse.primary),
                secondary: manifest.finesse.secondary.as_ref().map(node),
                administrators: vec![user(&accounts.finesse, "finadmin")],
                platform: shell(&accounts.finesse_platform),
                settings_path: settings.unwrap_or(usual.finesse.settings_path),
                ..FinesseOptions::default()
            },
            release: self.release()?,
            from: Some(Arc::clone(self)),
            ..SandboxOptions::default()
        })
    }

    /// Sentences for whoever starts it: what it is, what it lacks.
    pub fn about(&self) -> Vec<String> {
        let manifest = &self.folder.manifest;
        let mut lines = vec![format!(
            "loaded from {}: {}, captured {}",
            self.folder.path.display(),
            manifest.deployment,
            manifest.captured
        )];
        if !manifest.complete {
            let missing = manifest.missing.join("; ");
            lines.push(format!(
                "the capture is incomplete, and what it lacks is not answered: {missing}"
            ));
        }
        let left = manifest.secrets.saturating_sub(self.values.len());
        if left > 0 {
            let agents = self.folder.owners.len().saturating_sub(self.values.len());
            let more = match agents {
                0 => String::new(),
                number => format!(
                    ", {number} of them agents' passwords that --agent-passwords FILE fills in"
                ),
            };
            let are =
                if left == 1 { "secret is a placeholder" } else { "secrets are placeholders" };
            lines.push(format!("{left} {are}{more}"));
        }
        lines
    }

    fn endpoint(&self, text: &str) -> Result<Endpoint, Trouble> {
        let parts = text.rsplit_once(':');
        let parsed = parts.and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
        let (host, port) = parsed
            .ok_or_else(|| unusable(&self.folder.path, format!("'{text}' is not host:port")))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Endpoint { host, port })
    }

    fn release(&self) -> Result<String, Trouble> {
        let told = self.axl().find_map(|(request, returned)| {
            let version = returned.child("componentVersion")?.value("version")?;
            (request.name == "getCCMVersion").then(|| version.trim().to_owned())
        });
        told.or_else(|| self.folder.manifest.cucm.release.clone()).ok_or_else(|| {
            unusable(&self.folder.path, "CUCM has not told its release: nothing was captured")
        })
    }

    /// Requests of AXL and what came back for them, complete answers only.
    fn axl(&self) -> impl Iterator<Item = (Node, Node)> {
        let answered = |own: &&folder::Exchange| own.interface == "axl" && own.status == Some(200);
        self.folder.exchanges.iter().filter(answered).filter_map(|exchange| {
            let request = soap::open_envelope(&exchange.asked).ok()?;
            let mut response = answered_with(&exchange.said)?;
            let at = response.children.iter().position(|child| child.name == "return")?;
            Some((request, response.children.swap_remove(at)))
        })
    }

    /// Everything that AXL told, as rows.
    fn store(&self) -> Result<Store, Trouble> {
        let mut store = Store::default();
        let mut objects = Objects { store: &mut store };
        let wrong = |why: String| unusable(&self.folder.path, why);
        let answered = |own: &&folder::Exchange| own.interface == "axl" && own.status == Some(200);
        let expected = self.folder.exchanges.iter().filter(answered).count();
        let mut read = 0;
        for (request, returned) in self.axl() {
            objects.take(&request, &returned).map_err(wrong)?;
            read += 1;
        }
        if read != expected {
            return Err(wrong(format!("{} answers of AXL cannot be read", expected - read)));
        }
        let publisher = self.endpoint(&self.folder.manifest.cucm.publisher)?;
        objects.nodes(&publisher.host).map_err(wrong)?;
        parameters_of_values(&mut store).map_err(wrong)?;
        Ok(store)
    }

    /// Tables of which something is told, without those that were being read when the capture was broken off: of them
    /// nobody knows how much is missing. One read follows another, so what AXL told before the last read of something
    /// else is whole.
    fn covered(&self) -> BTreeSet<String> {
        let mut covered = BTreeSet::from(["processnode".to_owned()]);
        let mut last = BTreeSet::new();
        for exchange in &self.folder.exchanges {
            if exchange.interface != "axl" {
                last.clear();
                continue;
            }
            let Ok(request) = soap::open_envelope(&exchange.asked) else { continue };
            last = coverage::tables(&request);
            let absent = exchange.status == Some(500) && exchange.said.contains(">5007<");
            if exchange.status == Some(200) || absent {
                covered.extend(last.iter().cloned());
            }
        }
        if self.folder.manifest.broken_off {
            covered.retain(|table| !last.contains(table));
        }
        covered
    }

    /// Fills new tables with what was captured.
    ///
    /// # Errors
    /// The database's own, or what the capture has that the tables cannot hold.
    pub fn load(&self, db: &Connection) -> rusqlite::Result<()> {
        let wrong = |why: String| rusqlite::Error::ToSqlConversionFailure(why.into());
        let store = self.store().map_err(|trouble| wrong(trouble.why))?;
        seed::types(db)?;
        tables::without_rules(db, || {
            Fill { db, store: &store, values: &self.values }.run().map_err(wrong)
        })?;
        coverage::keep(db, &self.covered())?;
        told::keep(db, &self.folder)?;
        let sql = "insert into sandbox_keeping (name, value) values ('capture', ?1)";
        db.execute(sql, [self.name()])?;
        phones::load(db, &self.folder).map_err(wrong)
    }

    /// Which capture this is.
    fn name(&self) -> String {
        let manifest = &self.folder.manifest;
        format!("{} {}", manifest.deployment, manifest.captured)
    }

    /// Whether a kept cluster came from this capture.
    ///
    /// # Errors
    /// The database's own; that it came from elsewhere.
    pub fn is_in(&self, db: &Connection) -> rusqlite::Result<()> {
        let sql =
            "select exists (select 1 from sandbox_keeping where name = 'capture' and value = ?1)";
        let same: bool = db.query_row(sql, [self.name()], |row| row.get(0))?;
        let why = "it keeps another cluster than this capture";
        if same { Ok(()) } else { Err(rusqlite::Error::ToSqlConversionFailure(why.into())) }
    }

    /// Where Finesse's settings are read back, and the element that holds the user.
    pub(super) fn read_back(&self) -> Option<(String, String)> {
        let settings = self.folder.manifest.finesse.settings.clone()?;
        let user = settings.user?.rsplit('/').next()?.to_owned();
        Some((settings.read_back?, user))
    }
}

/// The nodes of a loaded CUCM beside the publisher, by names that can be endpoints.
pub fn subscribers(db: &Connection, publisher: &str) -> Vec<String> {
    let sql =
        "select name from processnode where name not in ('EnterpriseWideData', ?1) order by name";
    let named = db.prepare(sql).and_then(|mut all| {
        let found = all.query_map([publisher], |row| row.get(0))?;
        found.collect::<rusqlite::Result<Vec<String>>>()
    });
    named.unwrap_or_default()
}

/// The one element in the body of an envelope, whichever SOAP it is.
fn answered_with(text: &str) -> Option<Node> {
    let mut envelope = soap::parse(text).ok()?;
    let at = envelope.children.iter().position(|child| child.name == "Body")?;
    envelope.children.swap_remove(at).children.into_iter().next()
}

/// A value belongs to a parameter of the service that its subscription is to, also where only its key was told.
fn parameters_of_values(store: &mut Store) -> Result<(), String> {
    use store::Cell;
    for value in store.of("telecastersubscribedparameter") {
        let to = |store: &Store, id, column: &str| match store.cell(id, column) {
            Some(Cell::Row(row)) => Some(*row),
            Some(Cell::Text(_)) | None => None,
        };
        let parameter = to(store, value, "fktelecasterserviceparameter");
        let subscription = to(store, value, "fktelecastersubscribedservice");
        let (Some(parameter), Some(subscription)) = (parameter, subscription) else { continue };
        let service = to(store, subscription, "fktelecasterservice");
        if let (None, Some(service)) = (to(store, parameter, "fktelecasterservice"), service) {
            let cell = ("fktelecasterservice".to_owned(), Cell::Row(service));
            store.set(parameter, vec![cell])?;
        }
    }
    Ok(())
}

fn unusable(path: &Path, why: impl Into<String>) -> Trouble {
    Trouble::new("capture-unusable", Outcome::Usage, "The capture cannot be loaded")
        .at(path.display().to_string())
        .because(why)
        .then("capture again with `ippactl capture PLAYBOOK --out DIR`, and leave the folder as it is")
}

/// What the placeholders of agents' passwords stand for.
fn revealed(folder: &Folder, text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| "it is not CSV".to_owned())?;
    let at = |name: &str| headers.iter().position(|own| own.eq_ignore_ascii_case(name));
    let (id, password) = at("id").zip(at("password")).ok_or("it has no columns id and password")?;
    let mut passwords = BTreeMap::new();
    for record in reader.records() {
        // An error of the reader could quote a password.
        let record = record.map_err(|_| "a row has not two cells".to_owned())?;
        if let (Some(id), Some(password)) = (record.get(id), record.get(password)) {
            passwords.insert(id.trim().to_owned(), password.to_owned());
        }
    }
    let value =
        |owner: &folder::Owner| owner.agents.iter().find_map(|id| passwords.get(id)).cloned();
    let known = folder.owners.iter();
    Ok(known.filter_map(|(name, owner)| Some((name.clone(), value(owner)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::store::{Cell, Store};
    use super::{answered_with, parameters_of_values};

    fn text(column: &str, text: &str) -> (String, Cell) {
        (column.to_owned(), Cell::Text(text.to_owned()))
    }

    #[test]
    fn a_parameter_without_a_key_is_the_one_that_a_value_names() {
        let mut store = Store::default();
        let service = store.record("telecasterservice", vec![text("name", "F")]).unwrap().unwrap();
        let own = vec![("fktelecasterservice".to_owned(), Cell::Row(service)), text("name", "id")];
        store.record("telecasterserviceparameter", own.clone()).unwrap();
        let subscription = vec![text("pkid", "s"), own[0].clone()];
        store.record("telecastersubscribedservice", subscription).unwrap();
        let told = vec![text("pkid", "P"), text("name", "id")];
        store.record("telecasterserviceparameter", told).unwrap();
        let value = vec![
            text("pkid", "v"),
            text("fktelecastersubscribedservice", "{S}"),
            text("fktelecasterserviceparameter", "p"),
        ];
        store.record("telecastersubscribedparameter", value).unwrap();
        assert_eq!(store.of("telecasterserviceparameter").len(), 2);
        parameters_of_values(&mut store).unwrap();
        let [parameter] = store.of("telecasterserviceparameter")[..] else { panic!("{store:?}") };
        assert_eq!(store.cell(parameter, "pkid"), Some(&Cell::Text("p".to_owned())));
    }

    #[test]
    fn any_envelope_is_opened() {
        let text =
            "<e:Envelope xmlns:e='other'><e:Header/><e:Body><x><return/></x></e:Body></e:Envelope>";
        assert_eq!(answered_with(text).unwrap().name, "x");
        assert_eq!(answered_with("<html/>"), None);
    }
}
