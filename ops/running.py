"""The installation that runs here, for commands that work on it.

``make run`` writes where its engines are; a command started beside it finds them there.
"""

import json
from dataclasses import replace

from ops.fault import EngineFault
from settings import Settings
from store.engine import driver_url

RUN_FILE = "run.json"


def found(chosen: Settings) -> Settings:
    """Return the settings with the engines that run, where none were named.

    Raises:
        EngineFault: No database is named and nothing runs.
    """
    file = chosen.data_dir / RUN_FILE
    facts = json.loads(file.read_text()) if file.exists() else {}
    url = chosen.database_url or facts.get("database_url")
    if url is None:
        raise EngineFault("set DATABASE_URL, or start the embedded database with make run")
    return replace(
        chosen,
        database_url=driver_url(url).render_as_string(hide_password=False),
        temporal_address=chosen.temporal_address or facts.get("temporal_address"),
    )
