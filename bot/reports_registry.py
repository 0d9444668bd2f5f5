"""The files `reports` makes for the chat, by the kind of a Document."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.channels.base import File
from models import views
from models.periods import parse_period
from reports import xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def overview_xlsx(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the workbook of a month's overview; args: period ("2022-03") and unit (its id)."""
    period, unit_id = parse_period(str(args["period"])), int(args["unit"])
    return File(f"tong-hop-{period}.xlsx", xlsx.overview(views.overview(session, unit_id, period)), XLSX)


MAKERS = {"overview_xlsx": overview_xlsx}
