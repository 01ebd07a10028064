"""Write the letters to providers outside the service: can you help, and thank you, no longer needed.

They tell what `domain.referrals` lets out of the house, and nothing else: no number, no office, no place, no link.
"""

from dispatch.domain.referrals import OutsideFacts
from dispatch.i18n import formats, language_names, locale
from dispatch.i18n import gettext as _
from dispatch.messages import label
from dispatch.outgoing.texts import Sheet, Text, Writer


def provider_asked(sheet: Sheet) -> Text:
    """Ask whether the provider can take the talk."""
    return Text(
        subject=_subject(_("Can you help out"), sheet),
        lead=(
            _("Hello,"),
            _("we are looking for somebody to interpret and have nobody in our own pool. Can you take this talk?"),
        ),
        details=_details(_outside(sheet)),
        closing=(_("Please simply reply to this mail, also if you cannot."),),
    )


def provider_not_needed(sheet: Sheet) -> Text:
    """Thank the provider: the talk is settled."""
    return Text(
        subject=_subject(_("No longer needed"), sheet),
        lead=(_("Hello,"), _("thank you for looking: we no longer need your help for this talk.")),
        details=_details(_outside(sheet)),
    )


def _outside(sheet: Sheet) -> OutsideFacts:
    if sheet.facts.outside is None:
        raise ValueError("this kind of message tells of a talk")
    return sheet.facts.outside


def _subject(act: str, sheet: Sheet) -> str:
    facts = _outside(sheet)
    names, day = language_names(facts.languages), formats().day_short(facts.starts_at)
    return _("%(act)s: %(language)s on %(day)s", act=act, language=names, day=day)


def _details(facts: OutsideFacts) -> tuple[str, ...]:
    time = formats().time_range(facts.starts_at, facts.ends_at)
    area = facts.area or _("not named")
    return (
        _("Language: %(language)s", language=language_names(facts.languages)),
        _("Day and time: %(when)s", when=f"{formats().day(facts.starts_at)}{locale().comma} {time}"),
        _("Area: %(area)s", area=area),
        _("Protection class: %(name)s", name=label(facts.protection)),
    )


WRITERS: dict[str, Writer] = {
    "provider_asked": provider_asked,
    "provider_not_needed": provider_not_needed,
}
