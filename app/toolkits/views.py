"""The page of a toolkit."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.languages import language_name
from app.domain.permissions import Permission
from app.toolkits import describing, queries
from app.toolkits.models import Toolkit, ToolkitEntry, ToolkitSection, Visibility
from app.web.access import current_actor, requires
from app.web.errors import Moved

bp = Blueprint("toolkits", __name__)


@dataclass(frozen=True)
class ShownSection:
    """A section with the entries this reader sees; `kept` counts those for enrolled people only."""

    section: ToolkitSection
    entries: list[ToolkitEntry]
    kept: int


def toolkit_at(slug: str) -> Toolkit | None:
    """The toolkit at an address; raises Moved for an address it had before."""
    found = queries.toolkit(slug)
    if found is None and (new := queries.new_slug(slug)) is not None:
        raise Moved(url_for("toolkits.show", slug=new))
    return found


@bp.get("/toolkits/<slug>/")
@requires(Permission.TOOLKIT_SEE, of=toolkit_at)
def show(toolkit: Toolkit) -> ResponseReturnValue:
    actor = current_actor()
    journeys = queries.journeys_of(toolkit.id, actor)
    sees_all = queries.sees_everything([journey.id for journey in journeys], actor)
    sections = _shown(queries.sections(toolkit.id), sees_all)
    return render_template(
        "toolkits/show.html",
        toolkit=toolkit,
        journeys=journeys,
        sections=sections,
        sessions=queries.sessions_of(toolkit.id, actor),
        total=sum(len(one.entries) for one in sections),
        kept=sum(one.kept for one in sections),
        describing=describing,
        language_name=language_name,
    )


def _shown(sections: Sequence[ToolkitSection], sees_all: bool) -> list[ShownSection]:
    found = []
    for section in sections:
        entries = [one for one in section.entries if sees_all or one.visibility is Visibility.PUBLIC]
        found.append(ShownSection(section, entries, len(section.entries) - len(entries)))
    return found
