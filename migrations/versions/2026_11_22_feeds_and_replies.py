"""feeds of several kinds, and replies to invitations"""

import sqlalchemy as sa
from alembic import op

revision = 'a41c7e90b5d2'
down_revision = 'f23d18ecd29c'
branch_labels = None
depends_on = None

OUTCOMES = sa.Enum(
    'acted', 'nothing', 'asked', 'recorded', 'stale', 'refused', 'unreadable',
    name='legal_replyoutcome', native_enum=False, length=32, create_constraint=True,
)


def upgrade() -> None:
    with op.batch_alter_table('feeds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_feeds_user_id_kind'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_feeds_legal_feedkind'), type_='check')
        batch_op.add_column(sa.Column('journey_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('shows_waiting', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('shows_cancelled', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('alarm_minutes', sa.Integer(), nullable=True))
    with op.batch_alter_table('feeds', schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f('ck_feeds_legal_feedkind'), "kind IN ('personal', 'leading', 'journey')"
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_feeds_journey'), "(kind = 'journey') = (journey_id IS NOT NULL)"
        )
        batch_op.create_check_constraint(batch_op.f('ck_feeds_alarm'), 'alarm_minutes BETWEEN 0 AND 10080')
        batch_op.create_foreign_key(
            batch_op.f('fk_feeds_journey_id'), 'journeys', ['journey_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_unique_constraint(
            batch_op.f('uq_feeds_user_id_journey_id'), ['user_id', 'journey_id']
        )
        batch_op.create_index(batch_op.f('ix_feeds_journey_id'), ['journey_id'], unique=False)
        batch_op.create_index(
            'uq_feeds_user_id_kind', ['user_id', 'kind'], unique=True,
            sqlite_where=sa.text('journey_id IS NULL'), postgresql_where=sa.text('journey_id IS NULL'),
        )

    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='1', nullable=False))

    op.create_table(
        'calendar_replies',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.String(), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('place_id', sa.Integer(), nullable=True),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=True),
        sa.Column('stamped_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('outcome', OUTCOMES, nullable=False),
        sa.Column('detail', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['place_id'], ['places.id'], name=op.f('fk_calendar_replies_place_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_replies')),
        sa.UniqueConstraint('message_id', name=op.f('uq_calendar_replies_message_id')),
    )
    with op.batch_alter_table('calendar_replies', schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f('ix_calendar_replies_place_id_received_at'), ['place_id', 'received_at'], unique=False
        )


def downgrade() -> None:
    op.drop_table('calendar_replies')
    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.drop_column('revision')
    op.execute("DELETE FROM feeds WHERE kind <> 'personal'")
    with op.batch_alter_table('feeds', schema=None) as batch_op:
        batch_op.drop_index('uq_feeds_user_id_kind')
        batch_op.drop_index(batch_op.f('ix_feeds_journey_id'))
        batch_op.drop_constraint(batch_op.f('uq_feeds_user_id_journey_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_feeds_journey_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_feeds_alarm'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_feeds_journey'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_feeds_legal_feedkind'), type_='check')
    with op.batch_alter_table('feeds', schema=None) as batch_op:
        batch_op.drop_column('alarm_minutes')
        batch_op.drop_column('shows_cancelled')
        batch_op.drop_column('shows_waiting')
        batch_op.drop_column('journey_id')
        batch_op.create_check_constraint(batch_op.f('ck_feeds_legal_feedkind'), "kind IN ('personal')")
        batch_op.create_unique_constraint(batch_op.f('uq_feeds_user_id_kind'), ['user_id', 'kind'])
