"""A sandbox in a process of its own, playbooks for it, and processes that are measured by themselves.

What is measured is one client process alone: wall time, CPU time and peak memory of it as `wait4` tells them.
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
#: Starts what is measured.
ALONE = pathlib.Path(__file__).with_name("alone.py")
BINARY = pathlib.Path(os.environ.get("IPPACTL", TARGET / "release" / "ippactl")).absolute()
#: The server may be another release, so that two clients meet the same one.
SERVER = pathlib.Path(os.environ.get("IPPACTL_SANDBOX", BINARY)).absolute()
#: Where keys, virtual environments, packages and results are kept between runs.
KEPT = TARGET / "bench"
#: Demo values of the sandbox.
SECRETS = {"AXL_PASSWORD": "sandbox-demo", "FINESSE_PASSWORD": "sandbox-demo", "IPPA_PASSWORD": "Figures1"}
# No proxy has any business between two processes of one machine.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Unusable(Exception):
    """A part could not be measured; the others go on."""


@dataclasses.dataclass
class Run:
    """One process that ended: seconds, megabytes, exit code, what it said."""

    wall: float
    cpu: float
    memory: float
    code: int
    stdout: str
    stderr: str

    def expect(self, *codes):
        if self.code not in codes:
            raise Unusable(f"ended with {self.code}: {(self.stderr or self.stdout).strip()[-600:]}")
        return self


def run(command, timeout=900, environment=None, folder=None):
    """Runs a client process and measures it alone."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile() as told:
        # Without what Python loads for itself the one that starts the client stays below it.
        command = [sys.executable, "-I", "-S", ALONE, told.name, timeout, *command]
        subprocess.run(
            [str(word) for word in command], check=True,
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, env={**os.environ, **SECRETS, **(environment or {})}, cwd=folder,
        )

        def said(file):
            file.seek(0)
            return file.read().decode(errors="replace")

        return Run(**json.loads(said(told)), stdout=said(out), stderr=said(err))


class Laboratory:
    """A running sandbox with a folder for playbooks and state."""

    def __init__(self, *flags):
        self.temporary = tempfile.TemporaryDirectory(prefix="ippactl-bench-")
        self.folder = pathlib.Path(self.temporary.name)
        ready = self.folder / "ready.json"
        KEPT.mkdir(parents=True, exist_ok=True)
        self.log = (self.folder / "sandbox.log").open("wb")
        command = [SERVER, "sandbox", "--ready", ready, "--keys", KEPT / "keys", *flags]
        self.sandbox = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log
        )
        begun = time.monotonic()
        while not ready.exists() or not ready.read_text():
            if self.sandbox.poll() is not None or time.monotonic() - begun > 300:
                said = " ".join((self.folder / "sandbox.log").read_text(errors="replace").split())
                self.close()
                raise Unusable(f"the sandbox does not start with {' '.join(map(str, flags))}: {said[:300]}")
            time.sleep(0.02)
        self.ready = json.loads(ready.read_text())
        state = self.folder / "state"
        state.mkdir()
        hosts = {place: [key["fingerprint"]] for place, key in (self.ready.get("ssh_host_keys") or {}).items()}
        (state / "host-keys.json").write_text(json.dumps({"host_keys": hosts}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sandbox.terminate()
        self.sandbox.wait()
        self.log.close()
        self.temporary.cleanup()

    def control(self, path, body=None):
        """Asks the control port; a body makes it a POST."""
        body = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.ready["control"] + path, data=body, headers=headers)
        with DIRECT.open(request, timeout=600) as answer:
            return json.loads(answer.read() or "null")

    def sql(self, statement):
        return self.control("/sql", {"sql": statement}).get("rows")

    def count(self, statement):
        """The one number that a query gives."""
        return next(iter(self.sql(statement)[0].values()))

    def reset(self):
        """Counts anew. RisPort forgets its minute too, so that a run does not wait for the one before it."""
        self.control("/requests/reset", {})
        self.control("/ris/reset", {})

    def requests(self):
        return self.control("/requests")

    def memory(self):
        """Peak megabytes of the sandbox so far."""
        for line in pathlib.Path(f"/proc/{self.sandbox.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0

    @property
    def flags(self):
        """What leads the binary to this sandbox."""
        flags = ["--no-input", "-q", "--state-dir", self.folder / "state"]
        for pair in self.ready["connect_to"].items():
            flags += ["--connect-to", "=".join(pair)]
        return flags

    def ippactl(self, command, *words, playbooks=("playbook.yaml",), **how):
        return run([BINARY, command, *playbooks, *words, *self.flags], folder=self.folder, **how)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    @property
    def pins(self):
        return f"tls: {{ pins: {json.dumps(self.ready['pins'])} }}\n"


def machine():
    """What a reader has to know of the machine."""
    processor = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    memory = next(
        (int(line.split()[1]) // 1024**2 for line in pathlib.Path("/proc/meminfo").read_text().splitlines()
         if line.startswith("MemTotal")), 0,
    )
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": memory,
        "system": f"{os.uname().sysname} {os.uname().release} {os.uname().machine}",
        "load_before": round(os.getloadavg()[0], 2),
        "ippactl": version,
    }
