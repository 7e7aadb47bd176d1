"""The npm library `cisco-axl`, reached through drive_node.mjs.

Requests and answers are plain: dictionaries, lists and texts; a reference is {"value": …, "uuid": …}.
"""

import json
import os
import subprocess
from pathlib import Path

from content import Fault, Status, tidy


class Node:
    """One account that speaks one AXL version. All accounts share a process, which keeps the WSDLs it has read."""

    name = "node"
    process = None
    # The library keeps the HTTP status to itself: it says "No return results", or dies of its own error handling.
    tells_status = False
    cannot = {"updateServiceParameter": "cisco-axl sends an element called value as the text of its parent"}

    def __init__(self, site, user, password, version):
        self.account = {
            # The library's own port is 8443, the documented one.
            "host": site.publisher.removesuffix(":8443"),
            "user": user,
            "password": password,
            "version": version,
        }
        if Node.process is None:
            Node.process = started(site)

    def call(self, operation, request):
        """The content of `return`, the Fault that was answered, or Status(0) for an error without SOAP."""
        inner = {name: spelt(value) for name, value in request.items()}
        line = json.dumps({**self.account, "operation": operation, "request": inner})
        Node.process.stdin.write(line + "\n")
        Node.process.stdin.flush()
        said = Node.process.stdout.readline()
        if not said:
            raise SystemExit(f"drive_node.mjs ended during {operation}")
        said = json.loads(said)
        if "fault" in said:
            return Fault(said["fault"]["code"], said["fault"]["text"])
        if "failed" in said:
            return Status(0)
        return tidy(plain(said["answer"]))

    @staticmethod
    def close():
        if Node.process:
            Node.process.stdin.close()
            Node.process.wait(timeout=30)
            Node.process = None


def started(site):
    """The process; its names are led to the sandbox, its trust is the sandbox's certificate."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"HTTPS_PROXY": site.proxy, "NODE_EXTRA_CA_CERTS": str(site.certificate)}
    script = Path(__file__).with_name("drive_node.mjs")
    return subprocess.Popen(
        ["node", str(script), str(site.node_modules)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def spelt(request):
    """A plain request in the library's spelling: attributes stand apart from the text."""
    if isinstance(request, list):
        return [spelt(one) for one in request]
    if not isinstance(request, dict):
        return request
    if "value" in request and "uuid" in request:
        return {"value": request["value"], "attributes": {"uuid": request["uuid"]}}
    return {name: spelt(value) for name, value in request.items()}


def plain(value):
    """The library's answer without its own spelling."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {name: plain(one) for name, one in value.items() if name != "attributes"}
    return inner | value.get("attributes", {})
