"""Claims, the review queue and the history in the admin."""

from apps.claims.admin.claims import ClaimAdmin
from apps.claims.admin.history import ClaimRevisionAdmin, EvidenceAdmin, RedactionAdmin, StatusChangeAdmin
from apps.claims.admin.links import LinkAdmin
from apps.claims.admin.topics import TopicAdmin

__all__ = [
    "ClaimAdmin",
    "ClaimRevisionAdmin",
    "EvidenceAdmin",
    "LinkAdmin",
    "RedactionAdmin",
    "StatusChangeAdmin",
    "TopicAdmin",
]
