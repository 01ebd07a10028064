"""Turn the description into what a person reads: calls by kind of thing, their values, their answers.

It knows OpenAPI and nothing of the service, so that the page cannot say what the description does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Value:
    """A field or argument: dotted name, kind of value, whether it must be there, and what is said of it."""

    name: str
    kind: str
    is_required: bool
    says: str


@dataclass(frozen=True)
class Call:
    """One operation; `answers` are pairs of status and what the answer is."""

    id: str
    method: str
    path: str
    says: str
    arguments: tuple[Value, ...]
    body: tuple[Value, ...]
    answers: tuple[tuple[str, str], ...]
    answer: tuple[Value, ...]


@dataclass(frozen=True)
class Chapter:
    """The calls about one kind of thing."""

    id: str
    says: str
    calls: tuple[Call, ...]


def chapters(description: Mapping[str, Any]) -> list[Chapter]:
    """Return the chapters in the order of the description's tags."""
    calls: dict[str, list[Call]] = {tag["name"]: [] for tag in description["tags"]}
    for path, operations in description["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                shared = operations.get("parameters", [])
                calls[operation["tags"][0]].append(_call(description, method, path, operation, shared))
    return [Chapter(tag["name"], tag["description"], tuple(calls[tag["name"]])) for tag in description["tags"]]


def _call(
    description: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], shared: list[Any]
) -> Call:
    parameters = [_resolved(description, one) for one in [*shared, *operation.get("parameters", [])]]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = {status: _resolved(description, one) for status, one in operation["responses"].items()}
    good = next((one for status, one in answers.items() if status.startswith("2")), {})
    answer = good.get("content", {}).get("application/json", {}).get("schema")
    return Call(
        id=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        method=method.upper(),
        path=path,
        says=" ".join(operation.get(part, "") for part in ("summary", "description")).strip(),
        arguments=tuple(_argument(one) for one in parameters if one["in"] == "query"),
        body=tuple(_values(description, body)) if body else (),
        answers=tuple((status, one.get("description", "")) for status, one in answers.items() if status != "default"),
        answer=tuple(_values(description, answer)) if answer else (),
    )


def _argument(parameter: Mapping[str, Any]) -> Value:
    schema = parameter["schema"]
    says = parameter.get("description") or schema.get("description", "")
    return Value(parameter["name"], _kind(schema), bool(parameter.get("required")), says)


def _values(description: Mapping[str, Any], schema: Mapping[str, Any], path: str = "") -> Iterator[Value]:
    """Name the fields of an object, those of inner objects after them, under dotted names."""
    schema = _resolved(description, schema)
    if "items" in schema:
        yield from _values(description, schema["items"], f"{path}[]")
    for name, field in schema.get("properties", {}).items():
        inner = _resolved(description, field)
        dotted = f"{path}.{name}".lstrip(".")
        is_required = name in schema.get("required", ())
        yield Value(dotted, _kind(inner), is_required, field.get("description") or inner.get("description", ""))
        if dotted.count(".") < 4:
            yield from _values(description, inner, dotted)


def _resolved(description: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference leads to; of alternatives the one that is not null."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _resolved(description, one)
    if "$ref" not in schema:
        return schema
    found: Any = description
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(description, found)


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in a word what kind of value stands here; the words of a list are told one by one."""
    if "enum" in schema:
        return " | ".join(str(word) for word in schema["enum"] if word is not None)
    kind = schema.get("type", "object")
    word = "/".join(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if word == "array":
        return f"[{_kind(schema['items'])}]" if "$ref" not in schema["items"] else "[object]"
    return f"{word} ({schema['format']})" if "format" in schema else str(word)
