"""What people, scripts and attackers put into a field: written down once, for forms, addresses and uploads."""

MARKUP = "<img src=x onerror=alert(1)>"
ATTRIBUTE = '"onfocus="alert(1)'
TEMPLATE = "q{{7*7}}q %(x)s {0.__class__}"
NEVER_ON_A_PAGE = (MARKUP, ATTRIBUTE, "q49q")
"""What a page holds only if it did not escape a text, or took it for a template."""

NASTY = {
    "NUL": "a\x00b",
    "broken byte": "a\udc80b",
    "turned around": "a\u202e\u2066\u2028\x1b[2Jb",
    "invisible": "\u200b",
    "header": "x\r\nBcc: x@evil.example",
    "bigint": str(2**63),
    "all that Python reads": "9" * 4300,
    "beyond Python": "9" * 5000,
    "negative": "-1",
    "not a number": "NaN",
    "superscript": "²",
    "SQL": "' OR 1=1--",
    "wildcards": "%_",
    "markup": MARKUP,
    "attribute": ATTRIBUTE,
    "template": TEMPLATE,
    "script": "javascript:alert(1)",
    "empty": "",
    "unknown": "klingon",
    "long": "x" * 3000,
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no such day": "31.02.2027",
    "midnight": "24:00",
    "no such time": "25:61",
    "the missing hour": "28.03.2027 02:30",
    "the doubled hour": "31.10.2027 02:30",
}

STORED = {
    name: NASTY[name]
    for name in (
        "NUL", "broken byte", "turned around", "bigint", "all that Python reads", "beyond Python", "superscript",
        "wildcards", "markup", "empty", "unknown", "long", "first day", "last day",
    )
}  # fmt: skip
"""Those on which databases differ."""

CHOSEN = {name: NASTY[name] for name in ("NUL", "broken byte", "bigint", "beyond Python", "superscript", "unknown")}
"""What is enough where nothing is typed."""

WRITTEN_AS = {NASTY["first day"]: "01.01.0001", NASTY["last day"]: "31.12.9999"}
"""How a typed day comes back in its field."""


def as_bytes(text: str) -> bytes:
    """Return a text as it travels; a lone surrogate stands for the broken byte that it is."""
    return text.encode("utf-8", "surrogateescape")


def as_read(text: str) -> str:
    """Return a text as the service reads it: broken bytes stay percent-encoded."""
    return text.replace("\udc80", "%80")
