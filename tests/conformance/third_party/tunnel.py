"""A CONNECT proxy that leads names to the sandbox, so that third-party clients can use the names of a real site.

  tunnel.py READY_JSON PORT_FILE

It plays the part of DNS and of port 8443, nothing else: TLS runs from end to end, and the client checks name and
certificate itself. Whatever is not part of the sandbox is refused, so a client cannot reach the outside either.
"""

import asyncio
import json
import sys
from pathlib import Path


async def copy(source, sink):
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


def door(addresses):
    """The handler of one connection: reads `CONNECT name:port`, then only carries bytes."""

    async def serve(reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        method, target = head.split(b" ", 2)[:2]
        address = addresses.get(target.decode(errors="replace"))
        if method != b"CONNECT" or address is None:
            writer.write(b"HTTP/1.1 403 Not the sandbox\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()
            return
        host, port = address.rsplit(":", 1)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    return serve


async def main():
    ready, port_file = Path(sys.argv[1]), Path(sys.argv[2])
    addresses = json.loads(ready.read_text(encoding="utf-8"))["connect_to"]
    server = await asyncio.start_server(door(addresses), "127.0.0.1", 0)
    # Written under another name first: a reader never sees half a file.
    draft = port_file.with_suffix(".draft")
    draft.write_text(str(server.sockets[0].getsockname()[1]), encoding="utf-8")
    draft.rename(port_file)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
