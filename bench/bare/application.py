"""A bare application: two views, relations loaded as the ORM's manual recommends, one template each.

No zones, no day band, no permissions, no macros: what any such page costs at least.
"""

from datetime import datetime, timedelta

from flask import Flask, abort, render_template
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import joinedload, scoped_session, selectinload, sessionmaker

from bench.bare.models import (
    Activity,
    AgendaItem,
    Enrolment,
    Facilitator,
    Journey,
    JourneyTopic,
    LearningSession,
    Offering,
    OfferingFacilitator,
    Partner,
    Publication,
    Theme,
    Toolkit,
    ToolkitEntry,
)

db = scoped_session(sessionmaker())


def create_bare(engine: Engine) -> Flask:
    """The bare application on a database that Meridian has filled."""
    db.configure(bind=engine)
    app = Flask(__name__)
    app.jinja_env.filters["clock"] = clock
    app.teardown_request(lambda _error: db.remove())
    app.add_url_rule("/journeys/<slug>/", view_func=journey)
    app.add_url_rule("/journeys/<slug>/sessions/<sitting>/", view_func=sitting)
    return app


def clock(offering: Offering) -> str:
    """`Thu 22 April 2027, 13:00–14:30 Europe/London`."""
    if offering.starts_wall is None:
        return ""
    ends: datetime = offering.starts_wall + timedelta(minutes=offering.length_minutes or 0)
    return f"{offering.starts_wall:%a %d %B %Y, %H:%M}–{ends:%H:%M} {offering.timezone}"


def journey(slug: str) -> str:
    found = db.scalar(
        select(Journey)
        .where(Journey.slug == slug)
        .options(
            selectinload(Journey.outcomes),
            selectinload(Journey.topics).joinedload(JourneyTopic.topic),
            selectinload(Journey.themes).selectinload(Theme.sittings),
            selectinload(Journey.sittings).selectinload(LearningSession.offerings).joinedload(Offering.venue),
            selectinload(Journey.activities).selectinload(Activity.credits),
            selectinload(Journey.partners).joinedload(Partner.organisation),
            selectinload(Journey.contacts),
            selectinload(Journey.publications).selectinload(Publication.credits),
            selectinload(Journey.toolkits).selectinload(Toolkit.credits),
        )
    )
    if found is None:
        abort(404)
    leads = (
        select(OfferingFacilitator.facilitator_id)
        .join(Offering, Offering.id == OfferingFacilitator.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id == found.id)
    )
    return render_template(
        "journey.html",
        journey=found,
        people=db.scalar(select(func.count(Enrolment.id)).where(Enrolment.journey_id == found.id)),
        facilitators=db.scalars(
            select(Facilitator).where(Facilitator.id.in_(leads)).order_by(Facilitator.name_folded)
        ).all(),
    )


def sitting(slug: str, sitting: str) -> str:
    found = db.scalar(
        select(LearningSession)
        .join(LearningSession.journey)
        .where(Journey.slug == slug, LearningSession.slug == sitting)
        .options(
            joinedload(LearningSession.journey).selectinload(Journey.expected_zones),
            selectinload(LearningSession.themes),
            selectinload(LearningSession.materials).joinedload(ToolkitEntry.resource),
            selectinload(LearningSession.offerings).options(
                joinedload(Offering.venue),
                selectinload(Offering.facilitators).joinedload(OfferingFacilitator.facilitator),
                selectinload(Offering.agenda).selectinload(AgendaItem.credits),
            ),
        )
    )
    if found is None:
        abort(404)
    return render_template("sitting.html", one=found, journey=found.journey)
