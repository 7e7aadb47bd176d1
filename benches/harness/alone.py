"""Runs one command and tells what it took, as JSON in a file.

    alone.py RESULT_FILE TIMEOUT COMMAND...

A process of its own, and a small one: what the system calls the peak memory of a process begins with that of the process which
started it, so whoever has grown must not start what is measured.
"""

import json
import os
import select
import sys
import time


def main(result, timeout, *command):
    begun = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ)
    # A descriptor of the process wakes this one exactly when it ends, and costs nothing while it runs.
    descriptor = os.pidfd_open(process)
    ready, _, _ = select.select([descriptor], [], [], float(timeout))
    if not ready:
        os.kill(process, 9)
    _, status, usage = os.wait4(process, 0)
    told = {
        "wall": time.monotonic() - begun, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024,
        "code": os.waitstatus_to_exitcode(status),
    }
    with open(result, "w", encoding="utf-8") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
