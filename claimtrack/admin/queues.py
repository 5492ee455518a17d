"""The page of queues: how much waits, for how long, and what went wrong."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.views.generic import TemplateView

from apps.claims.models import Claim, Link, Stage
from apps.sources.admin.articles import state_badge
from apps.sources.models import Article, Feed
from claimtrack.admin.showing import NOTHING, Table, badge, duration, link, list_link, shorten, stacked
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work

COUNTED_UP_TO = 10_000
SHOWN = 10
TOO_OLD = 60.0
OVERDUE = 300.0


class QueuesPage(TemplateView):
    """Read-only; who may look at the rows of work may look at this."""

    template_name = "claimtrack/admin/queues.html"
    admin_site: AdminSite | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.admin_site is not None  # unfold hands it in
        return {
            **super().get_context_data(**kwargs),
            **self.admin_site.each_context(self.request),
            "title": "Queues",
            "tables": [_work(), _under_way(), _people(), _feeds(), _failed(), _troubled()],
        }


def _work() -> Table:
    now = Now()
    due = Work.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), due_at__lte=now)
    lanes = {(row["kind"], row["lane"]): row["count"] for row in due.values("kind", "lane").annotate(count=Count("pk"))}
    later = dict(Work.objects.filter(due_at__gt=now).values_list("kind").annotate(Count("pk")))
    rows = [
        [
            list_link(Work, str(queue.kind), kind__exact=queue.kind),
            queue.waiting,
            *(lanes.get((queue.kind.value, lane.value), 0) for lane in Lane),
            _age(queue.oldest_seconds) if queue.waiting else NOTHING,
            queue.leased,
            later.get(queue.kind.value, 0),
        ]
        for queue in Work.objects.queues()
    ]
    return Table("Work", ("kind", "waiting", *Lane, "oldest", "in work", "due later"), rows)


def _age(seconds: float) -> str:
    return badge(duration(seconds), "warning") if seconds > TOO_OLD else duration(seconds)


def _under_way() -> Table:
    found = (
        Article.objects.exclude(state=Article.State.DONE)
        .values("state")
        .annotate(count=Count("pk"), oldest=Min("received_at"))
    )
    by_state = {row["state"]: row for row in found}
    rows = []
    for state in Article.State:
        if state == Article.State.DONE:
            continue
        row = by_state.get(state.value)
        age = (timezone.now() - row["oldest"]).total_seconds() if row else None
        rows.append(
            [
                list_link(Article, state.value, state__exact=state.value),
                row["count"] if row else 0,
                duration(age) if age is not None else NOTHING,
            ]
        )
    return Table("Articles that are not done", ("state", "articles", "oldest received"), rows)


def _people() -> Table:
    suggested = Link.objects.awaiting_review()
    oldest = suggested.aggregate(oldest=Min("created_at"))["oldest"]
    age = duration((timezone.now() - oldest).total_seconds()) if oldest else NOTHING
    candidates = Claim.objects.filter(stage=Stage.CANDIDATE)
    return Table(
        "Waiting for people",
        ("what", "how many", "oldest"),
        [
            [list_link(Link, "suggested links"), _up_to(suggested), age],
            [list_link(Claim, "candidate claims", stage__exact=Stage.CANDIDATE), _up_to(candidates), NOTHING],
        ],
    )


def _feeds() -> Table:
    polls = Work.objects.filter(Q(leased_until=None) | Q(leased_until__lte=Now()), kind=Kind.POLL)
    oldest = polls.aggregate(oldest=Min("due_at"))["oldest"]
    late = max((timezone.now() - oldest).total_seconds(), 0) if oldest else 0
    overdue = polls.filter(due_at__lt=timezone.now() - timedelta(seconds=OVERDUE))
    return Table(
        "Feeds",
        ("what", "how many", "for"),
        [
            [list_link(Feed, "active", state__exact="active"), _up_to(Feed.objects.filter(state="active")), NOTHING],
            ["overdue by 5 minutes or more", _up_to(overdue), duration(late) if late > OVERDUE else NOTHING],
            ["failing", _up_to(Feed.objects.filter(failures__gt=0)), NOTHING],
            [list_link(Feed, "stopped", state__exact="stopped"), _up_to(Feed.objects.filter(state="stopped")), NOTHING],
        ],
    )


def _up_to(rows: Any) -> str:
    count = rows[: COUNTED_UP_TO + 1].count()
    return f"{COUNTED_UP_TO:,}+" if count > COUNTED_UP_TO else f"{count:,}"


def _failed() -> Table:
    failed = Article.objects.filter(state=Article.State.FAILED).order_by("-pk")[:SHOWN]
    rows = [
        [stacked(link(article, shorten(str(article), 120))), state_badge(article), stacked(shorten(article.error, 240))]
        for article in failed
    ]
    return Table("Newest failed articles", ("article", "state", "why"), rows, "" if rows else "None.")


def _troubled() -> Table:
    tried = Work.objects.exclude(last_error="").order_by("-attempts", "due_at")[:SHOWN]
    rows = [[link(work), work.lane, work.attempts, stacked(shorten(work.last_error, 240))] for work in tried]
    headers = ("work", "lane", "attempts", "last error")
    return Table("Work that failed and is tried again", headers, rows, "" if rows else "None.")
