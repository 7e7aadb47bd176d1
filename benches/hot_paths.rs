//! The paths that every phone goes through, in the process and without a server: `cargo bench`, or one by its name.
//! What is allocated is counted too.

#![expect(
    clippy::expect_used,
    reason = "a bench whose input cannot be made has nothing to measure"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher};
use ippactl::clients::axl::{
    Device, DeviceKind, Page, PhoneService, Pkid, ServiceParameter, Subscription, SubscriptionValue,
};
use ippactl::clients::decoders;
use ippactl::planner::build::{Inputs, Observation, SqlMode, build};
use ippactl::planner::fold::Fold;
use ippactl::playbook::{self, Deployment, Files};
use ippactl::resources::desired::Desired;
use ippactl::resources::vendor_config;
use secrecy::SecretString;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const ROWS: usize = 2000;
const PHONES: usize = 10_000;
const SERVICES: [&str; 2] = ["Cisco Finesse", "Cisco Finesse Secondary"];
const PARAMETERS: [&str; 3] = ["id", "extension", "password"];

fn main() {
    divan::main();
}

fn pkid(kind: usize, number: usize) -> String {
    format!("0a1b2c3d-0000-4000-a{kind:03}-{number:012x}")
}

fn device(number: usize) -> String {
    format!("SEP{:012X}", 0x5C00_0000_0000 + number)
}

fn value(parameter: &str, number: usize) -> String {
    match parameter {
        "id" => format!("{}", 20_000 + number),
        "extension" => format!("{}", 40_000 + number),
        _ => format!("Secret{number}"),
    }
}

fn templates(service: usize) -> [String; 2] {
    let host = ["fin-a", "fin-b"][service];
    [("http", 8082), ("https", 8445)]
        .map(|(scheme, port)| format!("{scheme}://{host}.example.com:{port}/fippa/#DEVICENAME#"))
}

fn answer(rows: &str) -> Vec<u8> {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <soapenv:Body><ns:executeSQLQueryResponse xmlns:ns=\"http://www.cisco.com/AXL/API/14.0\"><return>{rows}</return>\
         </ns:executeSQLQueryResponse></soapenv:Body></soapenv:Envelope>"
    )
    .into_bytes()
}

/// An answer with the subscriptions of these phones to both services.
fn subscription_page(phones: std::ops::Range<usize>) -> Vec<u8> {
    let mut rows = String::new();
    for number in phones {
        let query: Vec<_> =
            PARAMETERS.iter().map(|name| format!("{name}={}", value(name, number))).collect();
        let query = query.join("&amp;");
        for (index, service) in SERVICES.into_iter().enumerate() {
            let [url, secure] = templates(index);
            let (key, name) = (pkid(index + 1, number), device(number));
            write!(
                rows,
                "<row><pkid>{key}</pkid><devicename>{name}</devicename><classname>Phone</classname>\
                 <telecastername>{service}</telecastername><servicename>{service}</servicename>\
                 <servicenameascii>{service}</servicenameascii><serviceurl>{url}?{query}</serviceurl>\
                 <secureserviceurl>{secure}?{query}</secureserviceurl><urlbuttonindex>0</urlbuttonindex><urllabel/>\
                 <priority>50</priority><urltemplate>{url}</urltemplate><secureurltemplate>{secure}</secureurltemplate>\
                 <servicepriority>50</servicepriority></row>"
            )
            .expect("text takes text");
        }
    }
    answer(&rows)
}

/// An answer with the values of these phones' subscriptions.
fn value_page(phones: std::ops::Range<usize>) -> Vec<u8> {
    let mut rows = String::new();
    for number in phones {
        for service in 0..SERVICES.len() {
            for (index, name) in PARAMETERS.into_iter().enumerate() {
                let (key, subscription) =
                    (pkid(10 + 3 * service + index, number), pkid(service + 1, number));
                let (parameter, value) = (pkid(100 + 3 * service + index, 0), value(name, number));
                write!(
                    rows,
                    "<row><pkid>{key}</pkid><parameterkey>{parameter}</parameterkey><parametername>{name}</parametername>\
                     <subscriptionkey>{subscription}</subscriptionkey><value>{value}</value></row>"
                )
                .expect("text takes text");
            }
        }
    }
    answer(&rows)
}

fn subscriptions() -> Vec<Subscription> {
    decoders::subscriptions(&subscription_page(0..PHONES)).expect("the page is one")
}

fn values() -> Vec<SubscriptionValue> {
    decoders::values(&value_page(0..PHONES)).expect("the page is one")
}

#[divan::bench]
fn decode_page_of_subscriptions(bencher: Bencher<'_, '_>) {
    let page = subscription_page(0..ROWS / 2);
    bencher
        .counter(ItemsCount::new(ROWS))
        .counter(BytesCount::new(page.len()))
        .bench(|| decoders::subscriptions(divan::black_box(&page)));
}

#[divan::bench]
fn decode_page_of_values(bencher: Bencher<'_, '_>) {
    let page = value_page(0..ROWS / 6);
    bencher
        .counter(ItemsCount::new(ROWS / 6 * 6))
        .counter(BytesCount::new(page.len()))
        .bench(|| decoders::values(divan::black_box(&page)));
}

fn folded(subscriptions: Vec<Subscription>, values: Vec<SubscriptionValue>) -> Observation {
    let mut fold = Fold::default();
    fold.subscriptions(Page { rows: subscriptions, next: None });
    fold.values(Page { rows: values, next: None });
    let folded = fold.finish().expect("both reads are complete");
    Observation { states: folded.states, separator: folded.separator, ..Observation::default() }
}

#[divan::bench]
fn fold_of_10000_phones(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(PHONES))
        .with_inputs(|| (subscriptions(), values()))
        .bench_values(|(subscriptions, values)| folded(subscriptions, values));
}

struct Folder(BTreeMap<&'static str, Vec<u8>>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

const PLAYBOOK: &str = include_str!("../playbooks/two-node-uccx.yaml");

fn roster() -> Folder {
    let mut rows = "device,id,extension\n".to_owned();
    for number in 0..PHONES {
        writeln!(rows, "{},{},{}", device(number), value("id", number), value("extension", number))
            .expect("text takes text");
    }
    Folder(BTreeMap::from([("two-node-uccx.csv", rows.into_bytes())]))
}

fn deployment(files: &Folder) -> Deployment {
    playbook::parse("playbook.yaml", PLAYBOOK, files).expect("the playbook is right")
}

#[divan::bench]
fn parse_roster_of_10000_phones(bencher: Bencher<'_, '_>) {
    let files = roster();
    bencher.counter(ItemsCount::new(PHONES)).bench(|| deployment(divan::black_box(&files)));
}

fn services() -> BTreeMap<String, PhoneService> {
    let service = |(index, name): (usize, &str)| {
        let [url, secure_url] = templates(index);
        let parameter = |(at, name): (usize, &str)| ServiceParameter {
            pkid: Pkid::of(&pkid(100 + 3 * index + at, 0)),
            name: name.to_owned(),
            display_name: name.to_owned(),
            default: String::new(),
            description: String::new(),
            required: true,
            password: name == "password",
        };
        let service = PhoneService {
            name: name.to_owned(),
            ascii_name: name.to_owned(),
            description: String::new(),
            url,
            secure_url,
            category: "XML Service".to_owned(),
            kind: "Standard IP Phone Service".to_owned(),
            vendor: String::new(),
            version: String::new(),
            enabled: true,
            enterprise: false,
            parameters: PARAMETERS.into_iter().enumerate().map(parameter).collect(),
        };
        (name.to_owned(), service)
    };
    SERVICES.into_iter().enumerate().map(service).collect()
}

/// The cluster with the roster's phones, which have what the observation says.
fn observed(mut observation: Observation) -> Observation {
    let phones = (0..PHONES).map(|number| Device {
        name: device(number).into(),
        kind: DeviceKind::Phone,
        model: "Cisco 8845".into(),
    });
    for phone in phones {
        observation.devices.insert(phone.name, (phone.kind, phone.model));
    }
    observation.services.services = services();
    observation
}

fn plan(bencher: Bencher<'_, '_>, observation: &Observation) {
    let deployment = deployment(&roster());
    let passwords: BTreeMap<String, SecretString> =
        (0..PHONES).map(|n| (value("id", n), value("password", n).into())).collect();
    let desired = Desired::new(&deployment, &Some(passwords)).expect("each agent has a password");
    let inputs = Inputs {
        deployment: &deployment,
        desired: &desired,
        observation,
        sql: SqlMode::Allow,
        rewrite_secrets: false,
        restart_now: false,
        reboot: &[],
        one_shot: None,
    };
    bencher.counter(ItemsCount::new(PHONES)).bench(|| build(divan::black_box(inputs)));
}

#[divan::bench]
fn plan_of_10000_fresh_phones(bencher: Bencher<'_, '_>) {
    plan(bencher, &observed(Observation::default()));
}

#[divan::bench]
fn plan_of_10000_phones_in_sync(bencher: Bencher<'_, '_>) {
    plan(bencher, &observed(folded(subscriptions(), values())));
}

#[divan::bench(args = [600, 12_000])]
fn merge_of_a_configuration(bencher: Bencher<'_, '_>, bytes: usize) {
    const FILLING: &str = "<settingOfThis>some value</settingOfThis>";
    let half = FILLING.repeat(bytes / 2 / FILLING.len());
    let config = format!("{half}<webAccess>1</webAccess>{half}");
    bencher.counter(BytesCount::new(config.len())).bench(|| {
        let config = divan::black_box(&config);
        let config = vendor_config::set(config, "webAccess", "0")?;
        vendor_config::set(&config, "webProtocol", "1")
    });
}
