"""Holds recorded AXL exchanges to the vendor's schema, for every supported release.

A body is taken out of its envelope, its namespace version is rewritten to each release in turn, and it is
validated against that release's AXLSoap.xsd. The schema is never part of this repository: `run` fetches it.

  validate.py --schema DIR self-test DIR          bodies in DIR/good must pass, those in DIR/bad must fail
  validate.py --schema DIR records DIR [DIR ...]  NNNNNN.request.xml, NNNNNN.reply.xml, NNNNNN.json; with
                                                  --require OPERATION, that operation must be among them

Exit code 0: all valid. 1: something is not, or there was nothing to judge.
"""

import argparse
import contextlib
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

from lxml import etree

RELEASES = ["11.5", "12.5", "14.0", "15.0"]
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
AXL = re.compile(r"^http://www\.cisco\.com/AXL/API/(\d+\.\d+)$")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


class Invalid(Exception):
    """A message that is not what the vendor's schema, or SOAP 1.1, asks for."""


def load_schemas(folder):
    """One compiled schema per release."""
    schemas = {}
    for release in RELEASES:
        path = folder / release / "AXLSoap.xsd"
        if not path.is_file():
            raise SystemExit(f"no schema for AXL {release}: {path} is missing")
        schemas[release] = etree.XMLSchema(etree.parse(str(path)))
    return schemas


def body_of(data):
    """The one element inside the Body of a SOAP 1.1 envelope."""
    try:
        root = etree.fromstring(data, PARSER)
    except etree.XMLSyntaxError as error:
        raise Invalid(f"not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Invalid("a document type declaration has no place in SOAP")
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise Invalid(f"not a SOAP 1.1 envelope: {root.tag}")
    bodies = root.findall(f"{{{ENVELOPE}}}Body")
    if len(bodies) != 1:
        raise Invalid(f"{len(bodies)} Body elements in the envelope")
    inner = [child for child in bodies[0] if isinstance(child.tag, str)]
    if len(inner) != 1:
        raise Invalid(f"{len(inner)} elements in the Body")
    return inner[0]


def version_of(body):
    """The AXL version in the namespace of the operation element."""
    match = AXL.match(etree.QName(body).namespace or "")
    if not match:
        raise Invalid(f"the operation is not in an AXL namespace: {body.tag}")
    return match.group(1)


def rewritten(body, release):
    """The same body in the namespace of another release.

    Only qualified AXL names move: a child that is wrongly qualified stays wrong.
    """
    old = etree.QName(body).namespace
    new = f"http://www.cisco.com/AXL/API/{release}"
    copy = etree.fromstring(etree.tostring(body, with_tail=False), PARSER)

    def rebuild(element):
        if not isinstance(element.tag, str):
            return None
        name = etree.QName(element)
        tag = f"{{{new}}}{name.localname}" if name.namespace == old else element.tag
        made = etree.Element(tag, attrib=dict(element.attrib))
        made.text, made.tail = element.text, element.tail
        for child in element:
            inner = rebuild(child)
            if inner is not None:
                made.append(inner)
        return made

    return rebuild(copy)


def without_version(text):
    """An error message that reads the same for every release."""
    return re.sub(r"\{http://www\.cisco\.com/AXL/API/[\d.]+\}", "", text)


def faults_of(body, schemas):
    """Release → what its schema says against this body. Empty: valid everywhere."""
    found = {}
    for release, schema in schemas.items():
        if not schema.validate(rewritten(body, release)):
            found[release] = [without_version(entry.message) for entry in schema.error_log]
    return found


def check_fault(body):
    """A SOAP fault as AXL sends it: facts `AXLError` has axlcode, axlmessage and request, each once."""
    if body.tag != f"{{{ENVELOPE}}}Fault":
        raise Invalid(f"status 500 without a Fault: {body.tag}")
    for name in ("faultcode", "faultstring"):
        if len(body.findall(name)) != 1:
            raise Invalid(f"a Fault has {name} exactly once")
    errors = [e for e in body.findall("detail/*") if etree.QName(e).localname == "axlError"]
    if len(errors) != 1:
        raise Invalid("the Fault's detail has no axlError")
    names = [etree.QName(child).localname for child in errors[0]]
    if names != ["axlcode", "axlmessage", "request"]:
        raise Invalid(f"axlError holds {names}, not axlcode, axlmessage, request")
    if not re.fullmatch(r"-?\d+", (errors[0][0].text or "").strip()):
        raise Invalid(f"axlcode is not a number: {errors[0][0].text}")


def judge_quietly(folders, schemas, required=()):
    """As judge_records, with what it would have printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        judged = judge_records(folders, schemas, required)
    return judged, said.getvalue()


def self_test(folder, schemas):
    """Shows that the judge can tell good from bad, before anything real is judged."""
    good, bad = sorted(folder.glob("good/*.xml")), sorted(folder.glob("bad/*.xml"))
    if not good or not bad:
        print(f"self-test: no bodies in {folder}")
        return False
    failed = []
    for path in good:
        try:
            found = faults_of(body_of(path.read_bytes()), schemas)
        except Invalid as error:
            found = {"envelope": [str(error)]}
        if found:
            failed.append(f"{path.name} should be valid: {found}")
    for path in bad:
        data = path.read_bytes()
        expected = re.search(rb"<!-- expected: (.*?) -->", data)
        if not expected:
            failed.append(f"{path.name} does not say what is expected of it")
            continue
        expected = expected.group(1).decode()
        try:
            found = faults_of(body_of(data), schemas)
        except Invalid as error:
            found = {release: [str(error)] for release in RELEASES}
        for release in RELEASES:
            if not any(expected in message for message in found.get(release, [])):
                failed.append(f"{path.name} in {release}: expected '{expected}', got {found.get(release)}")
    records = {folder / "records_good": True, Path("no-such-folder"): False}
    missing = judge_quietly([folder / "records_good"], schemas, ["addAppUser"])
    if missing[0] or "no addAppUser" not in missing[1]:
        failed.append(f"a required operation is missing, and that was not said: {missing[1]}")
    records.update({path: False for path in sorted((folder / "records_bad").iterdir())})
    for path, expected in records.items():
        judged, said = judge_quietly([path], schemas)
        if judged != expected:
            failed.append(f"records in {path}: expected {expected}, got {judged}: {said}")
    for line in failed:
        print(f"self-test: {line}")
    print(
        f"self-test: {len(good)} valid and {len(bad)} broken bodies, {len(records)} folders of records, "
        f"{len(failed)} misjudged"
    )
    return not failed


class Tally:
    """What was judged, by operation and direction, and what was wrong with it."""

    def __init__(self):
        self.judged = Counter()
        self.invalid = Counter()
        self.wrong = []
        self.requests = 0
        self.set_aside = Counter()

    def take(self, label, path, found):
        for release in RELEASES:
            self.judged[label, release] += 1
            if release in found:
                self.invalid[label, release] += 1
        for release, messages in found.items():
            self.wrong.append(f"{path} in {release}: {'; '.join(messages[:3])}")

    def table(self):
        labels = sorted({label for label, _ in self.judged})
        width = max([len("operation")] + [len(label) for label in labels])
        lines = [f"{'operation':<{width}}  " + "  ".join(f"{r:>9}" for r in RELEASES)]
        for label in labels:
            cells = []
            for release in RELEASES:
                cell = str(self.judged[label, release])
                if self.invalid[label, release]:
                    cell += f" ({self.invalid[label, release]} bad)"
                cells.append(f"{cell:>9}")
            lines.append(f"{label:<{width}}  " + "  ".join(cells))
        return "\n".join(lines)


def judge_request(path, about, schemas, tally):
    body = body_of(path.read_bytes())
    operation, version = etree.QName(body).localname, version_of(body)
    if operation != about["operation"]:
        raise Invalid(f"SOAPAction names {about['operation']}, the body is {operation}")
    if version != about["version"]:
        raise Invalid(f"SOAPAction names version {about['version']}, the body is in {version}")
    tally.take(f"{operation} request", path, faults_of(body, schemas))


def judge_reply(path, about, schemas, tally):
    status = int(about["status"])
    if about.get("injected"):
        tally.set_aside["replies that a test asked to be wrong"] += 1
        return
    if status not in (200, 500):
        tally.set_aside[f"replies with status {status}, which carry no SOAP"] += 1
        return
    body = body_of(path.read_bytes())
    if status == 500:
        check_fault(body)
        tally.take(f"{about['operation']} fault", path, {})
        return
    expected = f"{about['operation']}Response"
    if etree.QName(body).localname != expected:
        raise Invalid(f"the reply is {etree.QName(body).localname}, not {expected}")
    if version_of(body) != about["version"]:
        raise Invalid(f"asked in {about['version']}, answered in {version_of(body)}")
    tally.take(f"{about['operation']} reply", path, faults_of(body, schemas))


def judge_records(folders, schemas, required=()):
    """Every exchange in the folders; false when one is invalid, there is none, or a required one is missing."""
    tally = Tally()
    for folder in folders:
        for request in sorted(folder.glob("*.request.xml")):
            stem = request.name.removesuffix(".request.xml")
            reply = folder / f"{stem}.reply.xml"
            tally.requests += 1
            try:
                about = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
                judge_request(request, about, schemas, tally)
            except (Invalid, OSError, KeyError, ValueError) as error:
                tally.wrong.append(f"{request}: {error}")
                continue
            # No reply file: the connection was closed on purpose, and that must be marked.
            if not reply.is_file():
                if not about.get("injected"):
                    tally.wrong.append(f"{reply}: missing, and not marked as injected")
                continue
            try:
                judge_reply(reply, about, schemas, tally)
            except (Invalid, KeyError, ValueError) as error:
                tally.wrong.append(f"{reply}: {error}")
    print(tally.table())
    for reason, count in sorted(tally.set_aside.items()):
        print(f"not judged: {count} {reason}")
    for line in tally.wrong[:40]:
        print(f"invalid: {line}")
    if len(tally.wrong) > 40:
        print(f"invalid: and {len(tally.wrong) - 40} more")
    for operation in required:
        if (f"{operation} request", RELEASES[0]) not in tally.judged:
            tally.wrong.append(operation)
            print(f"invalid: no {operation} was captured, so it is not proven")
    if tally.requests == 0:
        print("invalid: no request was captured")
    print(f"conformance: {tally.requests} requests captured, {len(tally.wrong)} objections")
    return tally.requests > 0 and not tally.wrong


def main():
    parser = argparse.ArgumentParser(description="Hold AXL exchanges to the vendor's schema.")
    parser.add_argument("--schema", type=Path, required=True, help="folder with 11.5, 12.5, …")
    parser.add_argument("--require", action="append", default=[], metavar="OPERATION")
    parser.add_argument("what", choices=["self-test", "records"])
    parser.add_argument("folders", type=Path, nargs="+")
    args = parser.parse_args()
    schemas = load_schemas(args.schema)
    if args.what == "self-test":
        good = all([self_test(folder, schemas) for folder in args.folders])
    else:
        good = judge_records(args.folders, schemas, args.require)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
