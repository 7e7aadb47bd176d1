"""Writes kept reports of a verification with so many phones, in the JSON shape of `ippactl schema report`.

Every value that comes from a cluster carries markup, so that a page that trusts one of them is found out.
"""

import json
import sys

HOSTILE = "</script><img src=x onerror='document.title=1'>"
CHECKS = [("subscription-missing", "error"), ("phone-web-access", "error"), ("phone-not-controlled", "error"),
          ("phone-https-server", "warning")]


def finding(number, check, severity, name, kind="phone"):
    return {
        "id": f"{number:016x}", "check": check, "severity": severity, "object": {"kind": kind, "name": name},
        "field": "Cisco Finesse: subscription", "expected": "subscribed",
        "found": HOSTILE if number % 50 == 1 else None,
        "declared": {"file": "agents.csv", "line": number + 1, "column": 1},
        "first_seen": "2026-11-20T04:00:00Z", "last_ok": "2026-11-19T04:00:00Z", "drift": "changed outside",
        "why": "", "fix": "",
    }


def certificate(node, since, until):
    return {"node": node, "subject": f"CN={node}", "issuer": "CN=Example Issuing CA 2", "from": since,
            "until": until, "fingerprint": "sha256:" + "0f" * 32}


def deployment(phones, name):
    """One phone in 25 differs, one in 200 is absent, one in 30 has a warning."""
    findings, devices = [], []
    for number in range(1, phones + 1):
        phone = f"SEP{number:012X}"
        state = "as-declared"
        if number % 25 == 1:
            state = "differs"
            findings.append(finding(number, *CHECKS[number % 3], phone))
            findings.append(finding(number, *CHECKS[(number + 1) % 3], phone))
        elif number % 30 == 5:
            state = "warned"
            findings.append(finding(number, *CHECKS[3], phone))
        elif number % 200 == 3:
            state = "absent"
        devices.append({"kind": "phone", "name": phone, "agent": str(100000 + number), "state": state})
    if phones:
        findings.append(finding(1, "service-name-too-long", "warning", f"Cisco {HOSTILE}", "phone service"))
    good = sum(device["state"] == "as-declared" for device in devices)
    nodes = [("cucm-publisher", "cucm-pub.example.com"), ("cucm-node", "cucm-sub1.example.com"),
             ("cucm-node", "cucm-sub2.example.com"), ("finesse-primary", "fin-a.example.com"),
             ("finesse-secondary", "fin-b.example.com")]
    return {
        "name": name, "outcome": "changes" if phones else "done",
        "counts": {"devices": phones, "devices_in_sync": good, "altered": 0, "removals": 0, "writes": 0, "steps": 0,
                   "findings": len(findings), "not_checked": 1,
                   "requests": {"executeSQLQuery": 7, "getAppUser": 1, "listProcessNode": 1}},
        "scope": {
            "playbook": "sites/emea.yaml", "product": "uccx", "release": "12.5(1)SU3", "sql_writes": "never",
            "nodes": [{"role": role, "host": host} for role, host in nodes],
            "services": [{"name": "Cisco Finesse", "host": "fin-a.example.com"},
                         {"name": "Cisco Finesse Secondary", "host": "fin-b.example.com"}],
            "accounts": [{"interface": "AXL", "user": "axlreader", "role": "Standard AXL Read Only API Access"},
                         {"interface": "Finesse", "user": "finadmin", "role": "administrator"}],
            "certificates": [certificate("cucm-pub.example.com", "2022-03-01T00:00:00Z", "2027-02-27T00:00:00Z"),
                             certificate("cucm-sub1.example.com", "2022-03-01T00:00:00Z", "2026-11-01T00:00:00Z"),
                             certificate("fin-a.example.com", "2025-01-15T00:00:00Z", "2030-01-14T00:00:00Z"),
                             certificate("fin-b.example.com", "2025-01-15T00:00:00Z", "2027-01-14T00:00:00Z")],
            "devices": devices,
        },
        "steps": [], "findings": findings, "errors": [],
        "not_checked": [{"subject": "password of application user ippa", "reason": "CUCM never tells a password",
                         "not_checkable": True}],
    }


def report(phones):
    one = deployment(phones, "emea-prod")
    return {
        "schema": "ippactl.verify/v1", "tool": {"name": "ippactl", "version": "0.1.0"},
        "started": "2026-11-25T04:00:00Z", "outcome": one["outcome"], "exit_code": 2 if phones else 0,
        "chain": {"head": "ab" * 32, "entries": 41, "keyed": True}, "deployments": [one],
    }


if __name__ == "__main__":
    json.dump(report(int(sys.argv[1])), sys.stdout)
