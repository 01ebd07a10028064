"""Decide what the district may set of the pages that everybody sees without signing in.

They are topics like those of `option_topics`, which lists them.
"""

from dispatch.domain import legal
from dispatch.domain.option_days import Day
from dispatch.domain.option_hosts import Link
from dispatch.domain.option_topic import Topic
from dispatch.domain.option_values import Email, Text

PUBLIC_TOPICS = (
    Topic(
        "legal",
        legal.DEFAULT,
        {name: Text(20_000, required=False, prose=True) for name in ("imprint", "privacy", "accessibility")},
    ),
    Topic(
        "operator",
        legal.OPERATOR,
        {
            "represented_by": Text(required=False),
            "supervision": Text(500, required=False, prose=True),
            "vat_id": Text(40, required=False),
            "privacy_officer": Text(500, required=False, prose=True),
            "privacy_authority": Text(500, required=False, prose=True),
        },
    ),
    Topic(
        "statement",
        legal.STATEMENT,
        {"reviewed_on": Day(), "enforcement": Text(500, required=False, prose=True), "film": Link()},
    ),
    Topic("security", legal.SECURITY, {"mailbox": Email(required=False), "policy": Link()}),
)
