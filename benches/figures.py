#!/usr/bin/env python3
"""Requests by kind, peak memory and CPU of the client, for a roster of N phones against a sandbox of its own.

    cargo build --release --locked && benches/figures.py [N]

Reports; judges nothing but the memory, which must stay under 60 MB.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "ippactl"
LIMIT_MB = 60


def main(phones):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ready = folder / "ready.json"
        sandbox = subprocess.Popen(
            [BINARY, "sandbox", "--ready", ready, "--phones", str(phones)], stdout=subprocess.DEVNULL
        )
        try:
            while not ready.exists() or not ready.read_text():
                time.sleep(0.02)
            measure(folder, json.loads(ready.read_text()), phones)
        finally:
            sandbox.terminate()
            sandbox.wait()


def measure(folder, ready, phones):
    playbook(folder, ready, phones)
    flags = ["--no-input", "-q", "--state-dir", folder / "state"]
    for pair in ready["connect_to"].items():
        flags += ["--connect-to", "=".join(pair)]
    worst = 0
    for words in (["plan"], ["apply", "--yes"], ["plan", "--detailed-exitcode"], ["verify"], ["apply", "--yes"]):
        control(ready, "/requests/reset", b"null")
        seconds, cpu, memory = run([BINARY, words[0], folder / "playbook.yaml", *words[1:], *flags])
        worst = max(worst, memory)
        counted = control(ready, "/requests")
        print(f"{' '.join(words):26} {seconds:7.2f} s  CPU {cpu:6.2f} s  peak {memory:5.1f} MB  "
              f"reads {counted['reads']}  writes {counted['writes']} (SQL {counted['sql_writes']})")
        print("   ", ", ".join(f"{name} {number}" for name, number in sorted(counted["operations"].items())))
    starts = [run([BINARY, "--help"])[0] for _ in range(30)]
    print(f"--help, median of 30       {statistics.median(starts) * 1000:7.1f} ms")
    if worst >= LIMIT_MB:
        sys.exit(f"the client used {worst:.1f} MB, more than {LIMIT_MB} MB")


def playbook(folder, ready, phones):
    rows = [f"SEP5C{0x0000000000 + n:010X},{20000 + n},{40000 + n}" for n in range(phones)]
    (folder / "agents.csv").write_text("\n".join(["device,id,extension", *rows]))
    passwords = [f"{20000 + n},Secret{n}" for n in range(phones)]
    (folder / "passwords.csv").write_text("\n".join(["id,password", *passwords]))
    (folder / "passwords.csv").chmod(0o600)
    text = (ROOT / "playbooks" / "two-node-uccx.yaml").read_text()
    text = text.replace("roster: two-node-uccx.csv", "roster: agents.csv")
    text = text.replace("two-node-uccx-passwords.csv", "passwords.csv")
    (folder / "playbook.yaml").write_text(f"{text}\ntls: {{ pins: {json.dumps(ready['pins'])} }}\n")


def run(command):
    """Wall seconds, CPU seconds and peak megabytes of one process."""
    environment = dict(os.environ, AXL_PASSWORD="sandbox-demo", IPPA_PASSWORD="Figures1")
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def control(ready, path, body=None):
    request = urllib.request.Request(ready["control"] + path, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
