"""A sentence that can be said in every language: a template with named values.

In the code it stands in English. As a text it *is* its English, so that records in JSON, logs and
comparisons do not depend on anybody's language; :func:`translated` says it in the chosen one.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any, Final

from ocguard.language.catalogs import phrase, plural_phrase

__all__ = [
    "Message",
    "code_of",
    "in_context",
    "message_of",
    "power_of_ten",
    "translatable",
    "translatable_forms",
    "translated",
]


def translatable(english: str) -> str:
    """Return a phrase as it is: it stands in the catalogs, and is said later."""
    return english


def translatable_forms(one: str, many: str) -> tuple[str, str]:
    """Return a phrase for one and for any other number, for :meth:`Message.counted` later."""
    return one, many


def in_context(context: str, english: str) -> str:
    """Return a word as it is: in the catalogs it stands in a context that tells it from others."""
    del context
    return english


def power_of_ten(exponent: int) -> str:
    """Write a power of ten as people do, with the exponent raised.

    >>> power_of_ten(12)
    '10¹²'
    """
    return "10" + str(exponent).translate(_RAISED)


_RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

SEPARATOR: Final = translatable(", ")
"""Between the words of a list."""

CLAUSES: Final = translatable("; ")
"""Between the messages of a list."""


class Message(str):
    """A sentence with its values.

    Parameters
    ----------
    template : str
        In English, with fields as of :meth:`str.format`. Without values it stands as it is.
    **values
        What the fields name. Numbers and text stay what they are, lists are lists, errors become
        their messages, everything else becomes text; so a message travels between processes.

    Attributes
    ----------
    template : str
        The same; the name of the sentence in the catalogs.
    values : mapping
        The same.
    code : str
        What kind of error says it, such as ``image-read``; empty elsewhere.
    """

    template: str
    values: Mapping[str, Any]
    code: str = ""
    _many: str = ""

    def __new__(cls, template: str, /, **values: object) -> Message:
        """Make the English text; a message without further values is taken as it is."""
        if isinstance(template, Message) and not values:
            return template
        plain = {name: _plain(value) for name, value in values.items()}
        return cls._made(template, plain)

    @classmethod
    def _made(
        cls, template: str, values: Mapping[str, Any], many: str = "", code: str = ""
    ) -> Message:
        form = many if many and values["number"] != 1 else template
        message = super().__new__(cls, _filled(form, values, str))
        message.template, message.values = str(template), values
        message._many, message.code = many, code
        return message

    @classmethod
    def counted(cls, one: str, many: str, number: int, /, **values: object) -> Message:
        """Make a message that depends on a number, which it has as the value ``number``.

        Parameters
        ----------
        one, many : str
            The template for one and for any other number, in English.
        number : int
            How many.
        **values
            Further values.
        """
        plain = {name: _plain(value) for name, value in values.items()}
        return cls._made(one, {"number": int(number), **plain}, many)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as template and values."""
        return Message._made, (self.template, self.values, self._many, self.code)

    def coded(self, code: str) -> Message:
        """Return the same message as an error of some kind says it."""
        return Message._made(self.template, self.values, self._many, code)

    def renamed(self, old: str, new: str) -> Message:
        """Return the same message with another name for something among its values."""
        values = {name: _renamed(value, old, new) for name, value in self.values.items()}
        template = self.template if values else self.template.replace(old, new)
        return Message._made(template, values, self._many, self.code)

    def to_dict(self) -> dict[str, Any]:
        """Give it to programs, which may say it in any language: code, template, values.

        A value that is a sentence itself is given the same way.
        """
        values = {name: _shown(value) for name, value in self.values.items()}
        return {"code": self.code, "template": self.template, "values": values}

    def translated(self) -> str:
        """Return the sentence in the chosen language."""
        if self._many:
            form = plural_phrase(self.template, self._many, self.values["number"])
        else:
            form = phrase(self.template)
        return _filled(form, self.values, translated)


def translated(text: str) -> str:
    """Say a message in the chosen language; any other text is returned as it is."""
    return text.translated() if isinstance(text, Message) else text


def code_of(text: str) -> str:
    """Return what kind of error says a text; empty where that is not known."""
    return text.code if isinstance(text, Message) else ""


def message_of(error: BaseException) -> str:
    """Return what an error says: a message where it has one."""
    said = error.args[0] if len(error.args) == 1 else None
    return said if isinstance(said, Message) else str(error)


def _filled(form: str, values: Mapping[str, Any], say: Callable[[str], str]) -> str:
    """Fill a template in, with values that are said in the same language."""
    if not values:
        return form
    return form.format_map({name: _said(value, say) for name, value in values.items()})


def _said(value: object, say: Callable[[str], str]) -> object:
    if isinstance(value, list):
        separator = CLAUSES if all(isinstance(one, Message) for one in value) else SEPARATOR
        between = separator if say is str else phrase(separator)
        return between.join(str(_said(one, say)) for one in value)
    return say(value) if isinstance(value, str) else value


def _renamed(value: object, old: str, new: str) -> object:
    if isinstance(value, Message):
        return value.renamed(old, new)
    if isinstance(value, list):
        return [_renamed(one, old, new) for one in value]
    return value.replace(old, new) if isinstance(value, str) else value


def _shown(value: object) -> Any:
    """Return a value for JSON."""
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value.to_dict() if isinstance(value, Message) else value


def _plain(value: object) -> Any:
    """Return a value as what JSON and other processes take."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, BaseException):
        return message_of(value)
    if isinstance(value, numbers.Number) and hasattr(value, "item"):
        return value.item()
    if isinstance(value, list | tuple | set | frozenset | dict):
        return [_plain(one) for one in value]
    return str(value)
