"""The web process. Composition root, no rules.

DATABASE_URL=… TEMPORAL_ADDRESS=… python server.py
"""

import asyncio
import sys

import structlog
import uvicorn
from fastapi import FastAPI

import settings
from activities.list_files import ListFiles
from activities.notices import Press
from api import audit, cases, contracts, health, metrics, problems, rehearsal
from api.access import core_ids, people, retention
from api.access.admission import Admission
from api.access.door import Door
from api.body_limit import BodyLimit
from api.booking import (
    guidance_texts,
    list_recipients,
    reservation_list,
    reservations,
    slots,
    venue_cases,
    venues,
    waiting_reservations,
)
from api.booking.booking_throttle import HoldThrottle
from api.calls import (
    call_centre_networks,
    call_centre_places,
    contact_numbers,
    external_entries,
    inquiries,
)
from api.catalogue import catalogue, counts, required_documents
from api.citywork import city_records
from api.counter import (
    application_photos,
    applications,
    check_ins,
    photos,
    procedures,
    quality,
    visits,
)
from api.defects import follow_ups
from api.deps import Desk
from api.incidents import incidents
from api.knowledge import articles, editions, meetings, questions
from api.lots import card_lots, returned_mail, volumes
from api.obligations import register
from api.pages import shell
from api.queue import calls as queue_calls
from api.queue import tickets
from api.reports import daily_reports
from api.roster import roster
from api.surveys import surveys
from devices.photo_gate import PhotoGate
from ops import logs, wiring
from ops.replays import Replays
from settings import Settings
from store.codec import sealed_converter

log = structlog.get_logger()

LARGEST_REQUEST_BYTES = 70_000_000
"""Three lists of a lot, each as large as a list may be, with room for the form around."""

_ROUTERS = [
    # What residents ask for comes first: routes are tried in this order, which is a
    # quarter of the work of a short answer.
    slots,
    reservations,
    application_photos,
    applications,
    articles,
    audit,
    call_centre_networks,
    call_centre_places,
    card_lots,
    cases,
    catalogue,
    check_ins,
    contact_numbers,
    contracts,
    core_ids,
    counts,
    daily_reports,
    editions,
    external_entries,
    follow_ups,
    guidance_texts,
    health,
    incidents,
    city_records,
    inquiries,
    list_recipients,
    meetings,
    people,
    photos,
    procedures,
    quality,
    questions,
    register,
    required_documents,
    reservation_list,
    retention,
    returned_mail,
    queue_calls,
    tickets,
    roster,
    surveys,
    venue_cases,
    venues,
    visits,
    volumes,
    waiting_reservations,
]


def build_app(desk: Desk, door: Door) -> FastAPI:
    """Assemble the application from what it works with; tests pass their own."""
    app = FastAPI(title="Madoguchi", docs_url=None, redoc_url=None)
    app.state.desk = desk
    app.state.door = door
    door.admission = Admission(desk.engine, desk.book, desk.clock)
    app.state.hold_throttle = HoldThrottle()
    app.add_middleware(BodyLimit, most_bytes=LARGEST_REQUEST_BYTES)
    problems.install(app)
    metrics.install(app, desk)
    # Taken as they are: to include a router is to build each route of it anew.
    for module in _ROUTERS:
        app.router.routes.extend(module.router.routes)
    if desk.rehearsal is not None:
        app.router.routes.extend(rehearsal.router.routes)
    shell.install(app)
    return app


def build_door(chosen: Settings, parts: wiring.Parts) -> Door:
    """Return who lets people in; by https their cookies never travel without it."""
    return Door(parts.engine, cipher=wiring.cipher(parts.masters), https=chosen.https)


async def main(chosen: Settings) -> None:
    """Serve until told to stop."""
    parts = wiring.parts(chosen, process="server")
    client = await wiring.connect(chosen, parts.keys, lazy=True)
    press = Press(wiring.printing_process)
    gate = PhotoGate()
    gate.open()
    desk = Desk(
        engine=parts.engine,
        keys=parts.keys,
        book=parts.book,
        temporal=client,
        rehearsal=wiring.skipper(chosen, client),
        replay=Replays(sealed_converter(parts.keys)),
        build_id=wiring.build_id(),
        files=ListFiles(press),
        photos=gate,
        public_url=chosen.public_url,
        mail_dir=chosen.mail_dir,
        sms_dir=chosen.sms_dir if chosen.mail_dir else None,
    )
    door = build_door(chosen, parts)
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(desk, door),
            host="127.0.0.1",
            port=chosen.port,
            log_config=None,
            access_log=False,
            # Whom the connection comes from, unless a proxy that was named says otherwise.
            proxy_headers=bool(chosen.trusted_proxies),
            forwarded_allow_ips=list(chosen.trusted_proxies),
            timeout_graceful_shutdown=10,
        )
    )
    log.info("server_started", address=f"127.0.0.1:{chosen.port}")
    await server.serve()
    press.close()
    gate.close()
    parts.engine.dispose()


if __name__ == "__main__":
    try:
        found = settings.load()
    except settings.WrongSetting as wrong:
        sys.exit(str(wrong))
    logs.configure(found.log_level, process="server")
    asyncio.run(main(found))
