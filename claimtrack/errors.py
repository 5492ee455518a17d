"""What a service says when it refuses: plain errors that know nothing of the web."""


class DomainError(Exception):
    """A request that the rules refuse. `code` is stable; `field` names the input at fault, where there is one."""

    code = "refused"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Conflict(DomainError):
    """The thing is not (or no longer) in a state in which this can be done to it."""

    code = "conflict"


class NotFound(DomainError):
    """What the request names does not exist."""

    code = "not_found"


class Gone(DomainError):
    """What the request stands on is no longer there; the message says how to begin again."""

    code = "gone"
