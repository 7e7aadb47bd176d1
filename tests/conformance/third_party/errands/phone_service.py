"""Phone services and their parameters."""

from content import A_UUID, Among, Fault

NAME = "Third Party"
HTTP = "http://fin-a.example.com:8082/fippa/#DEVICENAME#"
HTTPS = "https://fin-a.example.com:8445/fippa/#DEVICENAME#"


def parameter(name, password="false"):
    return {
        "name": name,
        "displayName": name.title(),
        "default": "",
        "description": f"Value of {name}",
        "paramRequired": "false",
        "paramPassword": password,
    }


def shown(name, password="false"):
    return {"uuid": A_UUID, **parameter(name, password)}


def get(expected, name=NAME):
    return "getIpPhoneServices", {"serviceName": name}, {"ipPhoneServices": expected}


def life(desk):
    """Made with three parameters, renamed, one parameter taken and one added, the list replaced, removed."""
    desk.writes(
        "addIpPhoneServices",
        {
            "ipPhoneServices": {
                "serviceName": NAME,
                "asciiServiceName": NAME,
                "serviceDescription": "Of a third party",
                "serviceUrl": HTTP,
                "secureServiceUrl": HTTPS,
                "serviceCategory": "XML Service",
                "serviceType": "Standard IP Phone Service",
                "enabled": "true",
                "enterpriseSubscription": "false",
                "parameters": {
                    "parameter": [parameter("id"), parameter("extension"), parameter("password", "true")]
                },
            }
        },
        get(
            {
                "uuid": A_UUID,
                "serviceName": NAME,
                "asciiServiceName": NAME,
                "serviceDescription": "Of a third party",
                "serviceUrl": HTTP,
                "secureServiceUrl": HTTPS,
                "serviceCategory": "XML Service",
                "serviceType": "Standard IP Phone Service",
                "enabled": "true",
                "enterpriseSubscription": "false",
                "parameters": {"parameter": Among(shown("id"), shown("extension"), shown("password", "true"))},
            }
        ),
    )
    desk.writes(
        "updateIpPhoneServices",
        {
            "serviceName": NAME,
            "newServiceName": f"{NAME} 2",
            "serviceDescription": "Changed",
            "enabled": "false",
            "removeParameters": {"parameter": [parameter("extension")]},
            "addParameters": {"parameter": [parameter("zip")]},
        },
        get(
            {
                "serviceDescription": "Changed",
                "enabled": "false",
                "serviceUrl": HTTP,
                "parameters": {"parameter": Among(shown("id"), shown("password", "true"), shown("zip"))},
            },
            f"{NAME} 2",
        ),
    )
    uuid = desk.writes(
        "updateIpPhoneServices",
        {"serviceName": f"{NAME} 2", "parameters": {"parameter": [parameter("only")]}},
        get({"parameters": {"parameter": [shown("only")]}}, f"{NAME} 2"),
    )
    listed = {
        "searchCriteria": {"serviceName": f"{NAME}%"},
        "returnedTags": {"serviceName": "", "serviceUrl": ""},
    }
    entry = {"uuid": uuid, "serviceName": f"{NAME} 2", "serviceUrl": HTTP, "serviceDescription": None}
    desk.reads("listIpPhoneServices", listed, {"ipPhoneServices": [entry]})
    desk.writes(
        "removeIpPhoneServices",
        {"uuid": uuid},
        ("listIpPhoneServices", listed, {"ipPhoneServices": None}),
    )


def removal_takes_subscriptions(desk):
    """A removed service takes its subscriptions along, and nobody else's."""
    desk.reads("getPhone", {"name": "SEP001122330017"}, services("Corporate Directory", "CAD IP Agent"))
    desk.writes(
        "removeIpPhoneServices",
        {"serviceName": "CAD IP Agent"},
        ("getPhone", {"name": "SEP001122330016"}, services("Corporate Directory")),
    )
    desk.reads("getPhone", {"name": "SEP001122330017"}, services("Corporate Directory"))
    absent = Fault("5007", "Item not valid: The specified Telecaster Service was not found")
    desk.refused("getIpPhoneServices", {"serviceName": "CAD IP Agent"}, absent)


def services(*names):
    return {"phone": {"services": {"service": [{"name": name} for name in names]}}}


def refused(desk):
    """Duplicate; a name that the schema takes and the database does not; parameters where none may be."""
    plain = {
        "serviceName": "Weather",
        "asciiServiceName": "Weather",
        "serviceUrl": HTTP,
        "serviceCategory": "XML Service",
        "serviceType": "Standard IP Phone Service",
    }
    duplicate = Fault("-239", "Could not insert new row - duplicate value in a UNIQUE INDEX column")
    desk.refused("addIpPhoneServices", {"ipPhoneServices": plain}, duplicate)
    long = plain | {"serviceName": "A" * 33, "asciiServiceName": "A"}
    rule = Fault("-1", "Service Name must have 1 to 32 characters and no double quote")
    desk.refused("addIpPhoneServices", {"ipPhoneServices": long}, rule)
    enterprise = plain | {
        "serviceName": "For all",
        "enterpriseSubscription": "true",
        "parameters": {"parameter": [parameter("id")]},
    }
    rule = Fault("-1", "A service with enterprise subscription cannot have parameters")
    desk.refused("addIpPhoneServices", {"ipPhoneServices": enterprise}, rule)
    # All or nothing: the service must not have stayed without its parameters.
    absent = Fault("5007", "Item not valid: The specified Telecaster Service was not found")
    desk.refused("getIpPhoneServices", {"serviceName": "For all"}, absent)
    missing = Fault("5003", "Telecaster Service Nowhere not found")
    desk.refused("updateIpPhoneServices", {"serviceName": "Nowhere", "enabled": "false"}, missing)


ERRANDS = [life, removal_takes_subscriptions, refused]
