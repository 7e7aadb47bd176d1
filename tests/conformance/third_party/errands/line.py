"""Numbers, line groups, common device configurations: read by name, listed, and what a phone tells of its lines."""

from content import A_UUID, Among, Fault

PARTITION = {"value": "PT_Agents", "uuid": A_UUID}


def numbers(desk):
    """By number and partition; a number in no partition is another one."""
    desk.reads(
        "getLine",
        {"pattern": "2005", "routePartitionName": "PT_Agents"},
        {
            "line": {
                "uuid": A_UUID,
                "pattern": "2005",
                "usage": "Device",
                "routePartitionName": PARTITION,
                "allowCtiControlFlag": "true",
                "associatedDevices": {"device": ["SEP001122330005"]},
            }
        },
    )
    absent = Fault("5007", "Item not valid: The specified Line was not found")
    desk.refused("getLine", {"pattern": "2005"}, absent)
    tags = {"pattern": "", "description": ""}
    listed = {"searchCriteria": {"pattern": "200%"}, "returnedTags": tags}
    found = {"line": Among({"pattern": "2005", "description": "Extension 2005"}, {"pattern": "2001"})}
    desk.reads("listLine", listed, found)
    line = {"index": "1", "dirn": {"pattern": "2105"}, "maxNumCalls": "2", "busyTrigger": "1"}
    desk.reads("getDeviceProfile", {"name": "UDP_1005"}, {"deviceProfile": {"lines": {"line": [line]}}})


def groups(desk):
    """Members come with a get, not with a list."""
    member = {"lineSelectionOrder": "1", "directoryNumber": {"pattern": "4000", "routePartitionName": PARTITION}}
    group = {"uuid": A_UUID, "name": "LG_Reception", "members": {"member": [member]}}
    desk.reads("getLineGroup", {"name": "LG_Reception"}, {"lineGroup": group})
    listed = {"searchCriteria": {"name": "LG%"}, "returnedTags": {"name": "", "distributionAlgorithm": ""}}
    entry = {"name": "LG_Reception", "distributionAlgorithm": "Longest Idle Time", "members": None}
    desk.reads("listLineGroup", listed, {"lineGroup": [entry]})
    absent = Fault("5007", "Item not valid: The specified Line Group was not found")
    desk.refused("getLineGroup", {"name": "Nowhere"}, absent)


def addressing(desk):
    """What a phone speaks is a word of its common device configuration."""
    desk.reads(
        "getCommonDeviceConfig",
        {"name": "IPv4 Phones"},
        {"commonDeviceConfig": {"uuid": A_UUID, "ipAddressingMode": "IPv4 Only"}},
    )
    listed = {"searchCriteria": {"name": "%"}, "returnedTags": {"name": "", "ipAddressingMode": ""}}
    both = {"name": "Dual Stack Phones", "ipAddressingMode": "IPv4 and IPv6"}
    desk.reads("listCommonDeviceConfig", listed, {"commonDeviceConfig": Among(both, {"name": "IPv4 Phones"})})
    absent = Fault("5007", "Item not valid: The specified Common Device Configuration was not found")
    desk.refused("getCommonDeviceConfig", {"name": "Nowhere"}, absent)


ERRANDS = [numbers, groups, addressing]
