"""Preview my mails: this week's mails of the open workbook, as pages in the browser after a yes. Nothing is sent."""

import webbrowser
from itertools import islice

from sheets_sync.button.one_press import Press
from sheets_sync.button.plan_of import Installed
from sheets_sync.run.mail_pages import letters_of, write_pages
from sheets_sync.run.mail_reach import reach

MOST_OPENED = 5
NOT_HERE = 2


def preview_mails(one: Press) -> int:
    """Compose, ask, write the pages and open the first few; returns the exit code. Raises WorkbookError, UsageError,
    StoreError."""
    found, words = one.found, one.words
    if not isinstance(found, Installed):
        one.screen.tell(words.say("mails_not_here"))
        return NOT_HERE
    if found.plan.mail.keeper is None:
        one.screen.tell(words.say("no_keeper"))
        return NOT_HERE
    now = one.clock.now()
    with one.opened(found) as at:
        seen = reach(one.live, found.plan, at.store.history(one.settings.uid), now=now)
    letters = letters_of([seen.wanted.notices])
    if not letters:
        one.screen.tell(words.say("no_mails"))
        return 0
    if not one.screen.ask(words.count("mails_ask", len(letters))):
        return 0
    pages = write_pages(found.config, letters, now=now)
    for page in islice(pages, MOST_OPENED):
        webbrowser.open(page.html.as_uri())
    if len(pages) > MOST_OPENED:
        one.screen.tell(words.say("mails_many", shown=MOST_OPENED, folder=str(pages[0].html.parent)))
    return 0
