//! What RisPort answers: nodes, and under each the devices it knows. A device may stand under several.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use compact_str::CompactString;

use super::RisPortError;
use crate::clients::decoders;
use crate::clients::http::HttpReply;
use crate::clients::xml::Element;

/// A phone as the cluster knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneState {
    /// Whether it is registered.
    pub status: PhoneStatus,
    /// Whether its web server is on; `None` when the phone does not tell.
    pub web_server: Option<bool>,
    /// Who is logged in by Extension Mobility.
    pub login_user_id: Option<Box<str>>,
    /// Whether programs may control it; `None` when not said.
    pub cti_controllable: Option<bool>,
    /// Its address, IPv4 before IPv6.
    pub address: Option<IpAddr>,
    /// Name of the firmware that runs on it; `None` when not said.
    pub load: Option<Arc<str>>,
    /// The node that told.
    pub node: Arc<str>,
    /// When its status changed last, in seconds since 1970.
    pub timestamp: u64,
}

/// Registration of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneStatus {
    /// Registered.
    Registered,
    /// Registered with some of its lines.
    PartiallyRegistered,
    /// Was registered.
    UnRegistered,
    /// Refused by CUCM.
    Rejected,
    /// `Unknown`, or another word.
    Unknown,
}

impl PhoneStatus {
    fn read(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "registered" => Self::Registered,
            "partiallyregistered" => Self::PartiallyRegistered,
            "unregistered" => Self::UnRegistered,
            "rejected" => Self::Rejected,
            _ => Self::Unknown,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Registered => 2,
            Self::PartiallyRegistered => 1,
            Self::UnRegistered | Self::Rejected | Self::Unknown => 0,
        }
    }
}

/// One answer.
#[derive(Default)]
pub(super) struct Answer {
    /// By name in capitals.
    pub(super) phones: Vec<(CompactString, PhoneState)>,
    pub(super) silent_nodes: Vec<String>,
    /// Devices in it, those that stand under several nodes counted for each.
    pub(super) rows: usize,
    /// Devices it says to hold.
    pub(super) announced: usize,
    /// Texts that many devices have.
    texts: BTreeSet<Arc<str>>,
}

/// Of two tellings of one device the registered one counts, then the newer one: the node that a phone has left may note
/// that later than the other notes its arrival.
pub(super) fn keep_better(
    found: &mut BTreeMap<CompactString, PhoneState>,
    name: CompactString,
    phone: PhoneState,
) {
    let weight = |phone: &PhoneState| (phone.status.rank(), phone.timestamp);
    match found.get_mut(&name) {
        Some(known) if weight(known) >= weight(&phone) => {}
        Some(known) => *known = phone,
        None => {
            found.insert(name, phone);
        }
    }
}

/// What is read of a device.
const TOLD: [&str; 8] = [
    "Name",
    "Status",
    "TimeStamp",
    "Httpd",
    "IsCtiControllable",
    "LoginUserId",
    "ActiveLoadID",
    "IPAddress",
];
/// A node that does not say its name.
const NAMELESS: &str = "a node without a name";

/// Reads an answer; every status but 200 is an error.
pub(super) fn read(reply: &HttpReply) -> Result<Answer, RisPortError> {
    let status = reply.status;
    let unexpected = |why: &str| RisPortError::Unexpected { status, why: why.to_owned() };
    match status {
        200 | 500 => {}
        401 => return Err(RisPortError::Denied),
        403 => return Err(RisPortError::NoRole),
        429 | 503 => return Err(RisPortError::Throttled),
        300..=399 => return Err(unexpected("a redirect, which is not followed")),
        404 => return Err(unexpected("there is no RisPort70 at this address")),
        _ => return Err(unexpected("not a status of RisPort70")),
    }
    if reply.web_page() {
        return Err(unexpected("a web page"));
    }
    let mut answer = Answer::default();
    // A thousand phones make a large tree: each is read as soon as it is complete, once its node is known by name.
    let root = Element::unless(&reply.body, told, |element, above| match above {
        [.., result, nodes, node, devices]
            if devices.name.eq_ignore_ascii_case("CmDevices")
                && nodes.name.eq_ignore_ascii_case("CmNodes")
                && result.name.eq_ignore_ascii_case("SelectCmDeviceResult")
                && node.loose_text("Name").is_some() =>
        {
            answer.device(&element, node);
            None
        }
        // Of what else is told of a device nothing is looked at.
        above => told(&element.name, above).then_some(element),
    });
    let root = root.map_err(|why| unexpected(&why))?;
    let body = root.loose("Body").ok_or_else(|| unexpected("not a SOAP envelope"))?;
    if let Some(fault) = body.loose("Fault") {
        return Err(self::fault(fault));
    }
    if status != 200 {
        return Err(unexpected("an error without a SOAP fault"));
    }
    // the operation has no answer element of its own in the description of the service
    let result = ["selectCmDeviceResponse", "selectCmDeviceExtResponse"]
        .iter()
        .find_map(|name| body.loose(name))
        .and_then(|response| response.loose("selectCmDeviceReturn"))
        .and_then(|returned| returned.loose("SelectCmDeviceResult"))
        .ok_or_else(|| unexpected("no SelectCmDeviceResult"))?;
    let announced = result.loose_text("TotalDevicesFound").and_then(|text| text.parse().ok());
    let nodes = result.loose("CmNodes");
    if nodes.is_none() && announced != Some(0) {
        return Err(unexpected("no CmNodes"));
    }
    answer.announced = announced.unwrap_or(0);
    for node in nodes.map(|nodes| nodes.children.as_slice()).unwrap_or_default() {
        answer.add(node);
    }
    Ok(answer)
}

/// Whether anybody looks at an element of this name, where these are above it: of a device, some are.
fn told(name: &str, above: &[Element]) -> bool {
    let [.., devices, _] = above else { return true };
    !devices.name.eq_ignore_ascii_case("CmDevices")
        || TOLD.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Reads an answer for a test that feeds it anything.
pub(in crate::clients) fn decode(body: &[u8]) {
    let status = if body.len().is_multiple_of(4) { 500 } else { 200 };
    if let Err(error) = read(&decoders::reply(status, body)) {
        drop(error.trouble("place"));
    }
}

fn fault(fault: &Element) -> RisPortError {
    // SOAP 1.1, and 1.2 where the text is a step deeper
    let text = fault
        .loose_text("faultstring")
        .or_else(|| fault.loose("Reason").and_then(|reason| reason.loose_text("Text")))
        .unwrap_or("a fault without words");
    if text.to_ascii_lowercase().contains("exceeded allowed rate") {
        return RisPortError::Throttled;
    }
    let text = text.chars().filter(|c| !c.is_control()).take(300).collect();
    RisPortError::Fault { text }
}

impl Answer {
    fn add(&mut self, node: &Element) {
        let name = node.loose_text("Name").unwrap_or(NAMELESS);
        let code = node.loose_text("ReturnCode").unwrap_or("Ok");
        if !code.eq_ignore_ascii_case("Ok") && !code.eq_ignore_ascii_case("NotFound") {
            self.silent_nodes.push(format!("{name} ({code})"));
        }
        let devices = node.loose("CmDevices").map(|devices| devices.children.as_slice());
        for device in devices.unwrap_or_default() {
            self.device(device, node);
        }
    }

    fn device(&mut self, device: &Element, node: &Element) {
        self.rows += 1;
        let Some(id) = device.loose_text("Name") else { return };
        let load = device.loose_text("ActiveLoadID").map(|load| self.shared(load));
        let node = self.shared(node.loose_text("Name").unwrap_or(NAMELESS));
        let mut id = CompactString::from(id);
        id.make_ascii_uppercase();
        self.phones.push((id, phone(device, node, load)));
    }

    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }
}

fn phone(device: &Element, node: Arc<str>, load: Option<Arc<str>>) -> PhoneState {
    let flag = |name: &str| match device.loose_text(name)?.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    };
    PhoneState {
        status: PhoneStatus::read(device.loose_text("Status").unwrap_or_default()),
        web_server: flag("Httpd"),
        login_user_id: device.loose_text("LoginUserId").map(Into::into),
        cti_controllable: flag("IsCtiControllable"),
        address: address(device),
        load,
        node,
        timestamp: device.loose_text("TimeStamp").and_then(|t| t.parse().ok()).unwrap_or(0),
    }
}

fn address(device: &Element) -> Option<IpAddr> {
    let list = device.loose("IPAddress")?;
    // older releases write the address itself
    if list.children.is_empty() {
        return list.value().trim().parse().ok();
    }
    let texts = list.children.iter().filter_map(|item| item.loose_text("IP"));
    let mut found: Vec<IpAddr> = texts.filter_map(|text| text.parse().ok()).collect();
    found.sort_by_key(IpAddr::is_ipv6);
    found.first().copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::HeaderMap;

    use super::{Answer, PhoneStatus, RisPortError, keep_better, read};
    use crate::clients::http::HttpReply;

    fn answered(status: u16, body: &str) -> Result<Answer, RisPortError> {
        let body = body.as_bytes().to_vec();
        read(&HttpReply { status, headers: HeaderMap::new(), body })
    }

    fn wrapped(response: &str, result: &str) -> String {
        format!(
            "<s:Envelope xmlns:s='e'><s:Body><n:{response} xmlns:n='a'><n:selectCmDeviceReturn>\
             <n:SelectCmDeviceResult>{result}</n:SelectCmDeviceResult><n:StateInfo/></n:selectCmDeviceReturn>\
             </n:{response}></s:Body></s:Envelope>"
        )
    }

    const TWICE: &str = "<TotalDevicesFound>2</TotalDevicesFound><CmNodes><item><ReturnCode>Ok</ReturnCode>\
        <Name>sub1</Name><NoChange>false</NoChange><CmDevices><item><Name>SEP001122334455</Name>\
        <Httpd>No</Httpd><IsCtiControllable>false</IsCtiControllable><LoginUserId/><Status>UnRegistered</Status>\
        <TimeStamp>200</TimeStamp></item></CmDevices></item><item><ReturnCode>Ok</ReturnCode><Name>sub2</Name>\
        <CmDevices><item><Name>SEP001122334455</Name><Httpd>Yes</Httpd><IsCtiControllable>true</IsCtiControllable>\
        <LoginUserId>agent1</LoginUserId><Status>Registered</Status><TimeStamp>100</TimeStamp><IPAddress>\
        <item><IP>2001:db8::1</IP><IPAddrType>ipv6</IPAddrType></item><item><IP>10.1.2.3</IP>\
        <IPAddrType>ipv4</IPAddrType></item></IPAddress></item></CmDevices></item><item>\
        <ReturnCode>NotFound</ReturnCode><Name>sub3</Name><CmDevices/></item></CmNodes>";

    #[test]
    fn registered_counts_before_newer_and_newer_before_older() {
        for response in ["selectCmDeviceResponse", "selectCmDeviceExtResponse"] {
            let answer = answered(200, &wrapped(response, TWICE)).unwrap();
            assert_eq!((answer.rows, answer.silent_nodes.len()), (2, 0));
            let mut found = BTreeMap::new();
            for (name, phone) in answer.phones.into_iter().rev() {
                keep_better(&mut found, name, phone);
            }
            let phone = &found["SEP001122334455"];
            assert_eq!((&phone.status, &*phone.node), (&PhoneStatus::Registered, "sub2"));
            assert_eq!((phone.web_server, phone.cti_controllable), (Some(true), Some(true)));
            assert_eq!(phone.login_user_id.as_deref(), Some("agent1"));
            assert_eq!(phone.address.unwrap().to_string(), "10.1.2.3");
            let newer = super::PhoneState { timestamp: 101, node: "sub4".into(), ..phone.clone() };
            keep_better(&mut found, "SEP001122334455".into(), newer);
            assert_eq!(&*found["SEP001122334455"].node, "sub4");
        }
    }

    #[test]
    fn a_silent_node_is_told() {
        let result = TWICE.replacen("<ReturnCode>NotFound", "<ReturnCode>NodeNotResponding", 1);
        let answer = answered(200, &wrapped("selectCmDeviceResponse", &result)).unwrap();
        assert_eq!(answer.silent_nodes, ["sub3 (NodeNotResponding)"]);
        let unknown = TWICE.replace("<Httpd>Yes", "<Httpd>Unknown");
        let answer = answered(200, &wrapped("selectCmDeviceResponse", &unknown)).unwrap();
        assert_eq!(answer.phones[1].1.web_server, None);
    }

    #[test]
    fn nothing_found_is_told_from_nothing_said() {
        let none = "<TotalDevicesFound>0</TotalDevicesFound>";
        assert_eq!(answered(200, &wrapped("selectCmDeviceResponse", none)).unwrap().rows, 0);
        for (status, body) in [
            (200, wrapped("selectCmDeviceResponse", "")),
            (200, wrapped("other", none)),
            (200, "<html/>".to_owned()),
            (200, "<Envelope><Body/></Envelope>".to_owned()),
            (200, String::new()),
            (302, String::new()),
            (404, String::new()),
            (500, "<Envelope><Body/></Envelope>".to_owned()),
        ] {
            let error = answered(status, &body).err().unwrap();
            assert!(matches!(error, RisPortError::Unexpected { .. }), "{status} {body}");
        }
    }

    #[test]
    fn statuses_and_faults() {
        let fault = |text: &str| {
            format!(
                "<e:Envelope xmlns:e='e'><e:Body><e:Fault><faultcode>x</faultcode><faultstring>{text}</faultstring></e:Fault></e:Body></e:Envelope>"
            )
        };
        assert!(matches!(answered(401, ""), Err(RisPortError::Denied)));
        assert!(matches!(answered(403, ""), Err(RisPortError::NoRole)));
        assert!(matches!(answered(503, ""), Err(RisPortError::Throttled)));
        let rate = fault(
            "AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate is 15",
        );
        assert!(matches!(answered(500, &rate), Err(RisPortError::Throttled)));
        assert!(
            matches!(answered(500, &fault("Query failed")), Err(RisPortError::Fault { text }) if text == "Query failed")
        );
    }
}
