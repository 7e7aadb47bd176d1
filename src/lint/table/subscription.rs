//! Checks of subscriptions and their values.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "subscription-missing",
        subject: "subscription",
        severity: Error,
        title: "A phone is not subscribed",
        why: "No Finesse entry on this phone. The phone is not subscribed (manual kinds).",
        how: "One paged SQL read of subscriptions, or AXL getPhone `services`.",
        fix: "Subscribe, keeping all other subscriptions, their parameters and positions.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Subscribe Agent \
              Phones steps 1–8",
        judged: Judged::Verify,
    },
    Check {
        id: "profile-not-subscribed",
        subject: "subscription",
        severity: Error,
        title: "A device profile is not subscribed",
        why: "Extension Mobility user sees no Finesse entry after login. After an EM login the \
              phone shows the device profile's services, not the phone's.",
        how: "Subscriptions of the device profiles named in the roster (same read).",
        fix: "Subscribe the profile to both services with the same values.",
        source: "CUCM Feature Configuration Guide 12.5(1), Extension Mobility",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-one-service-only",
        subject: "subscription",
        severity: Error,
        title: "A phone is subscribed to one of the two services only",
        why: "Agent stranded after a node failure. Subscribed to one of the two services.",
        how: "The subscriptions to both services, side by side.",
        fix: "Subscribe to the other with the same values.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Subscribe Agent \
              Phones step 9",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-url-stale",
        subject: "subscription",
        severity: Error,
        title: "A subscription has the service's old URL or parameters",
        why: "The phone opens the old server or misses a parameter. Service URL changed, or a \
              parameter removed or renamed, without Update Subscriptions.",
        how: "Subscribed URL without its query against the service's URLs; parameter names \
              against the service.",
        fix: "Rewrite each subscription of the roster, or press Update Subscriptions in the \
              console; those outside the roster are listed.",
        source: "IP Phone Services Application Development Notes, service administration",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-values-missing",
        subject: "subscription",
        severity: Error,
        title: "A value for one button sign-in is missing",
        why: "Sign-in page although one button sign-in is declared. A value the administrator \
              fills in is absent on this phone.",
        how: "Offline: a roster column that the set-up needs is missing (an empty cell means not \
              prefilled on this phone). Live: the roster has a value, the subscription none.",
        fix: "Fill in the value, or say that it is typed at sign-in.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Subscribe step 6, \
              One Button Sign In",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-values-differ",
        subject: "subscription",
        severity: Error,
        title: "The two subscriptions of a phone hold different values",
        why: "One button works on one service, fails on the other. Primary and secondary \
              subscriptions carry different values.",
        how: "AXL: the two subscriptions of a phone side by side, passwords compared without \
              being shown.",
        fix: "Write the roster's values to both.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Subscribe step 9",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-value-rows-differ",
        subject: "subscription",
        severity: Warning,
        title: "A subscription's URLs and parameter rows differ",
        why: "Console and Self Care show other values than the phone uses; or only HTTP carries \
              them. Values stand in the subscription's URLs and in its parameter rows; one place \
              was written alone.",
        how: "The query of both URLs of one subscription against its parameter rows, by SQL.",
        fix: "Write both places.",
        source: "AXL 14.0 schema",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-value-undeclared",
        subject: "subscription",
        severity: Warning,
        title: "A value is stored that nobody declared",
        why: "A stored value that should be typed at sign-in or by the agent. Older set-up left \
              it.",
        how: "AXL values against `one_button_sign_in` and the roster.",
        fix: "Remove it (for `password` especially).",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: One Button Sign In",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-value-needs-escaping",
        subject: "subscription",
        severity: Warning,
        title: "A value holds a character that URLs treat specially",
        why: "Wrong value reaches Finesse; sign-in refused, then locked. `& # ? + %` or a blank \
              in id, extension or password.",
        how: "Offline on the roster and `agents.passwords`. Live: decoded and compared after a \
              round trip.",
        fix: "Percent-encode, or choose other values; generated passwords avoid them.",
        source: "Field experience; IP Phone Services Application Development Notes, \
              troubleshooting",
        judged: Judged::Lint,
    },
    Check {
        id: "subscription-value-limits",
        subject: "subscription",
        severity: Error,
        title: "CUCM does not take a value",
        why: "CUCM refuses the value. Over 100 characters, not ASCII, or with a double quote; or \
              the subscription's URL with all its values would pass 512 characters.",
        how: "Offline on the roster and `agents.passwords`.",
        fix: "Choose another value (IPPA passwords end at 95 anyway).",
        source: "AXL 9.1 schema, database rules",
        judged: Judged::Lint,
    },
    Check {
        id: "subscription-agent-id-form",
        subject: "subscription",
        severity: Error,
        title: "The id is not an agent id",
        why: "Sign-in refused. On UCCE `id` must be the agent id (peripheral number); a user \
              name is not accepted. UCCX: agent id.",
        how: "Offline: not a number (UCCE, PCCE). Live: not a `loginId` of `/Users`.",
        fix: "Use the agent id.",
        source: "Finesse Desktop User Guide 12.5(1), IP Phone Agent; UCCX Finesse Agent and \
              Supervisor Desktop Guide 12.5(1) SU1, IP Phone Agent, note",
        judged: Judged::Lint,
    },
    Check {
        id: "subscription-password-readable",
        subject: "subscription",
        severity: Info,
        title: "Stored passwords are readable in URLs and logs",
        why: "The agent's password stands in the subscription URL and in Finesse's access log: \
              that is how one button sign-in with a password works.",
        how: "Derived from the set-up.",
        fix: "Prefer set-ups where the password is typed.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: One Button Sign In \
              (increased security)",
        judged: Judged::Lint,
    },
    Check {
        id: "subscription-duplicate",
        subject: "subscription",
        severity: Warning,
        title: "A device is subscribed to one service more than once",
        why: "The service stands in the phone's menu more than once. Somebody subscribed again instead \
              of changing what was there.",
        how: "The subscriptions of each roster device, counted per service.",
        fix: "Take the superfluous one away in the console; ippactl puts each of them right.",
        source: "Field experience",
        judged: Judged::Verify,
    },
    Check {
        id: "subscription-undeclared",
        subject: "subscription",
        severity: Info,
        title: "A phone is subscribed that no roster row names",
        why: "Phones subscribed that no roster row names. Agents left, other team.",
        how: "SQL read of all subscriptions to the two services.",
        fix: "As `agents.unlisted` says: `report` (default, nothing is removed), `clear-values` \
              or `unsubscribe`.",
        source: "ippactl: nothing else is touched",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-shared-by-agents",
        subject: "subscription",
        severity: Warning,
        title: "Agents share a phone, an id or an extension",
        why: "The wrong agent signs in at one press. Several roster rows share a phone and id or \
              password is prepopulated; or one id or extension stands on several phones.",
        how: "Offline. Values that contradict each other for one device do not validate at all.",
        fix: "For shared phones populate the extension only.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: One Button Sign In",
        judged: Judged::Lint,
    },
];
