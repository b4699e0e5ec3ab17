"""What people do on the site, step by step, as their hands would."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LiveServer

WORDS = "three brown goats dance"
EXCHANGE = "Financing and Payment Models for Primary Health Care"
BLENDED = "Blended payment in practice"


def sign_in(page: Page, server: LiveServer, role: str) -> Page:
    """Sign in as one of the demonstration people, such as “adviser in Accra”."""
    email, password = server.sign_ins[role]
    page.goto("/sign-in")
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


def press(locator: Locator) -> None:
    """Press what leads to another page, and wait until it is there: a click alone may return before."""
    with locator.page.expect_navigation():
        locator.click()


def send_empty(page: Page, button: str) -> None:
    """Send a form whose fields are empty past the browser's own checks."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    press(page.get_by_role("button", name=button))
