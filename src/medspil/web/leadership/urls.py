from django.urls import path

from . import grants, rules, unit, views, wishes

urlpatterns = [
    path("", views.gap, name="gap"),
    path("indsatser/", views.learning, name="learning"),
    path("indsatser/vaelg/", views.choose, name="choose-trial"),
    path("indsatser/<int:pk>/se-igen/", views.look_again, name="look-again"),
    path("loefter/", views.kept, name="kept"),
    path("afdeling/", unit.my_unit, name="my-unit"),
    path("afdeling/<slug:slug>/", unit.one_unit, name="one-unit"),
    path("afdeling/<slug:slug>/regneark/", unit.sheet, name="unit-sheet"),
    path("afdeling/<slug:slug>/besked/", unit.notice, name="unit-notice"),
    path("afdeling/<slug:slug>/vaek/", unit.say_away, name="unit-away"),
    path("oensker/", wishes.waiting, name="contact-wishes"),
    path("oensker/<int:wish>/", wishes.one, name="contact-wish"),
    path("regler/", rules.kept, name="rules-kept"),
    path("regler/ny/", rules.new, name="rule-new"),
    path("regler/<slug:key>/", rules.edit, name="rule-edit"),
    path("smaa-ting/", grants.kept, name="grants-kept"),
    path("spoergsmaal/", views.pulse, name="pulse"),
]
