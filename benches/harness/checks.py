"""Each acceptance line as a named check: its limit, what was measured, and whether it holds."""

from . import compare

#: Kinds of requests that `apply` makes per phone or per batch of phones.
PER_PHONE = ("updatePhone", "applyPhone", "executeSQLUpdate")


def most(limit, value, unit=""):
    return {"limit": f"≤ {limit:g}{unit}", "measured": value, "unit": unit, "holds": value <= limit}


def least(limit, value, unit=""):
    return {"limit": f"≥ {limit:g}{unit}", "measured": value, "unit": unit, "holds": value >= limit}


def none(value):
    return {"limit": "0", "measured": value, "unit": "", "holds": value == 0}


def start(result):
    yield "start-help", most(10, result["help_ms"], " ms")
    yield "start-first-request", most(60, result["first_request_ms"], " ms")


def many(result):
    yield "many-equal-sites", most(1.3, result["equal"]["ratio"], " × one alone")
    yield "many-one-large", most(1.3, result["one_large"]["ratio"], " × the slowest alone")


def compared(result):
    """At 1,000 phones; in a quick run at its largest size."""
    of = next((one for one in result if one["phones"] == 1000), None) or max(result, key=lambda one: one["phones"])
    if of["phones"] > 1000:
        raise ValueError("1,000 phones were not measured")
    ratio = compare.ratios(of)
    yield "compare-cpu", least(10, ratio["cpu_s"], " × less")
    yield "compare-memory", least(4, ratio["memory_mb"], " × less")


def scale(result):
    if len(result) < 2:
        raise ValueError("not every size was measured")
    small, large = result
    phones, kinds = large["phones"], large["kinds"]
    if large["not_seen"]:
        raise ValueError(f"{large['not_seen']} requests were not seen, so kinds cannot be told")
    rows = kinds.get("SQL: subscriptions", 0) + kinds.get("SQL: values", 0)
    yield "verify-rows", most(1, 500 * rows / phones, " requests per 500 phones")
    yield "verify-configuration", most(1, 200 * kinds.get("SQL: configuration", 0) / phones, " requests per 200 phones")
    yield "verify-memory", most(150, large["memory_mb"], " MB")
    yield "verify-cpu", most(4, large["cpu_s"], " s")
    # RisPort's minutes are the cluster's, whatever the client is like; they are told apart, and stand in the figures.
    factor = large["phones"] / small["phones"]
    yield "verify-growth", most(1.1 * factor, large["own_s"] / small["own_s"], f" × the time for {factor:g} × the phones")
    # Of the client alone: the server works on the same cores.
    cpu = large["cpu_s"] / small["cpu_s"]
    yield "verify-growth-cpu", most(1.1 * factor, cpu, f" × the CPU time for {factor:g} × the phones")
    yield "verify-in-sync", none(phones - large["devices_in_sync"])


def fresh(result):
    phones, operations = result["phones"], result["operations"]
    of = {name: operations.get(name, 0) for name in PER_PHONE}
    others = sum(operations.values()) - sum(of.values()) + result["risport"] + result["finesse"]
    yield "apply-update-phone", most(1, of["updatePhone"] / phones, " per phone")
    yield "apply-apply-phone", most(1, of["applyPhone"] / phones, " per phone")
    yield "apply-statements", most(2, 50 * of["executeSQLUpdate"] / phones, " per 50 phones")
    yield "apply-others", most(3, 100 * others / phones, " per 100 phones")
    yield "apply-memory", most(120, result["memory_mb"], " MB")
    yield "apply-in-sync", none(not_in_sync(result))
    yield "apply-done", none(abs(result["exit_code"]))


def ceiling(result):
    if result["per_second"] is None:
        raise ValueError("the run was too short to tell how fast it writes")
    own = result["own_ceiling_per_second"]
    yield "apply-throughput", least(0.9 * own, result["per_second"], f" writes/s of {own:g}")
    yield "apply-throughput-done", none(abs(result["exit_code"]))


def throttled(result):
    if result.get("per_second") is None:
        raise ValueError(f"at most {result['most_outstanding']} notifications were outstanding: the server was not full for long")
    yield "throttled-rate", least(95, 100 * result["per_second"] / result["drain_per_second"], " % of the drain rate")
    yield "throttled-refused", under(5, 100 * result["throttled"] / result["writes"], " % of the writes")
    yield "throttled-lost", none(result["lost"] + result["values_lost"] + not_in_sync(result))
    yield "throttled-doubled", none(result["doubled"] + result["doubled_writes"])
    yield "throttled-failed", none(abs(result["exit_code"]) + sum(n for state, n in result["steps"].items() if state != "done"))


def under(limit, value, unit):
    return {"limit": f"< {limit:g}{unit}", "measured": value, "unit": unit, "holds": value < limit}


def not_in_sync(result):
    """Phones that `verify` does not find in sync after a run; all of them where it gave no answer."""
    found = result.get("in_sync")
    return result["phones"] - found if isinstance(found, int) else result["phones"]


OF_PART = {
    "start": start, "many": many, "compare": compared, "scale": scale, "fresh": fresh, "ceiling": ceiling,
    "throttled": throttled,
}


def judged(part, result):
    """The checks of a part by name. One that cannot be judged does not hold, and says why."""
    checks = {}
    try:
        for name, check in OF_PART[part](result):
            checks[name] = check
    except Exception as trouble:  # What a part measured may lack anything.
        checks[f"{part}-judged"] = {"limit": "judged", "measured": f"not judged: {trouble}", "unit": "", "holds": False}
    return checks


def rows(checks):
    """Name, limit, measured, verdict: as text."""
    for name, check in checks.items():
        measured = check["measured"]
        if isinstance(measured, float):
            measured = f"{measured:.3g}" if abs(measured) < 100 else f"{measured:.0f}"
        yield name, check["limit"], f"{measured}{check['unit'] if check['measured'] != 0 else ''}", check["holds"]
