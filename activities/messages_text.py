"""Templates become the words of a message: a subject and a body, or one short text.

Belongs here: rendering ``report_templates/mail``. Does not belong here: what the words are
about (``activities.messages_facts``), how they travel (``activities.mail``, ``…_sms``).

A kind of message is a file per language with the blocks ``subject``, ``lead`` and ``sms``;
what all kinds share stands in the language's ``frame.txt.j2``.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block

from activities.messages_facts import Guide, Told
from domain.sending.outgoing import one_line

TEMPLATES = Path(__file__).resolve().parent.parent / "report_templates" / "mail"

LONGEST_SMS = 660
"""Characters that the country's carriers join into one message."""

TELLS_GUIDANCE = frozenset({"booking_confirmed", "booking_changed", "reminder"})
"""What is sent to somebody who is to come; the others are told what is no more."""

WITHOUT_LINK = frozenset({"booking_cancelled"})
"""What leaves nothing to see, change or cancel."""

_KIND = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's words."""

    subject: str
    body: str


class _Lines(str):
    """A text that may have lines of its own, since a template's author means it to."""


def kinds() -> list[str]:
    """Return the kinds of messages there are words for."""
    found = (path.name.partition(".")[0] for path in (TEMPLATES / "ja").glob("*.txt.j2"))
    return sorted(set(found) - {"frame"})


def letter(kind: str, language: str, name: str, about: Told) -> Letter:
    """Return the words of a mail.

    Raises:
        jinja2.TemplateError: There is no such kind, or a template is wrong.
    """
    template, values = _template(kind, language), _values(name, about)
    body = _environment().get_template(template).render(values)
    return Letter(
        subject=one_line(render_block(_environment(), template, "subject", values)),
        body=re.sub(r"\n{3,}", "\n\n", body).strip() + "\n",
    )


def short_message(kind: str, language: str, about: Told) -> str:
    """Return the words of a short message; it names nobody.

    Raises:
        jinja2.TemplateError: There is no such kind, or a template is wrong.
        ValueError: It became longer than any carrier takes.
    """
    template, values = _template(kind, language), _values("", about)
    text = one_line(render_block(_environment(), template, "sms", values))
    if len(text) > LONGEST_SMS:
        raise ValueError(f"{kind} is too long for a short message")
    return text


def _template(kind: str, language: str) -> str:
    if not _KIND.fullmatch(kind):
        raise ValueError("not the name of a kind of message")
    return f"{language}/{kind}.txt.j2"


def _values(name: str, about: Told) -> dict[str, Any]:
    return {"name": name, "about": about}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701  # plain text; what could end a line is taken out below
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(value: Any) -> Any:
    """Take out of every value what would begin a line of its own.

    A guide is the one text with lines; it is written by staff and stands in the body only.
    """
    if isinstance(value, _Lines):
        return value
    return one_line(value) if isinstance(value, str) else value


def with_lines(guide: Guide) -> Guide:
    """Return a guide whose lines are kept as they were written."""
    lines = (one_line(line) for line in guide.text.splitlines())
    return Guide(version=guide.version, text=_Lines("\n".join(lines)))
