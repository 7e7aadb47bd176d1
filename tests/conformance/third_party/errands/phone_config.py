"""Common phone profiles and the enterprise phone configuration."""

from content import A_UUID, Fault

PROFILE = "Standard Common Phone Profile"


def common(desk):
    """Read with its free elements, written, renamed and back, listed."""
    desk.reads(
        "getCommonPhoneConfig",
        {"name": "Lobby Phones"},
        {
            "commonPhoneConfig": {
                "uuid": A_UUID,
                "description": "Phones whose web pages are read by a wallboard",
                "vendorConfig": {"webAccess": "0", "sshAccess": "1"},
            }
        },
    )
    settings = {"webAccess": "0", "webProtocol": "1"}
    uuid = desk.writes(
        "updateCommonPhoneConfig",
        {"name": PROFILE, "description": "Changed", "vendorConfig": settings},
        (
            "getCommonPhoneConfig",
            {"name": PROFILE},
            {"commonPhoneConfig": {"description": "Changed", "vendorConfig": settings}},
        ),
    )
    named = {"searchCriteria": {"name": "Renamed%"}, "returnedTags": {"name": "", "description": ""}}
    entry = {"uuid": uuid, "name": "Renamed", "description": "Changed", "vendorConfig": None}
    desk.writes(
        "updateCommonPhoneConfig",
        {"uuid": uuid, "newName": "Renamed"},
        ("listCommonPhoneConfig", named, {"commonPhoneConfig": [entry]}),
    )
    desk.writes(
        "updateCommonPhoneConfig",
        {"uuid": uuid, "newName": PROFILE},
        ("listCommonPhoneConfig", named, {"commonPhoneConfig": None}),
    )
    absent = Fault("5007", "Item not valid: The specified Common Phone Profile was not found")
    for operation in ("getCommonPhoneConfig", "applyCommonPhoneConfig", "resetCommonPhoneConfig"):
        desk.refused(operation, {"name": "Nowhere"}, absent)
    missing = Fault("5003", "Common Phone Profile Nowhere not found")
    desk.refused("updateCommonPhoneConfig", {"name": "Nowhere", "description": "x"}, missing)


def enterprise(desk):
    """An empty request, an answer with a wrapper, an update without one."""
    before = {"daysDisplayNotActive": "1,7", "webAccess": "1"}
    desk.reads("getEnterprisePhoneConfig", {}, {"enterprisePhoneConfig": {"vendorConfig": before}})
    after = before | {"webAccess": "0", "webProtocol": "1"}
    desk.writes(
        "updateEnterprisePhoneConfig",
        {"vendorConfig": after},
        ("getEnterprisePhoneConfig", {}, {"enterprisePhoneConfig": {"vendorConfig": after}}),
    )


ERRANDS = [common, enterprise]
