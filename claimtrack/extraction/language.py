"""The language of a text."""

MAX_LOOKED_AT = 5_000
UNDETERMINED = "und"


def language(text: str) -> str:
    """Return the ISO 639-1 code of the text's language, judged by its first 5,000 characters; "und" without letters."""
    beginning = text[:MAX_LOOKED_AT]
    if not any(character.isalpha() for character in beginning):
        return UNDETERMINED
    # The model takes half a second to load: only where somebody asks.
    import py3langid  # noqa: PLC0415

    code: str = py3langid.classify(beginning)[0]
    return code
