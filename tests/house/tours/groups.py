"""Places for a group: reserved, named, swapped, taken by the link, handed back."""

from app.database import db
from app.enrolments.naming import name, person, unname
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from tests.enrolments.grouping import make_block
from tests.factories import make_offering
from tests.people import browser_of


def visit(app, people, offering_id):
    learning_session = db.get_one(Offering, offering_id).learning_session
    offering = make_offering(learning_session, capacity_online=5)
    block = make_block(offering, 3, focal=db.get_one(Participant, people.will.id))
    place = name(block, people.nora, block.created_at)
    desk, group = f"/organise/blocks/{block.id}", f"/groups/{block.id}/"
    blocks, names = f"/organise/offerings/{offering.id}/blocks", f"{group}names/{place.id}/"
    ekow = person(block, "ekow@example.org", "Ekow Quaye", block.created_at)
    unname(name(block, ekow, block.created_at), block.created_at)
    db.commit()
    ada, will = browser_of(app, people.ada), browser_of(app, people.will)
    for path in (blocks, f"{desk}/edit", f"{desk}/return"):
        assert ada.get(path).status_code == 200, path
    for path in (group, f"{names}swap", f"{names}remove", f"{group}link", "/me/"):
        assert will.get(path).status_code == 200, path
    link = will.get(group).text.split('id="group-link" readonly value="')[1].split('"')[0]
    assert browser_of(app).get(link).status_code == 200
