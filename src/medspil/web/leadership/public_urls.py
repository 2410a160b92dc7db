from django.urls import path

from . import views

urlpatterns = [path("aaben/", views.public, name="gap-public")]
