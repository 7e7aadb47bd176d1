//! From the answers of AXL's get and list operations to rows.

use super::rows;
use super::statement;
use super::store::{Cell, Id, Store};
use crate::sandbox::axl::app_user::CONTROLLED_DEVICE;
use crate::sandbox::settings::Settings;
use crate::sandbox::soap::Node;

/// The service and node under which AXL keeps enterprise parameters.
const ENTERPRISE: (&str, &str) = ("EnterpriseWideData", "Enterprise Wide");

/// Elements of a phone service and the columns that hold them.
const SERVICE: [(&str, &str); 9] = [
    ("asciiServiceName", "nameascii"),
    ("serviceDescription", "description"),
    ("serviceUrl", "urltemplate"),
    ("secureServiceUrl", "secureurltemplate"),
    ("serviceVendor", "vendor"),
    ("serviceVersion", "version"),
    ("serviceCategory", "tkphoneservicecategory"),
    ("serviceType", "tkphoneservice"),
    ("priority", "priority"),
];

fn text(column: &str, text: &str) -> (String, Cell) {
    (column.to_owned(), Cell::Text(text.to_owned()))
}

fn row(column: &str, id: Id) -> (String, Cell) {
    (column.to_owned(), Cell::Row(id))
}

/// `t` or `f`, as the database has it.
fn flag(answer: &str) -> &'static str {
    if matches!(answer.trim(), "t" | "true" | "1") { "t" } else { "f" }
}

/// The key of an element that has one.
fn key_of(node: &Node) -> Vec<(String, Cell)> {
    node.attribute("uuid").map(|uuid| text("pkid", uuid)).into_iter().collect()
}

/// Rows, with words for those that cannot be.
pub(super) struct Objects<'a> {
    pub(super) store: &'a mut Store,
}

impl Objects<'_> {
    /// Takes one answer in.
    ///
    /// # Errors
    /// An operation that is not known, or an answer without what has to be in it.
    pub(super) fn take(&mut self, request: &Node, returned: &Node) -> Result<(), String> {
        let object =
            |name: &str| returned.child(name).ok_or_else(|| format!("the answer has no {name}"));
        match request.name.as_str() {
            "getCCMVersion" => Ok(()),
            "getAppUser" => self.application_user(object("appUser")?),
            "getUser" => {
                let user = object("user")?;
                let mut cells = [key_of(user), vec![needed(user, "userid", "userid")?]].concat();
                cells.extend(truth(user, "enableCti", "allowcticontrolflag"));
                self.made("enduser", cells).map(drop)
            }
            "listUserGroup" => returned.all("userGroup").try_for_each(|group| {
                let cells = [key_of(group), vec![needed(group, "name", "name")?]].concat();
                self.made("dirgroup", cells).map(drop)
            }),
            "getIpPhoneServices" => self.service(object("ipPhoneServices")?),
            "getPhone" => self.device(object("phone")?, "Phone"),
            "getDeviceProfile" => self.device(object("deviceProfile")?, "Device Profile"),
            "getCommonPhoneConfig" => {
                let profile = object("commonPhoneConfig")?;
                let asked = request.value("name").unwrap_or_default();
                let name = profile.value("name").filter(|name| !name.is_empty()).unwrap_or(asked);
                let cells = [key_of(profile), vec![text("name", name)]].concat();
                let id = self.made("commonphoneconfig", cells)?;
                let cells = vec![row("fkcommonphoneconfig", id), text("xml", &config(profile))];
                self.made("commonphoneconfigxml", cells).map(drop)
            }
            "getCommonDeviceConfig" => self.device_configuration(object("commonDeviceConfig")?),
            "getEnterprisePhoneConfig" => {
                let cells = vec![
                    text("pkid", "00000000-0000-4000-a000-0000000e0e0e"),
                    text("xml", &config(object("enterprisePhoneConfig")?)),
                ];
                self.made("enterprisephoneconfigxml", cells).map(drop)
            }
            "listServiceParameter" => self.parameters(request, returned),
            "executeSQLQuery" => {
                let sql = request.value("sql").unwrap_or_default();
                let unknown =
                    |why: String| format!("the query {sql:.80}… is not understood: {why}");
                let select = statement::parse(sql).map_err(unknown)?;
                if nameless(&select) {
                    return self.references(&select, returned);
                }
                rows::put(self.store, &select, returned).map_err(unknown)
            }
            other => Err(format!("nobody knows what {other} tells of the database")),
        }
    }

    fn made(&mut self, table: &str, cells: Vec<(String, Cell)>) -> Result<Id, String> {
        let made = self.store.record(table, cells)?;
        made.ok_or_else(|| format!("an answer does not tell which row of {table} it is about"))
    }

    fn application_user(&mut self, user: &Node) -> Result<(), String> {
        let mut cells = [key_of(user), vec![needed(user, "userid", "name")?]].concat();
        if let Some(group) = user.value("presenceGroupName").filter(|text| !text.is_empty()) {
            cells.push(text("presencegroup", group));
        }
        let id = self.made("applicationuser", cells)?;
        let profile = Settings::default().profile_association;
        let lists = [
            ("associatedDevices", "device", CONTROLLED_DEVICE, "Phone"),
            ("ctiControlledDeviceProfiles", "deviceProfile", profile, "Device Profile"),
        ];
        for (list, child, association, class) in lists {
            let names = user.child(list).into_iter().flat_map(|list| list.all(child));
            for name in names.filter(|name| !name.text.is_empty()) {
                let device = self.device_named(&name.text, class)?;
                let cells = vec![
                    row("fkapplicationuser", id),
                    row("fkdevice", device),
                    text("tkuserassociation", &association.to_string()),
                ];
                self.made("applicationuserdevicemap", cells)?;
            }
        }
        let groups = user.child("associatedGroups");
        for group in groups.into_iter().flat_map(|groups| groups.all("userGroup")) {
            let group = self.made("dirgroup", vec![needed(group, "name", "name")?])?;
            let cells = vec![row("fkapplicationuser", id), row("fkdirgroup", group)];
            self.made("applicationuserdirgroupmap", cells)?;
        }
        Ok(())
    }

    /// A device of that name; its class only where nothing better is known.
    fn device_named(&mut self, name: &str, class: &str) -> Result<Id, String> {
        let id = self.made("device", vec![text("name", name)])?;
        if self.store.cell(id, "tkclass").is_none() {
            let class = self.made("typeclass", vec![text("name", class)])?;
            self.store.set(id, vec![row("tkclass", class)])?;
        }
        Ok(id)
    }

    fn service(&mut self, service: &Node) -> Result<(), String> {
        let mut cells = [key_of(service), vec![needed(service, "serviceName", "name")?]].concat();
        for (element, column) in SERVICE {
            let Some(value) = service.value(element) else { continue };
            if column.starts_with("tk") {
                if !value.is_empty() {
                    let word =
                        self.made(&column.replacen("tk", "type", 1), vec![text("name", value)])?;
                    cells.push(row(column, word));
                }
            } else if column != "priority" || !value.is_empty() {
                cells.push(text(column, value));
            }
        }
        cells.push(text("enabled", flag(service.value("enabled").unwrap_or("t"))));
        let enterprise = service.value("enterpriseSubscription").unwrap_or_default();
        cells.push(text("enterprisesubscription", flag(enterprise)));
        let id = self.made("telecasterservice", cells)?;
        let list = service.child("parameters");
        for parameter in list.into_iter().flat_map(|list| list.all("parameter")) {
            let of = |name: &str| parameter.value(name).unwrap_or_default();
            let cells = vec![
                row("fktelecasterservice", id),
                needed(parameter, "name", "name")?,
                text("displayname", of("displayName")),
                text("defaultvalue", of("default")),
                text("description", of("description")),
                text("paramrequired", flag(of("paramRequired"))),
                text("parampassword", flag(of("paramPassword"))),
            ];
            self.made("telecasterserviceparameter", [key_of(parameter), cells].concat())?;
        }
        Ok(())
    }

    fn device(&mut self, device: &Node, class: &str) -> Result<(), String> {
        let (_, name) = needed(device, "name", "name")?;
        let Cell::Text(name) = name else { return Ok(()) };
        let id = self.device_named(&name, class)?;
        let mut cells = key_of(device);
        for (element, table, column) in [
            ("model", "typemodel", "tkmodel"),
            ("commonPhoneConfigName", "commonphoneconfig", "fkcommonphoneconfig"),
            ("commonDeviceConfigName", "commondeviceconfig", "fkcommondeviceconfig"),
            ("userLocale", "typeuserlocale", "tkuserlocale"),
            ("phoneServiceDisplay", "typephoneservicedisplay", "tkphoneservicedisplay"),
        ] {
            if let Some(value) = device.value(element).filter(|value| !value.is_empty()) {
                let other = self.made(table, vec![text("name", value)])?;
                cells.push(row(column, other));
            }
        }
        cells.extend(truth(device, "allowCtiControlFlag", "allowcticontrolflag"));
        self.store.set(id, cells)?;
        for line in device.child("lines").into_iter().flat_map(|lines| lines.all("line")) {
            self.line(id, line)?;
        }
        if device.child("vendorConfig").is_some() {
            let cells = vec![row("fkdevice", id), text("xml", &config(device))];
            self.made("devicexml4k", cells)?;
        }
        Ok(())
    }

    /// A common device configuration.
    fn device_configuration(&mut self, config: &Node) -> Result<(), String> {
        let mut cells = [key_of(config), vec![needed(config, "name", "name")?]].concat();
        for (element, table, column) in [
            ("ipAddressingMode", "typeipaddressingmode", "tkipaddressingmode"),
            ("userLocale", "typeuserlocale", "tkuserlocale"),
        ] {
            if let Some(value) = config.value(element).filter(|value| !value.is_empty()) {
                cells.push(row(column, self.made(table, vec![text("name", value)])?));
            }
        }
        self.made("commondeviceconfig", cells).map(drop)
    }

    /// A line of a device.
    fn line(&mut self, device: Id, line: &Node) -> Result<(), String> {
        let Some(number) = line.child("dirn") else { return Ok(()) };
        let mut cells = [key_of(number), vec![needed(number, "pattern", "dnorpattern")?]].concat();
        if let Some(name) = number.value("routePartitionName").filter(|name| !name.is_empty()) {
            cells.push(row(
                "fkroutepartition",
                self.made("routepartition", vec![text("name", name)])?,
            ));
        }
        let known = self.store.record("numplan", cells.clone())?;
        let number = known.unwrap_or_else(|| self.store.anonymous("numplan"));
        self.store.set(number, cells)?;
        let mut cells = key_of(line);
        cells.extend([row("fkdevice", device), row("fknumplan", number)]);
        for (element, column) in [
            ("index", "numplanindex"),
            ("maxNumCalls", "maxnumcalls"),
            ("busyTrigger", "busytrigger"),
        ] {
            if let Some(value) = line.value(element).filter(|value| !value.is_empty()) {
                cells.push(text(column, value));
            }
        }
        self.made("devicenumplanmap", cells).map(drop)
    }

    fn parameters(&mut self, request: &Node, returned: &Node) -> Result<(), String> {
        let asked = request.child("searchCriteria");
        let criterion = |name: &str| asked.and_then(|asked| asked.value(name)).unwrap_or_default();
        for parameter in returned.all("serviceParameter") {
            let of = |name: &str, usual: &str| {
                let own = parameter.value(name).filter(|text| !text.is_empty()).unwrap_or(usual);
                own.to_owned()
            };
            let node = of("processNodeName", criterion("processNodeName"));
            let service = of("service", criterion("service"));
            let node = self.made("processnode", vec![text("name", &node)])?;
            let service = self.made("typeservice", vec![text("name", &service)])?;
            let id = self.store.anonymous("processconfig");
            let cells = vec![
                needed(parameter, "name", "paramname")?,
                text("paramvalue", parameter.value("value").unwrap_or_default()),
                row("fkprocessnode", node),
                row("tkservice", service),
            ];
            self.store.set(id, cells)?;
        }
        Ok(())
    }

    /// Configurations of phones whose names nobody asked for.
    fn references(&mut self, select: &statement::Select, returned: &Node) -> Result<(), String> {
        let table = select.tables.first().map(|table| table.1.clone()).unwrap_or_default();
        for found in returned.all("row") {
            let xml = found.children.first().map(|child| child.text.as_str()).unwrap_or_default();
            let known = ["devicexml4k", "devicexml8k", "devicexml16k"].iter().any(|table| {
                self.store
                    .of(table)
                    .into_iter()
                    .any(|id| self.store.cell(id, "xml") == Some(&Cell::Text(xml.to_owned())))
            });
            if !known {
                let number = self.store.of("device").len();
                let device = self.device_named(&format!("REFERENCE{number:06}"), "Phone")?;
                let about = "A phone of the site that the capture did not name";
                self.store.set(device, vec![text("description", about)])?;
                self.made(&table, vec![row("fkdevice", device), text("xml", xml)])?;
            }
        }
        Ok(())
    }

    /// What a site has whatever was asked: the node under which enterprise parameters stand, and the publisher.
    pub(super) fn nodes(&mut self, publisher: &str) -> Result<(), String> {
        for (name, usage) in [(ENTERPRISE.0, "Publisher"), (publisher, "Publisher")] {
            let id = self.made("processnode", vec![text("name", name)])?;
            self.store.set(id, vec![text("nodeusage", usage)])?;
        }
        self.made("typeservice", vec![text("name", ENTERPRISE.1)]).map(drop)
    }
}

/// Whether a query asks for configurations alone, without saying whose.
fn nameless(select: &statement::Select) -> bool {
    let columns: Vec<&str> = select.columns.iter().map(|(column, _)| column.1.as_str()).collect();
    let tables: Vec<&str> = select.tables.iter().map(|table| table.1.as_str()).collect();
    columns == ["xml"] && matches!(tables.as_slice(), [table] if table.starts_with("devicexml"))
}

fn needed(node: &Node, element: &str, column: &str) -> Result<(String, Cell), String> {
    match node.value(element) {
        Some(value) if !value.is_empty() => Ok(text(column, value)),
        _ => Err(format!("{} has no {element}", node.name)),
    }
}

/// A boolean of AXL as the database has it.
fn truth(node: &Node, element: &str, column: &str) -> Option<(String, Cell)> {
    let value = node.value(element).filter(|value| !value.is_empty())?;
    Some(text(column, if matches!(value, "t" | "true" | "1") { "t" } else { "f" }))
}

/// What stands inside of `vendorConfig`, as the database stores it.
fn config(object: &Node) -> String {
    fn plain(node: &Node) -> Node {
        let children: Vec<Node> = node.children.iter().map(plain).collect();
        let text = if children.is_empty() { node.text.clone() } else { String::new() };
        Node { name: node.name.clone(), children, text, ..Node::default() }
    }
    match object.child("vendorConfig") {
        Some(config) if config.children.is_empty() => config.text.trim().to_owned(),
        Some(config) => plain(config).inner_xml(),
        None => String::new(),
    }
}
