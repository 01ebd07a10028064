"""Eight browsers use the same recovery code at once: one gets in.

The negative control looks first and uses it then: several get in.
"""

import pytest
from sqlalchemy import select

from dispatch.models import RecoveryCode
from dispatch.services import recovery_codes
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.races.contenders import CLIENTS, KEY, Pool, Target

pytestmark = pytest.mark.race


@pytest.fixture
def slots(build: Builder) -> list[list[Target]]:
    """Every client with each of the codes of one user."""
    user = build.user("coordinator")
    codes = run(lambda session: recovery_codes.make(session, user.id, NOW, key=KEY))
    rows = reading().scalars(select(RecoveryCode.id).order_by(RecoveryCode.id)).all()
    reading().close()
    return [[Target(user.id, row, code.replace("-", ""))] * CLIENTS for row, code in zip(rows, codes, strict=True)]


def test_a_recovery_code_lets_one_of_them_in(database_url: str, pool: Pool, slots: list[list[Target]]) -> None:
    outcomes = pool.compete(database_url, "use a code", slots)

    assert [sorted(outcome) for outcome in outcomes] == [["missing"] * (CLIENTS - 1) + ["won"]] * len(slots)


def test_without_the_condition_several_get_in(database_url: str, pool: Pool, slots: list[list[Target]]) -> None:
    outcomes = pool.compete(database_url, "use a code naively", slots[:3])

    assert all(outcome.count("won") > 1 for outcome in outcomes)
