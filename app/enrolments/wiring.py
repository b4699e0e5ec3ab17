from flask import Flask

from app.accounts.addresses import on_confirming
from app.enrolments import adopting, queries
from app.enrolments import due as due  # the worker's jobs are registered by importing them
from app.enrolments import following as following  # its work is registered by importing it
from app.enrolments.blueprint import bp
from app.enrolments.importing import work as work
from app.enrolments.views import blocks as blocks  # the views are registered by importing them
from app.enrolments.views import decisions as decisions
from app.enrolments.views import drawing as drawing
from app.enrolments.views import entering as entering
from app.enrolments.views import groups as groups
from app.enrolments.views import imports as imports
from app.enrolments.views import interest as interest
from app.enrolments.views import invitations as invitations
from app.enrolments.views import joining_group as joining_group
from app.enrolments.views import my_learning as my_learning
from app.enrolments.views import own_place as own_place
from app.enrolments.views import places as places
from app.enrolments.views import policy as policy
from app.enrolments.views import ruling as ruling
from app.enrolments.views.rosters import acting as acting
from app.enrolments.views.rosters import files as files
from app.enrolments.views.rosters import pages as pages
from app.enrolments.views.rosters import results as results
from app.enrolments.views.rosters import writing as writing
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.enrolled_facts, queries.confirmed_facts, queries.focal_facts)
    on_confirming(adopting.adopt)
    app.register_blueprint(bp)
