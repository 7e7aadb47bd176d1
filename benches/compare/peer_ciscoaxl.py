"""The package `ciscoaxl`: its own session and WSDL, its own way to read SQL; lists and SQL pages, nothing per phone.

    peer_ciscoaxl.py HOST PORT                in the folder of agents.csv and passwords.csv

It takes its trust from REQUESTS_CA_BUNDLE; its newest numbered schema is 12.5, which a server of release 14 takes.
"""

import os
import sys

from ciscoaxl import axl

import elsewhere
import facts


def main(host, port):
    elsewhere.lead()
    ucm = axl(
        username="axladmin", password=os.environ["AXL_PASSWORD"], cucm=host, cucm_port=port, cucm_version="12.5",
        strict_ssl=True,
    )

    def sql(statement):
        return ucm.run_sql_query(statement).get("rows", [])

    def application_user(name):
        # The package has no call of its own for a whole application user: its client has.
        return ucm.client.getAppUser(userid=name)["return"].appUser.associatedDevices.device

    def service(name):
        found = ucm.client.getIpPhoneServices(serviceName=name)["return"].ipPhoneServices
        return (found.serviceUrl, found.secureServiceUrl), {one.name for one in found.parameters.parameter}

    facts.read_and_judge(sql, application_user, service)


if __name__ == "__main__":
    main(*sys.argv[1:])
