from django.urls import path

from . import views

ROOM = "sag/<int:pk>/moede/<int:meeting>/rum/"

urlpatterns = [
    path(ROOM, views.room, name="meeting-room"),
    path(f"{ROOM}gem/", views.save, name="room-save"),
    path(f"{ROOM}punkt/", views.add_point, name="room-point"),
    path(f"{ROOM}naer/", views.keep_close, name="room-close"),
    path(f"{ROOM}aftale/", views.agree, name="room-agree"),
    path(f"{ROOM}aftale/<int:agreement>/dag/", views.set_day, name="room-day"),
    path(f"{ROOM}aftale/<int:agreement>/ja/", views.say_yes, name="room-yes"),
    path(f"{ROOM}aftale/<int:agreement>/fjern/", views.drop, name="room-drop"),
    path(f"{ROOM}strom/", views.stream, name="room-stream"),
    path(f"{ROOM}skriv/", views.push, name="room-push"),
    path("sag/rum/uden-net/", views.shell, name="room-shell"),
    path("sag/rum.js", views.service_worker, name="room-service-worker"),
]
