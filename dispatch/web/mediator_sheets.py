"""Show the page of one mediator; a form on it that was refused shows it again with what was typed."""

from collections.abc import Mapping

from flask import render_template, request

from dispatch import clock, messages
from dispatch.domain.calls import Outcome
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.messages.changes import change_sentence
from dispatch.services import internal_notes, mediator_profiles, onboarding
from dispatch.web.guards import actor, may_do
from dispatch.web.week_words import week_words


def show(mediator_id: int, *, act: str = "", errors: Mapping[str, str] | None = None) -> str:
    """Render the page; `errors` are those of the form of `act`, whose typed values stand in the request."""
    profile = mediator_profiles.profile(actor(), mediator_id, clock.now())
    about = internal_notes.mediator(mediator_id)
    return render_template(
        "mediators/show.html",
        profile=profile,
        week_words=week_words(profile.week.weekly),
        applicant_id=onboarding.of_mediator(mediator_id) if may_do(Act.APPLICANT_VIEW) else None,
        change_sentence=change_sentence,
        log=internal_notes.log(actor(), about) if may_do(Act.NOTE_VIEW) else None,
        log_about=about,
        call_outcomes=[(outcome.value, messages.label(outcome)) for outcome in Outcome],
        errors={act: errors or {}},
        typed={act: request.form},
    )


def refused(mediator_id: int, act: str, refusal: Invalid) -> tuple[str, int]:
    """Render the page with what is wrong in the form of `act`."""
    found = messages.field_sentences(refusal)
    return show(mediator_id, act=act, errors={field: sentences[0] for field, sentences in found.items()}), 422
