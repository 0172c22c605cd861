"""The lexicons are complete, and an incomplete one does not load."""

import json
from importlib.resources import files

import pytest

from sheets_sync.rules.tables import tables
from sheets_sync.words.lexicon import LANGUAGES, Lexicon, LexiconError, lexicon, lexicon_of

NAMES = list(Lexicon._fields)


def shipped(language: str) -> dict[str, object]:
    """A packaged lexicon as JSON."""
    place = files("sheets_sync.words").joinpath("data", f"lexicon-{language}.json")
    return json.loads(place.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_lexicon_loads(language: str) -> None:
    """Every language has every list."""
    loaded = lexicon(language)
    assert all(getattr(loaded, name) for name in NAMES)
    assert set(shipped(language)) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_missing_or_empty_list(name: str) -> None:
    """A list that is missing or empty is an error of loading, which names it."""
    lists = shipped("en")
    for broken in ({k: v for k, v in lists.items() if k != name}, lists | {name: type(lists[name])()}):
        with pytest.raises(LexiconError, match=f"lexicon-xx.json: .*{name}: missing or empty"):
            lexicon_of(broken, "lexicon-xx.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verbs", ["Publish"]),
        ("verbs", [" publish"]),
        ("verbs", ["publish", "publish"]),
        ("verbs", ["publish", 3]),
        ("verbs", "publish"),
        ("verbs", {"publish": "x"}),
        ("forms", {"ing": []}),
        ("forms", ["ing"]),
        ("verbz", ["publish"]),
    ],
)
def test_broken_list(name: str, value: object) -> None:
    """Lists hold lower-case words, each once; forms hold endings; there are no others."""
    with pytest.raises(LexiconError, match=name):
        lexicon_of(shipped("en") | {name: value}, "lexicon-xx.json")


def test_every_mistake_is_told_at_once() -> None:
    """All that is wrong with a lexicon stands in one error."""
    with pytest.raises(LexiconError, match=r"weak: missing or empty.*verbs: needs lower-case words"):
        lexicon_of(shipped("en") | {"verbs": ["Publish"], "weak": []}, "lexicon-xx.json")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_do_not_contradict(language: str) -> None:
    """What is no verb is not listed as one; a verb that names its end is not open-ended."""
    words = lexicon(language)
    assert set(words.not_verbs) & ({*words.verbs, *words.vague, *words.completable}) == set()
    assert set(words.vague) & set(words.completable) == set()
    assert set(words.group_words) & set(words.placeholders) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_doublets_are_pairs_of_verbs(language: str) -> None:
    """A doublet is two verbs with the language's "and" between them."""
    known = tables(language)
    odd = [pair for pair in known.doublets if not all(verb in known.verbs for verb in pair)]
    assert odd == []
    assert len(known.doublets) == len(lexicon(language).doublets)


@pytest.mark.parametrize("language", LANGUAGES)
def test_endings_are_tried_longest_first(language: str) -> None:
    """ "ication" is tried before "ation"."""
    lengths = [len(ending) for ending, _ in lexicon(language).forms]
    assert lengths == sorted(lengths, reverse=True)


def test_words_of_several_texts_in_the_domain() -> None:
    """The words the specification names are in the lists it names them for."""
    en, pt, es = (lexicon(language) for language in LANGUAGES)
    assert {"improve", "support", "monitor", "ensure"} <= set(en.vague)
    assert {"acompanhar", "garantir"} <= set(pt.vague)
    assert {"gestionar", "impulsar"} <= set(es.vague)
    assert {"publish", "install", "hire"} <= set(en.completable)
    assert {"setor", "lugar"} <= set(pt.not_verbs)
    assert "taller" in es.not_verbs
    assert {"as needed", "if possible", "etc", "adequate", "asap"} <= set(en.weak)
    assert "quando possível" in pt.weak
    assert "cuando corresponda" in es.weak
    assert "develop and maintain" in en.doublets
    assert "criar e efetivar" in pt.doublets
    assert {"human error", "lack of attention"} <= set(en.blame)
    assert {"falha humana", "falta de atenção"} <= set(pt.blame)
    assert {"train", "remind", "communicate"} <= set(en.weak_actions)
    assert {"conscientizar"} <= set(pt.weak_actions)
    assert {"charla"} <= set(es.weak_actions)
    assert {"plan", "report", "test"} <= set(en.noun_or_verb)
    assert {"in order to"} <= set(en.purpose)
    assert "a fim de" in pt.purpose
    assert {"number of", "percentage of"} <= set(en.measure_starts)
    assert "número de" in pt.measure_starts
    assert {"lack of", "delay in"} <= set(en.problem_starts)
    assert "falta de" in pt.problem_starts
    assert {"tbd", "?", "idem"} <= set(en.placeholders)
    assert "a definir" in pt.placeholders
    assert {"team", "all"} <= set(en.group_words)
    assert {"ti", "rh"} <= set(pt.role_words)
    assert "comité" in es.group_words
    assert "supplier" in en.role_words
    assert {"report", "procedure"} <= set(en.deliverables)
    assert "relatório" in pt.deliverables
    assert "tablero" in es.deliverables
