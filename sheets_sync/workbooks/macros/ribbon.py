"""The ribbon tab of the add-in, as the XML that Excel 2010 and later read (MS-CUSTOMUI2)."""

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from sheets_sync.words.button_words import button_words
from sheets_sync.workbooks.macros.sources import RIBBON_MODULE


class RibbonButton(NamedTuple):
    """A button: the action it asks for, what it runs, and one of Excel's own pictures."""

    action: str
    callback: str
    picture: str


BUTTONS = (
    RibbonButton("sync", "SheetsSyncSync", "RefreshAll"),
    RibbonButton("check", "SheetsSyncCheck", "Spelling"),
    RibbonButton("explain", "SheetsSyncExplain", "Help"),
    RibbonButton("preview-mails", "SheetsSyncPreviewMails", "FileSendAsAttachment"),
    RibbonButton("undo", "SheetsSyncUndo", "Undo"),
    RibbonButton("last-result", "SheetsSyncLastResult", "ReviewShowAllComments"),
)
"""In the order of the ribbon; the first one is the largest."""

_NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"


def ribbon_xml(language: str) -> str:
    """The customUI part with its labels in `language`."""
    words = button_words(language).ribbon
    buttons = "".join(
        f"<button id={quoteattr('sheetsSync' + one.callback.removeprefix('SheetsSync'))}"
        f" label={quoteattr(words[one.action].name)}"
        f" size={quoteattr('large' if one is BUTTONS[0] else 'normal')}"
        f" imageMso={quoteattr(one.picture)}"
        f" screentip={quoteattr(words[one.action].name)}"
        f" supertip={quoteattr(words[one.action].tip)}"
        f" onAction={quoteattr(f'{RIBBON_MODULE}.{one.callback}')}/>"
        for one in BUTTONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{_NAMESPACE}"><ribbon startFromScratch="false"><tabs>'
        f'<tab id="sheetsSyncTab" label={quoteattr(words["tab"].name)}>'
        f'<group id="sheetsSyncGroup" label={quoteattr(words["group"].name)}>{buttons}</group>'
        "</tab></tabs></ribbon></customUI>"
    )
