"""many files opened

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('desk_alert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('agent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('began_at', bot.store.base.UtcDateTime(), nullable=False),
    sa.Column('at', bot.store.base.UtcDateTime(), nullable=False),
    sa.Column('seen_at', bot.store.base.UtcDateTime(), nullable=True),
    sa.Column('seen_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_desk_alert_agent_id')),
    sa.ForeignKeyConstraint(['seen_by'], ['agent.id'], name=op.f('fk_desk_alert_seen_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_alert'))
    )
    with op.batch_alter_table('desk_alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_alert_agent_id'), ['agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_desk_alert_at'), ['at'], unique=False)
    op.create_index('ix_audit_entry_agent_at', 'audit_entry', ['agent', 'at'], unique=False)
