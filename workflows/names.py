"""Names that processes must agree on: the task queue and the ids of workflows.

Ids are not encrypted and hold no personal data.
"""

from domain.case import CaseKind

WINDOW_QUEUE = "window"
"""The queue that every worker of the product polls."""


def workflow_id(municipality: str, kind: CaseKind, case_id: str) -> str:
    """Return the workflow id of a case.

    One id per case, so that the server itself refuses a second course of the same case.
    The first part says whose key its payloads are sealed with, the last part which case.
    """
    return f"{municipality}/{kind}/{case_id}"
