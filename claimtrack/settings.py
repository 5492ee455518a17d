"""Settings: one file. Everything an operator may change comes from the environment; `.env.example` lists it."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from claimtrack.embedded import addresses

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env(BASE_DIR / ".env")

# An address given empty is an address not given: the private servers of this machine then serve.
DATA_FOLDER = addresses.data_folder()
DATABASE_URL = env.str("DATABASE_URL", default="") or addresses.database_url(DATA_FOLDER)
REDIS_URL = env.str("REDIS_URL", default="") or addresses.redis_url(DATA_FOLDER)

# Management commands run without a key before the first `up`; the web server does not (asgi.py).
NO_SECRET_KEY = "no-key-before-the-first-start"
SECRET_KEY = env.str("SECRET_KEY", default="") or addresses.secret_key(DATA_FOLDER) or NO_SECRET_KEY
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_HTTPS", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_PROXY_SSL_HEADER is not None

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "claimtrack.embedded",
    "claimtrack.work",
    "apps.accounts",
    "apps.events",
    "apps.sources",
    "apps.statements",
    "apps.claims",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "claimtrack.api.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "claimtrack.urls"
ASGI_APPLICATION = "claimtrack.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "claimtrack" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
# The address of a socket comes as a parameter; as the host, `manage.py dbshell` finds it too.
if socket_folder := DATABASES["default"].get("OPTIONS", {}).pop("host", ""):
    DATABASES["default"]["HOST"] = socket_folder
# Web threads come and go, so they share a pool (asgi.py asks for it); a Celery child keeps its one connection,
# because a pool opened before the fork would be shared by two processes.
if env.bool("DATABASE_POOL", default=False):
    pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=10)}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "claimtrack.formats"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "claimtrack" / "static"]
WHITENOISE_USE_FINDERS = True  # served from the packages: nothing to collect before the first start

# A text of 5 MB must reach the field's own limit, which names the field; JSON may escape each character sixfold.
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024
MAX_ARTICLE_CHARACTERS = 1_000_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.accounts.permissions.Reader"],
    "DEFAULT_RENDERER_CLASSES": ["claimtrack.api.wire.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claimtrack.api.wire.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.events.pagination.FollowablePagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "claimtrack.api.problems.problem_response",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "PAGE_SIZE": 20,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "claimtrack",
    "DESCRIPTION": "Follows what people said through the news until it is known how it turned out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ArticleState": "apps.sources.models.Article.State",
        "ClaimKind": "apps.statements.models.KINDS",
        "ClaimStage": "apps.claims.models.Stage",
        "ClaimStatus": "apps.claims.statuses.ClaimStatus",
        "EventKind": "apps.events.models.EventKind",
        "FeedState": "apps.sources.models.Feed.State",
        "LinkState": "apps.claims.models.Link.State",
        "SpeakerKind": "apps.statements.models.SPEAKER_KINDS",
        "Stance": "apps.claims.models.STANCES",
        "StatementState": "apps.statements.models.Statement.State",
    },
}

CELERY_BROKER_URL = REDIS_URL

# How articles are read: claimtrack.extraction.Engine.
READING_ENGINE = env.str("CLAIMTRACK_READER", default="") or "neural"
if READING_ENGINE not in ("neural", "rules"):
    raise ImproperlyConfigured(f"CLAIMTRACK_READER is neural or rules, not {READING_ENGINE!r}.")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Every tick would be told three times: sent, received, done.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

# The admin's own pages: claimtrack/admin.
UNFOLD = {
    "SITE_TITLE": "claimtrack",
    "SITE_HEADER": "claimtrack",
    "SITE_SYMBOL": "fact_check",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "claimtrack.admin.sidebar.icon"}],
    "SITE_VIEWS": [("queues/", "queues", "claimtrack.admin.queues.QueuesPage")],
    "SHOW_HISTORY": False,
    "STYLES": ["claimtrack.admin.sidebar.styles"],
    "DASHBOARD_CALLBACK": "claimtrack.admin.dashboard.dashboard",
    "SIDEBAR": {"navigation": "claimtrack.admin.sidebar.navigation"},
}
