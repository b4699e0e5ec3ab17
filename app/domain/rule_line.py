"""The rule of a sitting in one line, for those who know the rules."""

from datetime import datetime

from app.domain.moments import moment
from app.domain.place_rules import Balance, Giving, Rule, RuleKind
from app.domain.rule_words import hours_in_words


def rule_in_line(rule: Rule, zone: str, now: datetime) -> str:
    """`Lottery, drawn on …; freed places as an offer for 24 hours; you approve each request.`"""
    parts = [_order(rule, zone, now)]
    if rule.giving is Giving.OFFER:
        parts.append(f"freed places as an offer for {hours_in_words(rule.offer_hours)}")
    if rule.needs_approval:
        parts.append("organisers approve each request")
    if rule.cancel_hours:
        parts.append(f"given up freely until {hours_in_words(rule.cancel_hours)} before the start")
    return "; ".join(parts)


def _order(rule: Rule, zone: str, now: datetime) -> str:
    if rule.kind is RuleKind.LOTTERY and rule.draw_at is not None:
        is_past = rule.is_drawn or rule.draw_at <= now
        return f"Lottery, {'drawn' if is_past else 'to be drawn'} on {moment(rule.draw_at, zone).text}"
    if rule.kind is RuleKind.BALANCED:
        each = "stakeholder group" if rule.balance is Balance.STAKEHOLDER_GROUP else "country"
        until = rule.balanced_until
        ends = f" until {moment(until, zone).text}" if until is not None else ""
        return f"Balanced: at most {rule.share_percent} percent for each {each}{ends}"
    return "First come, first served"
