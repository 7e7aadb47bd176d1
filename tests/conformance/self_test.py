"""Shows that the judges can tell good from bad, before anything real is judged."""

import contextlib
import io
import re
import sys
from pathlib import Path

from records import judge_records
from schema import RELEASES, Invalid, body_of, faults_of

sys.path.append(str(Path(__file__).with_name("third_party")))

from content import A_UUID, Among, Without, differences, tidy  # noqa: E402

UUID = "{0123ABCD-0123-4567-89AB-0123456789AB}"
ANSWER = {"user": {"uuid": UUID, "name": "a", "flag": None, "devices": [{"name": "x"}, {"name": "y"}]}}
# What an answer is asked for, and whether the one above has it.
ASKED = [
    ({"user": {"name": "a", "uuid": A_UUID, "flag": None}}, True),
    ({"user": {"devices": [{"name": "x"}, {"name": "y"}]}}, True),
    ({"user": {"devices": Among({"name": "y"})}}, True),
    ({"user": {"devices": Without({"name": "z"})}}, True),
    ({"user": {"name": "b"}}, False),
    ({"user": {"name": None}}, False),
    ({"user": {"name": A_UUID}}, False),
    ({"user": {"flag": "t"}}, False),
    ({"user": "a"}, False),
    ({"other": {"name": "a"}}, False),
    ({"user": {"devices": [{"name": "x"}]}}, False),
    ({"user": {"devices": [{"name": "y"}, {"name": "x"}]}}, False),
    ({"user": {"devices": None}}, False),
    ({"user": {"devices": Among({"name": "z"})}}, False),
    ({"user": {"devices": Without({"name": "x"})}}, False),
]


def judge_quietly(folders, schemas, required=()):
    """As judge_records, with what it would have printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        judged = judge_records(folders, schemas, required)
    return not judged.wrong, said.getvalue()


def self_test(folder, schemas):
    """Bodies in `good` and `bad`, folders of records, and questions of content: each judged as it should be."""
    good, bad = sorted(folder.glob("good/*.xml")), sorted(folder.glob("bad/*.xml"))
    if not good or not bad:
        print(f"self-test: no bodies in {folder}")
        return False
    failed = []
    for path in good:
        try:
            found = faults_of(body_of(path.read_bytes()), schemas)
        except Invalid as error:
            found = {"envelope": [str(error)]}
        if found:
            failed.append(f"{path.name} should be valid: {found}")
    for path in bad:
        data = path.read_bytes()
        expected = re.search(rb"<!-- expected: (.*?) -->", data)
        if not expected:
            failed.append(f"{path.name} does not say what is expected of it")
            continue
        expected = expected.group(1).decode()
        try:
            found = faults_of(body_of(data), schemas)
        except Invalid as error:
            found = {release: [str(error)] for release in RELEASES}
        for release in RELEASES:
            if not any(expected in message for message in found.get(release, [])):
                failed.append(f"{path.name} in {release}: expected '{expected}', got {found.get(release)}")
    records = {folder / "records_good": True, Path("no-such-folder"): False}
    missing = judge_quietly([folder / "records_good"], schemas, ["addAppUser"])
    if missing[0] or "no addAppUser" not in missing[1]:
        failed.append(f"a required operation is missing, and that was not said: {missing[1]}")
    records.update({path: False for path in sorted((folder / "records_bad").iterdir())})
    for path, expected in records.items():
        judged, said = judge_quietly([path], schemas)
        if judged != expected:
            failed.append(f"records in {path}: expected {expected}, got {judged}: {said}")
    for asked, there in ASKED:
        if (not differences(asked, tidy(ANSWER))) != there:
            failed.append(f"content: {asked} should {'' if there else 'not '}be in {ANSWER}")
    for line in failed:
        print(f"self-test: {line}")
    print(
        f"self-test: {len(good)} valid and {len(bad)} broken bodies, {len(records)} folders of records, "
        f"{len(ASKED)} questions of content, {len(failed)} misjudged"
    )
    return not failed
