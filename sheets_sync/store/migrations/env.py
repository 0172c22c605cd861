"""What Alembic runs: all steps in the transaction of the connection it is given."""

from alembic import context  # noqa: TID253 (loaded by Alembic alone)

from sheets_sync.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
