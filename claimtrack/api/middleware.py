"""What happens to a path that nothing answers."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.common import CommonMiddleware
from django.urls import is_valid_path
from django.views.defaults import page_not_found

from claimtrack.api.problems import PROBLEM, problem


class SlashMiddleware(CommonMiddleware):
    """Sends people to the address with the slash; the API says what is wrong, because a redirect loses the body."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not request.path.startswith("/api/") and super().should_redirect_with_slash(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A page for people, a problem for programs."""
    if not request.path.startswith("/api/"):
        return page_not_found(request, exception)
    with_slash = request.path + "/"
    hint = f" Did you mean {with_slash}?" if is_valid_path(with_slash) else ""
    body = problem(HTTPStatus.NOT_FOUND, "not_found", f"There is nothing at {request.path}.{hint}")
    return JsonResponse(body, status=HTTPStatus.NOT_FOUND, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refuses, such as one for a host that is not ours."""
    body = problem(
        HTTPStatus.BAD_REQUEST, "bad_request", "This request cannot be served; is the host in ALLOWED_HOSTS?"
    )
    return JsonResponse(body, status=HTTPStatus.BAD_REQUEST, content_type=PROBLEM)
