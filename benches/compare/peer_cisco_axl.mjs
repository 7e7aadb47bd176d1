// The npm package `cisco-axl`: kept-alive connections, lists and SQL pages, nothing per phone.
//
//   node peer_cisco_axl.mjs FOLDER_OF_PACKAGES HOST        in the folder of agents.csv and passwords.csv
//
// It takes its trust from NODE_EXTRA_CA_CERTS. The package makes a client for each call and keeps the WSDL it has read.

import { readFileSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";

const [packages, host] = process.argv.slice(2);
const AxlService = createRequire(`${packages}/`)("cisco-axl");

// Leads the publisher's name to the sandbox, as curl's --connect-to does: TLS still sees and checks the name.
const [place, there] = process.env.CONNECT_TO.split("=");
class Elsewhere extends https.Agent {
  createConnection(options, made) {
    if (`${options.host}:${options.port}` !== place) return super.createConnection(options, made);
    const [name, port] = there.split(":");
    return super.createConnection({ ...options, servername: options.host, host: name, port: Number(port) }, made);
  }
}
https.globalAgent = new Elsewhere({ keepAlive: true, maxSockets: 1 });

const services = {
  "Cisco Finesse": ["http://fin-a.example.com:8082/fippa/#DEVICENAME#", "https://fin-a.example.com:8445/fippa/#DEVICENAME#"],
  "Cisco Finesse Secondary": [
    "http://fin-b.example.com:8082/fippa/#DEVICENAME#",
    "https://fin-b.example.com:8445/fippa/#DEVICENAME#",
  ],
};
const names = Object.keys(services).map((name) => `'${name}'`).join(", ");
const page = 2000;
// Configurations have up to 12 KB each.
const phonesPerPage = 500;

const axl = new AxlService(host, "axladmin", process.env.AXL_PASSWORD, "14.0");
const list = (value) => (value == null ? [] : Array.isArray(value) ? value : [value]);
const text = (value) => (value != null && typeof value === "object" ? (value.value ?? "") : (value ?? ""));

async function sql(statement) {
  const answer = await axl.executeOperation("executeSQLQuery", { sql: statement });
  return list(answer?.row);
}

async function pages(first, statement, each) {
  for (let after = ""; ; ) {
    const rows = await sql(statement(after));
    rows.forEach(each);
    if (rows.length < first) return;
    after = rows.at(-1).pkid;
  }
}

function csv(file) {
  const [head, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const columns = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, index) => [columns[index], cell])));
}

const passwords = new Map(csv("passwords.csv").map((row) => [row.id, row.password]));
const wanted = new Map(
  csv("agents.csv").map((row) => [row.device, { id: row.id, extension: row.extension, password: passwords.get(row.id) }]),
);
const equal = (is, shall) =>
  is !== undefined && Object.keys(is).length === 3 && Object.entries(shall).every(([name, value]) => is[name] === value);
const holds = (url, template, values) =>
  url.startsWith(template) && equal(Object.fromEntries(new URLSearchParams(url.slice(template.length + 1))), values);

const user = (await axl.executeOperation("getAppUser", { userid: "ippa" })).appUser;
const controlled = new Set(list(user.associatedDevices?.device));
let servicesRight = true;
for (const [name, urls] of Object.entries(services)) {
  const found = (await axl.executeOperation("getIpPhoneServices", { serviceName: name })).ipPhoneServices;
  const parameters = list(found.parameters?.parameter).map((one) => one.name).sort().join();
  servicesRight &&= found.serviceUrl === urls[0] && found.secureServiceUrl === urls[1];
  servicesRight &&= parameters === "extension,id,password";
}

// A phone's configuration is XML inside of a column: the two wanted elements stand at its top level.
const element = (config, name) => new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(config)?.[1];
const phones = new Map();
await pages(
  phonesPerPage,
  (after) =>
    `select first ${phonesPerPage} d.pkid, d.name, m.name model, x4.xml xml4k, x8.xml xml8k, x16.xml xml16k from device d ` +
    "inner join typeclass c on c.enum = d.tkclass left outer join typemodel m on m.enum = d.tkmodel " +
    "left outer join devicexml4k x4 on x4.fkdevice = d.pkid left outer join devicexml8k x8 on x8.fkdevice = d.pkid " +
    "left outer join devicexml16k x16 on x16.fkdevice = d.pkid " +
    `where c.name = 'Phone' and d.pkid > '${after}' order by d.pkid`,
  (row) => {
    if (!wanted.has(row.name)) return;
    const config = text(row.xml4k) || text(row.xml8k) || text(row.xml16k);
    phones.set(row.name, element(config, "webAccess") === "0" && element(config, "webProtocol") === "1");
  },
);

const values = new Map();
let valueCount = 0;
await pages(
  page,
  (after) =>
    `select first ${page} v.pkid, v.fktelecastersubscribedservice subscription, p.name parameter, v.value ` +
    "from telecastersubscribedparameter v " +
    "inner join telecastersubscribedservice s on s.pkid = v.fktelecastersubscribedservice " +
    "inner join telecasterservice t on t.pkid = s.fktelecasterservice " +
    "inner join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter " +
    `where t.name in (${names}) and v.pkid > '${after}' order by v.pkid`,
  (row) => {
    valueCount += 1;
    if (!values.has(row.subscription)) values.set(row.subscription, {});
    values.get(row.subscription)[row.parameter] = row.value;
  },
);

const right = new Map();
let subscriptions = 0;
await pages(
  page,
  (after) =>
    `select first ${page} s.pkid, d.name device, t.name service, s.serviceurl, s.secureserviceurl ` +
    "from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice " +
    "inner join telecasterservice t on t.pkid = s.fktelecasterservice " +
    `where t.name in (${names}) and s.pkid > '${after}' order by s.pkid`,
  (row) => {
    subscriptions += 1;
    const shall = wanted.get(row.device);
    if (!shall) return;
    const [template, secure] = services[row.service];
    const good =
      holds(row.serviceurl, template, shall) &&
      holds(row.secureserviceurl, secure, shall) &&
      equal(values.get(row.pkid), shall);
    if (good) right.set(row.device, [...(right.get(row.device) ?? []), row.service]);
  },
);

const both = Object.keys(services).sort().join();
const differing = [...wanted.keys()].filter(
  (name) => !phones.get(name) || !controlled.has(name) || (right.get(name) ?? []).sort().join() !== both,
);
console.log(
  JSON.stringify({
    services: Object.keys(services).length,
    services_right: servicesRight,
    subscriptions,
    values: valueCount,
    phones: phones.size,
    differing: differing.sort(),
  }),
);
// Kept-alive connections would hold the process.
https.globalAgent.destroy();
