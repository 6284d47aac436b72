"""A hand-off at its two levels: every step from every stage, and how long it waited."""

from datetime import datetime, timedelta

import pytest

from domain.calendars.hours import TOKYO
from domain.errors import AcceptedByOther, WrongStage
from domain.handoff import Handoff, Level, Stage, Step, account, offered
from domain.parties import Role, Standing

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)
MINUTE = timedelta(minutes=1)


def begun(level: Level = Level.CITY) -> Handoff:
    return offered("handoff-1", level=level, section="citizens", by=Role.OPERATOR, at=NOON)


def walked(value: Handoff, *steps: Step) -> Handoff:
    """Return it after steps that came a minute apart."""
    for number, step in enumerate(steps, 1):
        value = value.take(step, by=f"{step}-by", at=NOON + number * MINUTE)
    return value


TO_RESPONSIBLE = {
    Stage.ESCALATED: (),
    Stage.TAKEN_ON: (Step.TAKE_ON,),
    Stage.OFFERED: (Step.TAKE_ON, Step.PASS_ON),
    Stage.ACCEPTED: (Step.TAKE_ON, Step.PASS_ON, Step.ACCEPT_HANDOFF),
    Stage.RETURNED: (Step.TAKE_ON, Step.GIVE_BACK),
    Stage.COMPLETED: (Step.TAKE_ON, Step.SETTLE),
    Stage.WITHDRAWN: (Step.WITHDRAW_HANDOFF,),
}
LEADS_TO = """
escalated take_on taken_on          escalated give_back returned
escalated withdraw_handoff withdrawn
taken_on settle completed           taken_on pass_on offered        taken_on give_back returned
offered accept_handoff accepted     offered return_handoff taken_on
offered withdraw_handoff withdrawn
accepted complete_handoff completed accepted return_handoff taken_on
returned escalate escalated         returned withdraw_handoff withdrawn
"""
WORDS = LEADS_TO.split()
TABLE = {
    (Stage(a), Step(b)): Stage(c)
    for a, b, c in zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=True)
}


@pytest.mark.parametrize("stage", Stage)
def test_what_went_to_the_responsible_person_takes_the_steps_of_the_table(stage: Stage) -> None:
    """
    What they passed on comes back to them; what they give back to who asked them.
    """
    value = walked(begun(Level.RESPONSIBLE), *TO_RESPONSIBLE[stage])
    assert stage is value.stage

    for step in Step:
        if (stage, step) in TABLE:
            assert TABLE[stage, step] is walked(value, step).stage
            assert step in value.steps()
        else:
            assert step not in value.steps()
            with pytest.raises((WrongStage, AcceptedByOther)):
                walked(value, step)


def test_each_wait_is_kept_with_its_level_and_its_length() -> None:
    """
    Who looks at it sees how long it waited for each of the two.
    """
    value = walked(begun(Level.RESPONSIBLE), Step.TAKE_ON, Step.PASS_ON)

    assert [(Level.RESPONSIBLE, MINUTE), (Level.CITY, None)] == [
        (wait.level, wait.until - wait.since if wait.until else None) for wait in value.waits
    ]
    after = walked(value, Step.ACCEPT_HANDOFF)
    assert all(wait.until is not None for wait in after.waits)


@pytest.mark.parametrize(
    ("steps", "owner", "standing"),
    [
        ((), Role.OPERATIONS_MANAGER, Standing.WITH_PROVIDER),
        ((Step.TAKE_ON,), Role.OPERATIONS_MANAGER, Standing.WITH_PROVIDER),
        ((Step.TAKE_ON, Step.PASS_ON), Role.OFFICIAL, Standing.OFFERED),
        ((Step.TAKE_ON, Step.GIVE_BACK), Role.OPERATOR, Standing.WITH_PROVIDER),
    ],
)
def test_it_stands_with_whoever_acts_next(
    steps: tuple[Step, ...], owner: Role, standing: Standing
) -> None:
    """
    The provider's responsible person is the provider.
    """
    value = walked(begun(Level.RESPONSIBLE), *steps)

    assert (owner, standing) == (value.owner, value.standing)


@pytest.mark.parametrize(
    ("level", "step"), [(Level.CITY, Step.ACCEPT_HANDOFF), (Level.RESPONSIBLE, Step.TAKE_ON)]
)
def test_what_somebody_took_nobody_else_takes(level: Level, step: Step) -> None:
    """
    At either level.
    """
    value = begun(level).take(step, by="first", at=NOON)

    with pytest.raises(AcceptedByOther):
        value.take(step, by="second", at=NOON)


def test_reason_and_summary_are_one_text() -> None:
    """
    Either may be missing; nothing stands in for it.
    """
    assert "理由\n要約" == account(" 理由 ", "要約")
    assert ["理由", "要約", ""] == [
        account("理由", ""),
        account(None, "要約"),
        account("", " "),
    ]
