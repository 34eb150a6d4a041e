"""The app behind proxies: as many of them are believed as there are, and no more."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def trust_proxies(app: Flask) -> None:
    """Believes the X-Forwarded headers of $PROXIES proxies: 0 where it is not set.

    X-Forwarded-Prefix is the path that the app is served under. Raises ValueError for what is no number.
    """
    proxies = int(os.environ.get("PROXIES") or 0)
    if proxies > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies, 0, proxies)  # type: ignore[method-assign]
