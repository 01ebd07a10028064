"""Decide which parts of a record of the pool somebody may read who may read any of it.

Whether they may is the permission table's; each part hangs on an act of that table.
"""

from dispatch.domain.permissions import Act, Actor, Subject, may

FOUND = frozenset({"name", "languages", "active"})
"""What whoever may find people reads of them."""
OF_DOCUMENTS = frozenset({"documents"})
OF_STAFF = frozenset({"remarks"})
"""What is written about somebody for those who keep the pool."""


def is_told_of_mediator(actor: Actor, mediator_id: int, part: str) -> bool:
    """Tell whether the actor may read a part of her record, named as in TypedMediator."""
    if part in OF_DOCUMENTS:
        act = Act.MEDIATOR_VIEW_DOCUMENTS
    elif part in OF_STAFF:
        act = Act.MEDIATOR_EDIT
    elif part in FOUND and may(actor, Act.MEDIATOR_FIND):
        act = Act.MEDIATOR_FIND
    else:
        act = Act.MEDIATOR_VIEW
    return may(actor, act, Subject(mediator_id=mediator_id))


def is_told_of_organisation(actor: Actor, part: str) -> bool:
    """Tell whether the actor may read a part of an organisation's record, named as in TypedOrganisation."""
    return part != "excluded_mediators" or may(actor, Act.ORGANISATION_EDIT)
