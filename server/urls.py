"""The web tier's routes. `server.asgi` serves the event stream itself."""

from django.contrib import admin
from django.urls import path

from server.api.client import PATHS, show_client, show_not_found
from server.api.docs_site import show_docs
from server.api.health import show_health, show_readiness
from server.api.metrics import show_metrics
from server.api.v1 import api

urlpatterns = [
    *(path(place.replace(":id", "<uuid:row_id>"), show_client) for place in PATHS),
    path("admin/", admin.site.urls),
    path("docs", show_docs),
    path("docs/<path:page>", show_docs),
    path("docs/", show_docs),
    path("api/v1/", api.urls),
    path("healthz", show_health),
    path("readyz", show_readiness),
    path("metrics", show_metrics),
]

handler404 = show_not_found
