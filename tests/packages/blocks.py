"""Prints the commands of a document: the lines in ```sh blocks below a heading, without sudo.

    blocks.py DOCUMENT "## Heading" …

With --all DOCUMENT it tells how many there are in the whole document.
"""

import sys


def commands(text: str) -> dict[str, list[str]]:
    """Each heading with the commands below it, up to the next heading of any depth."""
    found: dict[str, list[str]] = {}
    heading, fence = "", None
    for line in text.splitlines():
        if line.startswith("```"):
            fence = line.removeprefix("```") if fence is None else None
        elif fence == "sh":
            found.setdefault(heading, []).append(line.removeprefix("sudo "))
        elif fence is None and line.startswith("#"):
            heading = line
    return found


def main() -> None:
    with open(sys.argv[2] if sys.argv[1] == "--all" else sys.argv[1], encoding="utf-8") as file:
        found = commands(file.read())
    if sys.argv[1] == "--all":
        print(sum(map(len, found.values())))
        return
    for heading in sys.argv[2:]:
        if heading not in found:
            sys.exit(f"blocks: there are no commands below {heading}")
        print("\n".join(found[heading]))


if __name__ == "__main__":
    main()
