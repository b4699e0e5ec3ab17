"""What people do on the site, step by step, as their hands would."""

import re
from email import message_from_bytes, policy

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LiveServer

WORDS = "three brown goats dance"
EXCHANGE = "Financing and Payment Models for Primary Health Care"
BLENDED = "Blended payment in practice"


def sign_in(page: Page, server: LiveServer, role: str) -> Page:
    """Sign in as one of the demonstration people, such as “adviser in Accra”."""
    email, password = server.sign_ins[role]
    page.goto("/sign-in")
    return give_password(page, email, password)


def give_password(page: Page, email: str, password: str) -> Page:
    """Fill in the form to sign in that is open, and send it."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    press(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    return page


def sign_out(page: Page) -> None:
    press(page.get_by_role("link", name="Sign out"))
    press(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in")).to_be_visible()


def sign_up(page: Page, name: str, email: str, country: str) -> None:
    """Fill in the form that is open, and send it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_label("Country", exact=True).select_option(label=country)
    press(page.get_by_role("button", name="Create my account"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")


def confirm(page: Page, server: LiveServer, email: str) -> None:
    """Open the letter that asks for it, and press its button."""
    page.goto(link_in_mail(server, email, "confirm-address"))
    press(page.get_by_role("button", name=f"Confirm {email}"))


def link_in_mail(server: LiveServer, email: str, leads_to: str) -> str:
    """The link to a page in the newest mail to an address, once the worker has sent what waits."""
    server.flask("worker", "--once")
    found = []
    for path in (server.folder / "instance" / "mail").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",)) if str(mail["To"]).strip("<>").endswith(email) else None
        if body is not None:
            links = re.findall(rf"http\S+/{leads_to}/\S+", body.get_content())
            found += [(path.stat().st_mtime_ns, link) for link in links]
    assert found, f"no letter to {email} leads to {leads_to}"
    return str(max(found)[1])


def press(locator: Locator) -> None:
    """Press what leads to another page, and wait until it is there: a click alone may return before."""
    with locator.page.expect_navigation():
        locator.click()


def send_empty(page: Page, button: str) -> None:
    """Send a form whose fields are empty past the browser's own checks."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    press(page.get_by_role("button", name=button))
