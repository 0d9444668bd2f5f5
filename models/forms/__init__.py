"""The forms, one file each; a module here that declares a `Form` is a form of the product.

Adding a form is adding a file (CONTRIBUTING.md): declarations only, with the form's own words.
"""

import importlib
import pkgutil

from models.forms.base import Form


def load_forms() -> dict[str, Form]:
    """Return every declared form by id. Raises ValueError for two of one id."""
    forms: dict[str, Form] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        for value in vars(importlib.import_module(f"{__name__}.{module}")).values():
            if isinstance(value, Form) and forms.setdefault(value.id, value) is not value:
                raise ValueError(f"two forms are called {value.id!r}")
    return forms


FORMS = load_forms()
