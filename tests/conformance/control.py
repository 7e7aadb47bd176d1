"""What `run` needs of a sandbox beside the AXL port: the connect map, pinned playbooks, the control port.

  control.py READY map                    one FROM=TO per line
  control.py READY pin FROM_DIR TO_DIR    copies playbooks and rosters, the sandbox's pins written into them
  control.py READY sql STATEMENT          changes the database as a hand would
  control.py READY fault JSON             makes the next calls go wrong
"""

import json
import shutil
import sys
import urllib.request
from pathlib import Path


def pin(pins, source, target):
    """Copies the folder; secret files become owner-only, as outside a demonstration they have to be."""
    shutil.copytree(source, target)
    block = json.dumps(pins)
    for path in target.iterdir():
        if "passwords" in path.name:
            path.chmod(0o600)
        if path.suffix != ".yaml":
            continue
        text = path.read_text(encoding="utf-8")
        if "\ntls:" not in text:
            text += f"\ntls:\n  pins: {block}\n"
        elif "\n  pins: {}" in text:
            text = text.replace("\n  pins: {}", f"\n  pins: {block}", 1)
        else:
            sys.exit(f"{path}: no place for the sandbox's pins")
        path.write_text(text, encoding="utf-8")


def post(address, path, content):
    request = urllib.request.Request(
        address + path, json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    # No proxy has any business between two processes of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        answer.read()


def main():
    ready = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    what, rest = sys.argv[2], sys.argv[3:]
    if what == "map":
        for endpoint, address in ready["connect_to"].items():
            print(f"{endpoint}={address}")
    elif what == "pin":
        pin(ready["pins"], Path(rest[0]), Path(rest[1]))
    elif what == "sql":
        post(ready["control"], "/sql", {"sql": rest[0]})
    elif what == "fault":
        post(ready["control"], "/faults", json.loads(rest[0]))
    else:
        sys.exit(f"{what}: not something control.py can do")


if __name__ == "__main__":
    main()
