"""Every table of the program: a foreign key is only understood once the table it points to is declared."""

from importlib import import_module
from pkgutil import iter_modules

import models
from models.database import metadata

__all__ = ["declare", "metadata"]


def declare() -> None:
    """Import every module of this package, so that `metadata` holds every table."""
    for module in iter_modules(models.__path__, "models."):
        if not module.ispkg:
            import_module(module.name)
