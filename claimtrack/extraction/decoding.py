"""From the bytes of a feed or page to text that can be parsed and stored."""

import codecs
import re

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ESCAPE = b"\x1b"  # begins a change of character set in ISO-2022, whose bytes all look like ASCII
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)

# Only encodings in which ASCII bytes mean ASCII: others, such as UTF-7, can hide markup from whoever checks it.
PLAIN_ENCODINGS = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp(?:12\d\d|437|85\d|86[2-6]|874|932|949|950)|koi8-[rtu]|mac-\w+|tis-620"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|euc_(?:jp|kr)|euc_jis\w+|shift_jis\w*|johab|iso2022_(?:jp|kr)\w*"
)
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def decode(body: bytes, *, content_type: str = "", declared: str = "") -> str:
    """Decode a document by its byte order mark, as UTF-8, as its header says, or as it says itself.

    `declared` is the encoding that the document names. UTF-8 comes before both, for what is valid UTF-8 is
    hardly ever anything else; what fits nothing is read as Windows-1252. Control characters are left out.
    """
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return without_controls(body[len(mark) :].decode(encoding, "replace"))
    if b"\0" in body[:2]:
        wide = "utf-16-be" if body.startswith(b"\0") else "utf-16-le"
        return without_controls(body.decode(wide, "replace"))
    in_header = CHARSET.search(content_type)
    said = [_plain_encoding(name) for name in (in_header[1] if in_header else "", declared)]
    for name in [*said, "utf-8"] if ESCAPE in body else ["utf-8", *said]:
        try:
            return without_controls(body.decode(name))
        except UnicodeDecodeError:
            continue
    return without_controls(body.decode("cp1252", "replace"))


def without_controls(text: str) -> str:
    """Leave out what neither XML nor the database takes: control characters and lone surrogates."""
    return UNSTORABLE.sub("", text)


def _plain_encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    return found if PLAIN_ENCODINGS.fullmatch(found) else "utf-8"
