"""What browsers send, and what becomes of a form that was refused.

A refusal shows the page again with the message and everything that was typed, except what
must never be shown again. What is asked of whom stands in ``domain.actions``.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from temporalio.client import (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from api import problems
from api.access.auth import FORM_TOKEN_FIELD
from api.pages.rendering import new_key
from api.problems import Told
from domain.errors import DomainError, ForbiddenNumber, LooksLikeForbiddenNumber
from domain.writing.privacy import refuse_forbidden

REFUSALS = (
    DomainError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    RPCError,
)
"""What a form may end with and a page can tell; anything else is a fault of ours."""

KEY_FIELD = "key"
_OURS = frozenset({FORM_TOKEN_FIELD, KEY_FIELD, "confirmed", "back"})
_SECRET = frozenset({"password", "current", "new", "again", "code"})
_SAME_KEY_AGAIN = frozenset({"NoAnswerYet", "NotBegunYet", "EngineAway"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The fields of a form; of a field sent several times, all values."""

    fields: Mapping[str, tuple[str, ...]]
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return one field, empty where it was not sent."""
        return self.fields.get(name, ("",))[0]

    @property
    def key(self) -> str:
        """The key of the form: asked again with it, the first answer holds."""
        given = self.text(KEY_FIELD)
        usable = given.isascii() and given.isprintable() and 1 <= len(given) <= 128
        return given if usable and " " not in given else new_key()

    @property
    def given(self) -> dict[str, str]:
        """What the form itself asked for, without what every form carries."""
        return {
            name: " ".join(values)
            for name, values in self.fields.items()
            if name not in _OURS and any(values)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A form that was refused, to be shown again."""

    form: str
    """Which one on its page."""

    told: Told
    typed: Mapping[str, str]
    key: str
    asks_confirmation: bool = False
    """Whether a person may say that what looks like a forbidden number is none."""


async def sent(request: Request) -> AsyncIterator[Sent]:
    """Give what the browser sent; its files are gone once the answer is."""
    form = await request.form()
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            fields[name] = (*fields.get(name, ()), value)
    yield Sent(fields=fields, files=files)
    await form.close()


Posted = Annotated[Sent, Depends(sent)]


def failed(form: str, posted: Sent, error: Exception) -> Failed:
    """Return what to show of a refused form.

    One that may still be under way keeps its key, so that sending it again asks again
    instead of doing it twice.
    """
    told = problems.told(error)
    return Failed(
        form=form,
        told=told,
        typed={
            name: value
            for name, value in posted.given.items()
            if name not in _SECRET and _may_be_shown(value)
        },
        key=posted.key if told.code in _SAME_KEY_AGAIN else new_key(),
        asks_confirmation=told.code == LooksLikeForbiddenNumber.__name__,
    )


def see_other(path: str) -> RedirectResponse:
    """Return the answer to a form that was accepted."""
    return RedirectResponse(path, status_code=303)


def own_path(path: str, default: str = "/") -> str:
    """Return a path of ours to go on to; anything that leads elsewhere is the default."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() and "\\" not in path else default


def _may_be_shown(text: str) -> bool:
    try:
        refuse_forbidden(text, confirmed=True)
    except ForbiddenNumber:
        return False
    return True
