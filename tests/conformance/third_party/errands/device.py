"""Phones and device profiles: read, subscribed, configured, listed, told to read their configuration."""

from content import A_UUID, Among, Fault

PHONE = "SEP001122330009"
WEATHER = "http://weather.example.com/today?device=#DEVICENAME#"


def seeded_phone(desk):
    """What the site begins with: references with uuids, free elements with children, a subscription."""
    desk.reads(
        "getPhone",
        {"name": PHONE},
        {
            "phone": {
                "uuid": A_UUID,
                "name": PHONE,
                "description": "Agent desk 9",
                "product": "Cisco 7821",
                "protocol": "SIP",
                "devicePoolName": {"value": "Default", "uuid": A_UUID},
                "commonPhoneConfigName": {"value": "Contact Center Phones", "uuid": A_UUID},
                "ownerUserName": None,
                "vendorConfig": {
                    "displayOnTime": "07:30",
                    "lldpAssetId": "FCH&1",
                    "desktopClient": {"allowed": "1"},
                },
                "services": {
                    "service": [
                        {
                            "uuid": A_UUID,
                            "telecasterServiceName": {"value": "Weather", "uuid": A_UUID},
                            "name": "Weather",
                            "url": f"{WEATHER}&zip=12345",
                            "urlButtonIndex": "0",
                            "urlLabel": "Weather today",
                            "priority": "5",
                        }
                    ]
                },
            }
        },
    )
    named = {"name": PHONE, "returnedTags": {"name": "", "vendorConfig": ""}}
    only = {"name": PHONE, "vendorConfig": {"displayOnTime": "07:30"}, "services": None, "description": None}
    desk.reads("getPhone", named, {"phone": only})


def empty_references(desk):
    """A reference to nothing, as nil and as an empty element: a client reads the same."""
    nothing = {"defaultProfileName": None, "currentProfileName": None, "ownerUserName": None}
    for nil in (False, True):
        desk.control("POST", "/settings", {"nil_references": nil})
        desk.reads("getPhone", {"name": PHONE}, {"phone": {"name": PHONE} | nothing})


def subscribe(desk, kind, get, update, name):
    """`services` is replaced whole: by two, by the second alone, by nothing; absent means unchanged."""

    def read_back(expected):
        return get, {"name": name}, {kind: {"uuid": A_UUID, "name": name} | expected}

    weather = {
        "telecasterServiceName": "Weather",
        "name": "Weather",
        "url": f"{WEATHER}&zip=99&note=a%20b",
        "urlButtonIndex": "1",
        "urlLabel": "Rain?",
        "serviceNameAscii": "Weather",
    }
    shown = weather | {"telecasterServiceName": {"value": "Weather", "uuid": A_UUID}, "priority": "50"}
    directory = {"telecasterServiceName": "Corporate Directory", "name": "Corporate Directory"}
    found = {"name": "Corporate Directory", "url": "Application:Cisco/CorporateDirectory"}
    desk.writes(
        update,
        {"name": name, "services": {"service": [weather, directory]}},
        read_back({"services": {"service": [shown, found]}}),
    )
    desk.writes(
        update,
        {"name": name, "description": "Changed by a third party"},
        read_back({"description": "Changed by a third party", "services": {"service": [shown, found]}}),
    )
    # By the service's uuid, as other programs do it.
    answer = desk.reads("getIpPhoneServices", {"serviceName": "Corporate Directory"}, {"ipPhoneServices": {}})
    by_uuid = {"value": "Corporate Directory", "uuid": answer["ipPhoneServices"]["uuid"]}
    desk.writes(
        update,
        {"name": name, "services": {"service": [directory | {"telecasterServiceName": by_uuid}]}},
        read_back({"services": {"service": [found]}}),
    )


def phone_subscriptions(desk):
    subscribe(desk, "phone", "getPhone", "updatePhone", PHONE)


def profile_subscriptions(desk):
    subscribe(desk, "deviceProfile", "getDeviceProfile", "updateDeviceProfile", "UDP_1002")


def vendor_config(desk):
    """What is sent replaces what was there: the strict reading."""
    name = "SEP001122330004"
    settings = {"webAccess": "0", "webProtocol": "1", "sshAccess": "1"}
    desk.writes(
        "updatePhone",
        {"name": name, "vendorConfig": settings},
        ("getPhone", {"name": name}, {"phone": {"vendorConfig": settings | {"pcPort": None}}}),
    )
    nested = {"desktopClient": {"allowed": "0"}, "lldpAssetId": "<&>"}
    desk.writes(
        "updateDeviceProfile",
        {"name": "UDP_1003", "vendorConfig": nested},
        ("getDeviceProfile", {"name": "UDP_1003"}, {"deviceProfile": {"vendorConfig": nested}}),
    )


def references(desk):
    """A pool, an owner and a profile, set by name."""
    name = "SEP001122330005"
    desk.writes(
        "updatePhone",
        {
            "name": name,
            "devicePoolName": "DP_Emea",
            "commonPhoneConfigName": "Lobby Phones",
            "ownerUserName": "agent1005",
        },
        (
            "getPhone",
            {"name": name},
            {
                "phone": {
                    "devicePoolName": {"value": "DP_Emea", "uuid": A_UUID},
                    "commonPhoneConfigName": {"value": "Lobby Phones", "uuid": A_UUID},
                    "ownerUserName": {"value": "agent1005", "uuid": A_UUID},
                }
            },
        ),
    )


def lists(desk):
    """Criteria, tags, and pages: `skip` counts together with `first`."""
    page = {
        "searchCriteria": {"name": "SEP0011223300%", "devicePoolName": "DP_Emea"},
        "returnedTags": {"name": "", "devicePoolName": ""},
        "skip": "2",
        "first": "2",
    }
    emea = {"value": "DP_Emea", "uuid": A_UUID}
    # The fifth desk was moved to this pool above; without it these would be the sixth and the eighth.
    entries = [
        {"name": f"SEP00112233000{number}", "devicePoolName": emea, "description": None} for number in (5, 6)
    ]
    desk.reads("listPhone", page, {"phone": entries})
    nothing = page | {"searchCriteria": {"name": "SEPFF%"}}
    desk.reads("listPhone", nothing, {"phone": None})
    profiles = {"searchCriteria": {"name": "UDP_100%"}, "returnedTags": {"name": "", "protocol": ""}}
    six = [{"uuid": A_UUID, "name": f"UDP_{number}", "protocol": "SIP"} for number in range(1001, 1007)]
    desk.reads("listDeviceProfile", profiles, {"deviceProfile": six})


def touched(desk):
    """Apply, restart, reset: a phone reads its configuration, which the event log shows."""
    answer = desk.reads("getPhone", {"name": PHONE}, {"phone": {"name": PHONE}})
    uuid = answer["phone"]["uuid"]
    desk.tells("applyPhone", {"name": PHONE}, "phone-apply", {"phone": PHONE, "how": "apply"})
    desk.tells("restartPhone", {"uuid": uuid}, "phone-apply", {"phone": PHONE, "how": "restart"})
    desk.tells("resetPhone", {"name": PHONE}, "phone-apply", {"phone": PHONE, "how": "reset"})
    kinds = {"Restart": "restart", "Reset": "reset", "Apply Configuration": "apply"}
    for kind, how in kinds.items():
        request = {"deviceName": PHONE, "deviceResetType": kind}
        desk.tells("doDeviceReset", request, "phone-apply", {"phone": PHONE, "how": how})
    request = {"deviceName": PHONE, "isHardReset": "true"}
    desk.tells("doDeviceReset", request, "phone-apply", {"phone": PHONE, "how": "reset"})
    profile = "Contact Center Phones"
    for operation, how in (("applyCommonPhoneConfig", "apply"), ("resetCommonPhoneConfig", "reset")):
        desk.tells(operation, {"name": profile}, "profile-apply", {"profile": profile, "how": how})


def refused(desk):
    """Not found, in the code of each kind of request; somebody logged in; a reference to nothing."""
    nowhere = {"name": "SEPFFFFFFFFFFFF"}
    for operation in ("getPhone", "applyPhone", "restartPhone", "resetPhone"):
        desk.refused(operation, nowhere, Fault("5007", "Item not valid: The specified Phone was not found"))
    desk.refused("updatePhone", nowhere, Fault("5003", "Phone SEPFFFFFFFFFFFF not found"))
    absent = Fault("5007", "Item not valid: The specified Device Profile was not found")
    desk.refused("getDeviceProfile", {"name": PHONE}, absent)
    desk.refused("updateDeviceProfile", nowhere, Fault("5003", "Device Profile SEPFFFFFFFFFFFF not found"))
    logged_in = Fault("-1", "Cannot make changes to OR delete a device while a user is logged in")
    desk.refused("updatePhone", {"name": "SEP001122330047", "description": "x"}, logged_in)
    missing = {"telecasterServiceName": "Nowhere", "name": "Nowhere"}
    desk.refused(
        "updatePhone",
        {"name": PHONE, "services": {"service": [missing]}},
        Fault("5003", "Telecaster Service Nowhere not found"),
    )
    # The list that was refused has not emptied the one that was there.
    desk.reads("getPhone", {"name": PHONE}, {"phone": {"services": {"service": Among({"urlButtonIndex": "0"})}}})


ERRANDS = [
    seeded_phone,
    empty_references,
    phone_subscriptions,
    profile_subscriptions,
    vendor_config,
    references,
    lists,
    touched,
    refused,
]
