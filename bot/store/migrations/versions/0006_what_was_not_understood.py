"""what was not understood

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('misheard',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('ranking', sa.LargeBinary(), nullable=False),
    sa.Column('at', bot.store.base.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_misheard_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_misheard'))
    )
    with op.batch_alter_table('misheard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_misheard_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_misheard_conversation_id'), ['conversation_id'], unique=False)
