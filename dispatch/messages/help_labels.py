"""Say what residents choose from, how their request stands, and what is wrong with an entry of theirs.

These texts are read by people with little schooling: short sentences, common words.
"""

from enum import Enum

from dispatch.domain.help_requests import OpenPoint, Progress, Timing, Topic, Way
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.i18n import lazy_pgettext as _p

HELP_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Topic: {
        Topic.EDUCATION: _p("topic", "School, day care, language course"),
        Topic.HEALTH: _p("topic", "Doctor, hospital, health"),
        Topic.AUTHORITY: _p("topic", "Office, letters, forms"),
        Topic.WORK: _p("topic", "Work and training"),
        Topic.COUNSELLING: _p("topic", "Advice: family, debts, right to stay"),
        Topic.LEISURE: _p("topic", "Leisure, sport, neighbours"),
        Topic.DANGER: _p("topic", "Violence or danger"),
    },
    Timing: {
        Timing.FIXED: _p("timing", "I have an appointment. I know the day and the time."),
        Timing.MORNING: _p("timing", "In the morning"),
        Timing.AFTERNOON: _p("timing", "In the afternoon"),
        Timing.EVENING: _p("timing", "In the evening"),
        Timing.ANY: _p("timing", "The time does not matter."),
    },
    Way: {
        Way.PHONE: _p("way to be reached", "By telephone"),
        Way.MAIL: _p("way to be reached", "By e-mail"),
        Way.PERSON: _p("way to be reached", "Through a person whom I trust"),
        Way.CODE: _p("way to be reached", "Please do not contact me. I ask again with my code."),
    },
    Progress: {
        Progress.LOOKED_AT: _p("progress", "We are looking at your request."),
        Progress.SEARCHING: _p("progress", "We are searching for somebody who interprets."),
        Progress.FOUND: _p("progress", "We have found somebody who interprets."),
        Progress.CLOSED: _p("progress", "This request is closed."),
    },
    OpenPoint: {
        OpenPoint.TIME: _("The time is not fixed yet."),
        OpenPoint.PLACE: _("It is not settled yet where the talk takes place."),
        OpenPoint.GENDER: _("It is not settled yet whether a woman or a man should interpret."),
    },
}

HELP_FIELDS: dict[tuple[str, str], LazyString] = {
    ("", "time_is_open"): _("The time is not fixed yet."),
    ("", "place_is_open"): _("It is not settled yet where the talk takes place."),
    ("", "gender_is_open"): _("It is not settled yet whether a woman or a man should interpret."),
    ("language", "required"): _("Which language do you speak? Please choose."),
    ("topic", "required"): _("What is it about? Please choose."),
    ("timing", "required"): _("When do you need somebody? Please choose."),
    ("way", "required"): _("How may we reach you? Please choose."),
    ("contact", "required"): _("Please type a telephone number or an e-mail address."),
    ("contact", "not_an_address"): _("Please type one e-mail address such as name@example.org."),
    ("contact", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("contact_person", "required"): _("What is this person called?"),
    ("wants_mail", "only_by_mail"): _("For this please choose “By e-mail” and type your e-mail address."),
    ("code", "required"): _("Please type your code."),
}
