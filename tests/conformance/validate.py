"""Holds recorded AXL exchanges to the vendor's schema, for every supported release.

A body is taken out of its envelope, its namespace version is rewritten to each release in turn, and it is validated
against that release's AXLSoap.xsd.

  validate.py --schema DIR self-test DIR          what is in DIR is judged as it should be
  validate.py --schema DIR records DIR [DIR ...]  exchanges of ippactl; with --third-party DIR those of other clients,
                                                  with --require OPERATION that one must be among ippactl's, with
                                                  --summary JSON the figures for the table

Exit code 0: all valid. 1: something is not, or there was nothing to judge.
"""

import argparse
import json
import sys
from pathlib import Path

from records import judge_records
from schema import load_schemas
from self_test import self_test


def main():
    parser = argparse.ArgumentParser(description="Hold AXL exchanges to the vendor's schema.")
    parser.add_argument("--schema", type=Path, required=True, help="folder with 11.5, 12.0, …")
    parser.add_argument("--require", action="append", default=[], metavar="OPERATION")
    parser.add_argument("--third-party", action="append", default=[], type=Path, metavar="DIR")
    parser.add_argument("--summary", type=Path)
    parser.add_argument("what", choices=["self-test", "records"])
    parser.add_argument("folders", type=Path, nargs="+")
    args = parser.parse_args()
    schemas = load_schemas(args.schema)
    if args.what == "self-test":
        return 0 if all([self_test(folder, schemas) for folder in args.folders]) else 1
    tally = judge_records(args.folders, schemas, args.require, args.third_party)
    if args.summary:
        args.summary.write_text(json.dumps(tally.summary(), indent=1), encoding="utf-8")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
