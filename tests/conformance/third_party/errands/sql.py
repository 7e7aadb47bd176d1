"""Direct SQL: rows, values of a subscription, errors of the database, and the limit of an answer."""

from content import Fault

PHONE = "SEP001122330013"
OURS = (
    f"fkdevice in (select pkid from device where name = '{PHONE}')"
    " and fktelecasterservice in (select pkid from telecasterservice where name = 'Cisco Finesse')"
)


def queries(desk):
    """Rows with names in lower case, an empty result, a page."""
    two = "select skip 3 first 2 name, description from device where name like 'UDP_100%' order by name"
    rows = [
        {"name": f"UDP_{number}", "description": f"Profile of agent {number}"} for number in (1004, 1005)
    ]
    desk.reads("executeSQLQuery", {"sql": two}, {"row": rows})
    desk.reads("executeSQLQuery", {"sql": "select name from device where name = 'none'"}, {"row": None})
    values = (
        "select p.name, v.value from telecastersubscribedservice s"
        " inner join device d on d.pkid = s.fkdevice"
        " inner join telecasterservice t on t.pkid = s.fktelecasterservice"
        " left outer join telecastersubscribedparameter v on v.fktelecastersubscribedservice = s.pkid"
        " left outer join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter"
        f" where t.name = 'Cisco Finesse' and d.name = '{PHONE}' order by p.name"
    )
    desk.reads(
        "executeSQLQuery",
        {"sql": values},
        {"row": [{"name": "extension", "value": "2013"}, {"name": "id", "value": "1013"}]},
    )


def writes(desk):
    """A column changed, a value changed, a value gone: only those rows, and AXL shows the same."""
    url = "http://fin-a.example.com:8082/fippa/#DEVICENAME#?id=9&extension=<8>"
    desk.updates(
        f"update telecastersubscribedservice set serviceurl = '{url}' where {OURS}",
        "1",
        (f"select serviceurl from telecastersubscribedservice where {OURS}", {"row": [{"serviceurl": url}]}),
    )
    desk.reads("getPhone", {"name": PHONE}, {"phone": {"services": {"service": [{"url": url}]}}})
    row = (
        "fktelecasterserviceparameter in (select pkid from telecasterserviceparameter where name = 'id')"
        f" and fktelecastersubscribedservice in (select pkid from telecastersubscribedservice where {OURS})"
    )
    shown = f"select value stored from telecastersubscribedparameter where {row}"
    desk.updates(
        f"update telecastersubscribedparameter set value = '4711' where {row}",
        "1",
        (shown, {"row": [{"stored": "4711"}]}),
    )
    desk.updates(f"delete from telecastersubscribedparameter where {row}", "1", (shown, {"row": None}))
    desk.updates(f"delete from telecastersubscribedparameter where {row}", "0", (shown, {"row": None}))


def refused(desk):
    """Syntax, a table that is not there, a rule of the database, a key that points to nothing."""
    desk.refused("executeSQLQuery", {"sql": "selekt name from device"}, Fault("-201", ""))
    desk.refused("executeSQLQuery", {"sql": "select name from no_such_table"}, Fault("-206", ""))
    long = f"update telecastersubscribedservice set serviceurl = '{'x' * 513}' where {OURS}"
    desk.refused("executeSQLUpdate", {"sql": long}, Fault("-1", "Subscribed service URL: at most 512 characters"))
    key = f"update telecastersubscribedservice set fkdevice = 'no-such-key' where {OURS}"
    missing = Fault("-691", "Missing key in referenced table for referential constraint")
    desk.refused("executeSQLUpdate", {"sql": key}, missing)


def too_large(desk):
    """Over 8 MB: refused with a row count, and answered once the page is smaller."""
    every = "a.name first_name, b.name second_name, c.name third_name from device a, device b, device c"
    text = Fault("-1", "Query request too large. Total rows matched: ")
    desk.refused("executeSQLQuery", {"sql": f"select {every}"}, text)
    page = f"select first 1 {every} where a.name = b.name and b.name = c.name and a.name = '{PHONE}'"
    desk.reads(
        "executeSQLQuery",
        {"sql": page},
        {"row": [{"first_name": PHONE, "second_name": PHONE, "third_name": PHONE}]},
    )


ERRANDS = [queries, writes, refused, too_large]
