"""Where errands are run: it asks through a third-party client, and holds the client's own answer to what was expected.

There is no way to ask without saying what the answer has to hold, and none to write without reading back.
"""

import json
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from content import UUID, Fault, Status, differences

PASSWORD = "sandbox-demo"


@dataclass(frozen=True)
class Site:
    """What a client has to be told about a sandbox."""

    release: str
    plays: str
    publisher: str
    proxy: str
    certificate: Path
    schema: Path
    node_modules: Path
    control: str
    record: Path


def kind_of(operation):
    """What an operation is about: `getAppUser` and `addAppUser` are both about `AppUser`."""
    return operation.lstrip("abcdefghijklmnopqrstuvwxyz")


class Wrong(Exception):
    """An answer that is not what it has to be."""


class Beyond(Exception):
    """The errand cannot go on: the library is known not to be able to ask this."""


@dataclass
class Desk:
    """One client library on one site."""

    site: Site
    library: type
    proven: Counter = field(default_factory=Counter)
    failed: dict = field(default_factory=dict)
    asked: set = field(default_factory=set)
    clients: dict = field(default_factory=dict)

    @property
    def release(self):
        return self.site.release

    def client(self, user, password, version):
        key = user, password, version
        if key not in self.clients:
            self.clients[key] = self.library(self.site, user, password, version)
        return self.clients[key]

    def call(self, operation, request, user="axladmin", password=PASSWORD, version=None):
        self.asked.add(operation)
        return self.client(user, password, version or self.release).call(operation, request)

    def hold(self, operation, expected, answer):
        if isinstance(expected, Fault):
            good = isinstance(answer, Fault) and answer.code == expected.code
            if not (good and answer.begins.startswith(expected.begins)):
                raise Wrong(f"{operation}: {answer!r} instead of {expected!r}")
            return
        if isinstance(answer, (Fault, Status)):
            raise Wrong(f"{operation}: {answer!r}")
        found = differences(expected, answer)
        if found:
            raise Wrong(f"{operation}: {'; '.join(found)}")

    def reads(self, operation, request, expected, **account):
        """A read whose answer has to hold `expected`, or be that fault."""
        answer = self.call(operation, request, **account)
        self.hold(operation, expected, answer)
        if not isinstance(expected, Fault):
            self.proven[operation] += 1
        return answer

    def writes(self, operation, request, read_back):
        """A write, and the read that has to show it: (operation, request, expected)."""
        written = self.call(operation, request)
        if operation in self.library.cannot:
            # Held to it, so that the exception goes when the library learns it.
            self.hold(operation, Fault("-1", "org.xml.sax.SAXException"), written)
            raise Beyond
        if not isinstance(written, str) or not (written == "true" or UUID.fullmatch(written)):
            raise Wrong(f"{operation} answered {written!r}, neither a uuid nor true")
        seen = self.reads(*read_back)
        # An object that was read back tells its uuid: it has to be the one that the write answered.
        if kind_of(operation) == kind_of(read_back[0]) and isinstance(seen, dict):
            for inner in seen.values():
                if isinstance(inner, dict) and inner.get("uuid", written) != written:
                    raise Wrong(f"{operation} answered {written}, the object is {inner['uuid']}")
        self.proven[operation] += 1
        return written

    def updates(self, statement, rows, read_back):
        """`executeSQLUpdate`, which answers how many rows it changed, and the read that has to show it."""
        answer = self.call("executeSQLUpdate", {"sql": statement})
        self.hold("executeSQLUpdate", {"rowsUpdated": rows}, answer)
        self.reads("executeSQLQuery", {"sql": read_back[0]}, read_back[1])
        self.proven["executeSQLUpdate"] += 1

    def tells(self, operation, request, kind, fields):
        """A request that leaves no trace in AXL: the sandbox's event log has to show it."""
        before = self.control("GET", "/events?after=0")["last"]
        written = self.call(operation, request)
        if not isinstance(written, str) or not UUID.fullmatch(written):
            raise Wrong(f"{operation} answered {written!r}, not a uuid")
        events = self.control("GET", f"/events?after={before}")["events"]
        if not any(event["kind"] == kind and fields.items() <= event.items() for event in events):
            raise Wrong(f"{operation}: no event {kind} with {fields} in {events}")
        self.proven[operation] += 1
        return written

    def refused(self, operation, request, expected, **account):
        """A request that is refused, with this Fault or Status."""
        answer = self.call(operation, request, **account)
        if isinstance(expected, Fault):
            self.hold(operation, expected, answer)
            return
        if answer == Status(0) and not self.library.tells_status:
            answer = Status(self.last_status())
        if answer != expected:
            raise Wrong(f"{operation}: {answer!r} instead of {expected!r}")

    def last_status(self):
        """The status of the last exchange on the wire, for a library that does not tell."""
        newest = max(self.site.record.glob("*.json"))
        return json.loads(newest.read_text(encoding="utf-8"))["status"]

    def control(self, method, path, content=None):
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(
            self.site.control + path, body, {"Content-Type": "application/json"}, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read())

    def run(self, errand):
        """An errand that fails takes everything it asked along: nothing it asked is proven."""
        self.asked = set()
        try:
            errand(self)
        except Beyond:
            pass
        except Exception as wrong:  # Also a client that dies of an answer: that is what is looked for.
            name = f"{errand.__module__.rpartition('.')[2]}.{errand.__name__}"
            sentence = wrong if isinstance(wrong, Wrong) else f"{sorted(self.asked)}: {wrong!r}"
            for operation in self.asked:
                self.failed.setdefault(operation, []).append(f"{name}: {sentence}")

    def close(self):
        for client in self.clients.values():
            client.close()
