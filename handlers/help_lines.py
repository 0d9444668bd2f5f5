"""What a person can do here, by role: the first lines after joining, /trogiup, and the command menu."""

from datetime import date

from handlers.talk import press, rows_of
from models.forms.words import day_month, example_day
from models.messages import Rows, Say
from models.people import Actor

REPORTING = ("hop", "ketnap", "biendong", "viec")
QUARTERLY = ("quy",)
DIRECTED = ("chidao",)
OVERSEEING = ("tonghop", "baocao", "chitieu", "kn")
CHASING = ("chuabaocao",)
OFFICE = ("solieu", "duyet")
INVITING = ("maimoi",)
ADMINISTERING = ("quydinh", "hanmuc", "hieusai", "bidanh", "viettat")
EVERYBODY = ("lich", "lienket", "trogiup", "dulieu")


def _names(actor: Actor) -> tuple[str, ...]:
    names: tuple[str, ...] = ()
    if actor.holds("secretary", "deputy"):
        names += (*REPORTING, *QUARTERLY)
    if actor.posts:
        names += (*DIRECTED, *OVERSEEING)
    if actor.holds("officer", "admin", "assigned"):
        names += CHASING
    if actor.holds("officer"):
        names += OFFICE
    if actor.holds("officer", "admin"):
        names += INVITING
    if actor.holds("admin"):
        names += ADMINISTERING
    return names + EVERYBODY


def commands(actor: Actor) -> tuple[tuple[str, Say], ...]:
    """Return the command menu of a person: names and their descriptions."""
    return tuple((name, Say(f"command.{name}")) for name in _names(actor))


def buttons(actor: Actor) -> Rows:
    """Return the commands most used as buttons."""
    names = REPORTING if actor.holds("secretary", "deputy") else OVERSEEING[:2] if actor.posts else ()
    return rows_of([press(f"help.button.{name}", "command", name) for name in names])


def first_steps(actor: Actor) -> tuple[Say, ...]:
    """Return what to do first."""
    if actor.holds("secretary", "deputy"):
        return (Say("help.first_report"),)
    return (Say("help.first_overview"),) if actor.posts else ()


def lines(actor: Actor, today: date) -> tuple[Say, ...]:
    """Return the help: three examples, then the commands."""
    examples = (
        (Say("help.examples", {"day": day_month(example_day(today))}),) if actor.holds("secretary", "deputy") else ()
    )
    overview = (Say("help.overview"),) if actor.holds("officer", "admin", "assigned", "inspector", "viewer") else ()
    figures = (Say("help.own_figures"),) if actor.holds("officer") else ()
    inviting = (Say("help.inviting"),) if actor.holds("officer", "admin") else ()
    listed = tuple(Say("help.command", {"name": f"/{name}", "what": what}) for name, what in commands(actor))
    return (*examples, *overview, *figures, *inviting, Say("help.commands", {"lines": listed}))
