from tests.people import browser_of


def visit(app, people, offering_id):
    fran, pat = browser_of(app, people.fran), browser_of(app, people.pat)
    assert fran.get("/me/agenda").status_code == 200
    assert fran.get(f"/offerings/{offering_id}/run-sheet").status_code == 200
    assert pat.get("/me/absences").status_code == 200
    away = fran.submit("/me/absences", {"first_on": "2027-03-05", "timezone": "Nairobi"})
    assert away.status_code == 303
    number = fran.get("/me/absences").text.split('id="absence-')[1].split('"')[0]
    assert fran.get(f"/me/absences/{number}").status_code == 200
    assert fran.get(f"/me/absences/{number}/delete").status_code == 200
