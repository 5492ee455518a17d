"""Posts of social networks as plain text, as far as they differ from it."""

import re

_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+")
_TAG = re.compile(r"[#@]\w+")
_JOINT = re.compile(r"[#@_]+|(?<=[a-z])(?=[A-Z])")


def plain(text: str) -> str:
    """A text without addresses, and with its handles and hashtags as words: "#GreenDeal" as "Green Deal"."""
    return _TAG.sub(lambda tag: _JOINT.sub(" ", tag.group()), _ADDRESS.sub(" ", text))
