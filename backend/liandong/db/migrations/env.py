"""Runs migrations on the engine that :mod:`liandong.db.migrate` passes."""

from alembic import context
from sqlmodel import SQLModel

import liandong.db.base  # noqa: F401  (the metadata's naming convention)
from liandong.db.engine import WRITES

engine = context.config.attributes["engine"]
with engine.execution_options(**{WRITES: True}).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
