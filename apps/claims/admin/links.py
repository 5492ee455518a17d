"""The review queue: what the machine suggests, and what became of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.accounts.models import Scope, User
from apps.claims.models import STANCES, Link
from apps.claims.services.review import accept_link, reject_link, undo_link
from apps.claims.statuses import OUTCOME_OF, ClaimStatus, StatusOutcome
from apps.events.log import recording
from apps.statements.admin import STANCE_VARIANTS, passage
from claimtrack.admin.deeds import Deed, DeedAdmin, button_in_row, user_of
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import badge, chain_in_words, link, quoted, shorten, stacked
from claimtrack.errors import DomainError
from claimtrack.matching.stance import Stance

STATE_VARIANTS = {"accepted": "success", "rejected": "danger", "suggested": "info"}
OUTCOME_VARIANTS = {
    StatusOutcome.OPEN: "info",
    StatusOutcome.UPHELD: "success",
    StatusOutcome.MIXED: "warning",
    StatusOutcome.FAILED: "danger",
    StatusOutcome.VOID: "",
}
_REJECTIONS = (Link.Rejection.NOT_ABOUT.value, Link.Rejection.MISREAD.value)
_DECIDING = (
    # name, label, the states in which it makes sense
    ("accept", "Accept", (Link.State.SUGGESTED, Link.State.REJECTED)),
    ("reject", "Reject", (Link.State.SUGGESTED, Link.State.ACCEPTED)),
    ("undo", "Undo", (Link.State.ACCEPTED, Link.State.REJECTED)),
)


def status_badge(status: str) -> SafeString:
    """A claim's status in the colour of what it comes to."""
    return badge(status, OUTCOME_VARIANTS[OUTCOME_OF[ClaimStatus(status)]])


def stance_badge(stance: str) -> SafeString:
    return badge(stance, STANCE_VARIANTS.get(stance, ""))


def decide_buttons(one: Link) -> SafeString:
    """Accept, reject, undo: those that make sense, inside the form of a list or of a table."""
    buttons = (
        (button_in_row(label, reverse(f"admin:claims_link_{name}", args=[one.pk]), is_primary=name == "accept"),)
        for name, label, states in _DECIDING
        if one.state in states
    )
    return format_html('<div class="ct-actions">{}</div>', format_html_join("", "{}", buttons))


def decided(one: Link) -> SafeString:
    """Who decided, a person or the machine, and when."""
    if one.decided_by and one.decided_at:
        return stacked(badge(one.state, STATE_VARIANTS[one.state]), f"{one.decided_by}, {localize(one.decided_at)}")
    by = f"{one.matcher}, {localize(one.created_at)}"
    return stacked(badge(one.state, STATE_VARIANTS[one.state]), by)


def _accept(link_id: int, by: User, option: str) -> None:
    if option and option not in Stance:
        raise DomainError(f"“{option}” is no stance.")
    with recording() as record:
        record(accept_link(link_id=link_id, by=by, stance=Stance(option) if option else None))


def _reject(link_id: int, by: User, option: str) -> None:
    if option and option not in _REJECTIONS:
        raise DomainError(f"“{option}” is no reason.")
    with recording() as record:
        record(reject_link(link_id=link_id, by=by, because=Link.Rejection(option) if option else None))


def _may_be_accepted(one: Link) -> bool:
    """What the machine accepted, a person may confirm."""
    return one.state != Link.State.ACCEPTED or one.decided_by_id is None


def _undo(link_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(undo_link(link_id=link_id, by=by))


class Waiting(admin.SimpleListFilter):
    """The queue is what the list shows first; what was decided is one click away."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("accepted", "accepted"), ("rejected", "rejected"), ("all", "all")]

    def choices(self, changelist: object) -> object:  # type: ignore[override]
        first, *others = super().choices(changelist)  # type: ignore[arg-type]
        return [{**first, "display": "waiting for review"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Link]) -> QuerySet[Link]:
        match self.value():
            case None:
                return queryset.filter(state=Link.State.SUGGESTED)
            case "all":
                return queryset
            case state:
                return queryset.filter(state=state)


@admin.register(Link)
class LinkAdmin(DeedAdmin, BigTableAdmin):
    """Statements that bear on claims: those that wait for a person first, the likeliest at the top."""

    list_display = ("statement_shown", "stance_shown", "claim_shown", "decided_shown")
    list_filter = (Waiting, "stance")
    search_fields = ("statement__text", "statement__speaker__name", "claim__text")
    search_help_text = "words of the statement or the claim, or a speaker"
    sortable_by = ()
    list_fullwidth = True
    fields = (
        "statement_link",
        "passage_shown",
        "proposition",
        "stance_shown",
        "claim_shown",
        "decided_shown",
    )
    deeds = (
        Deed(
            "accept",
            "Accept",
            Scope.REVIEW,
            _accept,
            "accepted",
            _may_be_accepted,
            is_primary=True,
            options=tuple(value for value, _ in STANCES),
            no_option="as suggested",
        ),
        Deed(
            "reject",
            "Reject",
            Scope.REVIEW,
            _reject,
            "rejected",
            lambda one: one.state != Link.State.REJECTED,
            options=_REJECTIONS,
            no_option="no reason given",
        ),
        Deed("undo", "Undo", Scope.REVIEW, _undo, "put back", lambda one: one.state != Link.State.SUGGESTED),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Link]:
        return (
            super()
            .get_queryset(request)
            .select_related("statement__speaker", "statement__article__publisher", "claim", "decided_by")
            .defer("claim__search")
        )

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-id",) if request.GET.get("state") else ("-score", "id")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        if not request.GET.get("state"):
            columns.remove("decided_shown")  # in the queue nothing is decided
        return [*columns, *(["decide"] if Scope.REVIEW in user_of(request).scopes else [])]

    @admin.display(description="statement")
    def statement_shown(self, one: Link) -> SafeString:
        return self._statement(one, quoted(one.statement.text))

    @admin.display(description="statement")
    def statement_link(self, one: Link) -> SafeString:
        return self._statement(one, link(one.statement, quoted(one.statement.text)))

    def _statement(self, one: Link, quote: str) -> SafeString:
        statement = one.statement
        article = statement.article
        source = " · ".join(
            str(part) for part in (statement.said_on, article.publisher, shorten(str(article), 60)) if part
        )
        return stacked(quote, f"known through {chain_in_words(statement.chain)}", source)

    @admin.display(description="bears on it")
    def stance_shown(self, one: Link) -> SafeString:
        return stacked(stance_badge(one.stance), f"score {one.score:.2f}", "; ".join(one.reasons))

    @admin.display(description="claim")
    def claim_shown(self, one: Link) -> SafeString:
        return stacked(
            link(one.claim, shorten(one.claim.text, 220)),
            format_html("{} {}", status_badge(one.claim.status), one.claim.kind),
        )

    @admin.display(description="state")
    def decided_shown(self, one: Link) -> SafeString:
        return decided(one)

    @admin.display(description="decide")
    def decide(self, one: Link) -> SafeString:
        return decide_buttons(one)

    @admin.display(description="where it stands")
    def passage_shown(self, one: Link) -> SafeString:
        return passage(one.statement)

    @admin.display(description="as a sentence of its own")
    def proposition(self, one: Link) -> str:
        return one.statement.proposition
