"""Constants that the Python and the JavaScript reader share, from `runtime/constants.json`, and what they are for."""

import json
from pathlib import Path
from typing import Any

_SHARED: dict[str, Any] = json.loads((Path(__file__).parent / "runtime" / "constants.json").read_text("utf-8"))

INDEX_FORMAT: int = _SHARED["INDEX_FORMAT"]  # the number of docs/search-index.md that readers check
# Of an index; a folder carries the name that changes with any of its files.
FILES_PER_FOLDER: int = _SHARED["FILES_PER_FOLDER"]
GZIP_TRAILER_BYTES: int = _SHARED["GZIP_TRAILER_BYTES"]  # the CRC-32 of the content and its length
DEFAULT_RESULTS: int = _SHARED["DEFAULT_RESULTS"]  # results of a query that does not say how many it wants
MAX_QUERY_CHARACTERS: int = _SHARED["MAX_QUERY_CHARACTERS"]  # code points of a query; what comes after is not read
MAX_QUERY_TOKENS: int = _SHARED["MAX_QUERY_TOKENS"]  # likewise
# That stand for the same: each may cost a shard, and authors put what counts first.
MAX_SYNONYM_PHRASES: int = _SHARED["MAX_SYNONYM_PHRASES"]
MAX_GROUPS: int = _SHARED["MAX_GROUPS"]  # of a query
# Unknown words of a query that may be misspelt: more are no query, and each costs a look at all words.
MAX_GUESSED_WORDS: int = _SHARED["MAX_GUESSED_WORDS"]
MAX_COMPLETIONS: int = _SHARED["MAX_COMPLETIONS"]  # words that one begun word may become: those in the most articles
# Further shards that the words a begun word may become are fetched from.
MAX_COMPLETION_SHARDS: int = _SHARED["MAX_COMPLETION_SHARDS"]
MIN_COMPLETED_LETTERS: int = _SHARED["MIN_COMPLETED_LETTERS"]  # Latin; one syllable or character is enough elsewhere
MIN_STEM_LETTERS: int = _SHARED["MIN_STEM_LETTERS"]  # of a term that an unknown word may begin with
MIN_HALF_LETTERS: int = _SHARED["MIN_HALF_LETTERS"]  # of a word that was written together with another
MAX_CORRECTIONS: int = _SHARED["MAX_CORRECTIONS"]  # words that a misspelt one may have been meant to be
MIN_LETTERS_FOR_ONE_EDIT: int = _SHARED["MIN_LETTERS_FOR_ONE_EDIT"]  # of a word that may be misspelt
MIN_LETTERS_FOR_TWO_EDITS: int = _SHARED["MIN_LETTERS_FOR_TWO_EDITS"]  # likewise
# Of a Hangul word; the edit is counted in letters: 비밀벊호.
MIN_SYLLABLES_FOR_ONE_EDIT: int = _SHARED["MIN_SYLLABLES_FOR_ONE_EDIT"]
MAX_SHOWN_SYNONYMS: int = _SHARED["MAX_SHOWN_SYNONYMS"]  # and articles that are asked for them
MAX_RARE_ARTICLES: int = _SHARED["MAX_RARE_ARTICLES"]  # a word in so few articles may be a misspelling
MIN_COMMON_RATIO: int = _SHARED["MIN_COMMON_RATIO"]  # of one in so many times more
# Of those with its words, that are read in search of an exact phrase.
MAX_PHRASE_ARTICLES: int = _SHARED["MAX_PHRASE_ARTICLES"]
EXACT_SHARE: int = _SHARED["EXACT_SHARE"]  # shares are sixteenths of an impact
JOINED_SHARE: int = _SHARED["JOINED_SHARE"]  # written together or apart
EDITED_SHARES: tuple[int, ...] = tuple(_SHARED["EDITED_SHARES"])  # after so many edits
SYNONYM_SHARE: int = _SHARED["SYNONYM_SHARE"]
PREFIX_SHARE: int = _SHARED["PREFIX_SHARE"]
FULL_WEIGHT: int = _SHARED["FULL_WEIGHT"]  # of a word that is no filler
# An article that scores less than this part of the best is no answer.
MAX_SCORE_RATIO: int = _SHARED["MAX_SCORE_RATIO"]
COVERAGE_STEPS: int = _SHARED["COVERAGE_STEPS"]  # parts of a query, of which an article covers some
COVERAGE_UNIT: int = _SHARED["COVERAGE_UNIT"]  # what the table of coverage counts in
MATCH_TIERS: tuple[str, ...] = tuple(_SHARED["MATCH_TIERS"])  # kinds of match, strongest first
PARTIAL_TIER: str = _SHARED["PARTIAL_TIER"]  # of an article that lacks a word
EXCERPT_COLUMNS: int = _SHARED["EXCERPT_COLUMNS"]  # a Chinese character or a Hangul syllable takes two
EXCERPT_LEAD_COLUMNS: int = _SHARED["EXCERPT_LEAD_COLUMNS"]  # before the first match
MAX_EXCERPT_MATCHES: int = _SHARED["MAX_EXCERPT_MATCHES"]  # in a section at which an excerpt may begin
ELLIPSIS: str = _SHARED["ELLIPSIS"]  # where an excerpt leaves text out
FIRST_KANA: int = _SHARED["FIRST_KANA"]  # code point; letters from here on are no alphabet
FIRST_HANGUL_SYLLABLE: int = _SHARED["FIRST_HANGUL_SYLLABLE"]  # code point
LAST_HANGUL_SYLLABLE: int = _SHARED["LAST_HANGUL_SYLLABLE"]  # code point
HANGUL_FINALS: int = _SHARED["HANGUL_FINALS"]  # syllables that differ in their last letter alone
FIRST_ERROR_CODE: int = _SHARED["FIRST_ERROR_CODE"]  # of Windows (HRESULT)
LAST_ERROR_CODE: int = _SHARED["LAST_ERROR_CODE"]  # likewise
# What an error code is without its sign, when it was printed as a signed number.
FIRST_SIGNED_ERROR_CODE: int = _SHARED["FIRST_SIGNED_ERROR_CODE"]
