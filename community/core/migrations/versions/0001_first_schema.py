"""first schema

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_map',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('old_id', sa.String(length=80), nullable=False),
    sa.Column('new_id', sa.BigInteger(), nullable=False),
    sa.Column('old_url', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_map')),
    sa.UniqueConstraint('source', 'kind', 'old_id', name=op.f('uq_import_map_source_kind_old_id'))
    )
    with op.batch_alter_table('import_map', schema=None) as batch_op:
        batch_op.create_index('ix_import_map_old_url', ['old_url'], unique=False)

    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handle', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('about_html', sa.Text(), nullable=False),
    sa.Column('avatar_key', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('theme', sa.String(length=10), nullable=False),
    sa.Column('unread', sa.Integer(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('email', name=op.f('uq_member_email')),
    sa.UniqueConstraint('handle', name=op.f('uq_member_handle'))
    )
    op.create_table('priority_rule',
    sa.Column('impact', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('urgency', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('impact', 'urgency', name=op.f('pk_priority_rule'))
    )
    op.create_table('search_pending',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_pending'))
    )
    op.create_table('space',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=300), nullable=False),
    sa.Column('charter', sa.Text(), nullable=False),
    sa.Column('charter_html', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('run_by', sa.String(length=10), nullable=False),
    sa.Column('promise_hours', sa.Integer(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('thread_count', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_space')),
    sa.UniqueConstraint('slug', name=op.f('uq_space_slug'))
    )
    op.create_table('target_time',
    sa.Column('priority', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_news_minutes', sa.Integer(), nullable=False),
    sa.Column('resolution_minutes', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('priority', name=op.f('pk_target_time'))
    )
    op.create_table('article',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('issue', sa.Text(), nullable=False),
    sa.Column('issue_html', sa.Text(), nullable=False),
    sa.Column('environment', sa.JSON(), nullable=False),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('resolution_html', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('cause_html', sa.Text(), nullable=False),
    sa.Column('plain', sa.Text(), nullable=False),
    sa.Column('renderer_version', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('confidence', sa.String(length=20), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('last_editor_id', sa.Integer(), nullable=False),
    sa.Column('validated_by_id', sa.Integer(), nullable=True),
    sa.Column('validated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('helped_count', sa.Integer(), nullable=False),
    sa.Column('not_helped_count', sa.Integer(), nullable=False),
    sa.Column('revision_count', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_article_author_id_member')),
    sa.ForeignKeyConstraint(['last_editor_id'], ['member.id'], name=op.f('fk_article_last_editor_id_member')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_article_space_id_space')),
    sa.ForeignKeyConstraint(['validated_by_id'], ['member.id'], name=op.f('fk_article_validated_by_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index('ix_article_author', ['author_id'], unique=False)
        batch_op.create_index('ix_article_listed', ['published_at', 'id'], unique=False)
        batch_op.create_index('ix_article_space', ['space_id', 'published_at'], unique=False)

    op.create_table('badge_award',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('badge', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_badge_award_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', 'badge', name=op.f('pk_badge_award'))
    )
    op.create_table('event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['member.id'], name=op.f('fk_event_actor_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_name'), ['name'], unique=False)
        batch_op.create_index('ix_event_subject', ['subject', 'id'], unique=False)

    op.create_table('imported_badge',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=False),
    sa.Column('for_tag', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_imported_badge_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_badge'))
    )
    with op.batch_alter_table('imported_badge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_badge_member_id'), ['member_id'], unique=False)

    op.create_table('imported_profile',
    sa.Column('member_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reputation', sa.Integer(), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.Column('up_votes', sa.Integer(), nullable=False),
    sa.Column('down_votes', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('location', sa.String(length=200), nullable=False),
    sa.Column('website', sa.String(length=300), nullable=False),
    sa.Column('picture', sa.String(length=500), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_imported_profile_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_imported_profile'))
    )
    op.create_table('imported_tag',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('excerpt', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_imported_tag_space_id_space')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_tag')),
    sa.UniqueConstraint('space_id', 'name', name=op.f('uq_imported_tag_space_id_name'))
    )
    op.create_table('notification_preference',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('in_app', sa.Boolean(), nullable=False),
    sa.Column('mail', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_notification_preference_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', 'kind', name=op.f('pk_notification_preference'))
    )
    op.create_table('query',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('query_class', sa.String(length=24), nullable=False),
    sa.Column('suggested_class', sa.String(length=24), nullable=False),
    sa.Column('status', sa.String(length=14), nullable=False),
    sa.Column('impact', sa.Integer(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('service', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('promoted_by_id', sa.Integer(), nullable=True),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('people_affected', sa.Integer(), nullable=False),
    sa.Column('major', sa.Boolean(), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('peer_answer', sa.Boolean(), nullable=False),
    sa.Column('reclassified_count', sa.Integer(), nullable=False),
    sa.Column('reopen_count', sa.Integer(), nullable=False),
    sa.Column('resolution_text', sa.Text(), nullable=False),
    sa.Column('decline_reason', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_news_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_news_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolution_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_news_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignee_id'], ['member.id'], name=op.f('fk_query_assignee_id_member')),
    sa.ForeignKeyConstraint(['promoted_by_id'], ['member.id'], name=op.f('fk_query_promoted_by_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_query'))
    )
    with op.batch_alter_table('query', schema=None) as batch_op:
        batch_op.create_index('ix_query_assignee', ['assignee_id', 'status'], unique=False)
        batch_op.create_index('ix_query_status_due', ['status', 'next_due_at'], unique=False)

    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_sign_in_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_hash'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_member_id'), ['member_id'], unique=False)

    op.create_table('space_grant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_space_grant_by_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_space_grant_member_id_member')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_space_grant_space_id_space')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_space_grant'))
    )
    with op.batch_alter_table('space_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_space_grant_space_id'), ['space_id'], unique=False)
        batch_op.create_index('uq_space_grant', ['member_id', 'space_id', 'kind'], unique=True)

    op.create_table('standing',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_standing_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_standing'))
    )
    op.create_table('thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('desk_state', sa.String(length=10), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('solution_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_count', sa.Integer(), nullable=False),
    sa.Column('have_too_count', sa.Integer(), nullable=False),
    sa.Column('view_count', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_reason', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_activity_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_thread_author_id_member')),
    sa.ForeignKeyConstraint(['solution_id'], ['post.id'], name=op.f('fk_thread_solution_id_post'), use_alter=True),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_thread_space_id_space')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread'))
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index('ix_thread_activity', ['last_activity_at'], unique=False)
        batch_op.create_index('ix_thread_author', ['author_id', 'created_at'], unique=False)
        batch_op.create_index('ix_thread_space_activity', ['space_id', 'last_activity_at'], unique=False)
        batch_op.create_index('ix_thread_state', ['state', 'last_activity_at'], unique=False)

    op.create_table('article_feedback',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('helped', sa.Boolean(), nullable=False),
    sa.Column('credited', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_feedback_article_id_article')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_article_feedback_member_id_member')),
    sa.PrimaryKeyConstraint('article_id', 'member_id', name=op.f('pk_article_feedback'))
    )
    with op.batch_alter_table('article_feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_feedback_member_id'), ['member_id'], unique=False)

    op.create_table('article_revision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('issue', sa.Text(), nullable=False),
    sa.Column('environment', sa.JSON(), nullable=False),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_revision_article_id_article')),
    sa.ForeignKeyConstraint(['editor_id'], ['member.id'], name=op.f('fk_article_revision_editor_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_revision')),
    sa.UniqueConstraint('article_id', 'number', name=op.f('uq_article_revision_article_id_number'))
    )
    op.create_table('article_tag',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_tag_article_id_article')),
    sa.PrimaryKeyConstraint('article_id', 'tag', name=op.f('pk_article_tag'))
    )
    with op.batch_alter_table('article_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_tag_tag'), ['tag'], unique=False)

    op.create_table('article_thread',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_thread_article_id_article')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_article_thread_thread_id_thread')),
    sa.PrimaryKeyConstraint('article_id', 'thread_id', name=op.f('pk_article_thread'))
    )
    with op.batch_alter_table('article_thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_thread_thread_id'), ['thread_id'], unique=False)
        batch_op.create_index('uq_article_thread_source', ['thread_id'], unique=True, sqlite_where=sa.text("kind = 'source'"), postgresql_where=sa.text("kind = 'source'"))

    op.create_table('delivery',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handler', sa.String(length=160), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('unique_key', sa.String(length=160), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_delivery_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('event_id', 'handler', name=op.f('uq_delivery_event_id_handler')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_delivery_unique_key'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_due', ['state', 'run_at', 'id'], unique=False)

    op.create_table('have_too',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_have_too_member_id_member')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_have_too_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', 'member_id', name=op.f('pk_have_too'))
    )
    with op.batch_alter_table('have_too', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_have_too_member_id'), ['member_id'], unique=False)

    op.create_table('import_pending',
    sa.Column('thread_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('fresh', sa.Boolean(), nullable=False),
    sa.Column('accepted', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_import_pending_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', name=op.f('pk_import_pending'))
    )
    with op.batch_alter_table('import_pending', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_pending_source'), ['source'], unique=False)

    op.create_table('ledger_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cause_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('scope', sa.String(length=60), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reverses_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['cause_id'], ['event.id'], name=op.f('fk_ledger_entry_cause_id_event')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_ledger_entry_event_id_event')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_ledger_entry_member_id_member')),
    sa.ForeignKeyConstraint(['reverses_id'], ['ledger_entry.id'], name=op.f('fk_ledger_entry_reverses_id_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('event_id', 'member_id', 'rule', 'cause_id', name=op.f('uq_ledger_entry_event_id_member_id_rule_cause_id'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entry_cause', ['cause_id', 'member_id', 'rule'], unique=False)
        batch_op.create_index('ix_ledger_entry_member_day', ['member_id', 'rule', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_scope'), ['scope'], unique=False)

    op.create_table('notification',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['member.id'], name=op.f('fk_notification_actor_id_member')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_notification_event_id_event')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_notification_member_id_member')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_notification_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('event_id', 'member_id', 'kind', name=op.f('uq_notification_event_id_member_id_kind'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index('ix_notification_inbox', ['member_id', 'listed', 'at'], unique=False)

    op.create_table('post',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('renderer_version', sa.Integer(), nullable=False),
    sa.Column('timed_out', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('proposed', sa.Boolean(), nullable=False),
    sa.Column('reply_to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('helpful_count', sa.Integer(), nullable=False),
    sa.Column('revision_count', sa.Integer(), nullable=False),
    sa.Column('attachments', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_post_author_id_member')),
    sa.ForeignKeyConstraint(['reply_to_id'], ['post.id'], name=op.f('fk_post_reply_to_id_post')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_post_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('thread_id', 'number', name=op.f('uq_post_thread_id_number'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index('ix_post_author', ['author_id', 'created_at'], unique=False)

    op.create_table('query_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('query_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('from_value', sa.String(length=80), nullable=False),
    sa.Column('to_value', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['member.id'], name=op.f('fk_query_step_actor_id_member')),
    sa.ForeignKeyConstraint(['query_id'], ['query.id'], name=op.f('fk_query_step_query_id_query')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_query_step'))
    )
    with op.batch_alter_table('query_step', schema=None) as batch_op:
        batch_op.create_index('ix_query_step_query', ['query_id', 'id'], unique=False)

    op.create_table('query_thread',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('query_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('linked_by_id', sa.Integer(), nullable=True),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('handover', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('answer_post_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_query_thread_author_id_member')),
    sa.ForeignKeyConstraint(['linked_by_id'], ['member.id'], name=op.f('fk_query_thread_linked_by_id_member')),
    sa.ForeignKeyConstraint(['query_id'], ['query.id'], name=op.f('fk_query_thread_query_id_query')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_query_thread')),
    sa.UniqueConstraint('query_id', 'thread_id', name=op.f('uq_query_thread_query_id_thread_id'))
    )
    with op.batch_alter_table('query_thread', schema=None) as batch_op:
        batch_op.create_index('ix_query_thread_author', ['author_id'], unique=False)
        batch_op.create_index('ix_query_thread_thread', ['thread_id', 'id'], unique=False)
        batch_op.create_index('uq_query_thread_active', ['thread_id'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))

    op.create_table('related_thread',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['thread.id'], name=op.f('fk_related_thread_other_id_thread')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_related_thread_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', 'other_id', name=op.f('pk_related_thread'))
    )
    op.create_table('thread_subscription',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('muted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_thread_subscription_member_id_member')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_subscription_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', 'member_id', name=op.f('pk_thread_subscription'))
    )
    with op.batch_alter_table('thread_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_subscription_member_id'), ['member_id'], unique=False)

    op.create_table('thread_tag',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_tag_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', 'tag', name=op.f('pk_thread_tag'))
    )
    with op.batch_alter_table('thread_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_tag_tag'), ['tag'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('content_type', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_attachment_member_id_member')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_attachment_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_post_id'), ['post_id'], unique=False)

    op.create_table('helpful_vote',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_helpful_vote_member_id_member')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_helpful_vote_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', 'member_id', name=op.f('pk_helpful_vote'))
    )
    with op.batch_alter_table('helpful_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_helpful_vote_member_id'), ['member_id'], unique=False)

    op.create_table('imported_history',
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('old_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('old_post_id', sa.BigInteger(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('tag_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('type_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_user_id', sa.BigInteger(), nullable=True),
    sa.Column('user_name', sa.String(length=80), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_imported_history_post_id_post')),
    sa.ForeignKeyConstraint(['tag_id'], ['imported_tag.id'], name=op.f('fk_imported_history_tag_id_imported_tag')),
    sa.PrimaryKeyConstraint('source', 'old_id', name=op.f('pk_imported_history'))
    )
    with op.batch_alter_table('imported_history', schema=None) as batch_op:
        batch_op.create_index('ix_imported_history_old_post', ['source', 'old_post_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imported_history_post_id'), ['post_id'], unique=False)

    op.create_table('imported_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['other_id'], ['post.id'], name=op.f('fk_imported_link_other_id_post')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_imported_link_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_link')),
    sa.UniqueConstraint('post_id', 'other_id', 'kind', name=op.f('uq_imported_link_post_id_other_id_kind'))
    )
    with op.batch_alter_table('imported_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_link_other_id'), ['other_id'], unique=False)

    op.create_table('imported_post',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('licence', sa.String(length=40), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('favourites', sa.Integer(), nullable=False),
    sa.Column('community_owned_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_imported_post_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_imported_post'))
    )
    op.create_table('imported_votes',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('type_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('announced', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_imported_votes_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', 'type_id', name=op.f('pk_imported_votes'))
    )
    op.create_table('post_revision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['editor_id'], ['member.id'], name=op.f('fk_post_revision_editor_id_member')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_revision_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_revision')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_post_revision_post_id_number'))
    )
    # SQLite cannot add a foreign key later; the two tables point at each other.
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key("fk_thread_solution_id_post", "thread", "post", ["solution_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_thread_solution_id_post", "thread", type_="foreignkey")
    op.drop_table('post_revision')
    op.drop_table('imported_votes')
    op.drop_table('imported_post')
    with op.batch_alter_table('imported_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imported_link_other_id'))

    op.drop_table('imported_link')
    with op.batch_alter_table('imported_history', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imported_history_post_id'))
        batch_op.drop_index('ix_imported_history_old_post')

    op.drop_table('imported_history')
    with op.batch_alter_table('helpful_vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_helpful_vote_member_id'))

    op.drop_table('helpful_vote')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_post_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('thread_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_tag_tag'))

    op.drop_table('thread_tag')
    with op.batch_alter_table('thread_subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_subscription_member_id'))

    op.drop_table('thread_subscription')
    op.drop_table('related_thread')
    with op.batch_alter_table('query_thread', schema=None) as batch_op:
        batch_op.drop_index('uq_query_thread_active', sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
        batch_op.drop_index('ix_query_thread_thread')
        batch_op.drop_index('ix_query_thread_author')

    op.drop_table('query_thread')
    with op.batch_alter_table('query_step', schema=None) as batch_op:
        batch_op.drop_index('ix_query_step_query')

    op.drop_table('query_step')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_author')

    op.drop_table('post')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_inbox')

    op.drop_table('notification')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_entry_scope'))
        batch_op.drop_index(batch_op.f('ix_ledger_entry_member_id'))
        batch_op.drop_index('ix_ledger_entry_member_day')
        batch_op.drop_index('ix_ledger_entry_cause')

    op.drop_table('ledger_entry')
    with op.batch_alter_table('import_pending', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_pending_source'))

    op.drop_table('import_pending')
    with op.batch_alter_table('have_too', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_have_too_member_id'))

    op.drop_table('have_too')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_delivery_due')

    op.drop_table('delivery')
    with op.batch_alter_table('article_thread', schema=None) as batch_op:
        batch_op.drop_index('uq_article_thread_source', sqlite_where=sa.text("kind = 'source'"), postgresql_where=sa.text("kind = 'source'"))
        batch_op.drop_index(batch_op.f('ix_article_thread_thread_id'))

    op.drop_table('article_thread')
    with op.batch_alter_table('article_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_tag_tag'))

    op.drop_table('article_tag')
    op.drop_table('article_revision')
    with op.batch_alter_table('article_feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_feedback_member_id'))

    op.drop_table('article_feedback')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_index('ix_thread_state')
        batch_op.drop_index('ix_thread_space_activity')
        batch_op.drop_index('ix_thread_author')
        batch_op.drop_index('ix_thread_activity')

    op.drop_table('thread')
    op.drop_table('standing')
    with op.batch_alter_table('space_grant', schema=None) as batch_op:
        batch_op.drop_index('uq_space_grant')
        batch_op.drop_index(batch_op.f('ix_space_grant_space_id'))

    op.drop_table('space_grant')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_member_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('query', schema=None) as batch_op:
        batch_op.drop_index('ix_query_status_due')
        batch_op.drop_index('ix_query_assignee')

    op.drop_table('query')
    op.drop_table('notification_preference')
    op.drop_table('imported_tag')
    op.drop_table('imported_profile')
    with op.batch_alter_table('imported_badge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imported_badge_member_id'))

    op.drop_table('imported_badge')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')
        batch_op.drop_index(batch_op.f('ix_event_name'))

    op.drop_table('event')
    op.drop_table('badge_award')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index('ix_article_space')
        batch_op.drop_index('ix_article_listed')
        batch_op.drop_index('ix_article_author')

    op.drop_table('article')
    op.drop_table('target_time')
    op.drop_table('space')
    op.drop_table('search_pending')
    op.drop_table('priority_rule')
    op.drop_table('member')
    with op.batch_alter_table('import_map', schema=None) as batch_op:
        batch_op.drop_index('ix_import_map_old_url')

    op.drop_table('import_map')
