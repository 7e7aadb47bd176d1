"""Runs every errand with one third-party client against one running sandbox.

  drive.py CLIENT RELEASE --ready READY --record DIR --proxy URL --certificate PEM --schema DIR --node-modules DIR
           --plays RELEASE --result JSON

CLIENT is zeep or node. Exit code 0: every operation of the sandbox was used, and every answer held what it had to.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from desk import Desk, Site
from drive_node import Node
from drive_zeep import Zeep
from errands import ALL

LIBRARIES = {library.name: library for library in (Zeep, Node)}
OPERATIONS = Path(__file__).parents[3] / "src/sandbox/schema/operations.rs"


def offered():
    """Every operation that the sandbox offers, as its own table has them."""
    return re.findall(r'\b(?:read|write)\(\s*"(\w+)"', OPERATIONS.read_text(encoding="utf-8"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("client", choices=LIBRARIES)
    parser.add_argument("release")
    for path in ("ready", "record", "certificate", "schema", "node-modules", "result"):
        parser.add_argument(f"--{path}", type=Path, required=True)
    parser.add_argument("--proxy", required=True)
    parser.add_argument("--plays", required=True)
    args = parser.parse_args()
    ready = json.loads(args.ready.read_text(encoding="utf-8"))
    site = Site(
        release=args.release,
        plays=args.plays,
        publisher=next(name for name in ready["connect_to"] if name.endswith(":8443")),
        proxy=args.proxy,
        certificate=args.certificate,
        schema=args.schema,
        node_modules=args.node_modules,
        control=ready["control"],
        record=args.record,
    )
    desk = Desk(site, LIBRARIES[args.client])
    try:
        for errand in ALL:
            desk.run(errand)
    finally:
        desk.close()
    operations = offered()
    for operation in operations:
        if operation not in desk.proven and operation not in desk.library.cannot:
            desk.failed.setdefault(operation, []).append("no answer of it was held to its content")
    result = {
        "client": args.client,
        "release": args.release,
        "proven": {name: count for name, count in desk.proven.items() if name not in desk.failed},
        "failed": desk.failed,
        "cannot": desk.library.cannot,
    }
    args.result.write_text(json.dumps(result, indent=1), encoding="utf-8")
    for sentence in sorted({one for problems in desk.failed.values() for one in problems}):
        print(f"{args.client} {args.release}: {sentence}")
    print(
        f"{args.client} {args.release}: {len(result['proven'])} of {len(operations)} operations agree,"
        f" {sum(desk.proven.values())} answers held to their content"
    )
    return 1 if desk.failed else 0


if __name__ == "__main__":
    sys.exit(main())
