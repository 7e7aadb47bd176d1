"""Where the types of two releases differ so that one body cannot be valid in both (facts: axl.md, section 18).

A body that was asked or answered in one of `asked_in` may be refused by the schemas of `judged_in`, and only for
`element`. Each row has to be needed: one that nothing falls under is an objection.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exempt:
    body: str
    asked_in: tuple
    judged_in: tuple
    element: str
    reason: str

    def covers(self, body, version, release, messages):
        return (
            body == self.body
            and version in self.asked_in
            and release in self.judged_in
            and any(f"'{self.element}'" in message for message in messages)
        )


# A second difference, not between releases: by its own guide (facts: section 2) a server breaks its own schema.
NIL = "the guide documents nil for a reference to nothing, the reply types have none: judged as an empty element"

EXEMPT = [
    Exempt(
        body="listUser reply",
        asked_in=("11.5", "12.0"),
        judged_in=("12.5", "14.0", "15.0"),
        element="ldapDirectoryName",
        reason="LUser has ldapDirectoryName before 12.5 only; zeep asks for it where the release has it",
    )
]
