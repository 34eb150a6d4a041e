"""A small HTTP client for measures: connections that are kept, many at once in one thread."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Client:
    """One connection at a time, opened anew where it was closed."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, b"", **headers)

    async def post(self, path: str, body: bytes, kind: str) -> Answer:
        return await self.send("POST", path, body, **{"Content-Type": kind})

    async def send(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        """Raises OSError and EOFError where the connection is lost, but for one that was only kept."""
        begun, kept = time.perf_counter(), self._streams is not None
        try:
            return await self._send(begun, method, path, body, headers)
        except (OSError, EOFError):
            self.close()
            if not kept:
                raise
        return await self._send(begun, method, path, body, headers)

    async def _send(
        self, begun: float, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=2**24)
        reader, writer = self._streams
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", "Accept-Encoding: br, gzip"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        content = await _content(reader, found)
        if found.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split()[1]), found, content, time.perf_counter() - begun)


async def _content(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return await reader.read()
    pieces = []
    while length := int(await reader.readline(), 16):
        pieces.append(await reader.readexactly(length))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)
