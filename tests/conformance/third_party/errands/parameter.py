"""Release, nodes, and enterprise parameters."""

from content import A_UUID, Among, Fault

NODE = {"processNodeName": "EnterpriseWideData", "service": "Enterprise Wide"}
# In the order of the schema.
SELF_CARE = {
    "processNodeName": "EnterpriseWideData",
    "name": "SelfCarePortalDefaultServer",
    "service": "Enterprise Wide",
}


def version(desk):
    """The release that this sandbox plays."""
    desk.reads("getCCMVersion", {}, {"componentVersion": {"version": desk.site.plays}})


def nodes(desk):
    request = {"searchCriteria": {"name": "%"}, "returnedTags": {"name": "", "nodeUsage": ""}}
    subscriber = {"uuid": A_UUID, "name": "cucm-sub1.example.com", "nodeUsage": "Subscriber"}
    publisher = {"uuid": A_UUID, "name": "cucm-pub.example.com", "nodeUsage": "Publisher"}
    desk.reads("listProcessNode", request, {"processNode": Among(subscriber, publisher)})


def read(desk):
    """Listed by node and service, got by node, service and name, and by uuid."""
    listed = {"searchCriteria": NODE, "returnedTags": {"name": "", "service": ""}}
    known = {"uuid": A_UUID, "name": "ClusterID", "service": "Enterprise Wide", "value": None}
    desk.reads("listServiceParameter", listed, {"serviceParameter": Among(known, {"name": SELF_CARE["name"]})})
    expected = {
        "serviceParameter": {
            "uuid": A_UUID,
            "processNodeName": {"value": "EnterpriseWideData", "uuid": A_UUID},
            "name": "ClusterID",
            "service": "Enterprise Wide",
            "value": "StandAloneCluster",
            "valueType": "string",
        }
    }
    answer = desk.reads("getServiceParameter", SELF_CARE | {"name": "ClusterID"}, expected)
    desk.reads("getServiceParameter", {"uuid": answer["serviceParameter"]["uuid"]}, expected)
    absent = Fault("5007", "Item not valid: The specified Service Parameter was not found")
    desk.refused("getServiceParameter", SELF_CARE | {"name": "Nothing"}, absent)


def write(desk):
    """Set by name, then by uuid."""
    uuid = desk.writes(
        "updateServiceParameter",
        SELF_CARE | {"value": "cucm-pub.example.com"},
        ("getServiceParameter", SELF_CARE, {"serviceParameter": {"value": "cucm-pub.example.com"}}),
    )
    desk.writes(
        "updateServiceParameter",
        {"uuid": uuid, "value": "cucm-sub1.example.com"},
        ("getServiceParameter", SELF_CARE, {"serviceParameter": {"value": "cucm-sub1.example.com"}}),
    )
    missing = Fault("5003", "Service Parameter Nothing not found")
    desk.refused("updateServiceParameter", SELF_CARE | {"name": "Nothing", "value": "x"}, missing)


ERRANDS = [version, nodes, read, write]
