"""Judges folders of reports, each holding one report in every format, by readers that know nothing of this repository.

judge.py --schema S --sarif S FOLDER…     every file is accepted, and all say the same
judge.py … --prove-red FOLDER             each validator refuses a copy that is broken
"""

import argparse
import csv
import io
import json
import pathlib
import re
import sys
from html.parser import HTMLParser

import html5lib
import jsonschema
import junitparser
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

COUNTS = ["errors", "warnings", "infos", "waived", "not-checked", "not-checkable", "failures"]
MOST = 60_000
OURS = re.compile(r"</?(details|summary|code)>")


class Refused(Exception):
    """A validator does not accept a file."""


def need(truth, what):
    if not truth:
        raise Refused(what)


def tally(kinds):
    counts = dict.fromkeys(COUNTS, 0)
    for kind in kinds:
        counts[kind] += 1
    return counts


def severity(word, waived):
    return "waived" if waived else {"error": "errors", "warning": "warnings"}.get(word, "infos")


def by_json(text, schemas):
    document = json.loads(text)
    jsonschema.Draft202012Validator(schemas["json"]).validate(document)
    for one in document["deployments"]:
        kinds = [severity(f["severity"], f.get("waived")) for f in one["findings"]]
        kinds += ["not-checkable" if n["not_checkable"] else "not-checked" for n in one["not_checked"]]
        kinds += ["failures"] * len(one["errors"])
        yield one["outcome"], tally(kinds)


def by_sarif(text, schemas):
    document = json.loads(text)
    jsonschema.Draft202012Validator(schemas["sarif"]).validate(document)
    for run in document["runs"]:
        rules = run["tool"]["driver"]["rules"]
        kinds = []
        for result in run["results"]:
            need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "a result of another rule")
            place = result["locations"][0]["physicalLocation"]
            uri = place["artifactLocation"]["uri"]
            need(re.fullmatch(r"[\w.~%/-]+", uri) and not uri.startswith("/"), f"address {uri}")
            need(place["region"]["startLine"] >= 1, "no line")
            kinds.append(severity(result["level"], result.get("suppressions")))
        invocation = run["invocations"][0]
        for note in invocation["toolExecutionNotifications"]:
            code = note["descriptor"]["id"]
            if code in ("not-checked", "not-checkable"):
                kinds.append(code)
            elif note["level"] == "error" and not code.startswith("step-"):
                kinds.append("failures")
        need(invocation["exitCode"] == run["properties"]["exitCode"], "two exit codes")
        yield run["properties"]["outcome"], tally(kinds)


def by_junit(text, _):
    found = junitparser.JUnitXml.fromstring(text.encode())
    # Read again as plain XML for what the model does not hold: the counts of each suite are those of its cases.
    for suite in found:
        ended = [type(result).__name__ for case in suite for result in case.result]
        for attribute, name in (("failures", "Failure"), ("errors", "Error"), ("skipped", "Skipped")):
            need(getattr(suite, attribute) == ended.count(name), f"{attribute} are miscounted")
        need(suite.tests == len(list(suite)), "tests are miscounted")
        held = {one.name: one.value for one in suite.properties()}
        red = ended.count("Failure") + ended.count("Error") > 0
        need(red or held["exit-code"] == "0", "green, and the exit code is not 0")
        yield held["outcome"], {name: int(held[name]) for name in COUNTS}


def by_csv(text, _):
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    names = list(rows[0])
    deployments = []
    for row in rows:
        need(None not in row and None not in row.values(), "a row of another length")
        for cell in row.values():
            need(not cell.strip()[:1] in tuple("=+-@"), f"a formula: {cell}")
            need(not re.search(r"[\t\r\n\x00-\x1f]", cell), f"a control character: {cell!r}")
        if row["record"] == "deployment":
            deployments.append((row["outcome"], []))
        elif row["record"] == "finding":
            deployments[-1][1].append(severity(row["severity"], row["state"] == "waived"))
        elif row["record"] in ("not-checked", "not-checkable"):
            deployments[-1][1].append(row["record"])
        elif row["record"] == "error":
            deployments[-1][1].append("failures")
    need(len(names) == len(set(names)), "a column stands twice")
    return [(outcome, tally(kinds)) for outcome, kinds in deployments]


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def by_markdown(text, _):
    need(len(text) < MOST, "too long for a comment")
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    for token in flat(tokens):
        kinds = ("link_open", "image", "strong_open", "em_open", "s_open", "heading_open")
        if token.type in ("html_inline", "html_block"):
            rest = OURS.sub("", token.content)
            need("<" not in rest, f"foreign HTML: {token.content!r}")
        need(token.type not in ("link_open", "image", "em_open", "s_open"), f"{token.type} in {kinds}")
    # A mention or an address outside of code would be one to the forge.
    outside = []
    for token in flat(tokens):
        if token.type == "inline":
            depth = 0
            for child in token.children or []:
                if child.type == "html_inline":
                    depth += {"<code>": 1, "</code>": -1}.get(child.content, 0)
                elif child.type == "text" and depth == 0:
                    outside.append(child.content)
    for piece in outside:
        need(not re.search(r"@\w|https?://|www\.|(^|\s)[#!]\d", piece), f"not in code: {piece!r}")
    need(text.count("<details>") == text.count("</details>"), "details are left open")
    need(text.count("<summary>") == text.count("</summary>"), "a summary is left open")
    table, row, told = [], [], []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type in ("td_open", "th_open"):
            row.append(tokens[index + 1].content)
        elif token.type == "tr_close":
            table.append(row)
    need(table, "no table")
    for row in table[1:]:
        need(len(row) == len(table[0]), "a row of another length")
        cells = dict(zip(table[0], row))
        told.append((cells["outcome"], {name: int(cells[name.replace("-", " ")]) for name in COUNTS}))
    return told


def by_prometheus(text, _):
    series, told, seen = {}, {}, set()
    for family in text_string_to_metric_families(text):
        need(family.type == "gauge" and family.documentation, f"{family.name} is no explained gauge")
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            need(key not in seen, f"{key} stands twice")
            seen.add(key)
            place = (sample.labels.get("deployment"), sample.labels.get("part"))
            series.setdefault(place, {})[(sample.name, sample.labels.get("outcome"))] = sample.value
    for place, values in series.items():
        if place[0] is not None:
            outcome = [word for (name, word), on in values.items() if name == "ippactl_outcome" and on]
            need(len(outcome) == 1, "not one outcome")
            count = {n: int(values[("ippactl_" + n.replace("-", "_"), None)]) for n in COUNTS}
            told[place] = (outcome[0], count)
    return list(told.values())


class Sections(HTMLParser):
    """The sections of deployments with what they say of themselves."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if tag == "section" and own.get("class") == "deployment":
            self.found.append(own)


def by_html(text, _):
    # Strict: the first thing that the HTML standard calls a parse error ends it.
    html5lib.HTMLParser(strict=True).parse(text)
    need(not re.search(r"""(src|href)=["']?(https?:)?//""", text), "it refers to the network")
    reader = Sections()
    reader.feed(text)
    return [(own["data-outcome"], {n: int(own["data-" + n]) for n in COUNTS}) for own in reader.found]


FORMATS = {
    "json": by_json,
    "html": by_html,
    "junit": by_junit,
    "sarif": by_sarif,
    "csv": by_csv,
    "markdown": by_markdown,
    "prometheus": by_prometheus,
}

# What is broken in a copy, and how: what each validator exists to find.
BROKEN = {
    "json": [lambda text: text.replace('"exit_code": 2', '"exit_code": "two"', 1)],
    "html": [
        lambda text: text.replace("</main>", "</main></table>", 1),
        lambda text: text.replace("<h1>", '<img src="https://example.com/x.png"><h1>', 1),
    ],
    "junit": [
        lambda text: re.sub(r'failures="\d+"', 'failures="77"', text),
        lambda text: text.replace("</testsuites>", "<b>&</testsuites>"),
    ],
    "sarif": [
        lambda text: text.replace('"level": "error"', '"level": "bad"', 1),
        lambda text: re.sub(r'"uri": "[^"]*"', '"uri": "/etc/x.yaml"', text, count=1),
    ],
    "csv": [
        lambda text: text + "only,three,cells\n",
        lambda text: re.sub(r",finding,open,", ",finding,=1+1,", text, count=1),
    ],
    "markdown": [
        lambda text: text + "\n<script>alert(1)</script>\n",
        lambda text: text + "\n@everyone\n",
        lambda text: text + "\n[x](https://example.com)\n",
        lambda text: text.replace("</details>", "", 1),
    ],
    "prometheus": [
        lambda text: text + 'ippactl_errors{deployment="x} 1\n',
        lambda text: text + text.split("\n", 3)[2] + "\n",
    ],
}


def sort(told):
    return sorted(told, key=repr)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--schema", required=True)
    arguments.add_argument("--sarif", required=True)
    arguments.add_argument("--prove-red", action="store_true")
    arguments.add_argument("folders", nargs="+", type=pathlib.Path)
    given = arguments.parse_args()
    schemas = {
        "json": json.load(open(given.schema, encoding="utf-8")),
        "sarif": json.load(open(given.sarif, encoding="utf-8")),
    }
    wrong = judged = 0
    for folder in given.folders:
        said = {}
        for name, judge in FORMATS.items():
            text = (folder / f"report.{name}").read_text(encoding="utf-8")
            texts = [spoil(text) for spoil in BROKEN[name]] if given.prove_red else [text]
            for number, version in enumerate(texts):
                judged += 1
                if given.prove_red and version == text:
                    wrong += 1
                    print(f"formats: {name}: breaking it ({number}) changes nothing")
                    continue
                try:
                    said[name] = sort(judge(version, schemas))
                    refused = None
                except Exception as error:  # a parser refuses in its own words
                    refused = f"{type(error).__name__}: {str(error).splitlines()[0][:160]}"
                if given.prove_red != bool(refused):
                    wrong += 1
                    print(f"formats: {folder.name} {name} ({number}): {refused or 'broken, and accepted'}")
        if not given.prove_red:
            for name, told in said.items():
                if told != said.get("json"):
                    wrong += 1
                    print(f"formats: {folder.name}: {name} says {told}, json {said.get('json')}")
    word = "broken files are refused" if given.prove_red else "files are accepted and agree"
    print(f"formats: {judged - wrong} of {judged} {word}")
    sys.exit(1 if wrong else 0)


main()
