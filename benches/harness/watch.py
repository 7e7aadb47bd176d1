"""Looks at the sandbox's counters while a client runs: how fast it writes, and what each request was about."""

import collections
import re
import threading
import time

#: What an SQL read is about, by a table that it names; the first that fits.
SUBJECTS = (
    ("values", "telecastersubscribedparameter"),
    ("subscriptions", "telecastersubscribedservice"),
    ("configuration", "devicexml"),
)


class Watch(threading.Thread):
    """Samples until it is left; `with Watch(lab) as watch`."""

    def __init__(self, lab, every=0.2):
        super().__init__(daemon=True)
        self.lab, self.every = lab, every
        self.samples = []
        self.kinds = collections.Counter()
        self.statements = collections.Counter()
        self.missed = 0
        self._seen = 0
        self._over = threading.Event()

    def __enter__(self):
        self.lab.reset()
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()
        self.counted = self._look()

    def run(self):
        while not self._over.wait(self.every):
            self._look()

    def _look(self):
        counted = self.lab.requests()
        notifications = counted.get("notifications") or {}
        self.samples.append({
            "at": time.monotonic(), "performed": counted["performed_writes"],
            "update_phone": counted["operations"].get("updatePhone", 0),
            "outstanding": notifications.get("outstanding", 0),
        })
        # The last requests are kept word for word, so many of them: those that came since the last look are at the end.
        entries = [entry for entry in counted["last"] if entry["operation"]]
        total = sum(counted["operations"].values())
        fresh = total - self._seen
        self.missed += max(0, fresh - len(entries))
        for entry in entries[max(0, len(entries) - fresh):] if fresh else ():
            self._count(entry)
        self._seen = total
        return counted

    def _count(self, entry):
        operation, kind = entry["operation"], entry["operation"]
        if operation == "executeSQLQuery":
            text = entry["object"].lower()
            kind = "SQL: " + next((name for name, table in SUBJECTS if table in text), "other")
        elif operation == "executeSQLUpdate":
            words = re.findall(r"\w+", entry["object"].lower())
            table = next((word for word in words if word.startswith(("telecaster", "applicationuser"))), "other")
            self.statements[f"{words[0] if words else ''} {table}"] += 1
        self.kinds[kind] += 1

    def rate(self, count="performed", first=0.02, last=0.98, among=lambda _: True):
        """Writes a second between the looks at which these shares of all writes had been made."""
        samples = [sample for sample in self.samples if among(sample)]
        if len(samples) < 3:
            return None
        begin, end = samples[0][count], samples[-1][count]
        low = next(sample for sample in samples if sample[count] >= begin + first * (end - begin))
        high = next(sample for sample in samples if sample[count] >= begin + last * (end - begin))
        passed = high["at"] - low["at"]
        return (high[count] - low[count]) / passed if passed > 0 else None
