"""The files `reports` makes for the chat, by the kind of a Document."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot import report_files
from bot.channels.base import File
from bot.report_files import PNG, XLSX
from models import readings, views
from models.clock import local_date
from models.periods import parse_period
from reports import heatmap, misread, xlsx


def overview_xlsx(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the workbook of a month's overview; args: period ("2022-03") and unit (its id)."""
    period, unit_id = parse_period(str(args["period"])), int(args["unit"])
    return File(f"tong-hop-{period}.xlsx", xlsx.overview(views.overview(session, unit_id, period)), XLSX)


def misread_xlsx(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the workbook of misread lines; args: since (an ISO moment)."""
    since = datetime.fromisoformat(str(args["since"]))
    content = misread.misread(readings.misread(session, since), local_date(since))
    return File("hieu-sai.xlsx", content, XLSX)


def heatmap_png(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the picture branch by month; args: unit (its id), first and last month, and the day it shows (`on`)."""
    return File(f"sinh-hoat-{args['last']}.png", heatmap.from_args(session, args), PNG)


MAKERS = {
    "overview_xlsx": overview_xlsx,
    "misread_xlsx": misread_xlsx,
    "heatmap_png": heatmap_png,
    **{kind: report_files.maker(kind) for kind in report_files.KINDS},
}
