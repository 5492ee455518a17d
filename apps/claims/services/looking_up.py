"""Which known claims say this? For people and programs that ask with a text of their own; nothing is written."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pgvector.django import CosineDistance

from apps.claims.models import Claim
from apps.claims.services.candidates import similar_claims
from claimtrack.matching.embedding import embed
from claimtrack.matching.pairs import likeliest_first
from claimtrack.matching.posts import plain

LONGEST_ASKED = 1_000  # characters; the networks read about the first hundred words


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that may say what a text says.

    `similarity` is the cosine of the text's meaning with that of the claim's wording, or with the wording of what was
    merged into it where that fits better; None where the wording has no vector yet.
    """

    claim_id: int
    similarity: float | None


def look_up_claims(
    text: str, *, speaker_ids: Sequence[int] = (), said_on: date | None = None, without: Iterable[str] = ()
) -> list[Found]:
    """Return the claims that may say what a text says, likeliest first; of merged ones, which stands for them.

    They are searched as for a statement (`similar_claims` says what the arguments do), then the first are read beside
    the text, each in its own wording. The text may be a post with tags and addresses.
    """
    text = plain(unicodedata.normalize("NFC", text))
    meaning = embed([text])[0]
    found = similar_claims(text, speaker_ids=speaker_ids, said_on=said_on, without=without, vector=meaning)
    rows: Any = Claim.objects.filter(pk__in=found).only("text", "root_id")
    known = {claim.pk: claim for claim in rows.annotate(likeness=1 - CosineDistance("embedding", meaning))}
    claims = [known[claim_id] for claim_id in found]
    likeliest: dict[int, Found] = {}
    for place in likeliest_first(text, [claim.text for claim in claims]):
        claim = claims[place]
        likeliest.setdefault(claim.family_pk, Found(claim.family_pk, claim.likeness))
    return list(likeliest.values())
