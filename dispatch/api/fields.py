"""The kinds of values that bodies and addresses hold, each with code words for what is wrong with it.

They only read: whether a value makes sense is decided by the domain.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from marshmallow.fields import Field

HIGHEST_ID = 999_999_999
LONGEST_TEXT = 10_000
LONGEST_LIST = 500
CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
"""A clock time of a day, its end included."""
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.0+)?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)
NOT_KEPT = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates: no database keeps them, and nothing that has one can be answered."""


class Schema(ma.Schema):
    """An object that knows its fields and refuses every other one, under code words."""

    error_messages = {"unknown": "unknown_field", "type": "wrong_type"}  # noqa: RUF012 - as the base class has it

    class Meta:
        """How marshmallow reads it."""

        unknown = ma.RAISE


class Text(ma.fields.String):
    """A text without NUL and lone surrogates, which no database keeps."""

    default_error_messages = {  # noqa: RUF012
        "required": "required", "null": "required", "invalid": "wrong_type", "invalid_utf8": "wrong_type",
    }  # fmt: skip

    def __init__(self, *, longest: int = LONGEST_TEXT, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(**kwargs)
        self.metadata = {"maxLength": longest, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.longest:
            raise ma.ValidationError("too_long")
        if NOT_KEPT.search(text):
            raise ma.ValidationError("control_characters")
        return text


class Choice(Text):
    """One of a list of words."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = tuple(str(word) for word in words)
        self.metadata = {**self.metadata, "enum": [*self.words, *([None] if kwargs.get("allow_none") else [])]}
        self.metadata.pop("maxLength")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word = super()._deserialize(value, attr, data, **kwargs)
        if word not in self.words:
            raise ma.ValidationError("unknown")
        return word


class Whole(ma.fields.Integer):
    """A whole number within bounds, both included; `205.0` is one, as JSON has it, `true` and `"205"` are not."""

    def __init__(self, *, least: int = 0, most: int = 10**9, is_text: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.is_text = least, most, is_text
        super().__init__(**kwargs)
        self.metadata = {"minimum": least, "maximum": most, **self.metadata}

    default_error_messages = {  # noqa: RUF012
        "required": "required", "null": "required", "invalid": "wrong_type", "too_large": "out_of_range",
    }  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = _typed_number(value) if self.is_text else value
        if isinstance(number, bool) or not isinstance(number, int | float) or number != int(number):
            raise self.make_error("invalid")
        if not self.least <= number <= self.most:
            raise ma.ValidationError("out_of_range")
        return int(number)


class Id(Whole):
    """The key of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=HIGHEST_ID, **kwargs)


class Number(ma.fields.Float):
    """A number within bounds, both included; no text, no `true`."""

    default_error_messages = {  # noqa: RUF012
        "required": "required", "null": "required", "invalid": "wrong_type", "too_large": "out_of_range",
    }  # fmt: skip

    def __init__(self, *, least: float = 0, most: float = 10**6, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)
        self.metadata = {"minimum": least, "maximum": most, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        if not self.least <= value <= self.most:
            raise ma.ValidationError("out_of_range")
        return float(value)


class Flag(ma.fields.Boolean):
    """true or false, and no word for them; in an address `true` or `false`."""

    def __init__(self, *, is_text: bool = False, **kwargs: Any) -> None:
        self.is_text = is_text
        super().__init__(**kwargs)

    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong_type"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        read = {"true": True, "false": False}.get(value) if self.is_text and isinstance(value, str) else value
        if not isinstance(read, bool):
            raise self.make_error("invalid")
        return read


class Instant(ma.fields.DateTime):
    """An instant of whole seconds, with offset (RFC 3339); read and written as UTC."""

    default_error_messages = {"required": "required", "null": "required"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ma.ValidationError("wrong_type")
        found = _INSTANT.match(value)
        if found is None:
            raise ma.ValidationError("not_an_instant")
        day, time, _fraction, offset = found.groups()
        try:
            return datetime.fromisoformat(f"{day}T{time}{offset.upper().replace('Z', '+00:00')}").astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ma.ValidationError("not_an_instant") from error

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


class Day(ma.fields.Date):
    """A day of the calendar: `2026-11-22`."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "not_a_day"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str):
            raise ma.ValidationError("wrong_type")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ma.ValidationError("not_a_day")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ma.ValidationError("not_a_day") from error


class Clock(ma.fields.Field[int]):
    """A minute of the local day as `HH:MM`, `24:00` its end; read and written as minutes."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "not_a_time"}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "pattern": CLOCK, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str):
            raise ma.ValidationError("wrong_type")
        if not re.fullmatch(CLOCK, value, re.ASCII):
            raise self.make_error("invalid")
        return int(value[:2]) * 60 + int(value[3:])

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"


class Many(ma.fields.List[Any]):
    """A list of bounded length."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong_type"}  # noqa: RUF012

    def __init__(self, inner: Field[Any], *, most: int = LONGEST_LIST, **kwargs: Any) -> None:
        self.most = most
        super().__init__(inner, **kwargs)
        self.metadata = {"maxItems": most, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ma.ValidationError("too_many")
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Part(ma.fields.Nested):
    """An object within an object."""

    default_error_messages = {"required": "required", "null": "required", "type": "wrong_type"}  # noqa: RUF012


def _typed_number(value: Any) -> Any:
    """Return the number that stands in an address, or what stands there."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}", value, re.ASCII) else None
