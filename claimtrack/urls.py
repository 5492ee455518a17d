"""The whole HTTP surface on one page."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from apps.claims.views import ClaimViewSet, LinkViewSet, QualityView, SpeakerRecordView, TopicViewSet
from apps.events.views import ChangesView
from apps.sources.views import ArticleViewSet, FeedViewSet, PublisherViewSet
from apps.statements.views import ArticleStatementsViewSet, SpeakerViewSet, StatementViewSet
from claimtrack import observability

router = SimpleRouter()
router.register("articles", ArticleViewSet, "article")
router.register("articles/(?P<article_id>[0-9]{1,18})/statements", ArticleStatementsViewSet, "article-statement")
router.register("statements", StatementViewSet, "statement")
router.register("speakers", SpeakerViewSet, "speaker")
router.register("claims", ClaimViewSet, "claim")
router.register("links", LinkViewSet, "link")
router.register("topics", TopicViewSet, "topic")
router.register("publishers", PublisherViewSet, "publisher")
router.register("feeds", FeedViewSet, "feed")

urlpatterns = [
    path("api/v1/", RedirectView.as_view(pattern_name="docs"), name="api"),
    path("api/v1/", include(router.urls)),
    path("api/v1/speakers/<int:pk>/record/", SpeakerRecordView.as_view(), name="speaker-record"),
    path("api/v1/quality/", QualityView.as_view(), name="quality"),
    path("api/v1/changes/", ChangesView.as_view(), name="changes"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("healthz", observability.healthz),
    path("readyz", observability.readyz),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="docs")),
]

handler400 = "claimtrack.api.middleware.bad_request"
handler404 = "claimtrack.api.middleware.not_found"
