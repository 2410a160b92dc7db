"""The site's addresses with the page of building blocks before them."""

from django.urls import path

from medspil.project.urls import urlpatterns as site
from medspil.web import building_blocks

urlpatterns = [path("prove/byggesten/", building_blocks.page), *site]
