"""The text of a string item (a shared string or an inline string): runs joined, phonetic guides left out."""

from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.xml_scan import Element


def string_of(item: Element) -> str:
    """The text of an <si> or <is> element."""
    texts: list[str] = []
    for child in item.children:
        if child.name == "t":
            texts.append(decode_escapes(child.text))
        elif child.name == "r":
            texts += [decode_escapes(text.text) for text in child.all("t")]
    return "".join(texts)
