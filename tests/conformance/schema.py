"""The vendor's schema of every release, and what it says against a body. `run` fetches it; it is never kept here."""

import re

from lxml import etree

RELEASES = ["11.5", "12.0", "12.5", "14.0", "15.0"]
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
AXL = re.compile(r"^http://www\.cisco\.com/AXL/API/(\d+\.\d+)$")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


class Invalid(Exception):
    """A message that is not what the vendor's schema, or SOAP 1.1, asks for."""


def load_schemas(folder):
    """One compiled schema per release."""
    schemas = {}
    for release in RELEASES:
        path = folder / release / "AXLSoap.xsd"
        if not path.is_file():
            raise SystemExit(f"no schema for AXL {release}: {path} is missing")
        schemas[release] = etree.XMLSchema(etree.parse(str(path)))
    return schemas


def body_of(data):
    """The one element inside the Body of a SOAP 1.1 envelope."""
    try:
        root = etree.fromstring(data, PARSER)
    except etree.XMLSyntaxError as error:
        raise Invalid(f"not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Invalid("a document type declaration has no place in SOAP")
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise Invalid(f"not a SOAP 1.1 envelope: {root.tag}")
    bodies = root.findall(f"{{{ENVELOPE}}}Body")
    if len(bodies) != 1:
        raise Invalid(f"{len(bodies)} Body elements in the envelope")
    inner = [child for child in bodies[0] if isinstance(child.tag, str)]
    if len(inner) != 1:
        raise Invalid(f"{len(inner)} elements in the Body")
    return inner[0]


def version_of(body):
    """The AXL version in the namespace of the operation element."""
    match = AXL.match(etree.QName(body).namespace or "")
    if not match:
        raise Invalid(f"the operation is not in an AXL namespace: {body.tag}")
    return match.group(1)


def rewritten(body, release):
    """The same body in the namespace of another release.

    Only qualified AXL names move: a child that is wrongly qualified stays wrong.
    """
    old = etree.QName(body).namespace
    new = f"http://www.cisco.com/AXL/API/{release}"
    copy = etree.fromstring(etree.tostring(body, with_tail=False), PARSER)

    def rebuild(element):
        if not isinstance(element.tag, str):
            return None
        name = etree.QName(element)
        tag = f"{{{new}}}{name.localname}" if name.namespace == old else element.tag
        made = etree.Element(tag, attrib=dict(element.attrib))
        made.text, made.tail = element.text, element.tail
        for child in element:
            inner = rebuild(child)
            if inner is not None:
                made.append(inner)
        return made

    return rebuild(copy)


def without_version(text):
    """An error message that reads the same for every release."""
    return re.sub(r"\{http://www\.cisco\.com/AXL/API/[\d.]+\}", "", text)


JUDGED = {}


def faults_of(body, schemas):
    """Release → what its schema says against this body. Empty: valid everywhere. The same body is judged once."""
    text = etree.tostring(body, with_tail=False)
    found = {}
    for release, schema in schemas.items():
        if (text, release) not in JUDGED:
            good = schema.validate(rewritten(body, release))
            said = [] if good else [without_version(entry.message) for entry in schema.error_log]
            JUDGED[text, release] = said
        if JUDGED[text, release]:
            found[release] = JUDGED[text, release]
    return found


def without_nil(body):
    """The same body with an empty element wherever it has a nil one; None when it has none."""
    copy = etree.fromstring(etree.tostring(body, with_tail=False), PARSER)
    nil = copy.xpath("//*[@xsi:nil]", namespaces={"xsi": INSTANCE})
    for element in nil:
        del element.attrib[f"{{{INSTANCE}}}nil"]
    return copy if nil else None


def check_fault(body):
    """A SOAP fault as AXL sends it: facts `AXLError` has axlcode, axlmessage and request, each once."""
    if body.tag != f"{{{ENVELOPE}}}Fault":
        raise Invalid(f"status 500 without a Fault: {body.tag}")
    for name in ("faultcode", "faultstring"):
        if len(body.findall(name)) != 1:
            raise Invalid(f"a Fault has {name} exactly once")
    errors = [e for e in body.findall("detail/*") if etree.QName(e).localname == "axlError"]
    if len(errors) != 1:
        raise Invalid("the Fault's detail has no axlError")
    names = [etree.QName(child).localname for child in errors[0]]
    if names != ["axlcode", "axlmessage", "request"]:
        raise Invalid(f"axlError holds {names}, not axlcode, axlmessage, request")
    if not re.fullmatch(r"-?\d+", (errors[0][0].text or "").strip()):
        raise Invalid(f"axlcode is not a number: {errors[0][0].text}")
