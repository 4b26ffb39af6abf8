"""A sentence is English as a text, and can be said in every language."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from ocguard.errors import ImageReadError
from ocguard.language import message as language_message
from ocguard.language.choice import speaking
from ocguard.language.message import (
    Message,
    code_of,
    message_of,
    translatable,
    translatable_forms,
    translated,
)

CHINESE = {
    "{path} holds no picture": "{path} 里没有图片",
    "{problem}; nothing was saved": "{problem}；什么都没有保存",
    "the parts {parts} are missing": "缺少 {parts}",
    "{number} work": "{number} 件作品",
    ", ": "、",
    "; ": "；",
}


@pytest.fixture
def chinese(monkeypatch):
    """Speak a Chinese of a few sentences."""
    monkeypatch.setattr(language_message, "phrase", lambda text: CHINESE.get(text, text))
    monkeypatch.setattr(language_message, "plural_phrase", lambda one, _, __: CHINESE[one])
    with speaking("zh"):
        yield


def test_as_a_text_it_is_english(chinese):
    """Records, logs and comparisons are the same whatever language is spoken."""
    said = Message("{path} holds no picture", path=Path("a/b.png"))
    assert said == "a/b.png holds no picture"
    assert json.dumps({"error": said}) == '{"error": "a/b.png holds no picture"}'
    assert f"{said}" == str(said) == "a/b.png holds no picture"


def test_it_is_said_in_the_chosen_language(chinese):
    """With the same values."""
    said = Message("{path} holds no picture", path="a.png")
    assert translated(said) == "a.png 里没有图片"


def test_sentences_in_it_are_said_in_the_same_language(chinese):
    """Messages and errors among the values."""
    error = ImageReadError("{path} holds no picture", path="a.png")
    said = Message("{problem}; nothing was saved", problem=error)
    assert said == "a.png holds no picture; nothing was saved"
    assert translated(said) == "a.png 里没有图片；什么都没有保存"


def test_lists_are_joined_as_the_language_does(chinese):
    """Words by commas, sentences by semicolons."""
    words = Message("the parts {parts} are missing", parts=("a", "b"))
    assert words == "the parts a, b are missing"
    assert translated(words) == "缺少 a、b"
    sentences = [Message("{path} holds no picture", path=name) for name in "ab"]
    assert translated(Message("{all}", all=sentences)) == "a 里没有图片；b 里没有图片"


def test_a_number_chooses_the_form(chinese):
    """English has two, Chinese has one."""
    forms = [Message.counted("{number} work", "{number} works", count) for count in (0, 1, 2)]
    assert forms == ["0 works", "1 work", "2 works"]
    assert [translated(one) for one in forms] == ["0 件作品", "1 件作品", "2 件作品"]


def test_another_text_is_said_as_it_is(chinese):
    """A name that happens to be a sentence of ours stays a name."""
    assert translated("{number} work") == "{number} work"
    assert translatable("a phrase") == "a phrase"


def test_forms_can_be_chosen_later(chinese):
    """A table holds both forms, and a number chooses where it is said."""
    forms = translatable_forms("{number} work", "{number} works")
    assert translated(Message.counted(*forms, 2)) == "2 件作品"


def test_without_values_braces_stand_for_themselves():
    """What others said is not taken for a template."""
    assert Message("{not a field}") == "{not a field}"


def test_values_have_the_forms_that_templates_ask_for():
    """Numbers stay numbers."""
    assert Message("{count:,} bytes, {share:.1%}", count=np.int64(12345), share=0.5) == (
        "12,345 bytes, 50.0%"
    )


@pytest.mark.parametrize("said", [Message("{a} of {b}", a=1, b="c"), Message.counted("a", "b", 2)])
def test_it_travels_between_processes(said):
    """With all that it takes to say it there."""
    came = pickle.loads(pickle.dumps(said.coded("image-read")))
    assert (came, came.template, came.values, came.code) == (
        said,
        said.template,
        said.values,
        "image-read",
    )


def test_what_it_is_about_can_have_another_name(chinese):
    """A file that lies elsewhere than where a person put it, wherever a message names it."""
    error = Message("{path} holds no picture", path="/tmp/x7.png")
    said = Message("{problem}; nothing was saved", problem=error).coded("image-read")
    renamed = said.renamed("/tmp/x7.png", "a.png")
    assert renamed == "a.png holds no picture; nothing was saved"
    assert translated(renamed) == "a.png 里没有图片；什么都没有保存"
    assert renamed.code == "image-read"
    assert Message("/tmp/x7.png: odd").renamed("/tmp/x7.png", "a.png") == "a.png: odd"


def test_programs_get_template_and_values():
    """So that they can say it in any language, sentences in it too."""
    inner = Message("{path} holds no picture", path=Path("a.png"))
    assert Message("{problem}; nothing was saved", problem=inner).to_dict() == {
        "code": "",
        "template": "{problem}; nothing was saved",
        "values": {
            "problem": {
                "code": "",
                "template": "{path} holds no picture",
                "values": {"path": "a.png"},
            }
        },
    }


def test_what_an_error_says_is_its_message():
    """Also of errors that are not ours, and of those that say nothing of ours."""
    said = Message("a {thing}", thing="brush")
    assert message_of(ValueError(said)) is said
    assert message_of(ValueError("other")) == "other"
    assert code_of(message_of(ImageReadError("no"))) == "image-read"
    assert code_of("a text") == ""
