"""Say of the rows of a pool file what is not understood, what is asked, and which fields change."""

from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.mediators import ContactChannel
from dispatch.domain.modes import Mode
from dispatch.domain.pool_columns import Column
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport
from dispatch.i18n import LazyString, language_name, locale
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.labels import label
from dispatch.messages.pool_fields import POOL_CODES, POOL_FIELDS, pool_sentence
from dispatch.messages.request_labels import setting_name
from dispatch.services.pool_plans import Finding, Question

_BY_KIND = {
    Kind.COLUMN: Column,
    Kind.LEVEL: Level,
    Kind.GERMAN_LEVEL: Level,
    Kind.GENDER: Gender,
    Kind.CHANNEL: ContactChannel,
    Kind.QUALIFICATION: Qualification,
    Kind.TRANSPORT: Transport,
    Kind.MODE: Mode,
}

FIELD_TITLES: dict[str, LazyString] = {
    "home": _p("column", "Home"),
    "call_times": _p("column", "When best to call"),
    "settings": _p("column", "Fields of work"),
    "documents": _p("column", "Documents"),
    "weekly": _p("column", "Times"),
    "on_site": _p("column", "On site"),
    "by_phone": _p("column", "By phone"),
    "by_video": _p("column", "By video"),
    "refused_organisations": _p("column", "Organisations not wanted"),
}


def field_title(field: str) -> str:
    """Return what a field of the record is called."""
    return str(FIELD_TITLES[field]) if field in FIELD_TITLES else label(Column(field))


def finding_sentence(finding: Finding) -> str:
    """Say why a row cannot be taken: column, the word in question, and what is wrong."""
    if finding.code == "repeated" and not finding.field:
        return _("The same person is already in line %(line)s.", line=finding.word)
    known = POOL_FIELDS.get((finding.field, finding.code)) or POOL_CODES.get(finding.code)
    sentence = str(known) if known else pool_sentence(finding.field, finding.code)
    title, word = _isolated(finding.title), _isolated(finding.word)
    if finding.title and finding.word:
        return _("%(column)s: “%(word)s” – %(sentence)s", column=title, word=word, sentence=sentence)
    if finding.title:
        return _("%(column)s: %(sentence)s", column=title, sentence=sentence)
    return sentence


def question_sentence(question: Question) -> str:
    """Ask for the meaning of a word, or for what to take where the file says nothing."""
    if question.kind is Kind.LEVEL and not question.word:
        return _("Which level should be taken where the file states none?")
    if question.kind is Kind.GERMAN_LEVEL and not question.word:
        return _("Which level of German should be taken where the file states none?")
    if question.word:
        return _("“%(word)s” – %(question)s", word=_isolated(question.word), question=label(question.kind))
    return label(question.kind)


def _isolated(word: str) -> str:
    """Keep a word of the file from turning round what stands beside it in a page from right to left."""
    return f"\u2068{word}\u2069" if locale().direction == "rtl" else word


def answer_word(kind: Kind, code: str) -> str:
    """Return what a code stands for, as a choice of a question."""
    if code == LEFT_OUT:
        return _("do not take over, keep as a remark")
    if kind is Kind.LANGUAGE:
        return language_name(code)
    if kind is Kind.SETTING:
        return setting_name(code)
    if kind is Kind.YES_NO:
        return _("yes") if code == "yes" else _("no")
    return label(_BY_KIND[kind](code)) if kind in _BY_KIND else code
