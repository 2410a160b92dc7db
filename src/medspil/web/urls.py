from django.urls import path

from . import entrance

urlpatterns = [
    path("", entrance.welcome, name="welcome"),
    path("hjem/", entrance.home, name="home"),
    path("ind/", entrance.sign_in, name="sign-in"),
    path("ud/", entrance.sign_out, name="sign-out"),
    path("demo/<str:token>/", entrance.demo_enter, name="demo-enter"),
]
