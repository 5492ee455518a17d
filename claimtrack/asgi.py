"""The web process."""

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

# Before the settings are read, which is when they are first asked for.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
os.environ.setdefault("DATABASE_POOL", "true")

if settings.SECRET_KEY == settings.NO_SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text: sessions and cursors are signed with it.")

# Static files come as synchronous iterators, which Django reads in a thread: it works, and is no news in the log.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()
