"""The files of a committee's report, made by `reports` from what the database holds: for the chat and for `export`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from bot.channels.base import File
from models import attendance, committee_report, timeliness
from models.committee_report import Report
from models.periods import Period, parse_period
from reports import heatmap, pictures, report, xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = "image/png"


@dataclass
class ReportFiles:
    """One report and the ways to write it down; the figures are read once, whatever is made of them."""

    session: Session
    unit_id: int
    period: Period
    today: date

    @cached_property
    def report(self) -> Report:
        """What the files are made of."""
        return committee_report.load(self.session, self.unit_id, self.period, self.today)

    def docx(self) -> bytes:
        """Return the report."""
        return report.docx(self.report)

    def xlsx(self) -> bytes:
        """Return the annex."""
        return xlsx.figures(self.report.found, self.report.mismatches, self.report.before)

    def progress(self) -> bytes | None:
        """Return the picture of targets, or None without any."""
        return pictures.progress(self.report.found)

    def attendance(self) -> bytes | None:
        """Return the picture of attendance, or None where no meeting was reported."""
        months = attendance.by_month(self.session, self.unit_id, self.period, self.today)
        wanted = attendance.wanted(self.session, self.unit_id, self.period, self.report.found.cutoff)
        return pictures.attendance(self.report.found, months, wanted)

    def meetings(self) -> bytes:
        """Return the picture of who reported in which month."""
        months = [month for month in self.period.months if month.first <= self.today] or [self.period.months[0]]
        return heatmap.heatmap(timeliness.grid(self.session, self.unit_id, months, self.today), self.today)

    def all(self) -> dict[str, bytes]:
        """Return every file there is to make, by name."""
        made = {name.format(period=self.period): make(self) for name, make, _ in KINDS.values()}
        return {name: content for name, content in made.items() if content is not None}


Make = Callable[[ReportFiles], bytes | None]
# By the kind of a Document: the file's name, how it is made, what it is.
KINDS: Mapping[str, tuple[str, Make, str]] = {
    "report_docx": ("bao-cao-{period}.docx", ReportFiles.docx, DOCX),
    "report_xlsx": ("so-lieu-{period}.xlsx", ReportFiles.xlsx, XLSX),
    "progress_png": ("chi-tieu-{period}.png", ReportFiles.progress, PNG),
    "attendance_png": ("du-sinh-hoat-{period}.png", ReportFiles.attendance, PNG),
    "meetings_png": ("sinh-hoat-{period}.png", ReportFiles.meetings, PNG),
}


def maker(kind: str) -> Callable[[Session, Mapping[str, str | int]], File]:
    """Return what makes one kind of file from a document's args: period, unit (its id) and the day it shows (`on`)."""
    name, make, media_type = KINDS[kind]

    def made(session: Session, args: Mapping[str, str | int]) -> File:
        period, today = parse_period(str(args["period"])), date.fromisoformat(str(args["on"]))
        content = make(ReportFiles(session, int(args["unit"]), period, today))
        if content is None:
            raise LookupError(f"nothing to show in {kind}")
        return File(name.format(period=period), content, media_type)

    return made
