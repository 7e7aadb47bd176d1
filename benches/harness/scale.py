"""`verify` of a large site in sync, alone: requests by kind, memory, CPU, and how cost grows with the phones."""

import contextlib
import datetime
import json
import statistics
import time

from . import site
from .laboratory import Laboratory, Unusable
from .watch import Watch

#: Seconds after which a verify is given up: the other parts have to be measured too.
LONGEST = 420
#: What the client waits for by itself: RisPort takes 15 requests a minute, 1,000 phones each.
PACED = "what the phones run"
#: What each run is told by; `own_s` is the wall time without what is paced.
FIGURES = ("wall_s", "own_s", "paced_s", "cpu_s", "memory_mb")


def phases(lab):
    """Seconds by what was read, as the events tell."""
    seconds, last = {}, None
    for line in (lab.folder / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        at = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
        what = event.get("what", event["event"]) if event["event"] in ("reading", "finished") else None
        if last:
            seconds[last[0]] = seconds.get(last[0], 0) + at - last[1]
        if what is not None or last is None:
            last = (what or event["event"], at)
        else:
            last = (last[0], at)
    return {what: round(spent, 2) for what, spent in seconds.items() if spent >= 0.005}


def one(lab, phones):
    with Watch(lab) as watch:
        ran, deployment = site.verified(lab, timeout=LONGEST, words=("--events", "events.jsonl"))
    spent = phases(lab)
    counted = watch.counted
    return {
        "wall_s": ran.wall, "cpu_s": ran.cpu, "memory_mb": ran.memory, "phases_s": spent,
        "paced_s": spent.get(PACED, 0), "own_s": ran.wall - spent.get(PACED, 0), "kinds": dict(watch.kinds), "not_seen": watch.missed,
        "risport": counted["ris_requests"], "devices_in_sync": deployment["counts"]["devices_in_sync"],
    }


def measure(sizes, rounds, budget, progress=lambda _: None):
    """Each size at a sandbox of its own, in turns, so that what one run meets the others meet too; as many rounds as the
    budget of seconds has room for, and one at least."""
    runs, begun = {}, time.monotonic()
    with contextlib.ExitStack() as sandboxes:
        labs = {}
        for phones in sizes:
            progress(f"verify of {phones} phones: making the site")
            labs[phones] = sandboxes.enter_context(Laboratory("--phones", phones))
            site.in_sync(labs[phones], phones)
        for number in range(rounds):
            for phones, lab in labs.items():
                if runs.get(phones) and time.monotonic() - begun > budget:
                    continue
                progress(f"verify of {phones} phones, run {number + 1}")
                try:
                    runs.setdefault(phones, []).append(one(lab, phones))
                except Unusable as trouble:  # What was measured is not lost.
                    progress(f"verify of {phones} phones could not be measured: {trouble}")
        if not any(runs.values()):
            raise Unusable("no size could be measured")
        return [told(labs[phones], phones, measured) for phones, measured in runs.items() if measured]


def told(lab, phones, runs):
    """Medians, and what each run took."""
    return {
        "phones": phones, "rows": site.counted(lab), "configuration_bytes": site.configuration_bytes(lab),
        "runs": len(runs), "sandbox_memory_mb": lab.memory(),
        **{key: statistics.median(run[key] for run in runs) for key in FIGURES},
        "each": [{key: round(run[key], 3) for key in FIGURES} for run in runs],
        # A request more or less belongs to what a run found; the last stands for all.
        **{key: runs[-1][key] for key in ("kinds", "not_seen", "risport", "phases_s", "devices_in_sync")},
    }
