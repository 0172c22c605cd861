"""Recorded traffic as files hold it: VCR cassettes (JSON). Not here: playing it again."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .errors import Json


class Interaction(NamedTuple):
    """One request and what Google answered. `reply` is JSON, text, or None for an empty body."""

    http: str
    url: str
    body: bytes
    content_type: str
    status: int
    reply: Any


class Recording(NamedTuple):
    """One file of recorded traffic."""

    name: str
    interactions: tuple[Interaction, ...]

    @property
    def text(self) -> str:
        """All replies as one text, to search in."""
        return "\n".join(json.dumps(one.reply) for one in self.interactions)


def recordings(folder: Path) -> Iterator[Recording]:
    """All recordings in a folder and below, by name. Files that are no recordings are left out."""
    for path in sorted(folder.rglob("*.json")):
        try:
            content = json.loads(path.read_text("utf-8"))
        except ValueError:
            continue
        if isinstance(content, dict) and (found := content.get("interactions") or content.get("http_interactions")):
            yield Recording(path.stem, tuple(_interaction(one) for one in found))


def _interaction(one: Json) -> Interaction:
    request, response = one["request"], one["response"]
    headers = {name.lower(): value for name, value in (request.get("headers") or {}).items()}
    content_type = headers.get("content-type", "")
    kind = content_type[0] if isinstance(content_type, list) and content_type else str(content_type)
    return Interaction(
        request["method"],
        request["uri"],
        _bytes(request.get("body")),
        kind,
        response["status"]["code"],
        _reply(_bytes(response.get("body"))),
    )


def _bytes(body: Any) -> bytes:
    if isinstance(body, dict):
        if body.get("base64_string"):
            packed = base64.b64decode(body["base64_string"])
            return gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed
        body = body.get("string", "")
    return (body or "").encode()


def _reply(body: bytes) -> Any:
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
