"""`zeep` on the vendor's WSDL: one session, kept alive; lists and SQL pages, nothing per phone.

    peer_zeep.py WSDL ENDPOINT CA_FILE        in the folder of agents.csv and passwords.csv
"""

import os
import sys

from requests import Session
from zeep import Client, Settings
from zeep.transports import Transport

import elsewhere
import facts

BINDING = "{http://www.cisco.com/AXLAPIService/}AXLAPIBinding"


def main(wsdl, endpoint, authority):
    elsewhere.lead()
    session = Session()
    session.auth = ("axladmin", os.environ["AXL_PASSWORD"])
    session.verify = authority
    session.trust_env = False
    client = Client(wsdl, transport=Transport(session=session), settings=Settings(strict=False, xml_huge_tree=True))
    axl = client.create_service(BINDING, endpoint)

    def sql(statement):
        rows = axl.executeSQLQuery(sql=statement)["return"]
        return [{column.tag: column.text for column in row} for row in (rows.row if rows else ())]

    def application_user(name):
        user = axl.getAppUser(userid=name)["return"].appUser
        return user.associatedDevices.device

    def service(name):
        found = axl.getIpPhoneServices(serviceName=name)["return"].ipPhoneServices
        return (found.serviceUrl, found.secureServiceUrl), {one.name for one in found.parameters.parameter}

    facts.read_and_judge(sql, application_user, service)


if __name__ == "__main__":
    main(*sys.argv[1:])
