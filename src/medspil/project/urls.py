from django.urls import include, path

urlpatterns = [
    path("", include("medspil.web.urls")),
    path("", include("medspil.web.room.urls")),
    path("", include("medspil.web.pulse.urls")),
    path("", include("medspil.web.leadership.public_urls")),
    path("sag/", include("medspil.web.citizen.urls")),
    path("arbejde/", include("medspil.web.casework.urls")),
    path("ledelse/", include("medspil.web.leadership.urls")),
]

handler500 = "medspil.web.public_pages.broken"
