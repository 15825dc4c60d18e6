"""Tell authors which queries lost their article, to which other one, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from answerdesk.checks.report.finding import Finding
from answerdesk.gate.queries import LAST_PLACE_SEEN, RULE
from answerdesk.gate.query_rank import Placed, Standing
from answerdesk.search import Reason
from answerdesk.search.constants import MATCH_TIERS

MOST_REASONS = 4
MIN_SHARE_OF_BEST = 16  # what counts less than this part of the best reason explains nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many queries there are, and how many find their article first, among the first three, below, or not."""

    queries: int
    first: int
    seen: int
    below: int
    lost: int


def summarise(placed: Sequence[Placed]) -> Summary:
    """Count places."""
    places = [one.place for one in placed]
    return Summary(
        queries=len(placed),
        first=places.count(1),
        seen=sum(1 for place in places if place and place <= LAST_PLACE_SEEN),
        below=sum(1 for place in places if place and place > LAST_PLACE_SEEN),
        lost=places.count(None),
    )


def lost_articles(placed: Sequence[Placed], name: str, language: str) -> list[Finding]:
    """Return a finding for each query whose article is not where it must be; `name` is the queries' file."""
    return [_finding(one, name, language) for one in placed if not one.is_kept]


def _finding(placed: Placed, name: str, language: str) -> Finding:
    query, own = placed.query, placed.own
    place = f"does not find {query.finds} among the first {query.within}" if own else f"does not find {query.finds}"
    others = "; ".join(_shown(standing) for standing in placed.above)
    if own:
        lacking = f" and lacks {_quoted(own.lacks)}" if own.lacks else ""
        why = f"Above it stand {others}. It is in place {own.place}: {_shown(own)}{lacking}"
    elif others:
        why = f"Visitors see {others} instead"
    else:
        why = "Visitors see nothing at all"
    return Finding(
        rule=RULE,
        file=name,
        line=query.line,
        what=f"“{query.text}” {place}",
        why=why,
        cure=f"Add what people type to its aliases or questions, or to synonyms/{language}.yml; "
        "if another article answers better, change finds",
    )


def _shown(standing: Standing) -> str:
    words = ", ".join(_word(reason) for reason in standing.reasons[:MOST_REASONS] if _counts(reason, standing))
    return f"{standing.path} ({standing.score}, {standing.tier}: {words})"


def _counts(reason: Reason, standing: Standing) -> bool:
    return reason.points * MIN_SHARE_OF_BEST >= standing.reasons[0].points


def _word(reason: Reason) -> str:
    if reason.word == reason.found:
        return f"{reason.word} {reason.points}"
    kind = "" if reason.kind == MATCH_TIERS[0] else f" by {reason.kind}"
    return f"{reason.word} → {reason.found}{kind} {reason.points}"


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
