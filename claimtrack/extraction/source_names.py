"""Which names stand in a source phrase, and where the words around them begin and end."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from claimtrack.extraction.antecedents import is_owner
from claimtrack.extraction.names import Mention
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.words import Token

_HEAD_ENDS = {"of", "for", "from", "in", "at", "on", "with", "who", "whose", "which", "that", "to", "by", "about"}

MAX_NEAR = 300
MAX_BEFORE_ROLE = 3  # words that say more of a role: "retired", "long-time local"


class SourceNames:
    """The names of an article, found by the phrases in which they stand."""

    def __init__(self, tokens: Sequence[Token], mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        self._tokens = tokens
        self._starts = [mention.first for mention in mentions]

    def number_of(self, token: int) -> int:
        """Return the number of the first mention from a token on."""
        return bisect_left(self._starts, token)

    def near(self, token: int) -> list[Mention]:
        """Return the names around a token: first those before it, the nearest first, then those after it."""
        number = self.number_of(token)
        before, after = self.mentions[max(0, number - MAX_NEAR) : number], self.mentions[number : number + MAX_NEAR]
        return [*reversed(before), *after]

    def whole(self, source: Range) -> Range:
        """Return the whole of "the 54-year-old" or of "Farmers' League", of which the source may have the end only."""
        tokens = self._tokens
        first, last = source
        if tokens[first].low == "year-old" and first > 2 and tokens[first - 3].tag == "article":
            return (first - 3, last)
        number = self.number_of(first)
        is_inside = number > 0 and first < self.mentions[number - 1].last <= last
        return (self.mentions[number - 1].first, last) if is_inside else source

    def head_end(self, first: int, last: int) -> int:
        """Return where the head of a source phrase ends: before its first comma, preposition or relative clause."""
        tokens = self._tokens
        for i in range(first + 1, last):
            if tokens[i].tag == "mark" and tokens[i].text in {",", "(", "-", "–", "—", "--"}:
                if tokens[i].text == "-" and tokens[i].start == tokens[i - 1].end:
                    continue  # "54-year-old"
                return i
            if (tokens[i].tag == "preposition" or tokens[i].low in _HEAD_ENDS) and not self._is_inside_name(i):
                return i
        return last

    def _is_inside_name(self, i: int) -> bool:
        """ "Bank of England", "Secretary of State Ann Smith", but not "Ann Smith of London"."""
        number = self.number_of(i)
        return any(one.role_first < i < one.last for one in self.mentions[max(0, number - 1) : number + 1])

    def listed(self, first: int, last: int) -> list[Mention]:
        """ "Britain, France and Mayor Ann Smith": nothing but names and what joins them."""
        tokens = self._tokens
        within = self.within(first, last)
        found = [
            one for one, other in pairwise([*within, None]) if one and not (other and other.role_first <= one.first)
        ]
        if len(found) < 3 or found[0].role_first > first + 1 or found[-1].last != last:
            return []
        between = [tokens[i] for one, other in pairwise(found) for i in range(one.last, other.role_first)]
        joins = all(token.low in {",", "and", "or", "the"} for token in between)
        return found if joins and any(token.low in {"and", "or"} for token in between) else []

    def after_office(self, first: int, last: int) -> list[Mention]:
        """ "Secretary of State Ann Smith": the name follows an office of several words."""
        found = [one for one in self.within(first, last) if one.role_first <= first < one.first]
        return [mention for mention in found[:1] if not is_owner(self._tokens, mention.last)]

    def in_apposition(self, first: int, last: int) -> list[Mention]:
        """ "a spokeswoman, Ann Smith", "two sisters, Ann and Eve Smith": the names follow the role."""
        tokens = self._tokens
        opens = (first, first + (tokens[first].tag == "article"))
        within = self.within(first, last)
        if len(within) == 2 and within[0].role_first == first and tokens[within[0].last].low == "and":
            return within
        return [one for one in within if one.role_first in opens or self._is_told_of(first, one, last)][:1]

    def _is_told_of(self, first: int, mention: Mention, last: int) -> bool:
        """ "his owner, retired teacher Ann Smith": the words before the role belong to it."""
        before = self._tokens[first : mention.role_first]
        is_role = mention.role_first < mention.first or len(before) == 1
        ends = mention.last == last or self._tokens[mention.last].text == ","
        return ends and is_role and len(before) <= MAX_BEFORE_ROLE and all(token.tag == "word" for token in before)

    def within(self, first: int, last: int) -> list[Mention]:
        """Return the names in a range of tokens."""
        start = self.number_of(first)
        end = self.number_of(last)
        return [mention for mention in self.mentions[start:end] if mention.last <= last]
