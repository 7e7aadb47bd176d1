//! Checks of one button sign-in's parameters and the procedures.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "obsi-enterprise-conflict",
        subject: "service",
        severity: Error,
        title: "One button sign-in with an enterprise subscription",
        why: "One button sign-in shows an empty form. Enterprise subscription carries no \
              parameters; the two exclude each other.",
        how: "Offline: `subscription: enterprise` with a `one_button_sign_in` section. Live: AXL \
              `enterpriseSubscription` on a service with parameters.",
        fix: "Choose a manual or self-care subscription, or leave one_button_sign_in out.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Subscription \
              Options, service step 9 note",
        judged: Judged::Lint,
    },
    Check {
        id: "obsi-parameter-name",
        subject: "service",
        severity: Error,
        title: "A parameter's name is not exactly the one IPPA reads",
        why: "One button sign-in shows empty fields. A name is not exactly `id`, `extension` or \
              `password` (case!).",
        how: "AXL parameter names, byte compare.",
        fix: "Rename it without losing values, then rebuild the subscriptions.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Add Service \
              Parameters",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-parameter-unknown",
        subject: "service",
        severity: Warning,
        title: "The service has a parameter that IPPA does not know",
        why: "Superfluous field in Self Care and in the URL. A parameter beyond the three.",
        how: "AXL parameter names.",
        fix: "Remove the parameter, then rebuild the subscriptions.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Add Service \
              Parameters",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-parameter-missing",
        subject: "service",
        severity: Error,
        title: "A parameter that somebody fills in is not defined",
        why: "A value that somebody should fill in has no place. A parameter filled by \
              administrator or agent is not defined on both services.",
        how: "AXL against the set-up (the playbook derives the parameters).",
        fix: "Define the parameter on both services.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Add Service \
              Parameters",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-parameter-default",
        subject: "service",
        severity: Warning,
        title: "A parameter has a default value",
        why: "Every new subscription starts with somebody's value. Default Value is not blank.",
        how: "AXL `default`.",
        fix: "Make the default value blank.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: parameter table",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-password-not-masked",
        subject: "service",
        severity: Error,
        title: "The password parameter is not masked",
        why: "Passwords are readable in Self Care: Parameter is a Password is off for `password`.",
        how: "AXL `paramPassword`.",
        fix: "Switch the mask on.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: parameter table",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-mask-on-other",
        subject: "service",
        severity: Warning,
        title: "A parameter other than the password is masked",
        why: "Agents cannot see what they type. The mask is on for `id` or `extension`.",
        how: "AXL `paramPassword`.",
        fix: "Switch the mask off.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: parameter table",
        judged: Judged::Verify,
    },
    Check {
        id: "obsi-required-flag",
        subject: "service",
        severity: Error,
        title: "A parameter's required flag does not follow the set-up",
        why: "Administrator cannot save the subscription, or agents may leave a value out. \
              Parameter is Required does not follow the set-up; left out in AXL it becomes true.",
        how: "Derived from `one_button_sign_in`, compared with AXL `paramRequired`.",
        fix: "Write the derived value explicitly.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: parameter table; \
              AXL 14.0 schema",
        judged: Judged::Verify,
    },
    Check {
        id: "procedure-incomplete",
        subject: "service",
        severity: Error,
        title: "A required procedure is missing",
        why: "The chosen kind of subscription needs a procedure that is not declared or not done.",
        how: "Offline over the playbook; live as the sum of the checks of that procedure.",
        fix: "Do the procedure that is named.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: procedure matrix",
        judged: Judged::Lint,
    },
    Check {
        id: "procedure-not-applicable",
        subject: "service",
        severity: Warning,
        title: "Something is configured that has no effect",
        why: "Parameters, subscriptions or Self Care with an enterprise subscription.",
        how: "Offline and AXL.",
        fix: "Remove it or change the kind.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: procedure matrix",
        judged: Judged::Lint,
    },
];
