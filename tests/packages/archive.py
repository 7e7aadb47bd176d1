"""Holds the archives of a release to what docs/install.md says is in them, and runs the program of the one for this machine.

    archive.py FOLDER VERSION
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

WANTED = [
    "LICENSE", "LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY.txt", "README.md", "CHANGELOG.md", "SECURITY.md", "man/ippactl.1",
    "completions/ippactl.bash", "completions/_ippactl", "completions/ippactl.fish", "playbooks/reference.yaml",
    "schemas/report.json", "docs/install.md",
]


def main() -> None:
    folder, version = Path(sys.argv[1]), sys.argv[2]
    tars, zips = sorted(folder.glob("*.tar.gz")), sorted(folder.glob("*.zip"))
    if (len(tars), len(zips)) != (1, 1):
        sys.exit(f"archive: {tars} {zips}")
    for path, names in (
        (tars[0], [member.name for member in tarfile.open(tars[0])]),
        (zips[0], zipfile.ZipFile(zips[0]).namelist()),
    ):
        stem = path.name.removesuffix(".tar.gz").removesuffix(".zip")
        if not stem.startswith(f"ippactl-{version}-"):
            sys.exit(f"archive: {path.name} does not name version and target")
        program = "ippactl.exe" if "windows" in stem else "ippactl"
        missing = [name for name in [program, *WANTED] if f"{stem}/{name}" not in names]
        if missing:
            sys.exit(f"archive: {path.name} lacks {missing}")
        if outside := [name for name in names if not name.startswith(f"{stem}/")]:
            sys.exit(f"archive: {path.name} would write beside its own folder: {outside}")
    with tempfile.TemporaryDirectory() as place, tarfile.open(tars[0]) as archive:
        archive.extractall(place, filter="data")
        program = Path(place) / tars[0].name.removesuffix(".tar.gz") / "ippactl"
        if not os.access(program, os.X_OK):
            sys.exit("archive: the program cannot be run")
        said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        if said != f"ippactl {version}":
            sys.exit(f"archive: the program says {said}")


if __name__ == "__main__":
    main()
