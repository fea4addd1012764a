"""Between a program and PostgreSQL: passes everything on, until it is told to lose a COMMIT."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

import psycopg

from tests.support.postgres import plain

COMMIT = b"COMMIT\x00"


class Lost(Enum):
    """What is lost of the next COMMIT; the connection breaks in both cases."""

    REQUEST = "request"
    ANSWER = "answer"


class Proxy:
    """Listens on a port of this machine. Set `lose` to break the next commit."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(plain(url)) as connection:
            info = connection.info
            self.behind = (info.host, info.port)
            self.url = f"postgresql://{info.user}@127.0.0.1:{{}}/{info.dbname}"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = self.url.format(self.listening.getsockname()[1])
        self.lose: Lost | None = None
        self.open: list[socket.socket] = []
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def is_armed(self) -> bool:
        return self.lose is not None

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            host, port = self.behind
            if host.startswith("/"):
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{host}/.s.PGSQL.{port}")
            else:
                server = socket.create_connection((host, port))
            self.open += [client, server]
            for pump, pair in ((self.ask, (client, server)), (self.answer, (server, client))):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    def ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while part := client.recv(65536):
                if COMMIT in part and self.lose is not None:
                    lost, self.lose = self.lose, None
                    if lost is Lost.ANSWER:
                        client.shutdown(socket.SHUT_WR)  # nothing more comes back
                        server.sendall(part)
                        continue
                    break
                server.sendall(part)
        end(client, server)

    def answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while part := server.recv(65536):
                client.sendall(part)
        end(client, server)


def end(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    try:
        yield proxy
    finally:
        end(proxy.listening)
        proxy.listening.close()
        end(*proxy.open)
        for each in proxy.open:
            each.close()
