"""Say what is wrong with an entry of a request and what to type instead."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

REQUEST_FIELDS: dict[tuple[str, str], LazyString] = {
    ("", "needs_review"): _("This change needs a look by the coordination first. Please send it as a new request."),
    ("organisation", "required"): _("Please choose the organisation that asks."),
    ("organisation", "unknown"): _("We do not know this organisation. Please choose one of the list."),
    ("organisation", "resting"): _("This organisation cannot book at the moment. Please call the coordination."),
    ("organisation", "unit_stays"): _("A request stays with its organisation. Please make a new one."),
    ("languages", "required"): _("Which language does the person speak?"),
    ("languages", "unknown"): _("We do not know this language. Please choose one, or say that we should clear it up."),
    ("languages", "ambiguous"): _("This word stands for several languages. Please choose one."),
    ("languages", "repeated"): _("This language is listed twice."),
    ("languages", "too_many"): _("Please name five languages at most."),
    ("language_text", "required"): _("Please write what the language is called."),
    ("level", "unknown"): _("Please choose one of the entries of the list."),
    ("setting", "required"): _("Please choose what the talk is about."),
    ("setting", "unknown"): _("Please choose one of the entries of the list."),
    ("setting", "not_taken"): _("We do not arrange this kind of talk for your organisation."),
    ("protection", "named_only"): _(
        "Protected cases are taken down by colleagues named for them. Please hand the call over."
    ),
    ("meeting_point", "required"): _(
        "A protected case has no address here. Please name a neutral place where the two meet; an address that was "
        "typed has not been saved."
    ),
    ("protection", "below_setting"): _("This field of work needs a higher protection."),
    ("mode", "required"): _("Please choose how the talk takes place."),
    ("fallback_modes", "same_as_mode"): _("The other way must differ from the first one."),
    ("starts_at", "required"): _("On which day and at what time does it begin?"),
    ("starts_at", "not_a_date"): _("Please type a date that exists, such as 01.12.2026."),
    ("starts_at", "missing_hour"): _(
        "This time does not exist: on that night the clocks go forward from 2:00 to 3:00. Please choose another one."
    ),
    ("starts_at", "doubled_hour"): _(
        "This time exists twice: on that night the clocks go back from 3:00 to 2:00. Please choose which one you mean."
    ),
    ("starts_at", "out_of_calendar"): _("We cannot plan this day. Please type a date such as 01.12.2026."),
    ("starts_at", "in_the_past"): _("This time is over. Please choose one that is ahead."),
    ("starts_at", "too_long_ago"): _("This was more than 14 days ago and can no longer be entered."),
    ("starts_at", "too_far_ahead"): _("This is more than 400 days ahead. Please ask again nearer the time."),
    ("ends_at", "required"): _("How long does it last? Please type minutes, or the time at which it ends."),
    ("ends_at", "not_a_length"): _("Please type minutes such as 60, or the time at which it ends, such as 10:30."),
    ("ends_at", "missing_hour"): _(
        "This end does not exist: on that night the clocks go forward from 2:00 to 3:00. Please type minutes instead."
    ),
    ("ends_at", "out_of_calendar"): _("This is too long. One request lasts 24 hours at most."),
    ("ends_at", "not_after_start"): _("The end must come after the beginning. Past midnight, please type minutes."),
    ("ends_at", "span_too_short"): _("A request lasts at least 5 minutes."),
    ("ends_at", "span_too_long"): _("One request lasts 24 hours at most. Please make several requests."),
    ("last_useful_answer_at", "not_an_instant"): _("Please type day and time, such as 27.11.2026, 13:00."),
    ("last_useful_answer_at", "not_a_date"): _("Please type day and time, such as 27.11.2026, 13:00."),
    ("last_useful_answer_at", "not_a_time"): _("Please type day and time, such as 27.11.2026, 13:00."),
    ("last_useful_answer_at", "missing_hour"): _("This time does not exist: on that night the clocks go forward."),
    ("last_useful_answer_at", "after_start"): _("This must come before the beginning."),
    ("last_useful_answer_at", "in_the_past"): _("This time is over. Leave it empty, or choose one that is ahead."),
    ("place", "required"): _("Please name the municipality or the postal code."),
    ("place", "unknown"): _("We do not know this place. Please type a municipality or a postal code."),
    ("place", "ambiguous"): _("This fits several places. Please choose one, or type the postal code."),
    ("place.municipality", "unknown"): _("We do not know this place. Please type a municipality or a postal code."),
    ("place.postal_code", "required"): _("Please type the postal code as well."),
    ("place.postal_code", "unknown"): _("We do not know this postal code."),
    ("place.postal_code", "not_a_postal_code"): _("A postal code has five digits."),
    ("place.town", "required"): _("Several places share this postal code. Please type the name as well."),
    ("place.town", "unknown"): _("Postal code and name do not belong together."),
    ("place.address", "required"): _("Please say where the person should come to: street and number."),
    ("access.url", "not_a_link"): _("Please type an address that begins with https://."),
    ("contact.name", "required"): _("Whom does the telephone number belong to?"),
    ("contact.phone", "required"): _("Under which number can this person be reached?"),
    ("gender.value", "required"): _("For this kind of talk please choose a woman or a man."),
    ("case_token", "not_a_case_token"): _("A case code has six characters, such as K7Q-4MX."),
    ("case_token", "unknown"): _("Your office has no case with this code. Leave it empty for a new case."),
    ("talks", "too_few"): _("For a single talk leave this empty."),
    ("talks", "too_many"): _("At most 20 talks fit into one request. Please part them into two."),
    ("talks.minutes", "required"): _("Please say how many minutes each talk takes."),
    ("talks.minutes", "out_of_range"): _("A talk takes between 5 and 240 minutes."),
    ("talks.lines", "more_lines_than_talks"): _("There are more lines than talks."),
    ("talks.lines", "not_a_case_token"): _("A case code has six characters, such as K7Q-4MX."),
    ("talks.lines", "unknown"): _("Your office has no case with one of these codes. Leave it out for a new case."),
    ("ends_at", "shorter_than_talks"): _("The talks need more time than that."),
    ("outcome", "unknown"): _("Please choose what became of the talk."),
    ("outcome", "not_yet"): _("This talk has not begun yet."),
    ("outcome", "too_late"): _("What became of a talk can be noted for 14 days."),
    ("preferred_mediators", "also_excluded"): _("The same person is wished for and excluded."),
    ("preferred_mediators", "unknown"): _("Please choose somebody of the list."),
    ("exclude_mediators", "unknown"): _("Please choose somebody of the list."),
    ("avoid_municipalities", "unknown"): _("Please choose municipalities of the list."),
    ("consent", "required"): _("Please choose an answer."),
    ("policy", "not_allowed"): _("Only the coordination may choose this."),
    ("decision", "required"): _("Please release or refuse the request."),
    ("reason", "required"): _("Please give a reason."),
    ("channel", "required"): _("How did you learn of it? Please choose."),
}

REQUEST_CODES: dict[str, LazyString] = {
    "unknown": _("Please choose one of the entries of the list."),
    "repeated": _("This entry is listed twice."),
    "not_a_phone": _("Please type a telephone number such as 03521 000 140."),
    "not_whole_seconds": _("Please type a time such as 9:00."),
    "out_of_calendar": _("We cannot plan this day. Please type a date such as 01.12.2026."),
    "move_instead": _("Somebody has been found. Time and place are changed by moving the appointment."),
}
