"""waitress, as it is needed here: idle or slow connections cost nothing, and stopping cuts none off.

waitress reads whole requests before a thread has to do with them: slow clients hold none. What differs:

- it waits by ``selectors`` and looks at connections of which there is news, not at all of them each time;
- a request must have come within a time, however busily its client drips;
- told to stop, it takes what waits to be accepted, answers all that was asked, and only then ends;
- a body with two lengths is refused: which one holds is what request smuggling lives on;
- it touches no disk, which may be full or only read: bodies are in memory, and few large ones at once.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.utilities import Error

_TURN = 1.0  # seconds without news, after which it looks around all the same
_HEADERS = 30.0  # seconds that a request's headers may take
_BODY = 300.0  # and all of it
_GRACE = 8.0  # seconds for what is under way when it is told to stop
_LARGE = 2_000_000  # bytes of a body
_LARGE_AT_ONCE = 8
_FRESH = 1.0  # seconds in which a new connection asks for something, or is left


class _Crowded(Error):
    code, reason = 503, "Service Unavailable"

    def to_response(self, ident: Any = None) -> Any:
        status, headers, body = super().to_response(ident)
        return status, [*headers, ("Retry-After", "5"), ("X-Backprop", "1")], body


class _Parser(HTTPRequestParser):
    _admitted = False
    completed: bool

    def received(self, data: bytes) -> int:
        read = int(super().received(data))
        if self.headers_finished and not self.completed and not self._admitted:
            self._admitted = True
            if self.is_large and not self.adj.admits():
                self.error = _Crowded("Other large requests are being read. Try again in a moment.")
                self.completed = True
        return read

    @property
    def is_large(self) -> bool:
        return bool(self.headers_finished and (self.chunked or self.content_length > _LARGE))

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("A body has a Content-Length or a Transfer-Encoding, not both")


class _Channel(HTTPChannel):
    """A connection."""

    parser_class = _Parser
    _begun: float | None = None

    def received(self, data: bytes) -> bool:
        done = bool(super().received(data))
        if self.request is None:
            self._begun = None
        elif self._begun is None:
            self._begun = time.monotonic()
        return done

    def write_soon(self, data: Any) -> int:
        written = int(super().write_soon(data))
        if self.total_outbufs_len:
            self.server.touch(self)
        return written

    def service(self) -> None:
        if self.server.stopping:
            self.requests[0].headers["CONNECTION"] = "close"
        super().service()
        self.server.touch(self)

    def del_channel(self, map: Any = None) -> None:
        self.server.forget(self)
        super().del_channel(map)

    def is_late(self, now: float) -> bool:
        """Whether its request should have been there by now."""
        request = self.request
        if request is None or self._begun is None or self.requests:
            return False
        return now - self._begun > (_BODY if request.headers_finished else _HEADERS)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for an answer, or is about to ask."""
        fresh = self.last_activity == self.creation_time and time.time() - self.creation_time < _FRESH
        return bool(self.requests or self.request or self.total_outbufs_len or fresh)


class Server(TcpWSGIServer):
    """Serves at a socket that listens already, with waitress's settings."""

    channel_class = _Channel

    def __init__(self, app: Callable[..., Any], listener: socket.socket, **settings: Any) -> None:
        self.stopping = False
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, tuple[Any, int]] = {}
        self._news: deque[Any] = deque()
        where = (listener.family, listener.type, listener.proto, listener.getsockname())
        adjustments = Adjustments(sockets=[listener], cleanup_interval=5, **settings)
        adjustments.admits = self._admits
        super().__init__(app, {}, True, listener, adj=adjustments, sockinfo=where, bind_socket=False)

    def run(self) -> None:
        """Until it is told to stop, and all that was asked is answered."""
        self._watch(self.trigger)
        while not self.stopping:
            self._turn(_TURN)
        self._end()

    def stop(self) -> None:
        """May be called by a signal's handler."""
        self.stopping = True
        self.pull_trigger()

    def touch(self, channel: Any) -> None:
        """There is news of a connection. May be called by any thread."""
        self._news.append(channel)
        self.pull_trigger()

    def _admits(self) -> bool:
        """Whether there is room for one more large body."""
        channels = list(self.active_channels.values())
        there = [
            request for channel in channels for request in (channel.request, *channel.requests) if request
        ]
        return bool(sum(request.is_large for request in there) <= _LARGE_AT_ONCE)

    def forget(self, channel: Any) -> None:
        if self._watched.get(channel._fileno, (None, 0))[0] is channel:
            self._selector.unregister(channel._fileno)
            del self._watched[channel._fileno]

    def handle_accept(self) -> None:
        before = len(self.active_channels)
        super().handle_accept()
        if len(self.active_channels) > before:
            self._news.append(self.active_channels[next(reversed(self.active_channels))])

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        clock = time.monotonic()
        for channel in self.active_channels.values():
            if channel.is_late(clock):
                channel.will_close = True
            if channel.will_close:
                self._news.append(channel)

    def _turn(self, wait: float) -> None:
        """Does what there is to do at the connections, and waits for it where there is nothing."""
        self._watch(self)
        while self._news:
            self._watch(self._news.popleft())
        for key, events in self._selector.select(wait):
            if events & selectors.EVENT_READ:
                wasyncore.read(key.data)
            if events & selectors.EVENT_WRITE:
                wasyncore.write(key.data)
            self._news.append(key.data)

    def _watch(self, one: Any) -> None:
        """Waits for what it wants to do now."""
        descriptor = one._fileno
        if self._map.get(descriptor) is not one:
            return  # it has been closed
        wanted = selectors.EVENT_READ * bool(one.readable()) | selectors.EVENT_WRITE * bool(one.writable())
        _, known = self._watched.get(descriptor, (one, 0))
        if wanted == known:
            return
        if known and wanted:
            self._selector.modify(descriptor, wanted, one)
        elif wanted:
            self._selector.register(descriptor, wanted, one)
        else:
            self._selector.unregister(descriptor)
        self._watched[descriptor] = one, wanted
        if not wanted:
            del self._watched[descriptor]

    def _end(self) -> None:
        """Takes what waits at the door, closes it, and lets all go whose answer they have."""
        accepted = -1
        while accepted < len(self.active_channels):
            accepted = len(self.active_channels)
            self.handle_accept()
        self.forget(self)
        self.del_channel()
        self._listener.close()
        end = time.monotonic() + _GRACE
        self._turn(0)  # what has been sent is read before anybody is taken to be idle
        while self.active_channels and time.monotonic() < end:
            for channel in list(self.active_channels.values()):
                if not channel.busy:
                    channel.will_close = True
                    self._news.append(channel)
            self._turn(0.05)
        self.task_dispatcher.shutdown(timeout=0.1)
