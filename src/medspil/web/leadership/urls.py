from django.urls import path

from . import unit, views

urlpatterns = [
    path("", views.gap, name="gap"),
    path("indsatser/", views.learning, name="learning"),
    path("indsatser/vaelg/", views.choose, name="choose-trial"),
    path("indsatser/<int:pk>/se-igen/", views.look_again, name="look-again"),
    path("loefter/", views.kept, name="kept"),
    path("afdeling/<slug:slug>/besked/", unit.notice, name="unit-notice"),
    path("spoergsmaal/", views.pulse, name="pulse"),
]
