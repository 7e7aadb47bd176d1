"""What is refused before an operation is looked at, and what goes wrong on purpose."""

from content import Fault, Status

PHONE = "SEP001122330006"
READ = ("getPhone", {"name": PHONE, "returnedTags": {"description": ""}})
WRITE = ("updatePhone", {"name": PHONE, "description": "Must not be seen"})
UNCHANGED = {"phone": {"description": "Agent desk 6"}}


def accounts(desk):
    """A wrong password, a read-only account that writes, an account without a role."""
    desk.refused(*READ, Status(401), password="wrong")
    desk.reads(*READ, UNCHANGED, user="axlreader")
    desk.refused(*WRITE, Status(401), user="axlreader")
    desk.refused(*READ, Status(403), user="nobody")
    desk.reads(*READ, UNCHANGED)


def version(desk):
    """A version that this release does not know."""
    other = "11.5" if desk.release == "15.0" else "15.0"
    desk.refused("getCCMVersion", {}, Status(599), version=other)


def injected(desk):
    """Throttling and a fault, once each; afterwards everything is as before."""
    desk.control("POST", "/faults", {"operation": "updatePhone", "kind": "503"})
    desk.refused(*WRITE, Status(503))
    desk.reads(*READ, UNCHANGED)
    memory = "Maximum AXL Memory Allocation Consumed. Please retry once requests in progress have completed"
    desk.control("POST", "/faults", {"operation": "getPhone", "kind": "fault", "code": -1, "text": memory})
    desk.refused(*READ, Fault("-1", memory))
    desk.reads(*READ, UNCHANGED)


ERRANDS = [accounts, version, injected]
