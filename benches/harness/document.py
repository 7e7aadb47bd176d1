"""Writes what was measured into docs/performance.md, between its marks, and the plot beside it. What was not measured is
not in it."""

import sys

from . import checks, plot
from .laboratory import ROOT

PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- measured: benches/run --document -->", "<!-- end of what was measured -->"


def write(results):
    if not results:
        sys.exit("nothing was measured: benches/run")
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest or not after:
        sys.exit(f"{PAGE.name} has no marks")
    figures = "\n\n".join(part for part in sections(results) if part)
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")
    panels = growth(results)
    if panels:
        PLOT.write_text(plot.svg(panels), encoding="utf-8")


def sections(results):
    yield machines(results)
    yield acceptance(results)
    of = {part: kept["measured"] for part, kept in results.items()}
    if "compare" in of:
        yield compared(of["compare"])
    if "scale" in of:
        yield scaled(of["scale"])
    if "fresh" in of:
        yield fresh(of["fresh"])
    if "ceiling" in of:
        yield ceiling(of["ceiling"])
    if "throttled" in of:
        yield throttled(of["throttled"])
    if "many" in of:
        yield many(of["many"])
    if growth(results):
        yield "![CPU time, memory and wall time by number of phones](performance.svg)"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def machines(results):
    """One sentence for each machine and day that figures are from."""
    told = {}
    for part, kept in results.items():
        one = kept["machine"]
        line = (
            f"{one['processor']}, {one['cores']} cores, {one['memory_gb']} GB, {one['system']}; {one['ippactl']}; "
            f"{kept['at'][:10]}, load before {one['load_before']}"
        )
        told.setdefault(line, []).append(part)
    return "\n".join(f"Measured on {line} ({', '.join(parts)})." for line, parts in told.items())


def acceptance(results):
    rows = []
    for kept in results.values():
        for name, limit, measured, holds in checks.rows(kept["checks"]):
            rows.append((f"`{name}`", limit, measured, "holds" if holds else "**does not hold**"))
    return "## Limits\n\n" + table(("check", "limit", "measured", ""), rows)


def compared(sizes):
    parts = ["## Beside other clients"]
    for one in sizes:
        own, facts = one["sides"]["ippactl"], one["facts"]
        rows = []
        for name, side in one["sides"].items():
            asked = side["requests"]
            requests = f"{asked['axl']} AXL"
            if asked["risport"] or asked["finesse"]:
                requests += f", {asked['risport']} RisPort, {asked['finesse']} Finesse"
            times = [f"{side[key] / own[key]:.1f}" for key in ("wall_s", "cpu_s", "memory_mb")]
            rows.append((
                name, f"{side['wall_s']:.2f} s", f"{side['cpu_s']:.2f} s", f"{side['memory_mb']:.0f} MB", requests, " / ".join(times),
            ))
        rounds = "once" if one["rounds"] == 1 else f"medians of {one['rounds']} rounds in turns"
        parts.append(
            f"{one['phones']:,} phones, {rounds}. All read {facts['subscriptions']:,} subscriptions, {facts['values']:,} values and "
            f"{facts['phones']:,} phones, and name the same {facts['differing']} that differ."
        )
        parts.append(table(("", "wall", "CPU", "peak memory", "requests", "× ippactl: wall / CPU / memory"), rows))
        parts += [f"{name} was left out: {why}" for name, why in one["left_out"].items()]
    return "\n\n".join(parts)


def scaled(sizes):
    rows = []
    for one in sizes:
        rows.append((
            f"{one['phones']:,}", f"{one['own_s']:.2f} s", f"{one['paced_s']:.0f} s", f"{one['cpu_s']:.2f} s",
            f"{one['memory_mb']:.0f} MB", one["kinds"].get("SQL: subscriptions", 0), one["kinds"].get("SQL: values", 0),
            one["kinds"].get("SQL: configuration", 0),
            sum(one["kinds"].values()) - sum(one["kinds"].get(f"SQL: {kind}", 0) for kind in ("subscriptions", "values", "configuration")),
            one["risport"], one["runs"],
        ))
    largest = sizes[-1]
    size = largest["configuration_bytes"]
    spent = sorted(largest["phases_s"].items(), key=lambda item: -item[1])[:8]
    return "\n\n".join((
        "## `verify` of a large site in sync",
        f"vendorConfig {size['smallest']} to {size['largest']:,} bytes, mean {size['mean']}; medians of the runs named.",
        table(
            ("phones", "wall without RisPort", "RisPort", "CPU", "peak memory", "subscriptions", "values", "vendorConfig",
             "other AXL", "RisPort requests", "runs"), rows,
        ),
        *grown(sizes),
        f"Where the last run of {largest['phones']:,} phones spent its time, the server's included: "
        + ", ".join(f"{what} {seconds:g} s" for what, seconds in spent) + ".",
    ))


def grown(sizes):
    """How much more the largest site takes than the smallest, on the medians and run by run."""
    small, large = sizes[0], sizes[-1]
    if small is large:
        return
    figures = (("wall time without RisPort", "own_s"), ("CPU time", "cpu_s"))
    texts = []
    for title, key in figures:
        each = ", ".join(f"{b[key] / a[key]:.1f}" for a, b in zip(small["each"], large["each"]))
        texts.append(f"{title} {large[key] / small[key]:.1f} times (run by run {each})")
    yield f"{large['phones'] / small['phones']:g} times the phones take " + "; ".join(texts) + "."


def fresh(one):
    ended = "" if one["exit_code"] == 0 else f" The run did not end well ({one['exit_code']}): the figures are of a part of it."
    operations = sorted(one["operations"].items(), key=lambda item: -item[1])
    return "\n\n".join((
        "## `apply` of fresh phones",
        f"{one['phones']:,} phones with nothing subscribed: {one['wall_s']:.0f} s, CPU {one['cpu_s']:.1f} s, peak "
        f"{one['memory_mb']:.0f} MB. `phone_apply` sends at most 100 phones a second.{ended}",
        table(("operation", "requests", "per phone"), [(f"`{name}`", f"{n:,}", f"{n / one['phones']:.4f}") for name, n in operations]),
    ))


def ceiling(one):
    own, rows = one["own_ceiling_per_second"], []
    for run in one["runs"]:
        before, after = run["generator_per_second"]
        sides = {
            "raw generator before": before,
            f"`apply` of {run['phones']:,} fresh phones": run["per_second"],
            "raw generator after": after,
        }
        for side, rate in sides.items():
            told = (f"{rate:.0f}", f"{100 * rate / own:.0f} %") if rate else ("–", "–")
            rows.append((f"{run['in_flight']} in flight, {side}", *told))
    return "\n\n".join((
        "## The server's ceiling",
        f"A sandbox of 8 workers and 20 ms for each write serves at most {own:g} writes a second. As many writes in flight as there are "
        "workers (the default of `limits.concurrency`) leave each worker idle for a round trip; twice as many do not. The generator sends "
        "`updatePhone` alone; `apply` sends statements about some 50 phones, too, each of which counts as one write and takes the "
        "sandbox longer. Each server by itself, all in one run:",
        table(("", "writes a second", "of the ceiling"), rows),
    ))


def throttled(one):
    rate = one.get("per_second")
    told = f"{rate:.1f} writes a second ({100 * rate / one['drain_per_second']:.0f} %)" if rate else "not told"
    return "\n\n".join((
        "## A server that refuses",
        f"Writes are refused (503) while more than {one['limit']:,} change notifications are outstanding; {one['drain_per_second']} "
        f"leave in a second. {one['phones']:,} phones: accepted once it was full {told}; {one['throttled']} of {one['writes']:,} writes "
        f"refused; at most {one['most_outstanding']:,} outstanding; lost {one['lost']}, doubled {one['doubled']}, in sync afterwards "
        f"{one['in_sync']}.",
    ))


def many(kinds):
    words = {"equal": "equal sites", "one_large": "one larger than the others"}
    rows = [
        (words[kind], f"{one['alone_s']:.2f} s", f"{one['together_s']:.2f} s", f"{one['ratio']:.2f}",
         f"{one['alone_axl_requests']} / {one['together_axl_requests']}", f"{one['alone_cpu_s']:.2f} / {one['together_cpu_s']:.2f} s")
        for kind, one in kinds.items()
    ]
    return "\n\n".join((
        "## Twenty deployments in one call",
        "`verify` at a server that takes 50 ms for each request, the slowest alone and all twenty at once in turns; medians of 5 rounds.",
        table(("", "slowest alone", "twenty at once", "ratio", "AXL requests", "CPU"), rows),
    ))


def growth(results):
    """The panels of the plot: each side's figures by number of phones."""
    series = {key: {} for key in ("cpu_s", "memory_mb", "wall_s")}
    for one in results.get("compare", {}).get("measured", ()):
        for name, side in one["sides"].items():
            for key in series:
                series[key].setdefault(name, []).append((one["phones"], side[key]))
    for one in results.get("scale", {}).get("measured", ()):
        for key in series:
            value = one["own_s" if key == "wall_s" else key]
            series[key].setdefault("ippactl", []).append((one["phones"], value))
    titles = (("CPU time of the client", "s", "cpu_s"), ("peak memory of the client", "MB", "memory_mb"), ("wall time", "s", "wall_s"))
    return [(title, unit, series[key]) for title, unit, key in titles if series[key]]
