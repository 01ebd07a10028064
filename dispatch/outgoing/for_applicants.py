"""Write the messages to people who would like to become mediators, and the word to the coordination that one applied.

The coordination is told the languages and nothing else of a person; the rest stands behind the sign-in.
"""

from dispatch.i18n import formats, language_name
from dispatch.i18n import gettext as _
from dispatch.outgoing.texts import Action, Sheet, Text, Writer, name_of
from dispatch.services.applicants import ApplicantFacts


def go_on(sheet: Sheet) -> Text:
    """Mail the link to a form that is half filled."""
    applicant = _applicant_of(sheet)
    return Text(
        subject=_("Your saved form"),
        lead=(_hello(applicant), _("you would like to become a mediator. We have kept what you filled in.")),
        actions=(Action(_("Go on with the form"), sheet.link("applicant", applicant.id)),),
        details=(_only_you(), _not_you()),
    )


def confirm(sheet: Sheet) -> Text:
    """Ask whether the address of a complete form is right."""
    applicant = _applicant_of(sheet)
    return Text(
        subject=_("Please confirm your application"),
        lead=(_hello(applicant), _("you would like to become a mediator. Please confirm it: only then do we see it.")),
        actions=(Action(_("Confirm my application"), sheet.link("applicant", applicant.id)),),
        details=(_only_you(), _not_you()),
    )


def received(sheet: Sheet) -> Text:
    """Tell that the application has arrived, and what comes next."""
    applicant = _applicant_of(sheet)
    return Text(
        subject=_("We have your application"),
        lead=(_hello(applicant), _("thank you. Your application is here. Next, we invite you to a talk.")),
        actions=(Action(_("Look at my application"), sheet.link("applicant", applicant.id)),),
        details=(_("With this link you can also correct or delete your application."), _only_you()),
    )


def declined(sheet: Sheet) -> Text:
    """Decline politely, without a reason."""
    applicant = _applicant_of(sheet)
    return Text(
        subject=_("Your application as a mediator"),
        lead=(
            _hello(applicant),
            _("thank you for your application and for your interest. We cannot take you into our pool at the moment."),
        ),
        actions=(Action(_("Look at my application"), sheet.link("applicant", applicant.id)),),
        details=(
            _("This is no judgement of you or your languages. You are welcome to call us about it."),
            _("We delete your data after some months. With this link you can delete them now."),
        ),
    )


def welcome(sheet: Sheet) -> Text:
    """Welcome somebody in the pool."""
    return Text(
        subject=_("Welcome as a mediator"),
        lead=(_hello(_applicant_of(sheet)), _("welcome! You belong to our mediators now.")),
        details=(
            _("When somebody needs your language, we write to you. You may say yes or no each time."),
            _("Before your first appointment alone you may accompany somebody. We talk about it with you."),
        ),
    )


def new(sheet: Sheet) -> Text:
    """Tell the coordination that somebody has applied: the languages, nothing else."""
    applicant = _applicant_of(sheet)
    spoken = formats().enumeration([language_name(code) for code in applicant.languages])
    return Text(
        subject=_("Somebody would like to become a mediator"),
        lead=(_("Hello,"), _("somebody has applied. Languages: %(languages)s.", languages=spoken)),
        actions=(Action(_("Look at the application"), sheet.page(f"/applicants/{applicant.id}")),),
    )


def _hello(applicant: ApplicantFacts) -> str:
    return _("Hello %(name)s,", name=name_of(applicant.name)) if applicant.name else _("Hello,")


def _only_you() -> str:
    return _("The link is only for you. Please do not pass it on.")


def _not_you() -> str:
    return _("If it was not you, please do nothing. We then delete the form by ourselves.")


def _applicant_of(sheet: Sheet) -> ApplicantFacts:
    if sheet.facts.applicant is None:
        raise ValueError("this kind of message tells of an applicant")
    return sheet.facts.applicant


WRITERS: dict[str, Writer] = {
    "applicant_continue": go_on,
    "applicant_confirm": confirm,
    "applicant_received": received,
    "applicant_declined": declined,
    "applicant_welcome": welcome,
    "applicant_new": new,
}
