"""Static files under a content-hashed address, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from .policies import public

PACKAGE = Path(__file__).parents[1]
FOR_EVER = "public, max-age=31536000, immutable"

assets = Blueprint("assets", __name__)


def resources(name: str) -> Path:
    """The folder `templates` or `static`: beside the packages in a checkout, inside them when installed."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() and (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / f"_{name}"


@dataclass(frozen=True)
class Asset:
    """One file as served: plain and compressed."""

    data: bytes
    packed: bytes
    kind: str


class Assets:
    """All static files in memory; together they have one version, so relative imports keep working."""

    def __init__(self, folder: Path) -> None:
        self.files = {
            str(path.relative_to(folder)): _asset(path.name, path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".txt"
        }
        self.files["isthmus.css"] = _asset("isthmus.css", _stylesheet(folder / "css"))
        digest = hashlib.sha256()
        for name, asset in sorted(self.files.items()):
            digest.update(name.encode() + asset.data)
        self.version = digest.hexdigest()[:12]
        self.urls = {name: f"/assets/{self.version}/{name}" for name in self.files}
        self.urls["css"] = self.urls["isthmus.css"]


@cache
def _loaded() -> Assets:
    """The files as they were when the process began."""
    return Assets(resources("static"))


def _asset(name: str, data: bytes) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        kind = "text/javascript"
    return Asset(data, gzip.compress(data, mtime=0), kind)


def _stylesheet(folder: Path) -> bytes:
    """One stylesheet from many files, in the order that css/order.txt gives."""
    order = folder / "order.txt"
    names = [line.strip() for line in order.read_text(encoding="utf-8").splitlines()] if order.exists() else []
    return b"\n".join((folder / name).read_bytes() for name in names if name and not name.startswith("#"))


def init_app(app: Flask) -> None:
    """Load the files and serve them."""
    app.extensions["isthmus.assets"] = _loaded()
    app.register_blueprint(assets)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """Address of a static file; `css` means the one stylesheet. Raises `KeyError` for a file that is not there."""
    return _loaded().urls[name]


@assets.get("/assets/<string:version>/<path:name>")
@public
def serve(version: str, name: str) -> Response:
    """One static file; an old version's address still answers, but is not kept."""
    held: Assets = current_app.extensions["isthmus.assets"]
    found = held.files.get(name)
    if found is None:
        abort(404)
    packed = request.accept_encodings["gzip"] > 0 and len(found.data) > 500
    response = Response(found.packed if packed else found.data, mimetype=found.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER if version == held.version else "no-cache"
    return response
