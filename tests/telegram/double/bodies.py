"""The parameters of a request, however they were sent: query, form, JSON or multipart with files."""

import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.telegram.double.refusals import bad
from tests.telegram.double.wire import Request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass(slots=True)
class Fields:
    """Parameters by name (text, or a JSON value where the body was JSON) and the uploaded files."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


def read_fields(request: Request) -> Fields:
    """All parameters of a request; a body that cannot be read is refused as the server does."""
    fields = Fields(dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True)))
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not request.body:
        return fields
    if kind == "application/json":
        fields.values |= _json_object(request.body)
    elif kind == "application/x-www-form-urlencoded":
        fields.values |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        _read_multipart(request, fields)
    else:
        raise bad(f'content type "{kind}" of the body is not one that the Bot API reads')
    return fields


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object in the request body") from None
    if not isinstance(values, dict):
        raise bad("JSON object expected in the request body")
    return {name: value for name, value in values.items() if value is not None}


def _read_multipart(request: Request, fields: Fields) -> None:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        filename = part.get_filename()
        if filename is None:
            fields.values[name] = content.decode()
        else:
            fields.files[name] = Upload(filename, part.get_content_type(), content)
