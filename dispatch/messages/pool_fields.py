"""Say what is wrong with an entry of a mediator, her times, an organisation or a pool file, and what to do instead."""

import re
from collections.abc import Mapping

from dispatch.domain.errors import Invalid
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.messages.fields import field_sentence

_LEVEL = _("Please choose a level.")
_PLACE = _("We do not know this place. Please type a municipality or a postal code.")

POOL_FIELDS: dict[tuple[str, str], LazyString] = {
    ("name", "required"): _("Please type the name."),
    ("email", "required"): _("Please type an e-mail address, or choose the telephone as the way of contact."),
    ("email", "not_an_address"): _("Please type one e-mail address such as name@example.org."),
    ("email", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("contact_email", "not_an_address"): _("Please type one e-mail address such as name@example.org."),
    ("contact_email", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("phone", "required"): _("Please type a telephone number: without one, and without e-mail, nobody can be asked."),
    ("external_id", "taken"): _("Somebody else in the pool has this number."),
    ("home", "required"): _("Please name the municipality or the postal code of the home."),
    ("home", "unknown"): _PLACE,
    ("home", "ambiguous"): _("This fits several places. Please type the postal code and the town."),
    ("home.municipality", "unknown"): _PLACE,
    ("home.postal_code", "required"): _("Please type the postal code as well."),
    ("home.postal_code", "unknown"): _("We do not know this postal code."),
    ("home.postal_code", "not_a_postal_code"): _("A postal code has five digits."),
    ("home.town", "required"): _("Several places share this postal code. Please type the name as well."),
    ("home.town", "unknown"): _("Postal code and name do not belong together."),
    ("languages", "required"): _("Please name at least one language."),
    ("languages", "unknown"): _("We do not know this language. Please choose one of the list."),
    ("languages.code", "unknown"): _("We do not know this language. Please choose one of the list."),
    ("languages.code", "repeated"): _("This language is listed twice."),
    ("languages", "ambiguous"): _("This word stands for several languages. Please choose one."),
    ("languages", "repeated"): _("This language is listed twice."),
    ("languages", "too_many"): _("Please name twenty languages at most."),
    ("languages", "missing"): _("The file states no level for a language."),
    ("language", "unknown"): _("We do not know this language. Please choose one of the list."),
    ("language", "ambiguous"): _("This word stands for several languages. Please choose one."),
    ("organisation", "unknown"): _("We do not know this organisation. Please choose one of the list."),
    ("languages.level", "required"): _LEVEL,
    ("languages.level", "unknown"): _LEVEL,
    ("german_level", "required"): _("Please choose how well the person speaks German."),
    ("german_level", "missing"): _("The file does not say how well the person speaks German."),
    ("modes", "required"): _("Please choose at least one way of interpreting."),
    ("refused_settings", "also_experience"): _("The same field of work is named as experience and as not wanted."),
    ("max_distance_km", "out_of_range"): _("Please type kilometres from 1 to 500."),
    ("weekly_hours_limit", "out_of_range"): _("Please type hours above 0 and up to 60."),
    ("documents.type", "required"): _("Which document is it?"),
    ("documents.seen_on", "required"): _("On which day did somebody of the service see it?"),
    ("documents.seen_on", "in_the_future"): _("This day is still ahead. Please type the day on which it was seen."),
    ("documents.seen_on", "repeated"): _("This document is listed twice for the same day."),
    ("documents.issued_on", "required"): _("The age of this document counts from its day of issue. Please type it."),
    ("documents.issued_on", "after_seen"): _("It cannot have been seen before it was issued."),
    ("documents.valid_until", "before_issued"): _("It cannot end before it was issued."),
    ("weekly.start", "required"): _("Please type when it begins."),
    ("weekly.end", "required"): _("Please type when it ends."),
    ("weekly.end", "end_before_start"): _("The end must come after the beginning; midnight is 24:00."),
    ("weekly.weekday", "required"): _("Please choose a day."),
    ("weekly.valid_until", "before_valid_from"): _("This day comes before the first one."),
    ("absence_until", "end_before_start"): _("The end must come after the beginning."),
    ("extra_end", "end_before_start"): _("The end must come after the beginning; midnight is 24:00."),
    ("contact_email", "required"): _("Please type the address to which the answers go."),
    ("parent", "unknown"): _("Please choose one of the list."),
    ("parent", "own_ancestor"): _("An organisation cannot be a unit of itself or of one of its own units."),
    ("active", "for_residents"): _("This unit stands for residents. Their requests need it, so it can always book."),
    ("parent", "for_residents"): _("This unit stands for residents. It belongs to no other one."),
    ("parent", "resting"): _("This organisation cannot book, so it gets no further units. Please choose another one."),
    ("excluded_mediators", "unknown"): _("We do not know this person. Please type the name or the badge number."),
    ("file", "required"): _("Please choose a file."),
    ("file", "too_large"): _("This file is too large. Please send 4 MB at most."),
    ("file", "empty_file"): _("This file is empty."),
    ("file", "encrypted_file"): _("This file is protected by a password. Please save it without one."),
    ("file", "old_excel"): _("This is an old Excel format. Please save it as .xlsx or as CSV."),
    ("file", "ods_file"): _("This is an OpenDocument file. Please save it as .xlsx or as CSV."),
    ("file", "not_a_spreadsheet"): _("We cannot read this as a list. Please save it as .xlsx or as CSV."),
    ("file", "too_many_rows"): _("This file has more than 20,000 rows. Please divide it."),
    ("file", "no_header"): _("We find no line with headings such as Name, Languages and Town."),
    ("file", "no_rows"): _("There is no row below the headings."),
    ("file", "gone"): _("We no longer have this file. Please choose it again."),
}

POOL_CODES: dict[str, LazyString] = {
    "not_a_number": _("We do not understand this number."),
    "in_the_past": _("This time is over. Please choose one that is ahead."),
    "too_far": _("This is more than two years ahead."),
    "too_many": _("There are too many entries."),
    "missing_hour": _("This time does not exist: on that night the clocks go forward from 2:00 to 3:00."),
    "doubled_hour": _("This time exists twice: on that night the clocks go back from 3:00 to 2:00."),
    "ambiguous": _("This word stands for several things. Please choose one."),
    "unknown": _("We do not understand this word."),
    "missing": _("The file says nothing about this."),
    "badge_of_another": _("The badge number belongs to somebody with another name."),
    "other_external_id": _("This person is in the pool under another number of the district."),
    "several_people": _("Several people in the pool have this name. Please add an e-mail address or a number."),
    "repeated": _("The same person is in an earlier line."),
    "two_weeks": _("Please use either the grid or the list."),
}


def pool_sentence(field: str, code: str) -> str:
    """Return the sentence of a code at a field of the pool; places in lists (`language-1-level`) do not matter."""
    plain = re.sub(r"[.-]\d+", "", field)
    found = POOL_FIELDS.get((plain, code)) or (POOL_CODES.get(code) if code != "unknown" else None)
    return str(found) if found else field_sentence(plain, code)


def pool_sentences(refusal: Invalid) -> Mapping[str, str]:
    """Return the first sentence of every field, in the order of the checks."""
    return {field: pool_sentence(field, codes[0]) for field, codes in refusal.errors.items()}
