"""Lay out the form of an option: which fields stand in which row, under which words; read what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from dispatch.domain.option_kinds import Known, Part, Unit, Widget
from dispatch.domain.option_topic import Topic
from dispatch.domain.option_values import Phone
from dispatch.domain.options import Changed
from dispatch.i18n import gettext as _
from dispatch.i18n import locale
from dispatch.messages.document_names import document_name
from dispatch.messages.option_choices import choice_word
from dispatch.messages.option_labels import field_title, full_title, hint_of, part_title, row_title
from dispatch.reference.phones import read_phone, write_phone


@dataclass(frozen=True, slots=True)
class Control:
    """One form field with its words; `choices` are pairs of value and word."""

    name: str
    widget: Widget
    title: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """What is shown for one field of a topic: alone, or rows of controls, each with its title if it has one."""

    title: str
    hint: str | None
    rows: tuple[tuple[str | None, tuple[Control, ...]], ...]
    is_alone: bool


def blocks(topic: Topic, form: Mapping[str, str], known: Known) -> list[Block]:
    """Return the form of a topic; `form` says how many rows its tables have."""
    found = []
    for field, kind in topic.kinds.items():
        rows = kind.rows(field, form, known)
        unit = getattr(kind, "unit", Unit.NONE)
        laid = tuple(
            (_row_name(topic, row[0], form), tuple(_control(topic.name, part) for part in row)) for row in rows
        )
        is_alone = len(rows) == 1 and rows[0][0].name == field
        found.append(Block(field_title(topic.name, field), hint_of(topic.name, field, unit), laid, is_alone))
    return found


def titles(topic: Topic, form: Mapping[str, str], known: Known) -> dict[str, str]:
    """Return the full title of each form field, for the summary of errors."""
    return {
        part.name: full_title(topic.name, part.name)
        for field, kind in topic.kinds.items()
        for row in kind.rows(field, form, known)
        for part in row
    }


def read(topic: Topic, form: "MultiDict[str, str]") -> dict[str, str]:
    """Return the texts of the fields of a topic, telephone numbers in the form +49…."""
    fields = tuple(topic.kinds)
    texts = {name: text for name, text in form.items() if name.startswith(fields)}
    for field, kind in topic.kinds.items():
        if isinstance(kind, Phone):
            texts[field] = read_phone(texts.get(field, ""))
    return texts


def shown(topic: Topic, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as the fields show them, telephone numbers as people write them."""
    phones = {
        field: write_phone(typed.get(field, "")) for field, kind in topic.kinds.items() if isinstance(kind, Phone)
    }
    return {**typed, **phones}


def change_rows(topic: Topic, changes: tuple[Changed, ...], known: Known) -> list[tuple[str, str, str]]:
    """Return title, word before and word after of each form field that changes."""
    old = {change.name: change.before for change in changes}
    new = {change.name: change.after for change in changes}
    widgets = {
        part.name: part.widget
        for field, kind in topic.kinds.items()
        for form in (old, new)
        for row in kind.rows(field, form, known)
        for part in row
    }
    return [
        (
            full_title(topic.name, change.name),
            _word(widgets.get(change.name, Widget.LINE), change.before),
            _word(widgets.get(change.name, Widget.LINE), change.after),
        )
        for change in changes
    ]


def _row_name(topic: Topic, part: Part, form: Mapping[str, str]) -> str | None:
    """Return what stands before a row: of a type of documents its name, so that nobody has to guess from its code."""
    code = form.get(part.name, "").strip() if topic.name == "document_types" else ""
    return document_name(code) if code else row_title(topic.name, part.name)


def _control(topic: str, part: Part) -> Control:
    choices = tuple((code, choice_word(code) if code else _("none")) for code in part.choices)
    return Control(part.name, part.widget, part_title(topic, part.name), choices)


def _word(widget: Widget, text: str) -> str:
    if widget is Widget.FLAG:
        return _("yes") if text else _("no")
    if not text:
        return "–"
    if widget is Widget.CHOICE:
        return choice_word(text)
    return text.replace("\n", f"{locale().comma} ") if widget is Widget.PROSE else text
