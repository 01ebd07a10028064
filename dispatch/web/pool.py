"""Pages to bring the pool in from a file, with a look at what would happen first, and to take it out again."""

import re
from pathlib import PurePath

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from dispatch import clock
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.messages.pool import answer_word, field_title, finding_sentence, question_sentence
from dispatch.messages.pool_fields import pool_sentence
from dispatch.services import local_time, pool, pool_reading, pool_uploads
from dispatch.services.pool_plans import Outcome, Plan, Question
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("pool", __name__)

Page = str | BaseResponse | tuple[str, int]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_NAME = 80
MOST_SHOWN = 200


@bp.get("/mediators/import")
@requires(Act.POOL_IMPORT)
def index() -> str:
    """Offer to choose a file, or to go on with the one that was looked at before."""
    kept = pool_uploads.find(_user_id(), clock.now())
    return render_template("pool/index.html", kept=kept[0] if kept else None, errors={})


@bp.post("/mediators/import")
@requires(Act.POOL_IMPORT)
def upload() -> Page:
    """Read a file, keep its lines and show what it would do."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid({"file": ("required",)})
        file = pool_reading.read(sent.stream.read(pool_reading.MOST_BYTES + 1))
        pool.plan(actor(), file, {}, clock.now())
    except Invalid as invalid:
        return _refused(invalid)
    pool_uploads.keep(_user_id(), PurePath(sent.filename).name[:LONGEST_NAME], file, clock.now())
    return redirect(url_for("pool.preview"))


@bp.get("/mediators/import/preview")
@requires(Act.POOL_IMPORT)
def preview() -> Page:
    """Show what the kept file would do, row by row, and ask what is not understood."""
    kept = pool_uploads.find(_user_id(), clock.now())
    if kept is None:
        return redirect(url_for("pool.index"))
    name, file = kept
    return _page(name, pool.plan(actor(), file, {}, clock.now()))


@bp.post("/mediators/import/preview")
@requires(Act.POOL_IMPORT)
def apply() -> Page:
    """Look again with the answers, or do what the kept file says."""
    now = clock.now()
    kept = pool_uploads.find(_user_id(), now)
    if kept is None:
        return _refused(Invalid({"file": ("gone",)}))
    name, file = kept
    answers = _answers()
    if request.form.get("act") != "apply":
        return _page(name, pool.plan(actor(), file, answers, now), answers)
    plan = pool.carry_out(actor(), file, answers, now, skip_invalid=request.form.get("skip") == "1")
    if not plan.is_applied:
        return _page(name, plan, answers), 422
    pool_uploads.forget(_user_id())
    inform(_done(plan))
    return redirect(url_for("mediators.index"))


@bp.post("/mediators/import/forget")
@requires(Act.POOL_IMPORT)
def forget() -> BaseResponse:
    """Drop the kept file."""
    pool_uploads.forget(_user_id())
    return redirect(url_for("pool.index"))


@bp.get("/mediators/export.<any(csv, xlsx):kind>")
@requires(Act.POOL_EXPORT)
def export(kind: str) -> Response:
    """Hand out the whole pool as a file."""
    response = make_response(pool.export(actor(), kind))
    day = to_local(clock.now(), local_time.zone()).date()
    response.headers["Content-Type"] = TYPES[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="pool-{day.isoformat()}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _user_id() -> int:
    user_id = actor().user_id
    assert user_id is not None
    return user_id


def _answers() -> dict[tuple[Kind, str], str]:
    """Read the answers: `kind-0`, `word-0` and `answer-0` belong together; an empty one is none."""
    found = {}
    for field in request.form:
        match = re.fullmatch(r"answer-([0-9]{1,4})", field)
        kind = request.form.get(f"kind-{match[1]}", "") if match else ""
        if match and kind in set(Kind) and request.form[field].strip():
            found[Kind(kind), request.form.get(f"word-{match[1]}", "")] = request.form[field].strip()
    return found


def _refused(invalid: Invalid) -> tuple[str, int]:
    errors = {field: pool_sentence(field, codes[0]) for field, codes in invalid.errors.items()}
    kept = pool_uploads.find(_user_id(), clock.now())
    return render_template("pool/index.html", kept=kept[0] if kept else None, errors=errors), 422


def _page(name: str, plan: Plan, answers: dict[tuple[Kind, str], str] | None = None) -> str:
    given = answers or {}
    asked = {(question.kind, question.word) for question in plan.questions}
    return render_template(
        "pool/preview.html",
        name=name,
        plan=plan,
        Outcome=Outcome,
        answers=given,
        settled=[(kind, word, code) for (kind, word), code in given.items() if (kind, word) not in asked],
        options=_options,
        is_free=lambda kind: kind in pool.FREE_TEXT,
        question_sentence=question_sentence,
        finding_sentence=finding_sentence,
        field_title=field_title,
        most=MOST_SHOWN,
    )


def _options(question: Question) -> list[tuple[str, str]]:
    """Return the answers to choose from: the likely ones first, then all, and to leave the word out."""
    codes = list(dict.fromkeys((*question.choices, *pool.codes(question.kind))))
    offered = [(code, answer_word(question.kind, code)) for code in codes]
    if not question.word:
        return offered
    return [*offered, (LEFT_OUT, answer_word(question.kind, LEFT_OUT))]


def _done(plan: Plan) -> str:
    created, updated = plan.count(Outcome.CREATED), plan.count(Outcome.UPDATED)
    new = ngettext("%(num)d new person", "%(num)d new people", created)
    changed = ngettext("%(num)d changed record", "%(num)d changed records", updated)
    if left_out := plan.count(Outcome.INVALID):
        rows = ngettext("%(num)d row left out", "%(num)d rows left out", left_out)
        return _("The file is in the pool: %(new)s, %(changed)s, %(rows)s.", new=new, changed=changed, rows=rows)
    return _("The file is in the pool: %(new)s, %(changed)s.", new=new, changed=changed)
