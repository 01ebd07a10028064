"""Pages on which the district sets its options: look, change with a look at what it affects, history, one file."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from dispatch import clock
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.intervals import to_local
from dispatch.domain.option_topics import ALL, OF_SETTING
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.messages import sentence, setting_name
from dispatch.messages.option_labels import TOPICS, field_title, full_title
from dispatch.messages.option_sentences import effect_sentence, option_sentence, option_sentences
from dispatch.services import local_time, option_changes, option_files
from dispatch.services.option_changes import Plan, Sheet
from dispatch.web.forms import options as forms
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("options", __name__)

Page = str | BaseResponse | tuple[str, int]


@bp.get("/options")
@requires(Act.OPTION_VIEW)
def index() -> str:
    """List the topics, each with what is not as shipped."""
    found = option_changes.sheets(actor())
    topics = [_line(sheet) for sheet in found if not sheet.topic.name.startswith(OF_SETTING)]
    return render_template("options/index.html", topics=topics)


@bp.get("/options/settings")
@requires(Act.OPTION_VIEW)
def settings() -> str:
    """List the fields of work."""
    found = option_changes.sheets(actor())
    listed = [(_line(sheet), sheet.topic) for sheet in found if sheet.topic.name.startswith(OF_SETTING)]
    return render_template("options/settings.html", listed=listed)


@bp.get("/options/export")
@requires(Act.OPTION_VIEW)
def export() -> Response:
    """Hand out all options as one file."""
    response = make_response(option_files.export(actor()))
    day = to_local(clock.now(), local_time.zone()).date()
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="options-{day.isoformat()}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/options/import")
@requires(Act.OPTION_EDIT)
def choose() -> str:
    """Offer to choose a file."""
    return render_template("options/import.html", errors={}, found=[])


@bp.post("/options/import")
@requires(Act.OPTION_EDIT)
def take() -> Page:
    """Show what a file would do, or do it when that was confirmed: all of it or nothing."""
    sent, now = request.files.get("file"), clock.now()
    is_confirmed = request.form.get("act") == "apply"
    file = sent.stream.read(option_files.MOST_BYTES + 1) if sent else request.form.get("content", "").encode()
    try:
        if is_confirmed:
            return _taken(option_files.take(actor(), file, request.form.get("newest", -1, int), now))
        found = option_files.look(actor(), file, now)
    except Invalid as refusal:
        return _file_refused(refusal), 422
    except (Stale, UnicodeEncodeError):
        message = {"file": _("Options were changed meanwhile. Please choose the file again.")}
        return render_template("options/import.html", errors=message, found=[]), 409
    plans = [(_title(plan.topic.name), _changes(plan), _effects(plan)) for plan in found.plans]
    return render_template("options/preview.html", plans=plans, text=found.text, newest=found.newest)


@bp.get("/options/<topic>")
@requires(Act.OPTION_VIEW)
def show(topic: str) -> str:
    """Show the form of a topic with its history; `?version=` fills in an earlier one, 0 what was shipped."""
    sheet = option_changes.sheet(actor(), topic)
    version = request.args.get("version", type=int)
    typed = sheet.typed if version is None else option_changes.at_version(actor(), topic, version)
    return _form(sheet, forms.shown(sheet.topic, typed), taken_from=version)


@bp.post("/options/<topic>")
@requires(Act.OPTION_EDIT)
def save(topic: str) -> Page:
    """Show what saving will affect, or save when that was confirmed; who was faster wins, the other sees both."""
    sheet, now = option_changes.sheet(actor(), topic), clock.now()
    typed = forms.read(sheet.topic, request.form)
    version = request.form.get("version", -1, int)
    try:
        plan = option_changes.plan(actor(), topic, typed, version, now)
        if plan.changes and request.form.get("act") != "apply":
            return _confirm(plan, version)
        option_changes.save(actor(), topic, plan.typed, version, now)
    except Invalid as refusal:
        return _form(sheet, request.form.to_dict(), errors=option_sentences(refusal)), 422
    except Stale as stale:
        return _form(sheet, request.form.to_dict(), errors={"": sentence(stale)}, is_stale=True), 409
    inform(_("Your changes are saved.") if plan.changes else _("Nothing is different, so nothing was saved."))
    return redirect(url_for("options.show", topic=topic))


def _form(
    sheet: Sheet,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    taken_from: int | None = None,
    is_stale: bool = False,
) -> str:
    known, topic = option_changes.known(), sheet.topic
    stored = forms.shown(topic, sheet.typed)
    compared = [
        (full_title(topic.name, name), values.get(name, ""), text)
        for name, text in stored.items()
        if is_stale and values.get(name, "") != text
    ]
    return render_template(
        "options/form.html",
        topic=topic.name,
        title=_title(topic.name),
        about=_about(topic.name),
        blocks=forms.blocks(topic, values, known),
        titles=forms.titles(topic, values, known),
        values=values,
        errors=errors or {},
        version=sheet.version,
        departs=[field_title(topic.name, field) for field in sheet.departs],
        history=[
            (one, forms.change_rows(topic, one.changes, known)) for one in option_changes.history(actor(), topic.name)
        ],
        taken_from=taken_from,
        compared=compared,
        is_setting=topic.name.startswith(OF_SETTING),
    )


def _confirm(plan: Plan, version: int) -> str:
    return render_template(
        "options/confirm.html",
        topic=plan.topic.name,
        title=_title(plan.topic.name),
        changes=_changes(plan),
        effects=_effects(plan),
        typed=plan.typed,
        version=version,
    )


def _taken(changed: int) -> BaseResponse:
    if changed:
        inform(
            ngettext("The file is taken: %(num)d topic changed.", "The file is taken: %(num)d topics changed.", changed)
        )
    else:
        inform(_("Nothing is different, so nothing was saved."))
    return redirect(url_for("options.index"))


def _file_refused(refusal: Invalid) -> str:
    about_file = {name: option_sentence(codes[0]) for name, codes in refusal.errors.items() if name == "file"}
    found = []
    for place, codes in refusal.errors.items():
        name = next((one for one in ALL if place.startswith(f"{one}.")), None)
        if name:
            field = place[len(name) + 1 :]
            title = full_title(name, field) if field else ""
            found.append((_title(name), title, option_sentence(codes[0])))
    errors = about_file or {
        "file": _("Nothing was changed, because the file does not hold. See below what to correct.")
    }
    return render_template("options/import.html", errors=errors, found=found)


def _line(sheet: Sheet) -> dict[str, Any]:
    return {
        "href": url_for("options.show", topic=sheet.topic.name),
        "title": _title(sheet.topic.name),
        "about": _about(sheet.topic.name),
        "departs": [field_title(sheet.topic.name, field) for field in sheet.departs],
    }


def _title(name: str) -> str:
    return setting_name(name.removeprefix(OF_SETTING)) if name.startswith(OF_SETTING) else str(TOPICS[name][0])


def _about(name: str) -> str | None:
    return None if name.startswith(OF_SETTING) else str(TOPICS[name][1])


def _changes(plan: Plan) -> list[tuple[str, str, str]]:
    return forms.change_rows(plan.topic, plan.changes, option_changes.known())


def _effects(plan: Plan) -> list[str]:
    return [effect_sentence(effect) for effect in plan.effects]
