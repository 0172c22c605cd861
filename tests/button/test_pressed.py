"""Each button in an open workbook: what is written, what is said, and what is kept."""

import datetime as dt

import pytest
from button.desk import SENTINEL, UID, Desk, SetClock
from xlwings_engine.engine import open_book

from sheets_sync.button.asked import Action, Asked
from sheets_sync.button.kept_result import button_folder, kept_result
from sheets_sync.button.launch import answer
from sheets_sync.button.screen import MOST_LINES
from sheets_sync.config.load import load_config
from sheets_sync.run.wiring import open_store
from sheets_sync.workbooks.live.native import native_of


def test_the_first_sync_asks_and_a_no_writes_nothing(desk):
    """Before the first write the person sees what it would do; after a no the workbook is as it was."""
    before = desk.book.sheets["Actions"].used_range.value
    code, (question, told) = desk.press(Action.SYNC, "no")
    assert "would add 3 columns" in question
    assert told.endswith("Nothing was written.")
    assert desk.book.sheets["Actions"].used_range.value == before
    assert code == 2


def test_a_sync_writes_says_counts_and_saves_nothing(desk):
    """Flags stand beside the rows, the message has the counts and says that Excel's undo list is gone."""
    code, (_, told) = desk.press(Action.SYNC, "yes")
    assert code == 0
    assert desk.column("Flag")[0].startswith("OVERDUE since")
    assert desk.column("Flag")[1] == "NO OWNER"
    assert told.splitlines()[:3] == ["2 of 3 actions need someone.", "  1  NO OWNER", "  1  OVERDUE"]
    assert "3 columns added" in told
    assert "Excel's undo list was cleared" in told
    assert desk.book.impl.saves == 0


def test_a_second_sync_writes_nothing_and_says_so(desk):
    """Nothing to write: no word of the undo list."""
    desk.press(Action.SYNC, "yes")
    code, (told,) = desk.press(Action.SYNC)
    assert code == 0
    assert "nothing was written" in told
    assert "undo" not in told


def test_what_was_typed_and_not_saved_counts(desk):
    """The sheet in front of the person is judged, not the file."""
    desk.press(Action.SYNC, "yes")
    desk.book.sheets["Actions"]["B3"].value = "Rui Costa"
    desk.press(Action.SYNC)
    assert desk.column("Flag")[1] != "NO OWNER"


def test_a_check_writes_nothing(desk):
    """Check only tells what a sync would write."""
    before = desk.book.sheets["Actions"].used_range.value
    code, (told,) = desk.press(Action.CHECK)
    assert code == 0
    assert "2 of 3 actions need someone." in told
    assert "A sync would add 3 columns" in told
    assert desk.book.sheets["Actions"].used_range.value == before


def test_undo_takes_the_sync_back_and_the_next_sync_asks(desk):
    """After an undo the plan is paused; Sync plan asks before it goes on, and a no leaves it so."""
    desk.press(Action.SYNC, "yes")
    code, (told,) = desk.press(Action.UNDO)
    assert code == 0
    assert "was taken back" in told
    assert "Flag" not in desk.book.sheets["Actions"].used_range.value[0]
    code, (question, told) = desk.press(Action.SYNC, "no")
    assert "paused" in question
    assert "stays paused" in told
    code, told = desk.press(Action.SYNC, "yes", "yes")
    assert code == 0
    assert desk.column("Flag")[1] == "NO OWNER"


def test_there_is_nothing_to_undo_before_a_sync(desk):
    """A sentence, and what else to do."""
    code, (told,) = desk.press(Action.UNDO)
    assert code == 2
    assert "no sync from this workbook to take back" in told


@pytest.mark.parametrize(("language", "nothing", "busy"), [("pt", "Não há", "ocupado"), ("es", "No hay", "ocupado")])
def test_what_goes_wrong_most_is_said_in_the_plan_s_language(desk, monkeypatch, language, nothing, busy):
    """Undo with nothing to undo, and a press while a cell is being edited: no English in between."""
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace('name = "Plant"', f'name = "Plant"\nlanguage = "{language}"'))
    code, (told,) = desk.press(Action.UNDO)
    assert (code, told.startswith(nothing)) == (2, True)
    monkeypatch.setenv("LANG", f"{language}_XX.UTF-8")
    desk.excel.editing = True
    code, (told,) = desk.press(Action.SYNC)
    assert (code, busy in told, "Excel is busy" in told) == (3, True, False)


@pytest.mark.parametrize(("cell", "said"), [("A2", "OVERDUE since 17 Nov"), ("C3", "NO OWNER"), ("A4", "Row 4")])
def test_a_row_is_explained_with_what_to_do(desk, cell, said):
    """The row of the active cell: its flag, what is wrong, why, and what to type; within a dozen lines."""
    desk.book.sheets["Actions"][cell].select()
    code, (told,) = desk.press(Action.EXPLAIN)
    assert code == 0
    assert said in told
    assert len(told.splitlines()) <= MOST_LINES
    if said == "NO OWNER":
        assert "What to do:" in told
        assert "Why:" in told


def test_a_row_typed_a_moment_ago_is_explained_as_a_sync_would_flag_it(desk):
    """A press gives no time to finish typing, and the two buttons agree."""
    desk.press(Action.SYNC, "yes")
    desk.save()
    desk.learnt()
    desk.book.sheets["Actions"]["A5"].value = "Clean the filters of hall 2"
    desk.book.sheets["Actions"]["A5"].select()
    _, (told,) = desk.press(Action.EXPLAIN)
    assert told.startswith("Row 5: NO OWNER")


def test_a_row_that_is_no_action_is_said_to_be_none(desk):
    """The header row, or a row below the plan."""
    desk.book.sheets["Actions"]["A1"].select()
    _, (told,) = desk.press(Action.EXPLAIN)
    assert told == "Row 1 of tab Actions is no action of the plan."


def test_mails_are_previewed_after_a_yes_and_never_sent(desk, monkeypatch):
    """Pages in a private folder are opened in the browser; nothing is queued, and a no writes no page."""
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    code, (question,) = desk.press(Action.PREVIEW_MAILS, "no")
    assert "Nothing is sent" in question
    assert not opened
    code, _ = desk.press(Action.PREVIEW_MAILS, "yes")
    assert code == 0
    assert opened
    assert all(page.startswith("file://") for page in opened)
    store = open_store(load_config(desk.folder))
    try:
        assert store.outbox.all_notices() == ()
    finally:
        store.close()


def test_the_last_result_is_kept_without_cells(desk):
    """The message of the last sync can be read again, with its time, and holds no text of a cell."""
    _, (told,) = desk.press(Action.LAST_RESULT)
    assert "no result" in told
    desk.press(Action.SYNC, "yes")
    _, (told,) = desk.press(Action.LAST_RESULT)
    assert told.splitlines()[0].startswith("2026-11-2")
    assert "2 of 3 actions need someone." in told
    assert SENTINEL not in str(kept_result(UID))


def test_a_result_that_cannot_be_kept_is_told_all_the_same(desk):
    """What was written is said, whatever stands in the way of remembering it."""
    (button_folder() / f"{UID}.json").mkdir(parents=True)
    code, (_, told) = desk.press(Action.SYNC, "yes")
    assert (code, "2 of 3 actions need someone." in told) == (0, True)


def test_where_the_plan_is_not_installed_flags_alone_are_written(desk):
    """The card in the workbook is enough for flags; no id is given, and what needs history is said to stay."""
    desk.press(Action.SYNC, "yes")
    desk.save()
    desk.forgotten()
    guest = Desk(desk.folder)
    sheet = guest.book.sheets["Actions"]
    sheet["B3"].value = "Rui Costa"
    sheet["A5"].value, sheet["B5"].value = "Clean the filters of hall 2", "Ana Lima"
    code, (told,) = guest.press(Action.SYNC)
    assert code == 0, told
    assert "keeps no history of this workbook" in told
    assert "Excel's undo list was cleared." in told
    assert "takes this back" not in told
    assert guest.column("Flag")[1] != "NO OWNER"
    assert guest.column("ID")[3] is None
    for action in (Action.UNDO, Action.PREVIEW_MAILS):
        code, (told,) = guest.press(action)
        assert code == 2, told
        assert "on this computer it is not" in told


def test_a_row_is_not_explained_by_a_card_without_a_time_zone(desk):
    """A sentence about the card, as a sync has it."""
    desk.press(Action.SYNC, "yes")
    desk.save()
    desk.forgotten()
    guest = Desk(desk.folder)
    card = guest.book.names["_sheets_sync.card"]
    odd = card.refers_to.replace('""timezone"":""UTC""', '""timezone"":""Asia""')
    native_of(guest.book).put_name(guest.book, card.name, odd)
    code, (told,) = guest.press(Action.EXPLAIN)
    assert (code, told) == (3, "the plan's card in this workbook names no time zone that there is")


def test_a_copy_under_another_name_is_a_guests(desk):
    """A copy of the workbook carries the same uid: it is flagged, and the plan's store learns nothing of it."""
    desk.press(Action.SYNC, "yes")
    desk.book.impl.save(str(desk.folder / "Copy of P.xlsx"))
    code, (told,) = desk.press(Action.CHECK)
    assert code == 0
    assert "keeps no history of this workbook" in told


def test_a_copy_in_another_folder_is_a_guests(desk):
    """The same name and the same uid, but not the plan's file: what was kept aside or came by mail."""
    desk.press(Action.SYNC, "yes")
    (desk.folder / "aside").mkdir()
    desk.book.impl.save(str(desk.folder / "aside" / "P.xlsx"))
    code, (told,) = desk.press(Action.CHECK)
    assert code == 0
    assert "keeps no history of this workbook" in told


def test_a_plan_that_moved_is_opened_elsewhere(desk):
    """The file it was in before is not synced any more: the message names the one it is in."""
    desk.press(Action.SYNC, "yes")
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace('"P.xlsx"', '"P.xlsm"\nmoved_from = "P.xlsx"'))
    code, (told,) = desk.press(Action.SYNC)
    assert code == 2
    assert told.startswith("This plan moved to P.xlsm.")


def test_a_workbook_without_a_plan_is_told_how_to_get_one(home):
    """Two lines: that there is none, and what to type; no file is named that somebody else could have named."""
    book = open_book()
    assert answer(Asked(Action.SYNC, book.name), book, clock=SetClock()) == 2
    (told,) = book.app.impl.alerts
    assert "sheets-sync init PLAN.xlsx" in told


def test_the_words_are_those_of_the_plans_language(desk):
    """A plan in Portuguese is answered in Portuguese."""
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace('name = "Plant"', 'name = "Plant"\nlanguage = "pt"'))
    _, (told,) = desk.press(Action.CHECK)
    assert "2 de 3 ações precisam de alguém." in told


def test_while_a_cell_is_edited_a_sentence_says_what_to_do(desk):
    """Excel takes no orders then; nothing is written."""
    desk.excel.editing = True
    code, (told,) = desk.press(Action.SYNC)
    assert "Press Enter or Esc" in told
    assert code in (0, 3)


def test_every_language_says_everything():
    """The three catalogues have the same sentences with the same places."""
    import string

    from sheets_sync.words.button_words import LANGUAGES, button_words

    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english = button_words("en")
    for language in LANGUAGES:
        words = button_words(language)
        assert words.ribbon.keys() == english.ribbon.keys()
        assert {key: places(text) for key, text in words.phrases.items()} == {
            key: places(text) for key, text in english.phrases.items()
        }


def test_time_of_the_last_result_is_the_persons_own(desk):
    """It is shown as the clock on the wall shows it."""
    desk.press(Action.SYNC, "yes")
    kept = kept_result(UID)
    assert kept is not None
    assert kept.at == dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
