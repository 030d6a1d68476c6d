"""sign-in by a provider

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('agent', sa.Column('oidc_issuer', sa.String(length=255), nullable=True))
    op.create_table('sign_in_attempt',
    sa.Column('mark', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', bot.store.base.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_sign_in_attempt'))
    )
