"""Static files: read and compressed once at the start, served with addresses that change with their bytes."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

from app.domain.permissions import Permission
from app.web.access import requires

bp = Blueprint("static_files", __name__)
FOLDER = Path(__file__).parent.parent / "static"
YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    body: bytes
    compressed: bytes | None
    kind: str
    version: str


_files: dict[str, StaticFile] = {}


def init_app(app: Flask) -> None:
    """Read the files and offer `static_url` to templates."""
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            _files[path.relative_to(FOLDER).as_posix()] = _read(path)
    app.register_blueprint(bp)
    app.jinja_env.globals["static_url"] = static_url


def static_url(name: str) -> str:
    """The address of a static file; it changes when the file does."""
    return url_for("static_files.show", name=name, v=_files[name].version)


@bp.get("/static/<path:name>")
@requires(Permission.PUBLIC)
def show(name: str) -> Response:
    file = _files.get(name) or abort(404)
    compress = file.compressed is not None and bool(request.accept_encodings["gzip"])
    body = file.compressed if compress and file.compressed else file.body
    response = Response(body, content_type=file.kind)
    if compress:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(file.version + ("-gzip" if compress else ""))
    is_pinned = request.args.get("v") == file.version
    response.headers["Cache-Control"] = YEAR if is_pinned else "public, max-age=300"
    response.make_conditional(request)
    return response


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    textual = kind.startswith("text/") or kind in {"image/svg+xml", "application/javascript"}
    return StaticFile(
        body=body,
        compressed=gzip.compress(body, 9, mtime=0) if textual else None,
        kind=f"{kind}; charset=utf-8" if textual else kind,
        version=hashlib.sha256(body).hexdigest()[:12],
    )
