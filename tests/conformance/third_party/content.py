"""What an answer has to hold: a part of it, written as plain Python, and how the real one differs from that."""

import re
from dataclasses import dataclass

UUID = re.compile(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


@dataclass(frozen=True)
class Fault:
    """A SOAP fault with this `axlcode`, whose message begins so."""

    code: str
    begins: str


@dataclass(frozen=True)
class Status:
    """An HTTP status without SOAP."""

    number: int


@dataclass(frozen=True)
class Among:
    """A list that holds, wherever, something that fits each of these."""

    items: tuple

    def __init__(self, *items):
        object.__setattr__(self, "items", items)


@dataclass(frozen=True)
class Without:
    """A list in which nothing fits this."""

    item: object


class A_UUID:
    """A uuid in braces, whichever."""


def tidy(value):
    """The same answer without what is empty, and every simple value as its text.

    Clients agree on content, not on spelling: an empty element is None, "" or left out, 0 is a number or a text, and
    a reference without a uuid may be its text alone.
    """
    if isinstance(value, dict):
        kept = {key: tidy(inner) for key, inner in value.items()}
        kept = {key: inner for key, inner in kept.items() if inner is not None}
        return kept["value"] if set(kept) == {"value"} else kept or None
    if isinstance(value, list):
        return [tidy(inner) for inner in value] or None
    return None if value in (None, "") else str(value)


def differences(expected, actual, at="answer"):
    """Sentences; none when `actual` holds at least `expected`."""
    if expected is A_UUID:
        good = isinstance(actual, str) and UUID.fullmatch(actual)
        return [] if good else [f"{at}: {actual!r} is not a uuid in braces"]
    if isinstance(expected, Among):
        found = actual or []
        return [
            f"{at}: nothing fits {item!r} in {found!r}"
            for item in expected.items
            if all(differences(item, one) for one in found)
        ]
    if isinstance(expected, Without):
        found = [one for one in actual or [] if not differences(expected.item, one)]
        return [f"{at}: {one!r} should not be there" for one in found]
    if isinstance(expected, dict):
        if not isinstance(actual, dict | None):
            return [f"{at}: {actual!r} has no {', '.join(expected)}"]
        inner = [differences(one, (actual or {}).get(key), f"{at}.{key}") for key, one in expected.items()]
        return [sentence for sentences in inner for sentence in sentences]
    if isinstance(expected, list):
        found = actual or []
        if len(found) != len(expected):
            return [f"{at}: {len(found)} entries instead of {len(expected)}: {found!r}"]
        inner = [differences(one, found[n], f"{at}[{n}]") for n, one in enumerate(expected)]
        return [sentence for sentences in inner for sentence in sentences]
    wanted = tidy(expected)
    return [] if wanted == actual else [f"{at}: {actual!r} instead of {wanted!r}"]
