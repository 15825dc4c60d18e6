"""The search page for browsers without JavaScript."""

from flask import Blueprint, Response, current_app, request

from answerdesk.search import MAX_QUERY_CHARACTERS, Results, SearchError
from ticket_form.i18n.languages import Language
from ticket_form.tickets.sanitise import clean_line
from ticket_form.web.services import current_services
from ticket_form.web.views.page import page_language, render_page

MAX_RESULTS = 20

search = Blueprint("search", __name__)


@search.get("/search")
def show_results() -> Response:
    """Show the results of a query."""
    query = clean_line(request.args.get("q", ""))[:MAX_QUERY_CHARACTERS]
    language = page_language()
    found = _search(query, language) if query else None
    is_down = bool(query) and found is None
    return render_page("search.html", language, status=503 if is_down else 200, query=query, found=found, down=is_down)


def _search(query: str, language: Language) -> Results | None:
    try:
        return current_services().searches.search(query, language=language.code, limit=MAX_RESULTS)
    except SearchError as error:
        current_app.logger.error("search does not work: %s", error)
        return None
