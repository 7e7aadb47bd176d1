"""What both Python peers read and judge; they differ in the library that carries it.

One statement reads what is wanted of all phones at once, in keyset pages as large as the server's 8 MB allow.
"""

import csv
import json
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qsl

SERVICES = {
    "Cisco Finesse": ("http://fin-a.example.com:8082/fippa/#DEVICENAME#", "https://fin-a.example.com:8445/fippa/#DEVICENAME#"),
    "Cisco Finesse Secondary": (
        "http://fin-b.example.com:8082/fippa/#DEVICENAME#", "https://fin-b.example.com:8445/fippa/#DEVICENAME#",
    ),
}
USER = "ippa"
WANTED_SETTINGS = {"webAccess": "0", "webProtocol": "1"}
PAGE = 2000
#: Configurations have up to 12 KB each.
PHONES = 500

PHONE_ROWS = (
    "select first {first} d.pkid, d.name, m.name model, x4.xml xml4k, x8.xml xml8k, x16.xml xml16k from device d "
    "inner join typeclass c on c.enum = d.tkclass left outer join typemodel m on m.enum = d.tkmodel "
    "left outer join devicexml4k x4 on x4.fkdevice = d.pkid left outer join devicexml8k x8 on x8.fkdevice = d.pkid "
    "left outer join devicexml16k x16 on x16.fkdevice = d.pkid "
    "where c.name = 'Phone' and d.pkid > '{after}' order by d.pkid"
)
SUBSCRIPTION_ROWS = (
    "select first {first} s.pkid, d.name device, t.name service, s.serviceurl, s.secureserviceurl "
    "from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice "
    "inner join telecasterservice t on t.pkid = s.fktelecasterservice "
    "where t.name in ({services}) and s.pkid > '{after}' order by s.pkid"
)
VALUE_ROWS = (
    "select first {first} v.pkid, v.fktelecastersubscribedservice subscription, p.name parameter, v.value "
    "from telecastersubscribedparameter v "
    "inner join telecastersubscribedservice s on s.pkid = v.fktelecastersubscribedservice "
    "inner join telecasterservice t on t.pkid = s.fktelecasterservice "
    "inner join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter "
    "where t.name in ({services}) and v.pkid > '{after}' order by v.pkid"
)


def pages(sql, statement, first):
    """All rows of a statement. `sql` gives the rows of one answer as dictionaries."""
    services = ", ".join(f"'{name}'" for name in SERVICES)
    after = ""
    while True:
        rows = sql(statement.format(first=first, services=services, after=after))
        yield from rows
        if len(rows) < first:
            return
        after = rows[-1]["pkid"]


def roster():
    """Device → what each of its subscriptions shall hold, by parameter."""
    with open("passwords.csv", encoding="utf-8", newline="") as file:
        passwords = {row["id"]: row["password"] for row in csv.DictReader(file)}
    with open("agents.csv", encoding="utf-8", newline="") as file:
        return {
            row["device"]: {"id": row["id"], "extension": row["extension"], "password": passwords[row["id"]]}
            for row in csv.DictReader(file)
        }


def settings(text):
    """The wanted elements of a phone's configuration."""
    if not text:
        return {}
    root = ElementTree.fromstring(f"<c>{text}</c>")
    if len(root) == 1 and root[0].tag == "vendorConfig":
        root = root[0]
    return {name: (root.findtext(name) or "").strip() for name in WANTED_SETTINGS}


def url_holds(url, template, values):
    """Whether a subscription's URL is its service's with these values."""
    return url.startswith(template) and dict(parse_qsl(url[len(template) + 1 :])) == values


def read_and_judge(sql, application_user, service):
    """Prints the facts as JSON. `application_user(id)` gives its device names, `service(name)` URLs and parameter names."""
    wanted = roster()
    controlled = set(application_user(USER))
    services = {name: service(name) for name in SERVICES}
    phones = {
        row["name"]: settings(row["xml4k"] or row["xml8k"] or row["xml16k"])
        for row in pages(sql, PHONE_ROWS, PHONES)
        if row["name"] in wanted
    }
    values, count = {}, 0
    for row in pages(sql, VALUE_ROWS, PAGE):
        values.setdefault(row["subscription"], {})[row["parameter"]] = row["value"]
        count += 1
    right, subscriptions = {}, 0
    for row in pages(sql, SUBSCRIPTION_ROWS, PAGE):
        subscriptions += 1
        shall = wanted.get(row["device"])
        if shall is None:
            continue
        template, secure = SERVICES[row["service"]]
        if (
            url_holds(row["serviceurl"], template, shall)
            and url_holds(row["secureserviceurl"], secure, shall)
            and values.get(row["pkid"]) == shall
        ):
            right.setdefault(row["device"], []).append(row["service"])
    whole = all(
        urls == SERVICES[name] and parameters == {"id", "extension", "password"}
        for name, (urls, parameters) in services.items()
    )
    differing = [
        name
        for name in wanted
        if phones.get(name) != WANTED_SETTINGS or name not in controlled or sorted(right.get(name, ())) != sorted(SERVICES)
    ]
    facts = {
        "services": len(services), "services_right": whole, "subscriptions": subscriptions, "values": count,
        "phones": len(phones), "differing": sorted(differing),
    }
    print(json.dumps(facts))
