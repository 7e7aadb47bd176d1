//! Phones and device profiles: get, list, update, and the requests that touch a phone.

use rusqlite::{OptionalExtension, Row};

use super::answer::{boolean, braced, flag, got, listed, reference, written};
use super::lookup::{Place, keyed, referred, set, word};
use super::{Desk, Fault, line, subscription, vendor_config};
use crate::sandbox::soap::Node;

/// The two kinds of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `tkclass` 1.
    Phone,
    /// `tkclass` 254.
    Profile,
}

impl Class {
    fn number(self) -> i64 {
        match self {
            Self::Phone => 1,
            Self::Profile => 254,
        }
    }

    fn element(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Profile => "deviceProfile",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Phone => "Phone",
            Self::Profile => "Device Profile",
        }
    }
}

/// Where devices live.
pub const PLACE: Place = Place { table: "device", column: "name", what: "Device" };
const POOL: Place = Place { table: "devicepool", column: "name", what: "Device Pool" };
const COMMON: Place =
    Place { table: "commonphoneconfig", column: "name", what: "Common Phone Profile" };
const SHARED: Place =
    Place { table: "commondeviceconfig", column: "name", what: "Common Device Configuration" };
const TEMPLATE: Place = Place { table: "phonetemplate", column: "name", what: "Phone Template" };
const OWNER: Place = Place { table: "enduser", column: "userid", what: "User" };

/// The phone or profile that a request names.
pub fn found(desk: &Desk<'_>, request: &Node, class: Class) -> Result<Option<String>, Fault> {
    let Some(pkid) = keyed(desk.db, PLACE, request, "name")? else { return Ok(None) };
    let own: i64 = desk
        .db
        .prepare_cached("select tkclass from device where pkid = ?1")?
        .query_row([&pkid], |row| row.get(0))?;
    Ok((own == class.number()).then_some(pkid))
}

/// `getPhone`, `getDeviceProfile`.
pub fn get(desk: &Desk<'_>, request: &Node, class: Class) -> Result<Node, Fault> {
    let pkid = found(desk, request, class)?.ok_or_else(|| Fault::absent(class.what()))?;
    let mut device = desk
        .db
        .prepare_cached(&format!("{COLUMNS} where d.pkid = ?1"))?
        .query_row([&pkid], |row| thin(row, class))?;
    let xml = vendor_config::read(desk.db, &pkid)?;
    let services = subscription::element(desk.db, &pkid)?;
    let lines = line::of_device(desk.db, &pkid)?;
    let at = |device: &Node, before: &str| {
        device
            .children
            .iter()
            .position(|child| child.name == before)
            .unwrap_or(device.children.len())
    };
    let position = at(&device, "phoneTemplateName");
    device.children.insert(position, lines);
    device.children.insert(position, vendor_config::element(&xml));
    let position = match class {
        Class::Phone => at(&device, "loginUserId"),
        Class::Profile => device.children.len(),
    };
    device.children.insert(position, services);
    Ok(got(request, device))
}

/// `listPhone`, `listDeviceProfile`: without services and vendorConfig.
pub fn list(desk: &Desk<'_>, request: &Node, class: Class) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    for field in ["callingSearchSpaceName", "securityProfileName"] {
        if criteria.value(field).is_some_and(|pattern| pattern != "%") {
            return Err(Fault::unsimulated(field));
        }
    }
    let pattern = |name: &str| criteria.value(name).unwrap_or("%");
    let mut statement = desk.db.prepare_cached(&format!(
        "{COLUMNS} where d.tkclass = {} and d.name like ?1 and d.description like ?2
           and (?3 = '%' or (select name from typedeviceprotocol where enum = d.tkdeviceprotocol) like ?3)
           and (?4 = '%' or (select name from devicepool where pkid = d.fkdevicepool) like ?4) order by d.name",
        class.number()
    ))?;
    let devices = statement
        .query_map(
            [
                pattern("name"),
                pattern("description"),
                pattern("protocol"),
                pattern("devicePoolName"),
            ],
            |row| thin(row, class),
        )?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, devices))
}

const COLUMNS: &str = "select d.pkid, d.name, d.description, \
(select name from typeproduct where enum = d.tkproduct), (select name from typemodel where enum = d.tkmodel), \
(select name from typeclass where enum = d.tkclass), (select name from typedeviceprotocol where enum = d.tkdeviceprotocol), \
d.fkdevicepool, (select name from devicepool where pkid = d.fkdevicepool), \
d.fkcommonphoneconfig, (select name from commonphoneconfig where pkid = d.fkcommonphoneconfig), \
d.fkphonetemplate, (select name from phonetemplate where pkid = d.fkphonetemplate), \
(select userid from sandbox_login where fkdevice = d.pkid), \
d.fkdevice_defaultprofile, (select name from device p where p.pkid = d.fkdevice_defaultprofile), \
d.allowhotelingflag, d.fkenduser, (select userid from enduser where pkid = d.fkenduser), d.isactive, \
(select name from typephoneservicedisplay where enum = d.tkphoneservicedisplay), \
d.fkcommondeviceconfig, (select name from commondeviceconfig where pkid = d.fkcommondeviceconfig), \
(select name from typeuserlocale where enum = d.tkuserlocale), d.allowcticontrolflag, \
(select authentication from sandbox_phone_url where fkdevice = d.pkid), (select secure from sandbox_phone_url where fkdevice = d.pkid) from device d";

/// What get and list share, in the schema's order.
fn thin(row: &Row<'_>, class: Class) -> rusqlite::Result<Node> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let to = |index: usize| Ok::<_, rusqlite::Error>(text(index)?.zip(text(index + 1)?));
    let truth = |index: usize| Ok::<_, rusqlite::Error>(boolean(&row.get::<_, String>(index)?));
    let pkid: String = row.get(0)?;
    let mut node = Node::new(class.element()).marked("uuid", braced(&pkid));
    for (index, name) in
        ["name", "description", "product", "model", "class", "protocol"].into_iter().enumerate()
    {
        node.children.push(Node::maybe(name, text(index + 1)?));
    }
    node.children.push(Node::leaf("protocolSide", "User"));
    if class == Class::Profile {
        node.children.push(Node::leaf("type", "User Profile"));
        node.children.push(reference("phoneTemplateName", to(11)?));
        node.children.push(Node::maybe("userLocale", text(23)?));
        node.children.push(Node::leaf("loginUserId", text(13)?.unwrap_or_default()));
        return Ok(node);
    }
    node.children.extend([
        reference("devicePoolName", to(7)?),
        reference("commonDeviceConfigName", to(21)?),
        reference("commonPhoneConfigName", to(9)?),
        reference("phoneTemplateName", to(11)?),
        Node::maybe("userLocale", text(23)?),
        Node::leaf("authenticationUrl", text(25)?.unwrap_or_default()),
        Node::leaf("loginUserId", text(13)?.unwrap_or_default()),
        reference("defaultProfileName", to(14)?),
        Node::leaf("enableExtensionMobility", truth(16)?),
        Node::maybe("currentProfileName", None),
        reference("ownerUserName", to(17)?),
        Node::leaf("allowCtiControlFlag", truth(24)?),
        Node::leaf("isActive", truth(19)?),
        Node::maybe("phoneServiceDisplay", text(20)?),
        Node::leaf("secureAuthenticationUrl", text(26)?.unwrap_or_default()),
    ]);
    Ok(node)
}

/// `updatePhone`, `updateDeviceProfile`. A field that is not simulated is refused, never dropped.
pub fn update(desk: &Desk<'_>, request: &Node, class: Class) -> Result<Node, Fault> {
    let db = desk.db;
    let pkid = found(desk, request, class)?
        .ok_or_else(|| Fault::not_found(class.what(), request.value("name").unwrap_or("uuid")))?;
    let user: Option<String> = db
        .prepare_cached("select userid from sandbox_login where fkdevice = ?1")?
        .query_row([&pkid], |row| row.get(0))
        .optional()?;
    if user.is_some() {
        return super::rules::broken("device_logged_in").map_or(Ok(Node::new("return")), Err);
    }
    let to = |place: Place, node: &Node| referred(db, place, node);
    for field in &request.children {
        let text = field.text.as_str();
        match field.name.as_str() {
            "name" | "uuid" => {}
            "newName" => set(db, "device", "name", &pkid, text)?,
            "description" => set(db, "device", "description", &pkid, text)?,
            "devicePoolName" => set(db, "device", "fkdevicepool", &pkid, to(POOL, field)?)?,
            "commonDeviceConfigName" => {
                set(db, "device", "fkcommondeviceconfig", &pkid, to(SHARED, field)?)?;
            }
            "userLocale" => {
                let number = match text {
                    "" => None,
                    name => Some(word(db, "typeuserlocale", name)?),
                };
                set(db, "device", "tkuserlocale", &pkid, number)?;
            }
            "allowCtiControlFlag" => {
                set(db, "device", "allowcticontrolflag", &pkid, flag(text))?;
            }
            "commonPhoneConfigName" => {
                set(db, "device", "fkcommonphoneconfig", &pkid, to(COMMON, field)?)?;
            }
            "phoneTemplateName" => {
                set(db, "device", "fkphonetemplate", &pkid, to(TEMPLATE, field)?)?;
            }
            "ownerUserName" => set(db, "device", "fkenduser", &pkid, to(OWNER, field)?)?,
            "defaultProfileName" => {
                set(db, "device", "fkdevice_defaultprofile", &pkid, to(PLACE, field)?)?;
            }
            "enableExtensionMobility" => set(db, "device", "allowhotelingflag", &pkid, flag(text))?,
            "isActive" => set(db, "device", "isactive", &pkid, flag(text))?,
            "phoneServiceDisplay" => {
                let number = word(db, "typephoneservicedisplay", text)?;
                set(db, "device", "tkphoneservicedisplay", &pkid, number)?;
            }
            "vendorConfig" => {
                let stored = vendor_config::read(db, &pkid)?;
                let merged = vendor_config::merged(desk.settings, &stored, field);
                if !desk.settings.axl_ticks_override {
                    vendor_config::leave_unticked(db, &pkid, &stored, &merged)?;
                }
                vendor_config::write(db, &pkid, &merged)?;
            }
            "services" => subscription::replace(desk, &pkid, field)?,
            other => return Err(Fault::unsimulated(other)),
        }
    }
    Ok(written(&pkid))
}
