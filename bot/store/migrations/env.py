"""Alembic's entry: runs on the connection that Database.migrate hands over."""

from alembic import context

from bot.store import Base

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
