"""Takes good recorded exchanges, swaps two neighbouring elements in the captured bytes, and sees the judge turn red.

  prove_red.py --schema DIR RECORDS

Exit code 0: the untouched exchange is green, and each of the swapped ones is red for the swap.
"""

import argparse
import contextlib
import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

from records import judge_records
from schema import load_schemas

# What is swapped: the part, the operation, and two elements that stand side by side in it.
SWAPS = [
    ("request", "addIpPhoneServices", "serviceUrl", "secureServiceUrl"),
    ("reply", "getIpPhoneServices", "serviceUrl", "secureServiceUrl"),
    ("request", "addAppUser", "userid", "password"),
    ("reply", "getAppUser", "userid", "presenceGroupName"),
]


def swapped(data, first, second):
    """The bytes with the two elements in the other order; None when they are not side by side."""
    one, two = (rf"<{name}(?: [^>]*)?>[^<]*</{name}>".encode() for name in (first, second))
    changed, count = re.subn(rb"(%s)(\s*)(%s)" % (one, two), rb"\3\2\1", data, count=1)
    return changed if count else None


def judged(folder, schemas):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        tally = judge_records([folder], schemas)
    return not tally.wrong, said.getvalue()


def prove(records, schemas, part, operation, first, second):
    """A sentence about one swap; raises when the judge does not turn red."""
    for path in sorted(records.glob(f"*.{part}.xml")):
        data = path.read_bytes()
        changed = swapped(data, first, second)
        named = re.search(rb"<(?:\w+:)?%s(?:Response)?[ >]" % operation.encode(), data)
        if not named or changed is None:
            continue
        stem = path.name.split(".")[0]
        with tempfile.TemporaryDirectory() as folder:
            for own in records.glob(f"{stem}.*"):
                shutil.copy(own, folder)
            green, said = judged(Path(folder), schemas)
            if not green:
                raise SystemExit(f"prove-red: {path} is not good to begin with: {said}")
            (Path(folder) / path.name).write_bytes(changed)
            still_green, said = judged(Path(folder), schemas)
        if still_green or not any(f"'{name}'" in said for name in (first, second)):
            raise SystemExit(f"prove-red: {second} before {first} in the {part} of {operation} was not seen: {said}")
        return f"prove-red: {second} before {first} in the {part} of {operation} ({stem}): green before, red after"
    raise SystemExit(f"prove-red: no {part} of {operation} with {first} and {second} in {records}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schema", type=Path, required=True)
    parser.add_argument("records", type=Path)
    args = parser.parse_args()
    schemas = load_schemas(args.schema)
    for swap in SWAPS:
        print(prove(args.records, schemas, *swap))


if __name__ == "__main__":
    sys.exit(main())
