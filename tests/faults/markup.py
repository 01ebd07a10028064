"""Read pages as browsers do: their language, and each form with what it would send untouched."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"text", "email", "tel", "search", "url", "number", "textarea"})
SENT_IF_CHECKED = frozenset({"checkbox", "radio"})

Attributes = dict[str, str]


@dataclass
class Field:
    """One control: what kind it is, what it sends untouched (`values`), and what one may choose from."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page, with name and value of its buttons."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a reader of a page can fill in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: Attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "html":
                self.language = found.get("lang", "")
            case "form":
                self._form = Form(found.get("action", ""), found.get("method", "get").lower())
                self.forms.append(self._form)
                self._by_id[found.get("id", "")] = self._form
            case "input" | "button" | "select" | "textarea":
                self._control(tag, found)
            case "option" if self._select is not None:
                self._option(found)

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = None
            case "textarea":
                self._area = None
            case "select" if self._select is not None:
                self._select.values = self._select.values or self._select.choices[:1]
                self._select = None
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[0] += data

    def _control(self, tag: str, found: Attributes) -> None:
        form = self._by_id.get(found["form"]) if "form" in found else self._form
        name, kind = found.get("name", ""), found.get("type", "text") if tag == "input" else tag
        if form is not None and tag == "button":
            form.buttons.append((name, found.get("value", "")))
        if form is None or not name or tag == "button":
            return
        control = form.fields.setdefault(name, Field(name, kind))
        if tag == "select":
            self._select = control
        elif tag == "textarea":
            self._area = control
            control.values = [""]
        elif kind in SENT_IF_CHECKED:
            control.choices.append(found.get("value", "on"))
            control.values += [found.get("value", "on")] if "checked" in found else []
        else:
            control.values.append(found.get("value", ""))

    def _option(self, found: Attributes) -> None:
        assert self._select is not None
        self._select.choices.append(found.get("value", ""))
        if "selected" in found:
            self._select.values.append(found.get("value", ""))
