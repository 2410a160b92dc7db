from django.urls import path

from . import views
from .nameless import ANSWER

urlpatterns = [
    path("tre-spoergsmaal/", views.invitation, name="three-questions"),
    path(ANSWER.lstrip("/"), views.answer, name="answer"),
    path(f"{ANSWER.lstrip('/')}tak/", views.answered, name="answered"),
]
