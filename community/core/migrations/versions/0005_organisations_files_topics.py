"""organisations, files and priorities to desks, several queries of a thread

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('service_level', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('name', name=op.f('uq_organisation_name')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisation_slug'))
    )
    op.create_table('organisation_domain',
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_domain_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('domain', name=op.f('pk_organisation_domain'))
    )
    with op.batch_alter_table('organisation_domain', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_domain_organisation_id'), ['organisation_id'], unique=False)
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('organisation_fixed', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_member_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_member_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'], ondelete='SET NULL')
    with op.batch_alter_table('space', schema=None) as batch_op:
        batch_op.add_column(sa.Column('service', sa.String(length=80), nullable=False, server_default=''))
    with op.batch_alter_table('desk_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('files', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('query_thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topic', sa.String(length=32), nullable=False, server_default=''))
        batch_op.drop_index('uq_query_thread_active', sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
        batch_op.create_index('uq_query_thread_active', ['thread_id', 'topic'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))


def downgrade() -> None:
    with op.batch_alter_table('query_thread', schema=None) as batch_op:
        batch_op.drop_index('uq_query_thread_active', sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
        batch_op.create_index('uq_query_thread_active', ['thread_id'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
        batch_op.drop_column('topic')
    with op.batch_alter_table('desk_message', schema=None) as batch_op:
        batch_op.drop_column('priority')
        batch_op.drop_column('files')
    with op.batch_alter_table('space', schema=None) as batch_op:
        batch_op.drop_column('service')
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_member_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_member_organisation_id'))
        batch_op.drop_column('organisation_fixed')
        batch_op.drop_column('organisation_id')
    with op.batch_alter_table('organisation_domain', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_domain_organisation_id'))
    op.drop_table('organisation_domain')
    op.drop_table('organisation')
