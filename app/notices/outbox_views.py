"""The outbox on the desk of administrators: every message, what became of it, and another try."""

from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.jobs import operations as jobs
from app.jobs import queries as job_queries
from app.messages import queries as messages
from app.messages.models import MessageState, OutboxMessage
from app.notices.blueprint import bp
from app.notices.outbox_masking import without_links
from app.notices.outbox_rows import PAGE, Asked, dead, found, retry
from app.notices.outbox_shown import Sight, row_of, tally
from app.notices.outbox_texts import said_by
from app.web.access import requires
from app.web.clock import now
from app.web.forms import ActionForm
from app.web.reader import reader

LONGEST = 200
MOST_JOBS = 50
LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Of a letter shown as a page of its own: nothing runs, nothing is fetched, and it is of no site."""


def settings() -> Settings:
    """The settings of this site."""
    found_settings: Settings = current_app.config["SETTINGS"]
    return found_settings


def sight(sees_addresses: bool = True, sees_links: bool | None = None) -> Sight:
    """How the reader of this request sees messages; administrators see links on a demonstration only."""
    links = settings().is_loopback if sees_links is None else sees_links
    return Sight(reader().timezone or "UTC", now(), sees_addresses, links)


def asked_for(scope: str | None = None) -> Asked:
    """What the address or the form asks for; what cannot be meant asks for nothing."""
    state = request.values.get("state", "")
    words = request.values.get("q", "").replace("\0", "").strip()[:LONGEST]
    return Asked(MessageState(state) if state in set(MessageState) else None, words, scope)


def number_in(name: str) -> int | None:
    """A number that the address or the form gives."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def page_of(asked: Asked) -> tuple[list[OutboxMessage], int | None]:
    """The messages of one page, and where the next one begins."""
    rows = list(found(asked, number_in("before"), PAGE + 1))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def values_of(asked: Asked) -> dict[str, Any]:
    """What is asked for, as values of an address."""
    return {name: value for name, value in (("state", asked.state), ("q", asked.words)) if value}


@bp.get("/organise/outbox")
@requires(Permission.ADMINISTER)
def outbox() -> ResponseReturnValue:
    """Every message of the last weeks, the latest first."""
    asked, counts = asked_for(), messages.counts()
    rows, older = page_of(asked)
    seen_by = sight()
    return render_template(
        "outbox/index.html",
        rows=[row_of(one, seen_by) for one in rows],
        older=url_for("notices.outbox", **values_of(asked), before=older) if older else "",
        is_first=number_in("before") is None,
        asked=asked,
        tally=tally(counts),
        total=sum(counts.values()),
        dead_jobs=len(job_queries.dead()),
        mail_lies=_where_mail_lies(),
    )


def _where_mail_lies() -> str:
    scheme, _, rest = settings().mail_url.partition(":")
    if scheme == "folder":
        return f"Mail is written to the folder {rest} and never leaves this machine."
    return "Mail is printed by the worker and never leaves this machine." if scheme == "console" else ""


def message_at(number: int) -> OutboxMessage | None:
    """The message of this number."""
    return messages.by_id(number) if number < 2**31 else None


@bp.get("/organise/outbox/<int:number>")
@requires(Permission.ADMINISTER, of=message_at)
def outbox_message(message: OutboxMessage) -> ResponseReturnValue:
    """One message: to whom, when, what was answered, and what it says."""
    seen_by, said = sight(), said_by(message, settings())
    return unkept(
        render_template(
            "outbox/message.html",
            row=row_of(message, seen_by),
            said=said if seen_by.sees_links else said.masked(),
            sees_links=seen_by.sees_links,
        )
    )


@bp.get("/organise/outbox/<int:number>/letter")
@requires(Permission.ADMINISTER, of=message_at)
def outbox_letter(message: OutboxMessage) -> ResponseReturnValue:
    """The HTML of a message as a page of its own, in which nothing runs."""
    said = said_by(message, settings())
    return letter(said.html if sight().sees_links else said.masked().html)


@bp.post("/organise/outbox/<int:number>/retry")
@requires(Permission.ADMINISTER, of=message_at)
def retry_message(message: OutboxMessage) -> ResponseReturnValue:
    """Send one that was not delivered after all."""
    back = url_for("notices.outbox_message", number=message.id)
    return retried(message, back)


@bp.route("/organise/outbox/retry", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def retry_messages() -> ResponseReturnValue:
    """All that were not delivered and are asked for; asks first, and does what was asked about."""
    asked = asked_for()
    asked = Asked(MessageState.DEAD, asked.words)
    back = url_for("notices.outbox", **values_of(asked))
    return retry_many(asked, back, "outbox/retry.html")


@bp.get("/organise/outbox/jobs")
@requires(Permission.ADMINISTER)
def dead_jobs() -> ResponseReturnValue:
    """Work that failed for good."""
    found_jobs = job_queries.dead()
    errors = {one.id: without_links(one.last_error or "") for one in found_jobs[:MOST_JOBS]}
    return render_template(
        "outbox/jobs.html", jobs=found_jobs[:MOST_JOBS], errors=errors, more=len(found_jobs) - MOST_JOBS
    )


@bp.post("/organise/outbox/jobs/<int:number>/retry")
@requires(Permission.ADMINISTER)
def retry_job(number: int) -> ResponseReturnValue:
    """Give a piece of work all its tries again."""
    if not ActionForm().validate_on_submit():
        abort(422)
    if number >= 2**31 or job_queries.by_id(number) is None:
        abort(404)
    if jobs.revive(number, now()):
        flash("The work is tried again now.", "ok")
    else:
        flash("Nothing was done: this work waits for nobody any more.", "warn")
    return redirect(url_for("notices.dead_jobs"), 303)


def retried(message: OutboxMessage, back: str) -> ResponseReturnValue:
    """What both desks do with the button of one message."""
    if not ActionForm().validate_on_submit():
        abort(422)
    is_late = message.expires_at is not None and message.expires_at <= now()
    if retry([(message.id, message.to_address)], now()):
        if is_late:
            flash("Its time has passed, so it is not sent any more. Its address is believed again.", "warn")
        else:
            flash("The message is tried again now, and its address is believed again.", "ok")
    else:
        flash("Nothing was done: the message is not one that was not delivered any more.", "warn")
    return redirect(back, 303)


def retry_many(asked: Asked, back: str, template: str, **values: Any) -> ResponseReturnValue:
    """What both desks do with the button of all that are shown: never more than was asked about."""
    form, up_to = ActionForm(), number_in("up_to")
    is_sound = form.validate_on_submit()
    if is_sound and up_to is not None:
        again = retry(dead(asked, up_to), now())
        told = f"{again} message{' is' if again == 1 else 's are'} tried again now." if again else ""
        flash(told or "Nothing was done: none of them waits for it any more.", "ok" if again else "warn")
        return redirect(back, 303)
    if is_sound:
        form.refuse(DomainError("Look at which messages these are, and press once more."))
    chosen = dead(asked)
    if not chosen and not form.is_submitted():
        flash("Nothing is left to try again.", "warn")
        return redirect(back, 303)
    page = render_template(
        template, form=form, count=len(chosen), up_to=max((number for number, _ in chosen), default=0),
        asked=asked, back=back, **values,
    )  # fmt: skip
    return page, form.status


def unkept(page: str) -> Response:
    """No cache keeps it, and no other site hears where one came from."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def letter(html: str) -> Response:
    """A letter as a page of its own; 404 where it has no HTML."""
    if not html:
        abort(404)
    response = unkept(html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response
