"""What a browser complains about while somebody reads: nothing of it may happen on any page."""

from playwright.sync_api import ConsoleMessage, Page, Response


def watch(page: Page, complaints: list[str]) -> Page:
    """Note script errors, what the security policy refused, and parts of a page that did not arrive."""

    def note_message(message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 by intention is reported as a failed load as well.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def note_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", note_message)
    page.on("response", note_response)
    return page
