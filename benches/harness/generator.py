"""Sends the same kind of write as `apply`, over kept-alive connections, so many at a time, and nothing else.

    generator.py ADDRESS CA_FILE FIRST COUNT AT_ONCE

Shows what the server bears; prints JSON: writes, seconds, refused.
"""

import base64
import http.client
import itertools
import json
import os
import re
import socket
import ssl
import sys
import threading
import time

NAME = "cucm-pub.example.com"
BODY = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://www.cisco.com/AXL/API/14.0">'
    "<soapenv:Body><ns:updatePhone><name>SEP5C{number:010X}</name><vendorConfig><webAccess>0</webAccess>"
    "<webProtocol>1</webProtocol>{filling}</vendorConfig></ns:updatePhone></soapenv:Body></soapenv:Envelope>"
)
FILLING = "<settingOfThis>some value</settingOfThis>" * 12


class Connection(http.client.HTTPSConnection):
    """Leads the publisher's name to the sandbox; TLS checks the name."""

    def __init__(self, address, context):
        super().__init__(NAME, 8443, context=context)
        self.there = address

    def connect(self):
        host, port = self.there.rsplit(":", 1)
        plain = socket.create_connection((host, int(port)))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._context.wrap_socket(plain, server_hostname=NAME)


def main(address, authority, first, count, at_once):
    context = ssl.create_default_context(cafile=authority)
    # The platform's self-signed certificates are none that the strict reading of RFC 5280 takes.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    basic = base64.b64encode(f"axladmin:{os.environ['AXL_PASSWORD']}".encode()).decode()
    numbers = itertools.count(int(first))
    end, lock, refused, done = int(first) + int(count), threading.Lock(), [], []

    def worker(connection, headers):
        while True:
            with lock:
                number = next(numbers)
            if number >= end:
                return
            connection.request("POST", "/axl/", BODY.format(number=number, filling=FILLING), headers)
            answer = connection.getresponse()
            answer.read()
            # As the vendor's guide asks: the session in place of the password.
            session = re.search(r"JSESSIONIDSSO=[^;]+", " ".join(answer.headers.get_all("Set-Cookie") or ()))
            if session:
                headers["Cookie"] = session[0]
                headers.pop("Authorization", None)
            (done if answer.status == 200 else refused).append(answer.status)

    threads = []
    for _ in range(int(at_once)):
        connection = Connection(address, context)
        headers = {
            "Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '"CUCM:DB ver=14.0 updatePhone"',
            "Authorization": f"Basic {basic}",
        }
        connection.connect()
        threads.append(threading.Thread(target=worker, args=(connection, headers)))
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"writes": len(done), "refused": len(refused), "seconds": time.monotonic() - begun}))


if __name__ == "__main__":
    main(*sys.argv[1:])
