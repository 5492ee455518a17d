"""Topics: the short list that people keep, each with the terms that suggest it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.accounts.models import Scope
from apps.claims.models import Claim, Topic
from claimtrack.admin.deeds import user_of
from claimtrack.admin.reading import Page
from claimtrack.admin.showing import list_link

if TYPE_CHECKING:
    Form = forms.ModelForm[Topic]
else:
    Form = forms.ModelForm


class TopicForm(Form):
    terms = SimpleArrayField(
        forms.CharField(max_length=100, required=False),
        delimiter="\n",
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 6}),
        help_text="one a line: a claim in which one of them stands, or whose speaker is called so, is suggested",
    )

    class Meta:
        model = Topic
        fields = ("name", "slug", "terms")

    def clean_terms(self) -> list[str]:
        return list(dict.fromkeys(term for term in self.cleaned_data["terms"] if term))


@admin.register(Topic)
class TopicAdmin(Page):
    form = TopicForm
    list_display = ("name", "slug", "terms_shown", "claims_shown")
    search_fields = ("name",)
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return Scope.REVIEW in user_of(request).scopes

    def has_change_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        return Scope.REVIEW in user_of(request).scopes

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        return Scope.REVIEW in user_of(request).scopes

    @admin.display(description="terms")
    def terms_shown(self, topic: Topic) -> str:
        return ", ".join(topic.terms)

    @admin.display(description="claims")
    def claims_shown(self, topic: Topic) -> Any:
        return list_link(Claim, "its claims", topics__id__exact=topic.pk)
