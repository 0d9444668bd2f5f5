"""What Alembic runs: the revisions on the connection handed over in `config.attributes["connection"]`."""

from alembic import context

from models.tables import declare, metadata

declare()

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
