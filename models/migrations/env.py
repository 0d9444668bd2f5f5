"""What Alembic runs: the revisions on the connection handed over in `config.attributes["connection"]`."""

from importlib import import_module
from pkgutil import iter_modules

from alembic import context

import models
from models.database import metadata

for module in iter_modules(models.__path__, "models."):
    if not module.ispkg:
        import_module(module.name)

# transactional_ddl: on SQLite too a failed revision leaves nothing behind, no `_alembic_tmp_*` either;
# it holds because `models.database` begins every transaction itself.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
