"""What `run` needs of a sandbox beside the AXL port: the connect map, pinned playbooks, the control port.

  control.py READY map                    one FROM=TO per line
  control.py READY pin FROM_DIR TO_DIR    copies playbooks and rosters, the sandbox's pins written into them
  control.py READY sql STATEMENT          changes the database as a hand would
  control.py READY fault JSON             makes the next calls go wrong
  control.py READY trust STATE_DIR        accepts the shells' host keys, as a person would at the first meeting
  control.py READY certificate FILE       the AXL port's certificate, once it is the one that is pinned
  control.py READY restarts               nodes as they were restarted, "replicated" between them
  control.py READY vary FILE PRODUCT FINESSE_RELEASE AXL_VERSION
                                          makes a playbook one of another product and release
  control.py READY operator PLAN_JSON     does the plan's steps for a person, and prints the flags that say so
"""

import hashlib
import json
import re
import shutil
import ssl
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


def certificate(ready):
    """What a third-party client is given as trust: asked of the port, and held to the pin."""
    name = next(name for name in ready["connect_to"] if name.endswith(":8443"))
    host, port = ready["connect_to"][name].rsplit(":", 1)
    pem = ssl.get_server_certificate((host, int(port)))
    pin = "sha256:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    if pin not in ready["pins"][name]:
        sys.exit(f"{name} shows {pin}, which is not pinned")
    return pem


def vary(path, product, release, axl_version):
    """Product, release and AXL version of a playbook; what only one product has goes with it."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^  axl_version:.*\n", "", text)
    for pattern, line in (
        (r"(?m)^  publisher:.*$", rf'\g<0>\n  axl_version: "{axl_version}"'),
        (r"(?m)^  product:.*$", f"  product: {product}"),
        (r"(?m)^  release:.*$", f'  release: "{release}"'),
    ):
        text, found = re.subn(pattern, line, text)
        if found != 1:
            sys.exit(f"{path}: {found} places for {pattern}")
    if product != "pcce":
        text = re.sub(r"(?m)^  site:.*\n", "", text)
    path.write_text(text, encoding="utf-8")


def post(address, path, content):
    request = urllib.request.Request(
        address + path, json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    # No proxy has any business between two processes of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        answer.read()


def restarts(address):
    """The order of restarts and completed replication, from the sandbox's event log."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address + "/events?after=0", timeout=30) as answer:
        events = json.loads(answer.read())["events"]
    order = []
    for event in events:
        word = {"tomcat-restart-begun": event.get("node"), "replication-complete": "replicated"}.get(event["kind"])
        if word and word not in order[-1:]:
            order.append(word)
    return " ".join(order)


def operator(address, plan):
    """Only what no interface offers is left to a person: here Finesse's own settings."""
    for step in plan["deployments"][0]["steps"]:
        asked = step.get("operator")
        if not asked:
            continue
        if step["kind"] != "finesse-settings":
            sys.exit(f"{asked['id']}: nobody here can do that")
        user = next(change["after"] for change in step["changes"] if change["field"] == "user name")
        post(address, "/operator/finesse-settings", {"user": user, "password": "Conformance1"})
        print("--operator-done")
        print(f"{asked['id']}={asked['token']}")


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
    elif what == "trust":
        keys = {name: [key["fingerprint"]] for name, key in ready["ssh_host_keys"].items()}
        folder = Path(rest[0])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "host-keys.json").write_text(json.dumps({"host_keys": keys}), encoding="utf-8")
    elif what == "operator":
        operator(ready["control"], json.loads(Path(rest[0]).read_text(encoding="utf-8")))
    elif what == "certificate":
        Path(rest[0]).write_text(certificate(ready), encoding="utf-8")
    elif what == "restarts":
        print(restarts(ready["control"]))
    elif what == "vary":
        vary(Path(rest[0]), *rest[1:])
    elif what == "fault":
        post(ready["control"], "/faults", json.loads(rest[0]))
    else:
        sys.exit(f"{what}: not something control.py can do")


if __name__ == "__main__":
    main()
