"""Holds a container file to the repository, since no engine builds it here.

    container.py CONTAINERFILE

Each path that is copied from the repository exists, what is copied from a stage is where cargo puts it, the Rust is that of
rust-version, and the last stage runs without root with its state in a volume.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def wrong(text: str) -> list[str]:
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    cargo = (ROOT / "Cargo.toml").read_text("utf-8")
    rust = re.search(r'^rust-version = "(.+)"$', cargo, re.MULTILINE).group(1)
    found = []
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    if len(images) != 2 or not images[0].startswith(f"docker.io/library/rust:{rust}-"):
        found.append(f"the first of two stages does not build with Rust {rust}: {images}")
    release = images[0].rsplit("-", 1)[-1]
    if not images[-1].startswith(f"docker.io/library/debian:{release}"):
        found.append(f"what is built on {release} runs on {images[-1]}")
    built = re.search(r"cargo build --locked --profile (\S+)", text)
    if not built or f"[profile.{built.group(1)}]" not in cargo:
        found.append("no profile of Cargo.toml is built")
    for line in lines:
        words = line.split()
        if words[0] != "COPY":
            continue
        if words[1].startswith("--from="):
            place = f"/src/target/{built.group(1) if built else ''}/ippactl"
            if words[2] != place:
                found.append(f"cargo does not put the program to {words[2]}")
        else:
            found += [f"{path} does not exist" for path in words[1:-1] if not (ROOT / path).exists()]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    if not users or users[-1].split(":")[0] in {"0", "root"}:
        found.append("the last user is root")
    volumes = [line.split()[1] for line in lines if line.startswith("VOLUME ")]
    if len(volumes) != 1 or f"XDG_STATE_HOME={volumes[0]}" not in text:
        found.append(f"the state folder is no volume: {volumes}")
    return found


def main() -> None:
    text = Path(sys.argv[1]).read_text("utf-8")
    if found := wrong(text):
        sys.exit("container: " + "; ".join(found))
    # A file that is wrong in each of these ways is refused.
    for old, new in [
        ("rust:", "rust:1.0-"), ("debian:bookworm", "debian:trixie"), ("--profile dist", "--profile fast"),
        ("target/dist", "target/release"), ("COPY LICENSE ", "COPY LICENCE "), ("USER 10001:10001", "USER root"),
        ("VOLUME /state", "VOLUME /elsewhere"),
    ]:
        if not wrong(text.replace(old, new)):
            sys.exit(f"container: {new} is not noticed")


if __name__ == "__main__":
    main()
