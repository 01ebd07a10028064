"""Say what happened and what to do, for each status of an error page."""

from dispatch.i18n import gettext as _


def error_page(status: int) -> tuple[str, str]:
    """Return title and advice for a status; unknown ones read as 500 or 400."""
    texts = {
        400: (_("We could not read this request"), _("Please go back and try again.")),
        403: (_("You may not do this"), _("Sign in with another account, or ask the coordination office.")),
        404: (_("We cannot find this page"), _("Check the address, or begin at the start page.")),
        405: (_("This page cannot be used in this way"), _("Please go back and use the button of the page.")),
        409: (_("Something has changed in the meantime"), _("Reload the page to see how things stand.")),
        410: (_("This is no longer open"), _("If you have questions, please call us.")),
        413: (_("This is too large"), _("Please shorten the text or choose a smaller file.")),
        422: (_("Some entries need your attention"), _("Please go back and check what you typed.")),
        429: (_("That was too often"), _("Please wait a moment and try again.")),
        500: (_("Something went wrong on our side"), _("Nothing was lost. Please try again, or call us.")),
        503: (_("The service is busy"), _("Nothing was changed. Please try again in a few seconds.")),
    }
    return texts.get(status) or texts[400 if status < 500 else 500]


def form_expired() -> str:
    """Say that the form came without its protection, for example after the browser dropped the cookie."""
    return _("For your safety the form must be opened anew: the browser did not send its mark of protection.")
