"""The words with which the Bot API refuses: one exception, and constructors named after what is wrong."""

from typing import Any

_PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class Refusal(Exception):
    """An error answer: status, description and `parameters` of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        self.code, self.description, self.parameters = code, description, parameters
        super().__init__(f"{code} {description}")

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refusal(code: int, problem: str, **parameters: Any) -> Refusal:
    """A refusal whose description has the prefix that the server puts before errors of this status."""
    return Refusal(code, f"{_PREFIXES[code]}: {problem}", **parameters)


def bad(problem: str, **parameters: Any) -> Refusal:
    """400 Bad Request."""
    return refusal(400, problem, **parameters)


def forbidden(problem: str) -> Refusal:
    """403 Forbidden."""
    return refusal(403, problem)


def conflict(problem: str) -> Refusal:
    """409 Conflict."""
    return refusal(409, problem)


def too_many(seconds: int) -> Refusal:
    """429: the server wants to be left alone for so long."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
