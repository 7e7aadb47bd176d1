"""User groups and end users."""

from content import A_UUID, Among, Fault, Without

GROUP = "Standard CCM End Users"


def members(*names):
    return {"member": [{"userId": name} for name in names]}


def get(expected):
    return "getUserGroup", {"name": GROUP}, {"userGroup": {"uuid": A_UUID, "members": {"member": expected}}}


def membership(desk):
    """Added and removed by delta, which touches nobody else; replaced whole; renamed and back."""
    old = Among(*({"userId": f"agent100{number}"} for number in (1, 2, 3, 4)))
    desk.reads(*get(old))
    desk.writes("updateUserGroup", {"name": GROUP, "addMembers": members("agent1010")}, get(old))
    desk.reads(*get(Among({"userId": "agent1010"})))
    desk.writes(
        "updateUserGroup",
        {"name": GROUP, "removeMembers": members("agent1001"), "addMembers": members("agent1011")},
        get(Among({"userId": "agent1002"}, {"userId": "agent1010"}, {"userId": "agent1011"})),
    )
    desk.reads(*get(Without({"userId": "agent1001"})))
    uuid = desk.writes(
        "updateUserGroup",
        {"name": GROUP, "members": members("agent1001", "agent1002")},
        get([{"userId": "agent1001"}, {"userId": "agent1002"}]),
    )
    listed = {"searchCriteria": {"name": "Renamed%"}, "returnedTags": {"name": ""}}
    desk.writes(
        "updateUserGroup",
        {"uuid": uuid, "newName": "Renamed"},
        ("listUserGroup", listed, {"userGroup": [{"uuid": uuid, "name": "Renamed"}]}),
    )
    desk.writes(
        "updateUserGroup",
        {"uuid": uuid, "newName": GROUP},
        ("listUserGroup", listed, {"userGroup": None}),
    )
    desk.refused(
        "updateUserGroup",
        {"name": GROUP, "addMembers": members("no-such-user")},
        Fault("5003", "User no-such-user not found"),
    )
    absent = Fault("5007", "Item not valid: The specified User Group was not found")
    desk.refused("getUserGroup", {"name": "Nowhere"}, absent)
    desk.refused("updateUserGroup", {"name": "Nowhere"}, Fault("5003", "User Group Nowhere not found"))


def search(desk):
    """The group whose spelling is uncertain, found by a pattern."""
    pattern = {"searchCriteria": {"name": "%CTI Allow Control%All Devices"}, "returnedTags": {"name": ""}}
    found = {"uuid": A_UUID, "name": "Standard CTI Allow Control of All Devices"}
    desk.reads("listUserGroup", pattern, {"userGroup": [found]})


def end_users(desk):
    """One user whole, and pages of many."""
    desk.reads(
        "getUser",
        {"userid": "agent1002"},
        {
            "user": {
                "uuid": A_UUID,
                "userid": "agent1002",
                "firstName": "Agent",
                "mailid": "agent1002@example.com",
                "password": None,
                "associatedDevices": {"device": ["SEP001122330002"]},
                "phoneProfiles": {"profileName": ["UDP_1002"]},
                "primaryExtension": {"pattern": "2002"},
                "ipccExtension": "2002",
                "ldapDirectoryName": "Corporate LDAP",
                "associatedGroups": {"userGroup": [{"name": GROUP}]},
            }
        },
    )
    desk.reads("getUser", {"userid": "agent1003"}, {"user": {"ldapDirectoryName": None}})
    page = {
        "searchCriteria": {"userid": "agent10%", "department": "Contact%"},
        "returnedTags": {"userid": "", "lastName": ""},
        "skip": "1",
        "first": "2",
    }
    two = [{"userid": f"agent{n}", "lastName": str(n), "firstName": None} for n in (1002, 1003)]
    desk.reads("listUser", page, {"user": two})
    absent = Fault("5007", "Item not valid: The specified User was not found")
    desk.refused("getUser", {"userid": "rmcm"}, absent)


def bulk_of_old_releases(desk):
    """Before 12.5 a list tells which users come from LDAP; later it does not (facts: section 18)."""
    if desk.release not in ("11.5", "12.0"):
        return
    page = {
        "searchCriteria": {"userid": "agent100%"},
        "returnedTags": {"userid": "", "ldapDirectoryName": ""},
        "first": "2",
    }
    second = {"userid": "agent1002", "ldapDirectoryName": "Corporate LDAP"}
    desk.reads("listUser", page, {"user": [{"userid": "agent1001", "ldapDirectoryName": None}, second]})


ERRANDS = [search, end_users, membership, bulk_of_old_releases]
