"""How long an activity may take and how often it is tried, by kind of work.

Workflows name a kind; they do not invent timeouts of their own. The label is what an
operator reads in the Temporal UI: say what happens to which thing, never to whom.
"""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import (
    ActivityCancellationType,
    ActivityConfig,
    LocalActivityConfig,
)

from domain.refusals import refusals

ANSWER_WITHIN = timedelta(seconds=30)
"""The longest an activity may keep a waiting person; the API waits a little longer."""


LOST_AFTER = timedelta(seconds=15)
"""How long work may show no sign of life before it is given to another worker."""

SENT_WITHIN = timedelta(days=3)
"""How long a message is tried that nothing makes pointless earlier."""

MESSAGE_REFUSED = "MessageRefused"
"""The type of failure of a message that no further try would bring to its person."""


def _retries(*, initial: timedelta, longest: timedelta) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=initial,
        maximum_interval=longest,
        non_retryable_error_types=list(refusals()),
    )


def record(label: str) -> LocalActivityConfig:
    """Write to the database: short, and tried until it is done.

    Local, so that a step costs one workflow task; the database makes a repeated attempt
    the same attempt by its key.
    """
    return LocalActivityConfig(
        summary=label,
        start_to_close_timeout=timedelta(seconds=25),
        retry_policy=_retries(
            initial=timedelta(milliseconds=200), longest=timedelta(seconds=20)
        ),
    )


def look(label: str) -> LocalActivityConfig:
    """Read from the database while someone waits: give up while they still do."""
    return LocalActivityConfig(
        summary=label,
        start_to_close_timeout=timedelta(seconds=10),
        schedule_to_close_timeout=ANSWER_WITHIN,
        retry_policy=_retries(
            initial=timedelta(milliseconds=200), longest=timedelta(seconds=5)
        ),
    )


def make(label: str) -> ActivityConfig:
    """Make something that takes seconds, such as a chunk of notices, until it is made."""
    return ActivityConfig(
        summary=label,
        start_to_close_timeout=timedelta(minutes=5),
        heartbeat_timeout=LOST_AFTER,
        retry_policy=_retries(initial=timedelta(seconds=1), longest=timedelta(minutes=1)),
    )


def long(label: str) -> ActivityConfig:
    """Work through many cases, for as long as it takes."""
    return ActivityConfig(
        summary=label,
        start_to_close_timeout=timedelta(hours=2),
        heartbeat_timeout=LOST_AFTER,
        retry_policy=_retries(initial=timedelta(seconds=1), longest=timedelta(seconds=30)),
    )


def send(label: str, *, within: timedelta = SENT_WITHIN) -> ActivityConfig:
    """Send something to somebody outside, and keep trying while it is of use to them.

    A server that is away for an hour or a night is tried every quarter of an hour at least;
    the first tries follow each other quickly, since most troubles are short.

    Args:
        label: What is sent about which thing.
        within: How long it is tried, at least once.
    """
    return ActivityConfig(
        summary=label,
        start_to_close_timeout=timedelta(seconds=90),
        schedule_to_close_timeout=max(within, timedelta(minutes=3)),
        retry_policy=_retries(initial=timedelta(seconds=5), longest=timedelta(minutes=15)),
        # An attempt under way may yet succeed, and then whoever cancels has to know of it.
        cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    )
