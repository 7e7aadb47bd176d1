//! Checks of phones.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "phone-missing",
        subject: "phone",
        severity: Error,
        title: "A device of the roster does not exist",
        why: "Typing error, phone not yet created.",
        how: "AXL listPhone or one SQL read of all names.",
        fix: "Correct the roster or create the phone first.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Before you begin",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-not-registered",
        subject: "phone",
        severity: Warning,
        title: "A phone is not registered",
        why: "Phone offline, or its state unknown. Unplugged, moved, refused.",
        how: "RisPort `Status`; newest entry per phone over all nodes.",
        fix: "Register it; provisioning itself is possible.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Before you begin",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-not-on-phone",
        subject: "phone",
        severity: Error,
        title: "The agent's extension is not on the phone",
        why: "Agent cannot sign in: device or extension invalid. The roster's extension is on \
              none of the phone's (EM: profile's) lines; no call capability.",
        how: "AXL getPhone/getDeviceProfile lines, or one SQL read.",
        fix: "Configure the line or correct the roster.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Before you begin; \
              Cisco tech-note 210485",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-cti-control-off",
        subject: "phone",
        severity: Error,
        title: "Control of the device from CTI is off",
        why: "Sign-in fails: the device is called invalid (11.5 and before) or not accessible \
              (11.6 and later). Allow Control of Device from CTI is off on the phone, the line \
              or the end user.",
        how: "AXL `allowCtiControlFlag` of phone and line, `enableCti` of the end user; RisPort \
              `IsCtiControllable`.",
        fix: "Switch it on.",
        source: "Cisco tech-note 210485, step 10",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-model-unsupported",
        subject: "phone",
        severity: Warning,
        title: "The phone's model is not supported by IPPA",
        why: "Service missing, or odd screens. Model not in the IPPA list of this product and \
              release (98xx, 8875, 7811, softphones differ).",
        how: "The model in AXL and RisPort against the compatibility matrices.",
        fix: "Use another phone, or accept it.",
        source: "UCCX Software Compatibility Matrix; CCE Solution Compatibility Matrix",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-web-access",
        subject: "phone",
        severity: Error,
        title: "Web Access is not enabled on a phone",
        why: "Screens do not change; pushes impossible. Web Access is not Enabled (default: \
              Disabled).",
        how: "Effective value: AXL getPhone `vendorConfig`, then common phone profile, then \
              enterprise phone configuration; RisPort `Httpd`.",
        fix: "Set Enabled at the scope of the playbook; apply or reset the phone.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 1",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-https-server",
        subject: "phone",
        severity: Error,
        title: "HTTPS Server is not HTTPS Only on a phone",
        why: "Pushes fail or travel in clear. HTTPS Server is not HTTPS Only (default: HTTP and \
              HTTPS enabled).",
        how: "The effective value as for Web Access. The number that stands for HTTPS Only is \
              not documented: learned by reading, or `dialect.https_only_value`. On request: \
              port 443 open and 80 closed.",
        fix: "Set HTTPS Only; apply or reset.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 1",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-setting-overridden",
        subject: "phone",
        severity: Warning,
        title: "A phone's own value overrides the wider scope",
        why: "Enterprise or profile value is right, the phone does something else. A value on \
              the phone (or profile) overrides the wider scope.",
        how: "AXL: the three levels side by side.",
        fix: "Remove the override (`overrides: fix`), or declare `scope: phones`.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 1 (two pages)",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-setting-not-applied",
        subject: "phone",
        severity: Warning,
        title: "A phone setting is configured but not in effect",
        why: "Configured, yet the phone's web server is off, or port 80 still open. No Apply \
              Config or reset since the change, or the element's box Override Common Settings is \
              not ticked: whether AXL ticks it, no document says.",
        how: "RisPort `Httpd` = No. On request: a connection to ports 443 and 80 of the phone.",
        fix: "Apply configuration or reset (signs an IPPA agent out). A phone that was told and \
              still runs no web server: tick the boxes of Web Access and HTTPS Server in the column \
              Override Common Settings, Save, Apply Config.",
        source: "Cisco tech-note 216177",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-user-logged-in",
        subject: "phone",
        severity: Warning,
        title: "Somebody is logged in to the phone by Extension Mobility",
        why: "CUCM refuses to change a phone while somebody is logged in by Extension Mobility.",
        how: "RisPort `LoginUserId`, or the fault itself.",
        fix: "The phone is deferred to the next run or `--wait-deferred`; other phones go on.",
        source: "AXL 9.1 schema, database rules",
        judged: Judged::Apply,
    },
    Check {
        id: "phone-simplified-new-call-ui",
        subject: "phone",
        severity: Warning,
        title: "Simplified New Call UI is on",
        why: "Agents cannot end or answer by soft key; READY agents cannot dial. Simplified New \
              Call UI is on; unsupported with IPPA.",
        how: "AXL `vendorConfig` of the phone and of its common phone profile.",
        fix: "Switch it off.",
        source: "UCCX Software Compatibility Matrix, note 3; UCCX Finesse Agent and Supervisor \
              Desktop Guide 12.5(1) SU1, IP Phone Agent; Finesse Desktop User Guide 12.5(1), IP \
              Phone Agent; IP Phone 8800 Series Administration Guide",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-services-provisioning",
        subject: "phone",
        severity: Warning,
        title: "Services Provisioning may keep the service off the phone",
        why: "The service is not in the phone's menu: with External URL the phone ignores the \
              services that CUCM writes into its configuration.",
        how: "AXL `phoneServiceDisplay` of phone and common phone profile, and the enterprise \
              parameter. External URL is a warning; Internal is a hint only, since it is the \
              default and mostly works.",
        fix: "Set Both (or Default), then reset the phone.",
        source: "CUCM Bulk Administration Guide 12.5(1) SU4; Cisco tech-note 118699; Field \
              experience",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-locale-without-pack",
        subject: "phone",
        severity: Warning,
        title: "The phone's locale has no language pack on Finesse",
        why: "IPPA texts are in U.S. English. User Locale of phone or device profile is not in \
              the language pack of Finesse.",
        how: "AXL `userLocale` against `finesse.language_packs`.",
        fix: "Install the pack, or accept.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: language note",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-firmware-defect",
        subject: "phone",
        severity: Warning,
        title: "The phone's firmware has a known defect",
        why: "\"out of memory\"; no notice on fail-over; error accessing Finesse after a call. \
              CSCwi41362, CSCvc26512 (8821), CSCvi21402 (88xx).",
        how: "RisPort `ActiveLoadID` of an 8821 against the releases whose notes list CSCvc26512 \
              as open. No public page names the loads of the other two.",
        fix: "Upgrade the firmware.",
        source: "IP Phone 7800, 8800 and 8821 firmware release notes",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-firmware-too-old",
        subject: "phone",
        severity: Warning,
        title: "The phone's firmware is too old for XML services",
        why: "XML services do not work on this model: its load is below the documented minimum.",
        how: "RisPort `ActiveLoadID` and model.",
        fix: "Upgrade the firmware.",
        source: "IP Phone Services Application Development Notes, XML objects",
        judged: Judged::Verify,
    },
    Check {
        id: "phone-without-dns",
        subject: "phone",
        severity: Warning,
        title: "The phone cannot resolve names",
        why: "\"Host Not Found\". The phone has no DNS server, or it cannot resolve the FQDN.",
        how: "On request, the phone's own network configuration page; otherwise not checkable.",
        fix: "Provide DNS in the voice VLAN.",
        source: "IP Phone Services Application Development Notes, troubleshooting; Cisco \
              tech-note 118699",
        judged: Judged::Doctor,
    },
    Check {
        id: "phone-outside-lan",
        subject: "phone",
        severity: Warning,
        title: "The phone is reached through MRA, VPN or NAT",
        why: "Sign-in or screens fail for remote phones. IPPA is unsupported over MRA, VPN and \
              NAT.",
        how: "On request, the address in RisPort against the phone's own; otherwise not checkable.",
        fix: "These agents use the desktop.",
        source: "UCCX Software Compatibility Matrix, note 6; UCCX Finesse Agent and Supervisor \
              Desktop Guide 12.5(1) SU1, IP Phone Agent; UCCE Solution Design Guide 15.0(1), \
              design considerations",
        judged: Judged::Doctor,
    },
];
