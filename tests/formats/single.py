"""Holds one document of --output json to its published schema, and the schema to a document that it has to refuse."""

import json
import pathlib
import sys

import jsonschema

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
document = json.loads(pathlib.Path(sys.argv[2]).read_text())
validator = jsonschema.Draft202012Validator(schema)
validator.validate(document)
broken = {**document, "exit_code": "none"}
if validator.is_valid(broken):
    sys.exit(f"{sys.argv[1]} accepts an exit code that is a word")
print(f"{document['schema']}: holds")
