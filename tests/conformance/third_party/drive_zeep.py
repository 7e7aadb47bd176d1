"""Python's `zeep` on the vendor's WSDL, as it comes: only its documented settings are used.

Requests and answers are plain: dictionaries, lists and texts; a reference is {"value": …, "uuid": …}.
"""

from lxml import etree
from requests import Session
from zeep import Client
from zeep.exceptions import Fault as ZeepFault
from zeep.exceptions import TransportError
from zeep.helpers import serialize_object
from zeep.transports import Transport

from content import Fault, Status, tidy

BINDING = "{http://www.cisco.com/AXLAPIService/}AXLAPIBinding"


class Zeep:
    """One account that speaks one AXL version. A WSDL is read once for all accounts."""

    name = "zeep"
    read = {}
    tells_status = True
    cannot = {}

    def __init__(self, site, user, password, version):
        session = Session()
        session.auth = (user, password)
        session.verify = str(site.certificate)
        # The proxy leads names to the sandbox; the environment of whoever runs this has no say.
        session.trust_env = False
        session.proxies = {"https": site.proxy}
        transport = Transport(session=session)
        wsdl = Zeep.read.get(version) or str(site.schema / version / "AXLAPI.wsdl")
        client = Client(wsdl, transport=transport)
        Zeep.read[version] = client.wsdl
        self.service = client.create_service(BINDING, f"https://{site.publisher}/axl/")

    def call(self, operation, request):
        """The content of `return`, or the Fault or Status that was answered."""
        try:
            answer = self.service[operation](**spelt(request))
        except ZeepFault as fault:
            error = fault.detail.find("axlError")
            return Fault(error.findtext("axlcode"), error.findtext("axlmessage"))
        except TransportError as error:
            return Status(error.status_code)
        return tidy(plain(serialize_object(answer, dict)["return"]))

    def close(self):
        """Nothing is left running."""


def spelt(request):
    """A plain request in zeep's spelling: text of a reference and free elements are called `_value_1`."""
    out = {}
    for name, value in request.items():
        if name == "vendorConfig":
            # As a tag that is asked for it is empty.
            out[name] = {"_value_1": [element(*pair) for pair in value.items()]} if value else {}
        elif isinstance(value, dict):
            inner = spelt(value)
            if "value" in inner and "uuid" in inner:
                inner["_value_1"] = inner.pop("value")
            out[name] = inner
        elif isinstance(value, list):
            out[name] = [spelt(one) if isinstance(one, dict) else one for one in value]
        else:
            out[name] = value
    return out


def element(name, content):
    made = etree.Element(name)
    if isinstance(content, dict):
        made.extend(element(*pair) for pair in content.items())
    else:
        made.text = content
    return made


def plain(value):
    """Zeep's answer without its own spelling."""
    if isinstance(value, etree._Element):
        return {child.tag: plain(child) for child in value} if len(value) else value.text
    if isinstance(value, list):
        if value and all(isinstance(one, etree._Element) for one in value):
            return {one.tag: plain(one) for one in value}
        return [plain(one) for one in value]
    if isinstance(value, dict):
        if set(value) == {"_value_1"}:
            return plain(value["_value_1"])
        return {"value" if key == "_value_1" else key: plain(inner) for key, inner in value.items()}
    return value
