"""Which known claims say this? A page of the admin for a sentence that somebody heard or read."""

from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from apps.claims.admin.links import status_badge
from apps.claims.forms import LookUpForm
from apps.claims.models import Claim
from apps.claims.services.looking_up import look_up_claims
from claimtrack.admin.deeds import DeedAdmin, form_page
from claimtrack.admin.showing import NOTHING, Table, badge, link, stacked

MOST_SHOWN = 20


class LookUpPage(DeedAdmin):
    """A button above the list of claims, and the page that it opens."""

    actions_list = ("look_up",)

    @action(description="Look a sentence up", url_path="look-up", permissions=["view"])  # type: ignore[untyped-decorator]
    def look_up(self, request: HttpRequest) -> HttpResponse:
        """The form in which a text is looked up, with the claims that may say it, likeliest first."""
        form = LookUpForm(request.POST or None)
        tables = [_likeliest(form.cleaned_data["text"])] if form.is_valid() else []
        back = self.address("changelist")
        title = "Which known claims say this?"
        return form_page(request, self, form, title=title, submit="Look up", back=back, tables=tables)


def _likeliest(text: str) -> Table:
    found = look_up_claims(text)[:MOST_SHOWN]
    claims = Claim.objects.with_details().in_bulk([one.claim_id for one in found])
    rows = [_row(claims[one.claim_id], one.similarity) for one in found]
    headers = ("claim", "first said", "status", "stage", "similarity")
    return Table("Claims that may say it, likeliest first", headers, rows)


def _row(claim: Claim, similarity: float | None) -> list[object]:
    speakers = ", ".join(str(speaker) for speaker in claim.speakers.all())
    likeness = NOTHING if similarity is None else f"{similarity:.2f}"
    return [
        stacked(link(claim), speakers),
        claim.first_said_on,
        status_badge(claim.status),
        badge(claim.stage),
        likeness,
    ]
