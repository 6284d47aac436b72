"""Carrying domain refusals out of activities under their own name, never retried.

What a refusal means to whoever asked is for ``api.problems``.
"""

from typing import Any

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import DomainError


class RefusalInterceptor(Interceptor):
    """Turn a ``DomainError`` into a benign, final ``ApplicationError``.

    Benign keeps an ordinary "no" out of the error log and the failure metrics.
    """

    def intercept_activity(
        self, next: ActivityInboundInterceptor
    ) -> ActivityInboundInterceptor:
        """Wrap the next interceptor."""
        return _Inbound(next)


class _Inbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        try:
            return await super().execute_activity(input)
        except DomainError as refusal:
            raise ApplicationError(
                str(refusal),
                type=type(refusal).__name__,
                non_retryable=True,
                category=ApplicationErrorCategory.BENIGN,
            ) from refusal
