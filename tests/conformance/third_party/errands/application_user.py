"""Application users: made, read, changed list by list, listed, removed."""

from content import A_UUID, Among, Fault, Without

DEVICES = ["SEP001122330001", "SEP001122330002"]
CTI = "Standard CTI Enabled"
CONTROL = "Standard CTI Allow Control of All Devices"


def groups(*names):
    return {"userGroup": [{"name": name} for name in names]}


def get(expected, **key):
    return "getAppUser", key or {"userid": "third-party"}, {"appUser": expected} if expected else expected


def life(desk):
    """From nothing to gone; every list is replaced by what is sent, and left alone when it is not."""
    absent = Fault("5007", "Item not valid: The specified AppUser was not found")
    desk.refused("getAppUser", {"userid": "third-party"}, absent)
    uuid = desk.writes(
        "addAppUser",
        {
            "appUser": {
                "userid": "third-party",
                "password": "Third-Party-1",
                "presenceGroupName": "Standard Presence Group",
                "associatedDevices": {"device": DEVICES},
                "associatedGroups": groups(CTI),
                "ctiControlledDeviceProfiles": {"deviceProfile": ["UDP_1001"]},
            }
        },
        get(
            {
                "uuid": A_UUID,
                "userid": "third-party",
                "password": None,
                "isStandard": "false",
                "associatedDevices": {"device": DEVICES},
                "associatedGroups": groups(CTI),
                "ctiControlledDeviceProfiles": {"deviceProfile": ["UDP_1001"]},
            }
        ),
    )
    desk.writes(
        "updateAppUser",
        {"userid": "third-party", "associatedDevices": {"device": [DEVICES[1]]}},
        get({"associatedDevices": {"device": [DEVICES[1]]}, "associatedGroups": groups(CTI)}),
    )
    desk.writes(
        "updateAppUser",
        {"uuid": uuid, "newUserid": "third-party-2", "associatedGroups": groups(CONTROL, CTI)},
        get(
            {
                "userid": "third-party-2",
                "uuid": uuid,
                "associatedGroups": groups(CONTROL, CTI),
                "associatedDevices": {"device": [DEVICES[1]]},
                "ctiControlledDeviceProfiles": {"deviceProfile": ["UDP_1001"]},
            },
            uuid=uuid,
        ),
    )
    listed = {"searchCriteria": {"userid": "third%"}, "returnedTags": {"userid": ""}}
    desk.reads("listAppUser", listed, {"appUser": [{"uuid": uuid, "userid": "third-party-2"}]})
    desk.writes("removeAppUser", {"uuid": uuid}, ("listAppUser", listed, {"appUser": None}))
    desk.refused("getAppUser", {"uuid": uuid}, absent)


def seeded(desk):
    """What the site begins with, and that others are not touched by the errand before."""
    everybody = {"searchCriteria": {"userid": "%"}, "returnedTags": {"userid": "", "presenceGroupName": ""}}
    desk.reads(
        "listAppUser",
        everybody,
        {"appUser": Among({"userid": "CCMAdministrator"}, {"userid": "rmcm"}, {"userid": "jtapi"})},
    )
    desk.reads("listAppUser", everybody, {"appUser": Without({"userid": "third-party-2"})})
    twelve = [f"SEP0011223300{number:02}" for number in range(1, 13)]
    held = groups(
        "Standard CTI Allow Call Monitoring",
        "Standard CTI Allow Call Recording",
        CONTROL,
        "Standard CTI Allow Control of Phones supporting Connected Xfer and conf",
        CTI,
    )
    desk.reads(*get({"associatedDevices": {"device": twelve}, "associatedGroups": held}, userid="rmcm"))


def refused(desk):
    """Duplicate, unknown device, a user id that an end user has, and a user that may not go."""
    duplicate = Fault("-239", "Could not insert new row - duplicate value in a UNIQUE INDEX column")
    desk.refused("addAppUser", {"appUser": {"userid": "rmcm", "password": "x"}}, duplicate)
    taken = Fault("-1", "The user ID is in use by an end user or an application user")
    desk.refused("addAppUser", {"appUser": {"userid": "agent1001", "password": "x"}}, taken)
    unknown = {"userid": "rmcm", "associatedDevices": {"device": ["SEPFFFFFFFFFFFF"]}}
    desk.refused("updateAppUser", unknown, Fault("5003", "Device SEPFFFFFFFFFFFF not found"))
    desk.refused("updateAppUser", {"userid": "nobody-at-all"}, Fault("5003", "AppUser nobody-at-all not found"))
    desk.refused("removeAppUser", {"userid": "CCMAdministrator"}, Fault("-1", ""))
    # A refused write leaves everything as it was.
    desk.reads(*get({"associatedDevices": {"device": Among("SEP001122330001")}}, userid="rmcm"))
    desk.reads(*get({"userid": "CCMAdministrator", "isStandard": "true"}, userid="CCMAdministrator"))


ERRANDS = [life, seeded, refused]
