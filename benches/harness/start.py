"""How long a start takes: `--help`, and until the first bytes of a request are on the wire."""

import os
import pathlib
import socket
import statistics
import subprocess
import tempfile
import time

from .laboratory import BINARY, ROOT, SECRETS, run

RUNS = 30


def help_time():
    run([BINARY, "--help"])
    walls = [run([BINARY, "--help"]).expect(0).wall for _ in range(RUNS)]
    return statistics.median(walls) * 1000


def first_request():
    """From the start of the process until its ClientHello has come, milliseconds."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        folder = pathlib.Path(folder)
        listener.settimeout(20)
        for name in ("two-node-uccx.yaml", "two-node-uccx.csv", "two-node-uccx-passwords.csv"):
            (folder / name).write_text((ROOT / "playbooks" / name).read_text())
            (folder / name).chmod(0o600)
        pin = '\ntls: { pins: { "cucm-pub.example.com:8443": ["sha256:' + "00" * 32 + '"] } }\n'
        with (folder / "two-node-uccx.yaml").open("a") as playbook:
            playbook.write(pin)
        place = f"cucm-pub.example.com:8443=127.0.0.1:{listener.getsockname()[1]}"
        command = [
            BINARY, "verify", "two-node-uccx.yaml", "--no-input", "-q", "--state-dir", folder / "state", "--connect-to", place,
        ]
        times = []
        for _ in range(RUNS + 1):
            begun = time.monotonic()
            process = subprocess.Popen(
                [str(word) for word in command], cwd=folder, env={**os.environ, **SECRETS},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(20)
                    hello = connection.recv(1)
                    times.append(time.monotonic() - begun)
            finally:
                process.kill()
                process.wait()
            # 22: a handshake record.
            if hello != b"\x16":
                raise ValueError("what came first is no ClientHello")
        return statistics.median(times[1:]) * 1000


def measure():
    return {"help_ms": help_time(), "first_request_ms": first_request(), "runs": RUNS}
