from django.urls import include, path

urlpatterns = [
    path("", include("medspil.web.urls")),
    path("sag/", include("medspil.web.citizen.urls")),
    path("arbejde/", include("medspil.web.casework.urls")),
    path("ledelse/", include("medspil.web.leadership.urls")),
]
