"""Read telephone numbers in any spelling people use; a German number needs no country code."""

import phonenumbers

LONGEST = 40


def read_phone(typed: str) -> str:
    """Return the number as +49…, empty when nothing was typed, and the typed text where it is no number."""
    text = typed.strip()
    if not text or len(text) > LONGEST:
        return text
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(number):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def write_phone(number: str) -> str:
    """Return a number of the form +49… as people write it: a German one without its country code.

    What is no number stays as it is.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    is_national = parsed.country_code == 49
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if is_national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, kind)
