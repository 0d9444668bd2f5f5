"""The tables as they are declared, without the history of revisions: for databases that live only for a moment."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Engine

import models
from models import rules
from models.database import metadata, unit_of_work


def create_tables(engine: Engine) -> None:
    """Create every table and seed the rule values, as migrating an empty database would."""
    for module in iter_modules(models.__path__, "models."):
        if not module.ispkg:
            import_module(module.name)
    metadata.create_all(engine)
    with unit_of_work(engine) as session:
        rules.seed(session)
