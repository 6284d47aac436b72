"""The messages with which cases begin that others open, under one name.

Belongs here: that name. Does not belong here: the messages (``*_messages`` of each subject).
"""

from workflows.application_messages import OpenApplication
from workflows.city_messages import OpenCityRecord
from workflows.defect_messages import OpenDefect
from workflows.incident_messages import OpenIncident

OpenedBeside = OpenApplication | OpenCityRecord | OpenDefect | OpenIncident
