"""Make the addresses of the pages before and after one page of a list; the filters of the address are kept."""

from urllib.parse import urlencode

from flask import request

from dispatch.i18n import gettext as _


def page_links(page: int, pages: int, total: int, size: int) -> dict[str, str | None]:
    """Return what `lists.pagination` takes: the addresses around this page, and where it stands."""
    first = (page - 1) * size + 1
    return {
        "previous": _address(page - 1) if page > 1 else None,
        "next": _address(page + 1) if page < pages else None,
        "where": _("%(first)s–%(last)s of %(total)s", first=first, last=min(page * size, total), total=total),
    }


def _address(page: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return "?" + urlencode([*kept, ("page", page)])
