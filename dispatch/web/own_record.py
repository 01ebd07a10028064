"""Show somebody of the pool what we know of her, by a mailed link, and take what she says of it by one button.

A GET never answers: mail scanners follow links. The right is in the address; nothing of a case stands here.
"""

from flask import Blueprint, g, render_template, request

from dispatch import clock, i18n, messages
from dispatch.domain.errors import Invalid
from dispatch.services import confirmations, links, silence
from dispatch.web.guards import by_link
from dispatch.web.week_words import week_words

bp = Blueprint("own_record", __name__)

Answer = str | tuple[str, int]


@bp.get("/m/<token>")
@by_link
def show(token: str) -> Answer:
    """Show her data and what is asked."""
    return _render(links.find("mediator", token, clock.now()))


@bp.post("/m/<token>")
@by_link
def answer(token: str) -> Answer:
    """Take her word; a second press does nothing more and is as friendly."""
    now = clock.now()
    mediator_id = links.find("mediator", token, now)
    who, said = confirmations.holder(mediator_id), request.form.get("answer", "")
    match said:
        case "right":
            confirmations.confirm(who, mediator_id, now)
        case "changed":
            try:
                confirmations.tell_change(who, mediator_id, request.form.get("text", ""), now)
            except Invalid as invalid:
                errors = {name: found[0] for name, found in messages.field_sentences(invalid).items()}
                return _render(mediator_id, errors=errors), 422
        case "go_on":
            silence.go_on(who, mediator_id, now)
        case "no_more":
            silence.no_more(who, mediator_id, now)
        case _:
            raise Invalid({"answer": ("unknown_choice",)})
    return _render(mediator_id, outcome=said)


def _render(mediator_id: int, *, outcome: str = "", errors: dict[str, str] | None = None) -> str:
    page = confirmations.show(confirmations.holder(mediator_id), mediator_id, clock.now())
    g.link_locale = page.mediator.ui_language
    i18n.choose_again()
    return render_template(
        "own_record/show.html",
        page=page,
        week_words=week_words(page.weekly),
        outcome=outcome,
        errors=errors or {},
        values=request.form,
        limit=confirmations.LONGEST,
    )
