"""What crosses the boundary of the city's own records. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.citywork.city_record import CityRecord
from domain.deadlines.deadline import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCityRecord:
    """Start of the course of a record of the city."""

    case: CaseRef
    record: CityRecord
    deadline: Deadline | None = None
    parent_kind: str | None = None
    """The kind of the case that waits for it, if one does."""
