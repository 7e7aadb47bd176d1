"""Prints a bash script of what the README tells a newcomer to do, and of what ippactl has to do after that, on the examples of
the package in the current folder.

The tour is every command in the blocks of the README's section whose heading says "Try it" or "60": each line of ```sh, and in
```console what stands behind "$ ". Where a comment behind a
command says "exit code N", that is what it has to end with; else 0.
"""

import re
import sys

SECTION = re.compile(r"^##+ .*(try it|60)", re.IGNORECASE)


def tour(readme: str) -> list[str]:
    commands, inside, fence = [], False, None
    for line in readme.splitlines():
        if line.startswith("```"):
            fence = line.removeprefix("```") if fence is None else None
        elif fence is None and line.startswith("##"):
            inside = bool(SECTION.match(line))
        elif inside and (fence == "sh" or fence == "console" and line.startswith("$ ")):
            commands.append(line.removeprefix("$ ").strip())
    # From the repository the program is built first; here it is installed.
    installed = (re.sub(r"^cargo run (--\w+ )*-- ", "ippactl ", line) for line in commands)
    return [line for line in installed if line.startswith("ippactl ")]


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        found = [line for line in tour(file.read()) if "--sandbox" in line or "--help" in line or "validate" in line]
    if not any("apply" in line for line in found):
        sys.exit("tour: the README's tour has no apply")
    kept = "playbooks/two-node-uccx.yaml --sandbox --sandbox-state cluster.db --no-input"
    wanted = [(line, int(code.group(1)) if (code := re.search(r"#.*exit code (\d+)", line)) else 0) for line in found]
    # A cluster that is kept: drift, its repair, and that nothing is left to do.
    wanted += [
        ("ippactl validate playbooks/*.yaml", 0),
        (f"ippactl verify {kept}", 2),
        (f"ippactl apply {kept} --yes", 0),
        (f"ippactl plan {kept} --detailed-exitcode", 0),
        (f"ippactl verify {kept}", 0),
        ("ippactl runs --sandbox --sandbox-state cluster.db", 0),
        ("ippactl explain subscription-missing", 0),
        ("ippactl init --sandbox --no-input --out first.yaml", 0),
        ("ippactl validate first.yaml", 0),
        ("ippactl plan first.yaml --sandbox", 0),
    ]
    for line, code in wanted:
        quoted = line.replace("'", "'\\''")
        print(f"echo '+ {quoted}'\ncode=0\n{{ {line}\n}} || code=$?")
        print(f"""[ "$code" = {code} ] || {{ echo "ended with $code, not {code}" >&2; exit 1; }}""")


if __name__ == "__main__":
    main()
