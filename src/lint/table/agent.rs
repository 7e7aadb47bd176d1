//! Checks of agents.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "agent-unknown",
        subject: "agent",
        severity: Error,
        title: "Finesse does not know the agent",
        why: "Sign-in refused. The roster's id is no Finesse user.",
        how: "`GET Users` once, or `GET User/<id>` 404.",
        fix: "Correct the roster, create the agent.",
        source: "Finesse developer guide, User",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-login-collision",
        subject: "agent",
        severity: Error,
        title: "Two agents' login id and login name collide",
        why: "Neither of two agents can sign in. One's `loginId` equals the other's `loginName`.",
        how: "`GET Users`, cross-check.",
        fix: "Rename one of the two.",
        source: "Finesse Administration Guide, Getting Started",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-locked",
        subject: "agent",
        severity: Error,
        title: "The agent's account is locked",
        why: "Sign-in refused with the right password. Five wrong tries; each further try, right \
              or wrong, starts the 5 minutes again; a wrong stored one-button password keeps the \
              lock for ever.",
        how: "`utils finesse locked_out_users list`.",
        fix: "Correct the stored password on both services, wait 5 idle minutes.",
        source: "Finesse Administration Guide, Getting Started",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-sso",
        subject: "agent",
        severity: Error,
        title: "The agent signs in by SSO",
        why: "This agent's IPPA sign-in always fails. SSO is on for the agent (UCCE hybrid).",
        how: "`GET UserAuthMode/<id>` = SSO; 403 = unknown.",
        fix: "Set the agent to non-SSO, or use the desktop.",
        source: "UCCE Features Guide 12.5(1), single sign-on",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-kind-unsupported",
        subject: "agent",
        severity: Warning,
        title: "IPPA does not support this kind of agent",
        why: "Missing functions, sign-in problems. Mobile agent; Outbound Option (UCCE); blended \
              or outbound-only user (UCCX).",
        how: "`User.mobileAgent`; otherwise not checkable.",
        fix: "Use the desktop.",
        source: "UCCE Solution Design Guide 15.0(1), integrated features; UCCX Solution Design \
              Guide 12.5(1) SU1",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-on-desktop",
        subject: "agent",
        severity: Info,
        title: "The agent works at the desktop",
        why: "Agent does not use the phone. Signed in on the desktop; one session per agent, \
              desktop or IPPA.",
        how: "`ConnectedUsersInfo` `userType` DESKTOP.",
        fix: "None; a warning before any forced sign-in.",
        source: "UCCX Finesse Agent and Supervisor Desktop Guide 12.5(1) SU1",
        judged: Judged::Verify,
    },
    Check {
        id: "agent-seen-on-ippa",
        subject: "agent",
        severity: Info,
        title: "The agent is signed in by IPPA",
        why: "Proof that the whole chain works for this agent.",
        how: "`ConnectedUsersInfo` `userType` FIPPA with this extension, on either node.",
        fix: "None: evidence in the report.",
        source: "Finesse developer guide, ConnectedUsersInfo",
        judged: Judged::Verify,
    },
    Check {
        id: "reason-codes-over-100",
        subject: "agent",
        severity: Warning,
        title: "More than 100 codes of one category",
        why: "Codes missing on the phone. More than 100 applicable codes of one category; the \
              phone lists the first 100, order undocumented.",
        how: "Per team of the roster's agents: union of global and team codes (`ReasonCodes`, \
              `WrapUpReasons`, and both of `Team/<id>`), system codes apart.",
        fix: "Use fewer codes; which of them are missing cannot be said.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Reason Code \
              Limitations; Finesse Administration Guide, Manage Reasons",
        judged: Judged::Verify,
    },
    Check {
        id: "reason-label-too-long",
        subject: "agent",
        severity: Warning,
        title: "A code's label is longer than the phone shows",
        why: "Labels cut on some models. Label longer than the phone shows; no public figures.",
        how: "Length of the labels that the roster's teams see against 20 characters.",
        fix: "Shorten; look at each model.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Reason Code \
              Limitations",
        judged: Judged::Verify,
    },
    Check {
        id: "reason-codes-system",
        subject: "agent",
        severity: Info,
        title: "System codes make the list longer than 100",
        why: "Total above 100 only with system codes. System codes appear in the lists on live \
              systems.",
        how: "`systemCode` true counted apart.",
        fix: "None.",
        source: "Finesse developer guide, ReasonCode",
        judged: Judged::Verify,
    },
    Check {
        id: "supervisor-on-phone",
        subject: "agent",
        severity: Info,
        title: "A supervisor has no supervisor tasks on the phone",
        why: "Supervisor misses monitor, barge, intercept. IPPA offers agent tasks only.",
        how: "Roster users with the role Supervisor.",
        fix: "Supervise from the desktop.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Supervisor Tasks",
        judged: Judged::Verify,
    },
    Check {
        id: "call-layout-on-phone",
        subject: "agent",
        severity: Info,
        title: "Call variables appear in one column",
        why: "Call variables in another order. Desktop layouts apply, in one column: header, \
              left, right.",
        how: "Always.",
        fix: "None.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Administration \
              Tasks; UCCX Finesse Agent and Supervisor Desktop Guide 12.5(1) SU1, IP Phone Agent",
        judged: Judged::Verify,
    },
    Check {
        id: "one-button-exit",
        subject: "agent",
        severity: Info,
        title: "Signing out without Exit brings the form back",
        why: "One button sign-in shows the form the next time. The agent signed out without \
              pressing Exit.",
        how: "Always, with one button sign-in.",
        fix: "Tell agents: sign out, then Exit.",
        source: "UCCX Finesse Agent and Supervisor Desktop Guide 12.5(1) SU1, IP Phone Agent; \
              Finesse Desktop User Guide 12.5(1), IP Phone Agent",
        judged: Judged::Verify,
    },
    Check {
        id: "call-soft-keys",
        subject: "agent",
        severity: Info,
        title: "Soft keys are missing during an ACD call",
        why: "No Answer, Decline or End soft key during an ACD call. Some models show the IPPA \
              screen then.",
        how: "Always, with the models of the roster: no document says which.",
        fix: "Use the hard key, the handset or the speaker.",
        source: "UCCX Finesse Agent and Supervisor Desktop Guide 12.5(1) SU1, IP Phone Agent",
        judged: Judged::Verify,
    },
];
