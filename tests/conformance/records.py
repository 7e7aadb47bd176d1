"""Judges recorded exchanges: NNNNNN.request.xml, NNNNNN.reply.xml, NNNNNN.json.

Requests of ippactl and replies of the sandbox are held to every release. Of a request of a third-party client only this
is asked: that the sandbox takes it exactly when the schema of its own version does.
"""

import json
from collections import Counter, defaultdict

from lxml import etree

from exceptions import EXEMPT, NIL
from schema import RELEASES, Invalid, body_of, check_fault, faults_of, version_of, without_nil

UNREADABLE = (Invalid, OSError, KeyError, ValueError)


class Tally:
    """What was judged, by operation, direction and release, and what was wrong with it."""

    def __init__(self):
        self.judged = Counter()
        self.invalid = Counter()
        self.wrong = []
        self.exchanges = Counter()
        self.injected = Counter()
        self.not_soap = Counter()
        self.exempted = Counter()
        self.nil = Counter()
        self.agreed = Counter()

    def take(self, operation, direction, version, path, found):
        body = f"{operation} {direction}"
        for release in RELEASES:
            self.judged[operation, direction, release] += 1
            messages = found.get(release)
            if not messages:
                continue
            row = next((r for r in EXEMPT if r.covers(body, version, release, messages)), None)
            if row:
                self.exempted[row, release] += 1
                continue
            self.invalid[operation, direction, release] += 1
            self.wrong.append(f"{path} in {release}: {'; '.join(messages[:3])}")

    def summary(self):
        """What the table is made of, as JSON."""
        operations = defaultdict(lambda: defaultdict(dict))
        for (operation, direction, release), count in self.judged.items():
            bad = self.invalid[operation, direction, release]
            operations[operation][release][direction] = [count, bad]
        listed = lambda counter: [[*key, count] for key, count in sorted(counter.items())]  # noqa: E731
        return {
            "operations": operations,
            "exchanges": self.exchanges,
            "injected": listed(self.injected),
            "not_soap": listed(self.not_soap),
            "agreed": self.agreed,
            "exempted": [
                [row.body, "/".join(row.asked_in), release, row.reason, count]
                for (row, release), count in self.exempted.items()
            ]
            + [[f"{operation} reply", "any version", "any", NIL, count] for operation, count in self.nil.items()],
            "objections": len(self.wrong),
        }


def judge_request(path, about, schemas, tally):
    body = body_of(path.read_bytes())
    operation, version = etree.QName(body).localname, version_of(body)
    if operation != about["operation"]:
        raise Invalid(f"SOAPAction names {about['operation']}, the body is {operation}")
    if version != about["version"]:
        raise Invalid(f"SOAPAction names version {about['version']}, the body is in {version}")
    tally.take(operation, "request", version, path, faults_of(body, schemas))


def judge_reply(path, about, schemas, tally):
    status = int(about["status"])
    if about.get("injected"):
        tally.injected[about["operation"], status or "closed"] += 1
        return
    if status not in (200, 500):
        tally.not_soap[about["operation"] or "(before the body was read)", status] += 1
        return
    body = body_of(path.read_bytes())
    if status == 500:
        check_fault(body)
        tally.take(about["operation"], "reply", about["version"], path, {})
        return
    expected = f"{about['operation']}Response"
    if etree.QName(body).localname != expected:
        raise Invalid(f"the reply is {etree.QName(body).localname}, not {expected}")
    if version_of(body) != about["version"]:
        raise Invalid(f"asked in {about['version']}, answered in {version_of(body)}")
    found = faults_of(body, schemas)
    plain = without_nil(body) if found else None
    if plain is not None:
        found = faults_of(plain, schemas)
        tally.nil[about["operation"]] += 1
    tally.take(about["operation"], "reply", about["version"], path, found)


def judge_strictness(path, reply, about, schemas, tally):
    """Whether the sandbox refused the request for its form exactly when the schema of its version does."""
    if about.get("injected") or int(about["status"]) not in (200, 500):
        return
    body = body_of(path.read_bytes())
    version = version_of(body)
    against = faults_of(body, {version: schemas[version]})
    refused = b"org.xml.sax.SAXException" in reply.read_bytes()
    if refused != bool(against):
        said = "refused" if refused else "took"
        raise Invalid(f"the sandbox {said} it; the schema of {version} says {against or 'valid'}")
    tally.agreed["refused by both" if refused else "taken by both"] += 1


def judge_exchange(request, third_party, schemas, tally):
    stem = request.name.removesuffix(".request.xml")
    reply = request.with_name(f"{stem}.reply.xml")
    about = json.loads(request.with_name(f"{stem}.json").read_text(encoding="utf-8"))
    if not third_party:
        judge_request(request, about, schemas, tally)
    # No reply file: the connection was closed on purpose, and that must be marked.
    if not reply.is_file() and not about.get("injected"):
        raise Invalid(f"{reply.name} is missing, and not marked as injected")
    if third_party:
        judge_strictness(request, reply, about, schemas, tally)
    judge_reply(reply, about, schemas, tally)


def judge_records(folders, schemas, required=(), third_party=()):
    """Every exchange in the folders: the tally, whose `wrong` is empty when all is well."""
    tally = Tally()
    for folder in [*folders, *third_party]:
        whose = "third-party clients" if folder in third_party else "ippactl"
        for request in sorted(folder.glob("*.request.xml")):
            tally.exchanges[whose] += 1
            try:
                judge_exchange(request, folder in third_party, schemas, tally)
            except UNREADABLE as error:
                tally.wrong.append(f"{request}: {error}")
    for operation in required:
        if (operation, "request", RELEASES[0]) not in tally.judged:
            tally.wrong.append(f"no {operation} was captured, so it is not proven")
    if not tally.exchanges["ippactl"]:
        tally.wrong.append("no request was captured")
    if third_party:
        needed = {row for row, _ in tally.exempted}
        tally.wrong += [f"nothing falls under the exception '{row.reason}'" for row in EXEMPT if row not in needed]
    for line in tally.wrong[:40]:
        print(f"invalid: {line}")
    if len(tally.wrong) > 40:
        print(f"invalid: and {len(tally.wrong) - 40} more")
    return tally
