from tests.people import browser_of

AT = "/organise/journeys/financing-and-payment-models/parts/outcomes"


def visit(app, people, offering_id):
    ada = browser_of(app, people.ada)
    added = ada.submit(f"{AT}/new", {"text": "plan"})
    number = added.headers["Location"].rpartition("-")[2]
    assert ada.get(f"{AT}/").status_code == 200
    assert ada.get(f"{AT}/{number}").status_code == 200
    assert ada.get(f"{AT}/{number}/delete").status_code == 200
