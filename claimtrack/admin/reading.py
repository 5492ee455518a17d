"""The base of every page of the admin: it shows, and changes nothing by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.paginator import InfinitePaginator

from claimtrack.admin.showing import Table

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Page = ModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin as Page


class ReadOnlyAdmin(Page):
    """Lists and pages to look at. What may be done, it is done by a service: see `claimtrack.admin.deeds`."""

    list_per_page = 50
    list_max_show_all = 50
    list_disable_select_all = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    change_form_outer_after_template = "claimtrack/admin/tables.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def tables(self, request: HttpRequest, row: Any) -> Sequence[Table]:
        """What else belongs on a row's page."""
        return ()

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"tables": self.tables(request, row)}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        more = self.page_context(request, row) if row and self.has_view_permission(request, row) else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})


class BigTableAdmin(ReadOnlyAdmin):
    """A table that is never counted: its list is read page by page."""

    paginator = InfinitePaginator
