"""Where texts come from, in the admin."""

from apps.sources.admin.articles import ArticleAdmin, ArticleVersionAdmin, StoryClusterAdmin
from apps.sources.admin.feeds import FeedAdmin, FeedFetchAdmin
from apps.sources.admin.publishers import PublisherAdmin

__all__ = [
    "ArticleAdmin",
    "ArticleVersionAdmin",
    "FeedAdmin",
    "FeedFetchAdmin",
    "PublisherAdmin",
    "StoryClusterAdmin",
]
