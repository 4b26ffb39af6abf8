"""A person is spoken to in the language that they or their system chose."""

import threading

import pytest

from ocguard.language.choice import (
    LANGUAGE_NAMES,
    LANGUAGES,
    choose_language,
    chosen_language,
    known_language,
    speaking,
    system_language,
)


def test_english_is_spoken_where_nothing_was_chosen():
    """A library says nothing in another language unasked."""
    assert chosen_language() == "en"


def test_a_language_is_spoken_for_a_while():
    """Afterwards the one before it is spoken again, whatever happened."""
    with pytest.raises(RuntimeError), speaking("ja"):
        assert chosen_language() == "ja"
        raise RuntimeError
    assert chosen_language() == "en"


def test_a_choice_holds_in_its_own_context_alone():
    """What one thread of a server speaks is nothing to the next."""
    thread = threading.Thread(target=choose_language, args=("zh",))
    thread.start()
    thread.join()
    assert chosen_language() == "en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("zh-Hant-TW", "zh"),
        ("zh_HK", "zh"),
        ("ja_JP.eucJP", "ja"),
        ("JA", "ja"),
        ("en_GB@euro", "en"),
        ("fr_FR.UTF-8", None),
        ("C", None),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("", None),
    ],
)
def test_a_tag_names_a_language(tag, language):
    """Locales and tags of HTTP alike; every Chinese is answered in the one there is."""
    assert known_language([tag]) == language


def test_the_first_known_tag_counts():
    """Somebody who likes French best and then Japanese reads Japanese."""
    assert known_language(["fr", "ja", "zh"]) == "ja"


def test_the_firmest_variable_decides():
    """As in every program: LC_ALL goes before LC_MESSAGES, and that before LANG."""
    environ = {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}
    assert system_language(environ) == "ja"
    assert system_language({**environ, "LC_ALL": "C"}) == "en"
    assert system_language({**environ, "LC_ALL": "C", "OCGUARD_LANG": "zh"}) == "zh"


def test_an_empty_variable_says_nothing():
    """POSIX treats it as not set."""
    assert system_language({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}) == "zh"


def test_every_language_has_its_own_name():
    """Who looks for their language reads it in that language."""
    assert tuple(LANGUAGE_NAMES) == LANGUAGES
