"""Gives the objects, fields and values of a kept report names that mean something to one format or another."""

import json
import sys

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1|2",
    "@all and @everyone #1 !2",
    "-<script>alert(1)</script>",
    "a`b``c`</code></summary></details><img src=x onerror=y>",
    "[link](https://example.com) ![image](//example.com/x.png) www.example.com https://example.com",
    '"quoted", with; comma\\ and \\| pipes | more |',
    "]]><error/>&amp;{0}",
    "line\nbreak\r\n\ttab\u0007\u001b[2J\u202e\uffff\u2028",
    "**bold** _it_ ~~x~~ <!-- c --> \\",
    "",
    'x"} 9\nippactl_errors{deployment="x"',
    "| --- |",
]


def name(number):
    return HOSTILE[number % len(HOSTILE)]


report = json.load(open(sys.argv[1], encoding="utf-8"))
for deployment in report["deployments"]:
    deployment["name"] = "h|`<b>@x\"\\"
    number = 0
    for finding in deployment["findings"]:
        number += 1
        finding["object"]["name"] = name(number)
        finding["field"] = name(number + 1) or "field"
        finding["found"] = name(number + 2)
        if finding["declared"]:
            finding["declared"]["file"] = "a b/ö#?%.csv"
    for item in deployment["not_checked"]:
        number += 1
        item["subject"], item["reason"] = name(number), name(number + 1)
    deployment["errors"].append(
        {"code": "axl-fault", "what": name(1), "where": name(2), "why": name(3), "next": name(4)}
    )
json.dump(report, sys.stdout)
