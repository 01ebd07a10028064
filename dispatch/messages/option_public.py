"""Name the topics and fields of the options about pages that everybody sees; `option_labels` lists them all."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _l

PUBLIC_TOPICS: dict[str, tuple[LazyString, LazyString]] = {
    "legal": (_l("Legal texts"), _l("imprint, privacy and accessibility in the words of the district")),
    "operator": (_l("Who answers for the service"), _l("what the law asks of imprint and privacy statement")),
    "statement": (_l("Accessibility statement"), _l("day of the last review, who enforces, film in sign language")),
    "security": (_l("Reports of weaknesses"), _l("where people write who found a weakness (security.txt)")),
}

PUBLIC_FIELDS: dict[str, LazyString] = {
    "legal.imprint": _l("Imprint"),
    "legal.privacy": _l("Privacy statement"),
    "legal.accessibility": _l("Accessibility statement"),
    "operator.represented_by": _l("Represented by"),
    "operator.supervision": _l("Supervisory authority"),
    "operator.vat_id": _l("VAT identification number"),
    "operator.privacy_officer": _l("Data protection officer"),
    "operator.privacy_authority": _l("Data protection authority"),
    "statement.reviewed_on": _l("Day of the last review"),
    "statement.enforcement": _l("Who enforces accessibility"),
    "statement.film": _l("Address of a film in sign language"),
    "security.mailbox": _l("E-mail address for reports"),
    "security.policy": _l("Address of a page with rules for reports"),
}

_SHIPPED = _l("Left empty, the shipped text is shown. An empty line ends a paragraph; “# ” begins a heading.")
_OF_THE_STATE = _l("Left empty, that of the state is shown where we know it.")

PUBLIC_HINTS: dict[str, LazyString] = {
    "legal.imprint": _SHIPPED,
    "legal.privacy": _SHIPPED,
    "legal.accessibility": _SHIPPED,
    "operator.represented_by": _l("Name and office, such as Landrätin Maria Beispiel."),
    "operator.privacy_officer": _l("Name or office, address, telephone and e-mail address."),
    "operator.privacy_authority": _OF_THE_STATE,
    "statement.reviewed_on": _l("The law asks for a review once a year."),
    "statement.enforcement": _OF_THE_STATE,
    "security.mailbox": _l("Left empty, the mailbox of the people on duty is named."),
}
