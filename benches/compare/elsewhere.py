"""Leads the publisher's name to the sandbox, as curl's --connect-to does: TLS still sees and checks the name.

Not part of what a site would write: there, the name resolves.
"""

import os

from urllib3.util import connection

_connect = connection.create_connection


def lead():
    """CONNECT_TO is FROM_HOST:PORT=TO_HOST:PORT."""
    place, _, there = os.environ["CONNECT_TO"].partition("=")
    host, port = there.rsplit(":", 1)

    def connect(address, *rest, **how):
        if f"{address[0]}:{address[1]}" == place:
            address = (host, int(port))
        return _connect(address, *rest, **how)

    connection.create_connection = connect
