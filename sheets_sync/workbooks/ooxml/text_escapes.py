"""Texts as spreadsheet XML writes them: _xHHHH_ for characters that XML cannot hold. Decoding only."""

import re

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_escapes(text: str) -> str:
    """The text with every _xHHHH_ turned into its character (ST_Xstring, ECMA-376 part 1, 22.9.2.19).

    Halves of a surrogate pair are joined; a lone half becomes U+FFFD, because no output could hold it.
    """
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    if _SURROGATES.search(decoded):
        decoded = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return decoded
