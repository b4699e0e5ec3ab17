from tests.people import browser_of

DESK = "/organise/journeys/financing-and-payment-models/"


def visit(app, people, offering_id):
    ada = browser_of(app, people.ada)
    pages = ("", "edit", "organisers", "delete", "preview?as=stranger", "preview?as=adviser")
    for path in ("/organise/new-journey", *(f"{DESK}{one}" for one in pages)):
        assert ada.get(path).status_code == 200, path
