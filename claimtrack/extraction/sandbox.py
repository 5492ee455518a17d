"""Feeds and pages parsed in a child process, which can be stopped whatever a document does to its parser.

`in_child` starts `python -m claimtrack.extraction.sandbox` afresh (Celery's workers may not fork through
multiprocessing), hands it the document over a pipe and reads back the result, or why there is none, as JSON.
"""

import json
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypedDict, cast, overload

if TYPE_CHECKING:
    from claimtrack.extraction.feeds import FeedDocument
    from claimtrack.extraction.pages import PageText

type FunctionName = Literal["read_feed", "read_page"]

MODULES = {"read_feed": "claimtrack.extraction.feeds", "read_page": "claimtrack.extraction.pages"}
SECONDS = {"read_feed": 120.0, "read_page": 20.0}  # a feed of 15 MB may hold 100,000 items: 50 s of one core
MEMORY_MB = 1024
PROJECT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT")


class FeedPayload(TypedDict):
    """What `read_feed` is called with."""

    body: bytes
    content_type: str
    base_url: str


class PagePayload(TypedDict):
    """What `read_page` is called with."""

    body: bytes
    content_type: str
    url: str


class ParsingStopped(Exception):
    """The child ended without a result; `code` is stable, `message` a sentence for people."""

    code = "parsing_stopped"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ParsingTookTooLong(ParsingStopped):
    """The child was still parsing at its limit of time."""

    code = "took_too_long"


class ParsingTookTooMuchMemory(ParsingStopped):
    """The child asked for more memory than it may have."""

    code = "took_too_much_memory"


@overload
def in_child(
    function_name: Literal["read_feed"],
    payload: FeedPayload,
    *,
    seconds: float | None = None,
    memory_mb: int = MEMORY_MB,
) -> "FeedDocument": ...


@overload
def in_child(
    function_name: Literal["read_page"],
    payload: PagePayload,
    *,
    seconds: float | None = None,
    memory_mb: int = MEMORY_MB,
) -> "PageText": ...


def in_child(
    function_name: FunctionName,
    payload: FeedPayload | PagePayload,
    *,
    seconds: float | None = None,
    memory_mb: int = MEMORY_MB,
) -> "FeedDocument | PageText":
    """Call `read_feed` or `read_page` in a child process, for 120 or 20 seconds unless told otherwise.

    Raises what the function itself raises (FeedUnreadable, PageUnreadable), or a ParsingStopped.
    """
    limit = SECONDS[function_name] if seconds is None else seconds
    arguments = {name: value for name, value in payload.items() if name != "body"}
    call = {"function": function_name, "arguments": arguments, "seconds": limit, "memory_mb": memory_mb}
    returncode, said = _run(json.dumps(call).encode() + b"\n" + payload["body"], limit)
    if returncode == -signal.SIGXCPU:
        raise _took_too_long(limit)
    if returncode == -signal.SIGKILL:
        raise ParsingTookTooMuchMemory("The machine ran out of memory while this document was parsed.")
    if returncode:
        raise ParsingStopped(f"The parser failed on this document (exit status {returncode}).")
    return _result(function_name, json.loads(said), memory_mb)


def _run(document: bytes, seconds: float) -> tuple[int, bytes]:
    with subprocess.Popen(
        [sys.executable, "-m", "claimtrack.extraction.sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        env=child_environment(os.environ),
        start_new_session=True,
    ) as child:
        try:
            said, _ = child.communicate(document, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise _took_too_long(seconds) from error
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    return child.returncode, said


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Pass on what Python needs to start, and no secrets. Dates are read in UTC whatever the machine's zone."""
    passed_on = {name: environment[name] for name in PASSED_ON if name in environment}
    return {**passed_on, "LANG": "C.UTF-8", "TZ": "UTC"}


def _took_too_long(seconds: float) -> ParsingTookTooLong:
    return ParsingTookTooLong(f"Parsing this document was stopped after {seconds:g} s.")


def _result(function_name: FunctionName, said: dict[str, Any], memory_mb: int) -> "FeedDocument | PageText":
    module = import_module(MODULES[function_name])
    match said:
        case {"result": result} if function_name == "read_feed":
            items = tuple(module.FeedItem(**_with_moments(item)) for item in result["items"])
            rejected = tuple(module.Rejected(**one) for one in result["rejected"])
            return cast("FeedDocument", module.FeedDocument(result["title"], items, rejected))
        case {"result": result}:
            return cast("PageText", module.PageText(**_with_moments(result)))
        case {"unreadable": message, "code": code}:
            unreadable = module.FeedUnreadable if function_name == "read_feed" else module.PageUnreadable
            raise unreadable(message, code=code)
        case {"failed": "MemoryError"}:
            raise ParsingTookTooMuchMemory(f"Parsing this document took more than {memory_mb:,} MB of memory.")
    raise ParsingStopped(f"The parser failed on this document ({said.get('failed')}).")


def _with_moments(fields: dict[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(fields[name]) for name in fields if name.endswith("_at") and fields[name]}
    return {**fields, **moments}


# In the child


def main() -> None:
    """Make the one call that standard input asks for and write what came of it to standard output."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library may print is no answer
    call = json.loads(sys.stdin.buffer.readline())
    _limit(call["seconds"], call["memory_mb"])
    try:
        said = _call(call["function"], sys.stdin.buffer, call["arguments"])
    except Exception as error:
        if hasattr(error, "code") and hasattr(error, "message"):
            said = json.dumps({"unreadable": error.message, "code": error.code})
        else:
            said = json.dumps({"failed": type(error).__name__})
    with answer:
        answer.write(said)


def _limit(seconds: float, memory_mb: int) -> None:
    processor = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _call(function: str, document: BinaryIO, arguments: dict[str, str]) -> str:
    # trafilatura takes this module where it is installed, to guess languages that nobody asks for here; with
    # numpy behind it, that is half of the time a child needs to start.
    sys.modules.setdefault("py3langid", cast("Any", None))
    module = import_module(MODULES[function])
    return json.dumps({"result": getattr(module, function)(document.read(), **arguments)}, default=_as_json)


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
