"""an outbox that is its own queue, recipients, announcements of changes, reminders"""

import sqlalchemy as sa
from alembic import op

revision = 'c58e0b7d4a91'
down_revision = 'a41c7e90b5d2'
branch_labels = None
depends_on = None

UNSENT = "state IN ('queued', 'sending')"


def upgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'messages.deliver'")
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_outbox_messages_legal_messagestate'), type_='check')
        batch_op.drop_index(batch_op.f('ix_outbox_messages_state_created_at'))
        batch_op.drop_column('language')
        batch_op.drop_column('timezone')
        batch_op.add_column(sa.Column('scope', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('order_key', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('unique_key', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('not_before_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('leased_until_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rank', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('subject', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('answer_code', sa.Integer(), nullable=True))
    op.execute("UPDATE outbox_messages SET not_before_at = created_at, due_at = created_at")
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.alter_column('not_before_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column('due_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(
            batch_op.f('ck_outbox_messages_legal_messagestate'),
            "state IN ('queued', 'sending', 'sent', 'dead', 'expired')",
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_outbox_messages_lease_exactly_when_sending'),
            "(state = 'sending') = (leased_until_at is not null)",
        )
        batch_op.create_unique_constraint(batch_op.f('uq_outbox_messages_unique_key'), ['unique_key'])
        batch_op.create_index(batch_op.f('ix_outbox_messages_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_messages_created_at'), ['created_at'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_outbox_messages_scope_state_id'), ['scope', 'state', 'id'], unique=False
        )
        batch_op.create_index(
            'ix_outbox_messages_waiting', ['rank', 'due_at', 'id'], unique=False,
            sqlite_where=sa.text(UNSENT), postgresql_where=sa.text(UNSENT),
        )
        ordered = f'order_key IS NOT NULL AND {UNSENT}'
        batch_op.create_index(
            'ix_outbox_messages_in_order', ['order_key', 'id'], unique=False,
            sqlite_where=sa.text(ordered), postgresql_where=sa.text(ordered),
        )

    op.create_table(
        'recipients',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('address_folded', sa.String(), nullable=False),
        sa.Column('muted', sa.String(), server_default='', nullable=False),
        sa.Column('reminders', sa.String(), nullable=True),
        sa.Column('language', sa.String(), server_default='en', nullable=False),
        sa.Column('quiet_from', sa.Integer(), server_default='1320', nullable=False),
        sa.Column('quiet_until', sa.Integer(), server_default='420', nullable=False),
        sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('refused_code', sa.Integer(), nullable=True),
        sa.Column('refused_reason', sa.String(), server_default='', nullable=False),
        sa.Column('refusal_seen_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            'quiet_from >= 0 AND quiet_from < 1440 AND quiet_until >= 0 AND quiet_until < 1440',
            name=op.f('ck_recipients_quiet'),
        ),
        sa.CheckConstraint(
            "refused_at IS NOT NULL OR (refused_code IS NULL AND refused_reason = '' "
            'AND refusal_seen_at IS NULL)',
            name=op.f('ck_recipients_refusal'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recipients')),
        sa.UniqueConstraint('address_folded', name=op.f('uq_recipients_address_folded')),
    )
    with op.batch_alter_table('recipients', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recipients_refused_at'), ['refused_at'], unique=False)

    op.create_table(
        'mail_routes',
        sa.Column('scheme', sa.String(), nullable=False),
        sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('scheme', name=op.f('pk_mail_routes')),
    )

    op.create_table(
        'announcements',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('offering_id', sa.Integer(), nullable=False),
        sa.Column('first_change_id', sa.Integer(), nullable=False),
        sa.Column('last_change_id', sa.Integer(), nullable=False),
        sa.Column(
            'state',
            sa.Enum(
                'waiting', 'telling', 'told', name='legal_announcementstate', native_enum=False, length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('people', sa.Integer(), server_default='0', nullable=False),
        sa.CheckConstraint('last_change_id >= first_change_id', name=op.f('ck_announcements_changes')),
        sa.CheckConstraint("(state = 'told') = (told_at IS NOT NULL)", name=op.f('ck_announcements_told')),
        sa.ForeignKeyConstraint(
            ['offering_id'], ['offerings.id'], name=op.f('fk_announcements_offering_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['first_change_id'], ['offering_changes.id'],
            name=op.f('fk_announcements_first_change_id'), ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['last_change_id'], ['offering_changes.id'],
            name=op.f('fk_announcements_last_change_id'), ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        for column in ('offering_id', 'first_change_id', 'last_change_id'):
            batch_op.create_index(batch_op.f(f'ix_announcements_{column}'), [column], unique=False)
        batch_op.create_index(
            batch_op.f('ix_announcements_state_due_at'), ['state', 'due_at'], unique=False
        )
        batch_op.create_index(
            'uq_announcements_waiting', ['offering_id'], unique=True,
            sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"),
        )

    with op.batch_alter_table('journeys', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('reminders', sa.String(), server_default='1-day 1-hour', nullable=False)
        )
    with op.batch_alter_table('roster_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audience', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('roster_messages', schema=None) as batch_op:
        batch_op.drop_column('audience')
    with op.batch_alter_table('journeys', schema=None) as batch_op:
        batch_op.drop_column('reminders')
    op.drop_table('announcements')
    op.drop_table('mail_routes')
    op.drop_table('recipients')
    op.execute("UPDATE outbox_messages SET state = 'queued', leased_until_at = NULL WHERE state = 'sending'")
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_messages_in_order')
        batch_op.drop_index('ix_outbox_messages_waiting')
        batch_op.drop_index(batch_op.f('ix_outbox_messages_scope_state_id'))
        batch_op.drop_index(batch_op.f('ix_outbox_messages_created_at'))
        batch_op.drop_index(batch_op.f('ix_outbox_messages_state_id'))
        batch_op.drop_constraint(batch_op.f('uq_outbox_messages_unique_key'), type_='unique')
        batch_op.drop_constraint(
            batch_op.f('ck_outbox_messages_lease_exactly_when_sending'), type_='check'
        )
        batch_op.drop_constraint(batch_op.f('ck_outbox_messages_legal_messagestate'), type_='check')
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        for column in (
            'answer_code', 'subject', 'rank', 'leased_until_at', 'due_at', 'not_before_at', 'unique_key',
            'order_key', 'scope',
        ):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column('language', sa.String(), server_default='en', nullable=False))
        batch_op.add_column(sa.Column('timezone', sa.String(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_outbox_messages_legal_messagestate'),
            "state IN ('queued', 'sent', 'dead', 'expired')",
        )
        batch_op.create_index(
            batch_op.f('ix_outbox_messages_state_created_at'), ['state', 'created_at'], unique=False
        )
    # a queued message is sent by a job again
    op.execute(
        "INSERT INTO jobs (kind, payload, state, tries, run_at, created_at) "
        "SELECT 'messages.deliver', "
        + ("json_object('outbox_message', id)" if op.get_bind().dialect.name == 'sqlite'
           else "json_build_object('outbox_message', id)")
        + ", 'ready', 0, created_at, created_at FROM outbox_messages WHERE state = 'queued'"
    )
