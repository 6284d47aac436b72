"""Opening a session: one person is at one place, so an account is nobody else's meanwhile.

Belongs here: what a second session of the same person means. Does not belong here: whether
login, password and code fit (``api.access.door``), how long a session lives
(``store.sessions``).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from domain.access.access_errors import InUseElsewhere
from domain.access.networks import is_this_machine
from domain.parties import Party
from store import access, people, sessions
from store.people import Account
from store.scope import scope
from store.sessions import LoginSession

SHARED_LOGIN = "shared_login"
"""As what an attempt with the account of somebody who is in is recorded."""

_LONGEST_DEVICE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A session that is to be opened."""

    session_id: str
    token_sha256: bytes
    device: str
    address: str
    rehashed: str | None
    """The password's hash under newer parameters, to be kept."""
    move: bool
    """Whether the person says that they left the other device."""

    def is_elsewhere(self, session: LoginSession) -> bool:
        """Say whether a living session is another device's.

        The same browser on this very machine has only lost its cookie; everywhere else an
        office behind one address has many machines that call themselves the same.
        """
        same = (self.device[:_LONGEST_DEVICE], self.address) == (
            session.device,
            session.address,
        )
        return not (same and is_this_machine(self.address))


def open_session(engine: Engine, account: Account, opening: Opening, *, now: datetime) -> None:
    """Open a session of somebody whose password and code fit.

    Of the provider's people everybody has one session: what they do is theirs alone.
    Source: Ota specification §7⑥, for every city.

    Raises:
        InUseElsewhere: The person is in on another device; the attempt is recorded.
    """
    if not _opened(engine, account, opening, now):
        with scope(engine, account.municipality) as connection:
            access.record_refused(
                connection,
                account_id=account.account_id,
                action=SHARED_LOGIN,
                case_id=None,
                route="login",
                now=now,
            )
        raise InUseElsewhere(
            "利用者は一人に一つで、貸し借りはできません。本人が端末を移るときは、"
            "「前の端末の利用を終わらせる」に印を付けて、もう一度ログインしてください。"
        )


def _opened(engine: Engine, account: Account, opening: Opening, now: datetime) -> bool:
    with scope(engine, account.municipality) as connection:
        # Holds the account's row: of two logins at once the second sees the first.
        people.note_success(connection, account.account_id, rehashed=opening.rehashed)
        if account.role.party is Party.PROVIDER:
            living = sessions.sessions_of(connection, account.account_id, now=now)
            if not opening.move and any(opening.is_elsewhere(each) for each in living):
                return False
            sessions.end_sessions(connection, account.account_id)
        sessions.open_session(
            connection,
            account,
            session_id=opening.session_id,
            token_sha256=opening.token_sha256,
            device=opening.device[:_LONGEST_DEVICE],
            address=opening.address,
            now=now,
        )
    return True
