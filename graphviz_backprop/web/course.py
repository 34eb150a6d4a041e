"""A page as a file in a package that courses take: SCORM 1.2, a zip of the file and a manifest."""

from __future__ import annotations

import hashlib
import re
import zipfile
from io import BytesIO

from flask import render_template

_DATED = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip knows: the same page is the same package."""
_NO_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def package(title: str, page: str) -> bytes:
    """The package of a page that :mod:`graphviz_backprop.web.alone` has made."""
    identifier = f"backprop-{hashlib.sha256(page.encode()).hexdigest()[:16]}"
    manifest = render_template("imsmanifest.xml", identifier=identifier, title=_NO_XML.sub("", title))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (("imsmanifest.xml", manifest), ("index.html", page)):
            package.writestr(zipfile.ZipInfo(name, _DATED), text.encode(), zipfile.ZIP_DEFLATED)
    return written.getvalue()
