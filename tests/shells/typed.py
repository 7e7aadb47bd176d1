"""Types into shells on a pseudo-terminal, and looks what comes of Tab."""

import fcntl
import multiprocessing
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

TAB = "\t"
PROMPT = "ready> "
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78cM]|[\x00\x07\x0e\x0f]")
# What some shells ask a terminal before they go on, and what one answers.
QUESTIONS = {"\x1b[c": "\x1b[?62;22c", "\x1b[0c": "\x1b[?62;22c", "\x1b[6n": "\x1b[1;1R"}


class Shell:
    """A shell with a person at it."""

    def __init__(self, command, folder, **more):
        environment = {
            **more,
            "HOME": f"{folder}/home", "PATH": f"{folder}/home/bin:/usr/local/bin:/usr/bin:/bin", "TERM": "xterm",
            "LANG": "C.UTF-8", "PS1": PROMPT, "XDG_STATE_HOME": f"{folder}/none",
        }
        self.name = command[0]
        self.text = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(f"{folder}/site")
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))

    def read(self, seconds):
        """What has come within this time."""
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if not ready:
            return False
        try:
            read = os.read(self.terminal, 65536).decode(errors="replace")
        except OSError:
            return False
        for question, answer in QUESTIONS.items():
            for _ in range(read.count(question)):
                os.write(self.terminal, answer.encode())
        self.text += ESCAPES.sub("", read)
        return True

    def wait(self, wanted, seconds=20):
        """Until all of these are there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(re.search(pattern, self.text) for pattern in wanted):
                return
            self.read(0.1)
        missing = [pattern for pattern in wanted if not re.search(pattern, self.text)]
        sys.exit(f"shells: {self.name}: no {missing} in:\n{self.text!r}")

    def types(self, keys, *wanted):
        """Types on a clean line, and waits for what has to be seen."""
        os.write(self.terminal, b"\x15")
        # A shell that is not at its prompt yet would take the next keys for something else.
        while self.read(0.2):
            pass
        self.text = ""
        for part in re.split(f"({TAB})", keys):
            os.write(self.terminal, part.encode())
            if part == TAB:
                time.sleep(0.1)
        self.wait(wanted)
        print(f"shells: {self.name}: {keys.replace(TAB, '<Tab>')}", flush=True)

    def ends(self):
        """Goes away."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)


def bash(folder):
    """bash inserts what is left of a word, after its last = or :."""
    shell = Shell(["bash", "--noprofile", "-i"], folder)
    shell.wait([PROMPT])
    shell.types(f"ippactl ver{TAB}", r"ippactl verify $")
    shell.types(f"ippactl plan si{TAB}", r"ippactl plan site\.yaml $")
    shell.types(f"ippactl plan my{TAB}", r"ippactl plan my\\ other\.yaml $")
    shell.types(f"ippactl explain certificate-expir{TAB}{TAB}", "certificate-expired", "certificate-expiring")
    shell.types(f"ippactl subscribe site.yaml --device SEPF{TAB}", r"SEPFFEEDDCCBB02 $")
    shell.types(f"ippactl subscribe 'my other.yaml' --device=SEPA{TAB}", r"--device=SEPAABBCCDDEE01 $")
    shell.types(f"ippactl plan site.yaml --allow restart,rem{TAB}", r"restart,removal $")
    shell.types(f"ippactl plan site.yaml --report ht{TAB}no{TAB}", r"html=notes\.txt $")
    shell.types(f"ippactl runs show --state-dir ../state 2026{TAB}", r"2026-03-01T10-00-00Z-ab12 $")
    shell.types(f"ippactl plan site.yaml --output={TAB}{TAB}", r"json\s+text")
    shell.ends()


def zsh(folder):
    """zsh loads the function from a folder of $fpath."""
    shell = Shell(["zsh", "-i"], folder)
    shell.wait([PROMPT])
    shell.types(f"ippactl ver{TAB}", r"ippactl verify $")
    shell.types(f"ippactl plan my{TAB}", r"ippactl plan my\\ other\.yaml $")
    shell.types(f"ippactl explain certificate-expir{TAB}{TAB}", "certificate-expired +-- ", "certificate-expiring +-- ")
    shell.types(f"ippactl subscribe site.yaml --device SEPF{TAB}", r"SEPFFEEDDCCBB02 $")
    shell.types(f"ippactl subscribe 'my other.yaml' --device=SEPA{TAB}", r"--device=SEPAABBCCDDEE01 $")
    shell.types(f"ippactl plan site.yaml --report ht{TAB}no{TAB}", r"html=notes\.txt $")
    shell.types(f"ippactl runs show --state-dir ../state 2026{TAB}", r"2026-03-01T10-00-00Z-ab12 $")
    shell.ends()


def fish(folder):
    """fish answers what it would offer."""
    def offered(line, *wanted, **more):
        environment = {
            **more,
            "HOME": f"{folder}/home", "PATH": f"{folder}/home/bin:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
        }
        asked = ["fish", "-c", f"complete -C {line!r}"]
        told = subprocess.run(asked, cwd=f"{folder}/site", env=environment, capture_output=True, text=True, check=True)
        values = [candidate.split("\t")[0] for candidate in told.stdout.splitlines()]
        if sorted(values) != sorted(wanted):
            sys.exit(f"shells: fish: {line!r} offers {values}, not {list(wanted)}: {told.stderr}")
        print(f"shells: fish: {line}<Tab>", flush=True)

    offered("ippactl ver", "verify")
    offered("ippactl plan ", "my other.yaml", "site.yaml")
    offered("ippactl explain certificate-ex", "certificate-expired", "certificate-expiring")
    offered("ippactl subscribe site.yaml --device ", "SEPAABBCCDDEE01", "SEPFFEEDDCCBB02")
    offered("ippactl unsubscribe --device SEPF", "SEPFFEEDDCCBB02", IPPACTL_PLAYBOOK="site.yaml")
    offered("ippactl unsubscribe --device SEPF")
    offered("ippactl plan site.yaml --report html=no", "html=notes.txt")
    offered("ippactl runs show --state-dir ../state ", "2026-03-01T10-00-00Z-ab12")
    offered("ippactl export --state-dir ../state --deployment ", "demo")
    offered("ippactl explain nothing-like-it")
    offered("ippactl subscribe no-such.yaml --device S")
    shell = Shell(["fish", "-i"], folder)
    shell.wait(["site"])
    shell.types(f"ippactl ver{TAB}", r"ippactl verify ")
    shell.ends()


def elvish(folder):
    """elvish redraws what changed of the line only."""
    shell = Shell(["elvish"], folder)
    shell.wait(["site"])
    shell.types(f"ippactl ver{TAB}", r"ify")
    shell.types(f"ippactl subscribe site.yaml --device SEPF{TAB}", "FEEDDCCBB02")
    shell.types(f"ippactl explain certificate-expir{TAB}", "certificate-expired", "certificate-expiring")
    shell.ends()


def bash_sourced(folder):
    """The same function, read at the start of the shell, without bash-completion."""
    shell = Shell(["bash", "--noprofile", "--rcfile", f"{folder}/home/sourced/.bashrc", "-i"], folder)
    shell.wait([PROMPT])
    shell.types(f"ippactl ver{TAB}", r"ippactl verify $")
    shell.types(f"ippactl subscribe site.yaml --device=SEPF{TAB}", r"--device=SEPFFEEDDCCBB02 $")
    shell.ends()


def zsh_sourced(folder):
    """The same function, read at the start of the shell."""
    shell = Shell(["zsh", "-i"], folder, ZDOTDIR=f"{folder}/home/sourced")
    shell.wait([PROMPT])
    shell.types(f"ippactl ver{TAB}", r"ippactl verify $")
    shell.ends()


def main(folder):
    """All at once: most of the time is spent waiting for a shell to be still."""
    every = (bash, bash_sourced, zsh, zsh_sourced, fish, elvish)
    shells = [multiprocessing.Process(target=each, args=(folder,)) for each in every]
    for each in shells:
        each.start()
    for each in shells:
        each.join()
    sys.exit(any(each.exitcode for each in shells))


main(sys.argv[1])
