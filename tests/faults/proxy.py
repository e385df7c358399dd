"""A network between the application and PostgreSQL that is cut where a test says."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

COMMIT = b"COMMIT"
SO_ATTACH_FILTER = 26
# One instruction of the kernel's packet filter: return 0, which drops every packet.
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)


class Cut(StrEnum):
    """Where the line is cut."""

    BEFORE = "the COMMIT is lost"
    AFTER = "the answer to the COMMIT is lost"
    SILENT = "nothing arrives any more, and nobody says so"
    ALL = "no connection is made"


@dataclass
class Proxy:
    """Listens on `port` of this machine, and passes everything on to the socket of a server."""

    target: Path
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    # How the next connections that commit are cut, one after another.
    planned: list[Cut] = field(default_factory=list)
    is_down: bool = False
    cuts: list[Cut] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)
    _silent: set[socket.socket] = field(default_factory=set)

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/civicforum"

    def run(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_down:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self.target))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(client, server), daemon=True).start()

    def go_down(self) -> None:
        """Cut every line, and refuse new ones until `is_down` is set back."""
        self.is_down = True
        with self._lock:
            open_, self._open = self._open, set()
        for end in open_:
            _close(end)

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the application says."""
        with suppress(OSError):
            while data := client.recv(65536):
                cut = self._take(data)
                if cut is Cut.BEFORE:
                    break
                if cut is Cut.SILENT:
                    self._silent.add(client)
                    _drop_everything(client)
                    break
                if cut is Cut.AFTER:
                    # The server finds out that nobody listens after it has committed.
                    _close(client)
                server.sendall(data)
                if cut is Cut.AFTER:
                    break
        if client not in self._silent:
            _close(client)
        _close(server)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the server says."""
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        if client not in self._silent:
            _close(client)

    def _take(self, data: bytes) -> Cut | None:
        if COMMIT not in data:
            return None
        with self._lock:
            if not self.planned:
                return None
            cut = self.planned.pop(0)
            self.cuts.append(cut)
            return cut


@contextmanager
def proxy_to(target: Path) -> Iterator[Proxy]:
    """Run a proxy to the socket of a server."""
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.go_down()
        _close(proxy.listener)
        thread.join(5)


def _drop_everything(end: socket.socket) -> None:
    """Have the kernel drop every packet that comes: nothing is acknowledged, as with a cable pulled out."""
    program = ctypes.create_string_buffer(DROP_ALL)
    end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
