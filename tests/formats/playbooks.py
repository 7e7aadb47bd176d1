"""Holds schemas/playbook.json to the shipped playbooks and to the program: whatever it refuses, `ippactl validate` refuses
too, and no key, word or number that it offers is refused as unknown. Unknown keys and wrong types are refused everywhere."""

import copy
import json
import pathlib
import shutil
import subprocess
import sys

import jsonschema
import yaml

SCHEMA = json.loads(pathlib.Path(sys.argv[1]).read_text())
IPPACTL, FOLDER = sys.argv[2], pathlib.Path(sys.argv[3])
jsonschema.Draft7Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def resolved(schema):
    """Without references."""
    while "$ref" in schema or len(schema.get("allOf", [])) == 1:
        schema = schema.get("allOf", [schema])[0]
        if "$ref" in schema:
            schema = SCHEMA["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def branches(schema, document):
    """The schema, or the branch that fits the document."""
    schema = resolved(schema)
    if "anyOf" not in schema:
        return schema
    fitting = [resolved(one) for one in schema["anyOf"] if jsonschema.Draft7Validator({**one, "definitions": SCHEMA["definitions"]}).is_valid(document)]
    return fitting[0]


def walk(schema, document, path=()):
    """Each value of the document with its schema."""
    schema = branches(schema, document)
    yield path, schema, document
    if isinstance(document, dict):
        for key, value in document.items():
            below = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            yield from walk(below, value, (*path, key))
    elif isinstance(document, list):
        for at, value in enumerate(document):
            yield from walk(schema["items"], value, (*path, at))


def changed(document, path, value):
    """A copy with another value there."""
    document = copy.deepcopy(document)
    if not path:
        return value
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def wrong(document):
    """Copies of it that have to be refused: unknown keys, wrong types, unknown words, numbers out of range."""
    for path, schema, value in walk(SCHEMA, document):
        if isinstance(value, dict):
            if schema.get("additionalProperties") is False:
                yield path, changed(document, path, {**value, "nonsense": 1})
            for key in schema.get("required", []):
                yield path, changed(document, path, {name: kept for name, kept in value.items() if name != key})
            yield path, changed(document, path, [value])
        elif isinstance(value, list):
            yield path, changed(document, path, {"nonsense": value})
        else:
            yield path, changed(document, path, {"nonsense": 1})
            yield path, changed(document, path, [[1]])
        if "enum" in schema and "anyOf" not in schema:
            yield path, changed(document, path, "nonsense")
        if schema.get("type") == "integer":
            yield path, changed(document, path, "some")
            yield path, changed(document, path, schema["minimum"] - 1)
            yield path, changed(document, path, schema["maximum"] + 1)
        if schema.get("type") == "boolean":
            yield path, changed(document, path, "true")


def right(document):
    """Copies of it with every word and the ends of every range."""
    for path, schema, _ in walk(SCHEMA, document):
        for word in schema.get("enum", []):
            # A word of a list stands alone there: some are refused beside others.
            alone = path and isinstance(path[-1], int)
            yield path, changed(document, path[:-1], [word]) if alone else changed(document, path, word)
        if schema.get("type") == "integer":
            yield path, changed(document, path, schema["minimum"])
            yield path, changed(document, path, schema["maximum"])


def judged(documents):
    """What `ippactl validate` has against each: codes and texts."""
    files = []
    for at, document in enumerate(documents):
        files.append(FOLDER / f"{at:04}.yaml")
        files[-1].write_text(json.dumps(document))
    told = subprocess.run([IPPACTL, "validate", "--output", "json", *files], capture_output=True, text=True, check=False)
    deployments = json.loads(told.stdout)["deployments"]
    assert len(deployments) == len(files), (len(deployments), len(files))
    return [[(error["code"], error["what"]) for error in one["errors"]] for one in deployments]


def fail(text):
    sys.exit(f"playbooks: {text}")


shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir(parents=True)
shipped = sorted(pathlib.Path("playbooks").glob("*.yaml"))
for csv in pathlib.Path("playbooks").glob("*.csv"):
    shutil.copy(csv, FOLDER)
playbooks = {path.name: yaml.safe_load(path.read_text()) for path in shipped}
for name, document in playbooks.items():
    for error in VALIDATOR.iter_errors(document):
        fail(f"{name} is refused at {error.json_path}: {error.message}")

# Beside the reference, what it can only mention in comments.
reference = playbooks["reference.yaml"]
more = copy.deepcopy(reference)
more["cucm"]["nodes"] = {"cucm-sub1": {"address": "sub1.example.com"}, "imp1": {"skip": "IM and Presence"}}
more["tls"] = {"ca_files": ["ca.pem"], "pins": {"fin-a.example.com:8445": ["sha256:" + "0a" * 32]}}
more["ssh"] = {"known_hosts": "known_hosts"}
more["one_button_sign_in"]["password"] = "administrator"
more["agents"]["passwords"] = {"command": ["pass", "show", "agents"]}
more["agents"]["phones"] = [{"device": "SEP001122330040", "manage": "verify"}]
more["finesse_settings"] = {
    "mode": "rest", "method": "PUT", "path": "/finesse/api/X", "body": "<X>{{ user }}{{ password }}</X>",
    "read_back": {"path": "/finesse/api/X", "user": "//username"},
}
more["restart"]["between_nodes"] = 5
more["windows"][0]["days"] = ["sat", "sun"]
more["limits"]["writes_per_minute"] = 600
more["sso"]["ids"] = ["ids.example.com"]
more["credentials"]["axl"]["password"] = {"file": "secrets/axl"}
more["credentials"]["finesse"]["password"] = {"keyring": "finesse"}
for document in (reference, more):
    VALIDATOR.validate(document)
if any(judged([reference, more])):
    fail(f"ippactl refuses what is right: {judged([reference, more])}")

# Of the second document what the first has not.
seen = {path: value for path, _, value in walk(SCHEMA, reference)}


def cases(kind):
    for document in (reference, more):
        for path, case in kind(document):
            value = document
            for step in path:
                value = value[step]
            if document is reference or path not in seen or seen[path] != value and not isinstance(value, dict):
                yield path, case


refused = list(cases(wrong))
for path, document in refused:
    if VALIDATOR.is_valid(document):
        fail(f"the schema accepts a mistake at {path}: {json.dumps(document)[:2000]}")
for (path, document), mistakes in zip(refused, judged([document for _, document in refused]), strict=True):
    if not mistakes:
        fail(f"ippactl accepts what the schema refuses at {path}")

offered = list(cases(right))
for path, document in offered:
    VALIDATOR.validate(document)
codes = {"unknown-key", "unknown-word", "wrong-type"}
for (path, document), mistakes in zip(offered, judged([document for _, document in offered]), strict=True):
    for code, text in mistakes:
        if code in codes or "whole number" in text:
            fail(f"ippactl refuses what the schema offers at {path}: {text}")


def names(schema):
    """Every key that the schema has."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for below in schema.values():
            yield from names(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from names(below)


# A key that neither document has was not shown to work; these exclude others.
shown = {step for document in (reference, more) for path, _, _ in walk(SCHEMA, document) for step in path}
if missing := set(names(SCHEMA)) - shown - {"site"}:
    fail(f"never tried: {missing}")
print(f"playbooks: {len(playbooks)} hold; {len(refused)} mistakes refused by both, {len(offered)} words and numbers taken by both")
