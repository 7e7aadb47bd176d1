"""Prints what a run has shown: operation × release, product × release, and the totals.

  table.py SUMMARY_JSON RESULT_JSON … --matrix TSV

Exit code 0: no cell has failed and none is missing.
"""

import argparse
import json
import sys
from pathlib import Path

from schema import RELEASES

CLIENTS = ("zeep", "node")


def judged(name, counts):
    """`req 12`, or what is wrong with it."""
    if counts is None:
        return f"{name} –", True
    count, bad = counts
    return (f"{name} {bad}/{count} BAD", False) if bad else (f"{name} {count}", True)


def agreed(client, result, operation):
    if result is None:
        return f"{client} MISSING", False
    if operation in result["failed"]:
        return f"{client} FAILS", False
    if operation in result["proven"]:
        return f"{client} ok", True
    return (f"{client} –", True) if operation in result["cannot"] else (f"{client} MISSING", False)


def operations_table(summary, results):
    """Lines, and whether every cell is good."""
    operations = set(summary["operations"])
    for result in results.values():
        operations |= {*result["proven"], *result["failed"], *result["cannot"]}
    rows, good = [["operation", *RELEASES]], True
    for operation in sorted(operations):
        row = [operation]
        for release in RELEASES:
            counts = summary["operations"].get(operation, {}).get(release, {})
            parts = [judged("req", counts.get("request")), judged("rep", counts.get("reply"))]
            parts += [agreed(client, results.get((client, release)), operation) for client in CLIENTS]
            good = good and all(fine for _, fine in parts) and "reply" in counts
            row.append(" · ".join(text for text, _ in parts))
        rows.append(row)
    return aligned(rows), good


def matrix_table(path):
    """One line of the file: AXL release, product, Finesse release, steps and writes, or FAILS."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        release, product, finesse, outcome = line.split("\t")
        found[product, release] = f"{finesse} · {outcome}"
    products = ("uccx", "ucce", "pcce")
    rows = [["product", *RELEASES]]
    rows += [[product, *(found.get((product, r), "MISSING") for r in RELEASES)] for product in products]
    return aligned(rows), not any(word in cell for row in rows for cell in row for word in ("MISSING", "FAILS"))


def aligned(rows):
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def legend(results):
    lines = ["req –: ippactl never sends this operation; the sandbox offers it to other clients"]
    reasons = {
        (client, operation, reason)
        for (client, _), result in results.items()
        for operation, reason in result["cannot"].items()
    }
    lines += [f"{client} – {operation}: {reason}" for client, operation, reason in sorted(reasons)]
    lines.append("node: the library tells no HTTP status; where one is expected, it is taken from the sandbox's record")
    return lines


def totals(summary, results):
    operations = summary["operations"]
    count = {
        direction: sum(o.get(RELEASES[0], {}).get(direction, [0])[0] for o in operations.values())
        for direction in ("request", "reply")
    }
    lines = [
        f"requests of ippactl: {count['request']}; replies of the sandbox: {count['reply']};"
        f" each valid in {', '.join(RELEASES)}",
        f"requests of third-party clients, judged by sandbox and schema alike: {sum(summary['agreed'].values())}"
        f" ({', '.join(f'{n} {how}' for how, n in sorted(summary['agreed'].items()))})",
    ]
    for client in CLIENTS:
        own = {release: result for (name, release), result in results.items() if name == client}
        each = ", ".join(f"{release}: {len(own[release]['proven'])}" for release in RELEASES if release in own)
        held = sum(sum(result["proven"].values()) for result in own.values())
        lines.append(f"operations proven by {client}: {each}; answers held to their content: {held}")
    for title, name in (("injected replies, not judged", "injected"), ("replies without SOAP", "not_soap")):
        rows = summary[name]
        each = ", ".join(f"{operation} {status} ×{n}" for operation, status, n in rows)
        lines.append(f"{title}: {sum(row[-1] for row in rows)}{f' ({each})' if each else ''}")
    for body, asked, release, reason, n in summary["exempted"]:
        lines.append(f"exception: {body} asked in {asked}, not valid in {release}, ×{n}: {reason}")
    lines.append(f"objections: {summary['objections']}")
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("summary", type=Path)
    parser.add_argument("results", type=Path, nargs="*")
    parser.add_argument("--matrix", type=Path, required=True)
    args = parser.parse_args()
    summary = json.loads(args.summary.read_text(encoding="utf-8"))
    read = [json.loads(path.read_text(encoding="utf-8")) for path in args.results]
    results = {(result["client"], result["release"]): result for result in read}
    operations, operations_good = operations_table(summary, results)
    matrix, matrix_good = matrix_table(args.matrix)
    print("\n".join([*operations, "", *legend(results), "", *matrix, "", *totals(summary, results)]))
    return 0 if operations_good and matrix_good and not summary["objections"] else 1


if __name__ == "__main__":
    sys.exit(main())
