"""What whoever asked is told when a step fails for a reason that is not theirs."""

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    RetryState,
    TimeoutType,
)
from temporalio.exceptions import TimeoutError as ActivityTimeout

from api.problems import told


def failed(cause: BaseException) -> WorkflowUpdateFailedError:
    """An update whose activity failed for ``cause``, as the client sees it."""
    activity = ActivityError(
        "Activity task failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="",
        activity_type="find_cards",
        activity_id="1",
        retry_state=RetryState.TIMEOUT,
    )
    activity.__cause__ = cause
    return WorkflowUpdateFailedError(activity)


def test_a_database_that_was_too_slow_is_no_error_of_ours_to_hide() -> None:
    """
    The same key would give the same failure for ever, so a new one is asked for.
    """
    slow = ActivityTimeout(
        "activity timeout",
        type=TimeoutType.SCHEDULE_TO_CLOSE,
        last_heartbeat_details=[],
    )

    answer = told(failed(slow))

    assert (503, "NotDone") == (answer.status, answer.code)
    assert "新しい受付キー" in answer.detail


def test_a_refusal_under_the_wrappers_keeps_its_name() -> None:
    """
    The control: what a person can act on is told as what it is.
    """
    answer = told(failed(ApplicationError("短い", type="CountDiffers")))

    assert (409, "CountDiffers") == (answer.status, answer.code)


def test_anything_else_stays_an_internal_error() -> None:
    """
    A bug must not look like something that helps when tried again.
    """
    assert 500 == told(failed(ApplicationError("boom", type="KeyError"))).status
