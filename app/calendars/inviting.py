"""The whole mail of an invitation as it would be sent, for trying it out; words of its own, and few."""

from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime

from app.calendars.addressing import attendee_of
from app.calendars.invitations import Facts, Method, cancellation, facts_of, request
from app.config import Settings
from app.domain.errors import Refused
from app.enrolments.models import Place
from app.messages.composed import CalendarObject
from app.messages.mails import attach, named_address


def written(
    place: Place, settings: Settings, now: datetime, *, is_cancellation: bool = False
) -> EmailMessage:
    """The mail with its object. Raises Refused where there is nothing to invite to or to cancel."""
    who = attendee_of(place)
    if who is None:
        raise Refused("There is no address to which this person can be written.")
    method = Method.CANCEL if is_cancellation else Method.REQUEST
    body = (cancellation if is_cancellation else request)(place, settings, now)
    facts = facts_of(place, settings, now)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = settings.mail_from
    try:
        mail["To"] = named_address(who.name, who.address)
    except (MessageError, ValueError) as fault:
        raise Refused(f"Mail cannot be addressed to {who.address}: {fault}") from fault
    mail["Subject"] = _subject(facts, method)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<invitation-{place.id}-{facts.sequence}-{method.lower()}@meridian.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{facts.summary}\n\n{facts.description}\n")
    return attach(mail, CalendarObject(body, method))


def _subject(facts: Facts, method: Method) -> str:
    title = " ".join(facts.summary.split())
    if method is Method.CANCEL:
        return f"Cancelled: {title}" if facts.is_cancelled else f"No longer your place: {title}"
    return f"Invitation: {title}"
