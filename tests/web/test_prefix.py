"""The app under a prefix: every address that it gives leads back to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from graphviz_backprop.web import create_app

PREFIX = "/tools/backprop"
PAGES = (
    "/",
    "/?panes=network,training&expr=x*y",
    "/?frame=3&panels=formula,paths",
    "/rules",
    "/formula",
    "/lost",
)


class Links(HTMLParser):
    """The addresses that a page gives."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def links_of(client: Client, path: str, **options: Any) -> list[str]:
    return Links(client.get(path, **options).text).found


@pytest.fixture(scope="module")
def mounted(app: Flask) -> Client:
    return Client(DispatcherMiddleware(NotFound(), {PREFIX: app}))


@pytest.mark.parametrize("page", PAGES)
def test_every_address_leads_back_to_the_app(mounted: Client, page: str) -> None:
    links = {urljoin(PREFIX + page, link).partition("#")[0] for link in links_of(mounted, PREFIX + page)}
    assert len(links) > 2
    for link in links - {PREFIX + page}:
        assert link.startswith(f"{PREFIX}/")
        if "/graph.p" in link:  # converters take a while
            continue
        # Pages as files are made of bundles, where these are built.
        wanted = {200, 501} if re.search(r"\.(?:html|zip)(?:\?|$)", link) else {200}
        assert mounted.get(link, buffered=True).status_code in wanted, link


def test_a_network_is_opened_under_the_prefix(mounted: Client) -> None:
    reply = mounted.get(f"{PREFIX}/network?sizes=2-2-1")
    assert reply.status_code == 303
    assert urlsplit(reply.headers["Location"]).path == f"{PREFIX}/"


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("PROXIES", "1")
    app = create_app()
    yield app
    app.extensions["layout"].close()
    app.extensions["algebra"].close()


HEADERS = {"X-Forwarded-Prefix": PREFIX}


def test_a_proxy_that_is_trusted_says_the_prefix(behind: Flask) -> None:
    links = links_of(behind.test_client(), "/rules", headers=HEADERS)
    assert all(link.startswith((f"{PREFIX}/", "#")) for link in links)


def test_nobody_else_is_believed(app: Flask) -> None:
    links = links_of(app.test_client(), "/rules", headers=HEADERS)
    assert not any("tools" in link for link in links)
