"""Say what is wrong with an entry about accounts: signing in, passwords, users."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

ACCOUNT_FIELDS: dict[tuple[str, str], LazyString] = {
    ("", "wrong_sign_in"): _("Address and password do not match an account. Please check both, or have a link sent."),
    ("", "last_administrator"): _("This is the last administrator: somebody else needs that role first."),
    ("", "last_leading"): _(
        "You are the last one who leads this unit. Please let the coordination name somebody else first."
    ),
    ("sees", "required"): _("Please choose a unit."),
    ("sees", "unknown"): _("Please choose one of the units of the list."),
    ("sees", "itself"): _("A unit sees its own requests anyway."),
    ("sees", "already"): _("The unit sees these requests already."),
    ("mediator", "unknown"): _("This person has not been at the unit yet."),
    ("old", "wrong_password"): _("This is not your current password."),
    ("", "last_factor"): _("Your account needs a second factor. Please add another one before you remove this one."),
    ("", "too_many_factors"): _("These are more second factors than we can keep. Please remove one first."),
    ("code", "wrong_code"): _("This code is wrong, too old or used already. Please take the one that is shown now."),
    ("code", "wrong_time_code"): _(
        "This code does not belong to the key above. Please take the one that is shown now."
    ),
    ("passkey", "wrong_passkey"): _("The passkey could not be checked. Please try again."),
    ("new", "too_short"): _("Please choose at least 12 characters."),
    ("new", "too_long"): _("Please choose at most 200 characters."),
    ("new", "too_common"): _("This password is easy to guess. Please take words that do not belong together."),
    ("email", "not_an_address"): _("Please type one e-mail address such as name@example.org."),
    ("email", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("reply_to", "not_an_address"): _("Please type one e-mail address such as name@example.org."),
    ("reply_to", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("email", "taken"): _("There is already an account with this address."),
    ("role", "unknown"): _("Please choose one of the roles."),
    ("organisation_id", "required"): _("Please choose the organisation this person works for."),
    ("organisation_id", "unknown"): _("Please choose one of the organisations of the list."),
    ("mediator_id", "required"): _("Please choose whose account this is in the pool."),
    ("mediator_id", "taken"): _("This person of the pool already has an account."),
    ("areas", "required"): _("Please choose at least one area."),
    ("areas.area", "required"): _("Please choose the area to which these days belong."),
    ("areas.area", "unknown"): _("Please choose an area of the list."),
    ("areas.first", "overlaps"): _("This area is held on some of these days already. Please choose others."),
    ("areas.last", "end_before_start"): _("The last day cannot come before the first one."),
}
