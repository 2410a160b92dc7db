import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspil.project.settings")
pages = get_asgi_application()

# Django must be set up before anything that has models is imported.
from medspil.web.room.wire import with_wire  # noqa: E402

application = with_wire(pages)
