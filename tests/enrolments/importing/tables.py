"""Tables of people, uploaded and worked through as a person and the worker would."""

import io
import re

from app.database import db
from app.jobs import worker
from tests.page import Page
from tests.reader import CSRF

HEADERS = "Name,E-mail,Country,Organisation,Stakeholder group,Cadre,Time zone,Language"
ONE = f"{HEADERS}\nAma Boateng,ama@example.org,Ghana,Ghana Health Service,Government,Nurse,,English\n"


class Importer:
    """An organiser at the screens of one journey, and the worker behind them."""

    def __init__(self, browser, journey, clock):
        self.browser, self.clock = browser, clock
        self.home = f"/organise/journeys/{journey.slug}/imports"
        self.here = ""

    def upload(self, content, filename="people.csv", page=None):
        data = content.encode() if isinstance(content, str) else content
        answer = self.browser.submit(
            self.home, {"file": (io.BytesIO(data), filename)}, page, content_type="multipart/form-data"
        )
        answer.request.environ["wsgi.input"].close()  # a large one is a file, which the client leaves open
        if answer.status_code == 303:
            self.here = answer.headers["Location"]
        return answer

    def columns(self, **fields):
        """Send the proposal as it stands, with what is given."""
        shown = self.browser.get(f"{self.here}columns").text
        self.proposal = chosen = dict(
            re.findall(r'<select[^>]*name="(\w+)".*?<option selected value="(\d*)"', shown, re.DOTALL)
        )
        return self.browser.post(
            f"{self.here}columns", data={"csrf_token": CSRF.search(shown).group(1), **chosen, **fields}
        )

    def work(self):
        """Let the worker do its part; mail stays in the outbox."""
        while worker.run_one(self.clock):
            pass

    def dry_run(self, content, filename="people.csv", **fields):
        """Upload, confirm, check; the page of the dry run."""
        assert self.upload(content, filename).status_code == 303
        answer = self.columns(**fields)
        assert answer.status_code == 303, Page(answer).text
        self.work()
        return self.look()

    def look(self, query=""):
        db.rollback()
        return Page(self.browser.get(f"{self.here}{query}"))

    def apply(self, **fields):
        answer = self.send_apply(**fields)
        assert answer.status_code == 303, Page(answer).text
        self.work()
        return self.look()

    def send_apply(self, **fields):
        shown = self.browser.get(self.here).text
        run = re.search(r'name="run" value="(\d+)"', shown)
        token = CSRF.search(shown).group(1)
        return self.browser.post(
            f"{self.here}apply", data={"csrf_token": token, "run": run.group(1) if run else "0", **fields}
        )
