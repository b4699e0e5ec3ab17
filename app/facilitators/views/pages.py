"""The page of a facilitator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.languages import language_name
from app.domain.permissions import Permission, may
from app.domain.zone_names import city
from app.facilitators import queries
from app.facilitators.blueprint import bp
from app.facilitators.models import Facilitator
from app.facilitators.views.editing import editable
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.queries import LedSitting
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader
from app.web.sittings import Shown, backgrounds, shown


@dataclass(frozen=True)
class ShownSitting:
    """A sitting the facilitator leads, as this reader reads its times."""

    sitting: LedSitting
    shown: Shown

    @property
    def order(self) -> tuple[date, datetime]:
        """By day first, because some know only that."""
        starts = self.sitting.starts_at
        day = starts.date() if starts else self.sitting.first_on or date.max
        return day, starts or datetime.max.replace(tzinfo=clock.now().tzinfo)


@bp.get("/facilitators/<slug>/")
@requires(Permission.PUBLIC, of=queries.facilitator)
def show(facilitator: Facilitator) -> ResponseReturnValue:
    actor = current_actor()
    led = _shown(learning_sessions.led_by(facilitator.id, actor))
    coming = [one for one in led if not one.shown.is_over]
    past = [one for one in reversed(led) if one.shown.is_over and one.sitting.status == "scheduled"]
    return render_template(
        "facilitators/show.html",
        facilitator=facilitator,
        lives_in=city(facilitator.timezone) if facilitator.timezone else "",
        language=language_name(facilitator.language),
        coming=coming,
        past=past,
        strips=backgrounds(one.shown for one in coming),
        may_edit=actor.is_signed_in and may(actor, Permission.FACILITATOR_EDIT, editable(facilitator)),
    )


def _shown(sittings: Sequence[LedSitting]) -> list[ShownSitting]:
    who, now = reader(), clock.now()
    found = [ShownSitting(one, shown(one, who, now)) for one in sittings]
    return sorted(found, key=lambda one: one.order)
