from django.urls import path

from . import asked, front, life, meetings, openness, plan, promises, where
from .companion import companion
from .meeting_wish import ask_to_meet, calendar_file
from .preparing import prepare

urlpatterns = [
    # The visitor's own case.
    path("", front.front, name="my-case"),
    path("skriv/", front.ask_first, name="ask"),
    path("loefter/", promises.promises, name="promises"),
    path("moeder/", meetings.meetings, name="meetings"),
    path("plan/", plan.my_plan, name="my-plan"),
    path("liv/", life.my_life, name="my-life"),
    path("beskeder/", asked.asked, name="asked"),
    path("log/", openness.log, name="log"),
    path("deling/", openness.sharing, name="sharing"),
    # A case by its key: one's own, or that of somebody one is here for.
    path("<int:pk>/", front.front, name="case"),
    path("<int:pk>/hvor/", where.where, name="case-where"),
    path("<int:pk>/rytme/", where.rhythm, name="case-rhythm"),
    path("<int:pk>/spoerg/", asked.ask, name="case-ask"),
    path("<int:pk>/loefter/", promises.promises, name="case-promises"),
    path("<int:pk>/loefter/<int:promise>/", promises.promise, name="case-promise"),
    path("<int:pk>/loefter/<int:promise>/ja/", promises.say_yes, name="promise-yes"),
    path("<int:pk>/loefter/<int:promise>/gjort/", promises.done, name="promise-done"),
    path("<int:pk>/loefter/<int:promise>/for-meget/", promises.too_much, name="promise-too-much"),
    path("<int:pk>/loefter/<int:promise>/mere-tid/", promises.more_time, name="promise-more-time"),
    path("<int:pk>/loefter/<int:promise>/ikke-mere/", promises.not_needed, name="promise-not-needed"),
    path("<int:pk>/moeder/", meetings.meetings, name="case-meetings"),
    path("<int:pk>/moede/oensk/", ask_to_meet, name="ask-to-meet"),
    path("<int:pk>/moede/<int:meeting>/moede.ics", calendar_file, name="meeting-calendar"),
    path("<int:pk>/moede/<int:meeting>/forbered/", prepare, name="meeting-prepare"),
    path("<int:pk>/moede/<int:meeting>/med/", companion, name="meeting-companion"),
    path("<int:pk>/moede/<int:meeting>/", meetings.meeting, name="meeting"),
    path("<int:pk>/moede/<int:meeting>/flyt/", meetings.change, name="meeting-change"),
    path("<int:pk>/moede/<int:meeting>/aflys/", meetings.cancel, name="meeting-cancel"),
    path("<int:pk>/moede/<int:meeting>/punkt/<int:point>/fjern/", meetings.take_off, name="meeting-take-off"),
    path("<int:pk>/moede/<int:meeting>/aftale/<int:agreement>/ja/", meetings.agree, name="meeting-agree"),
    path("<int:pk>/moede/<int:meeting>/imod/<int:version>/", meetings.object_to, name="meeting-object"),
    path("<int:pk>/plan/", plan.my_plan, name="case-my-plan"),
    path("<int:pk>/plan/maal/nyt/", plan.new_goal, name="goal-new"),
    path("<int:pk>/plan/maal/<int:goal>/", plan.goal, name="goal"),
    path("<int:pk>/plan/maal/<int:goal>/imod/<int:version>/", plan.object_to, name="goal-object"),
    path("<int:pk>/liv/", life.my_life, name="case-my-life"),
    path("<int:pk>/liv/<slug:key>/", life.area, name="case-area"),
    path("<int:pk>/liv/<slug:key>/rigtigt/<int:version>/", life.confirm, name="area-confirm"),
    path("<int:pk>/liv/<slug:key>/enig/<int:agreed>/", life.agree, name="area-agree"),
    path("<int:pk>/liv/<slug:key>/imod/<int:version>/", life.object_to, name="area-object"),
    path("<int:pk>/beskeder/", asked.asked, name="case-asked"),
    path("<int:pk>/beskeder/<int:request_pk>/", asked.one, name="case-request"),
    path("<int:pk>/log/", openness.log, name="case-log"),
    path("<int:pk>/deling/", openness.sharing, name="case-sharing"),
    path("<int:pk>/deling/giv/", openness.share, name="share"),
    path("<int:pk>/deling/stop/", openness.stop, name="stop-sharing"),
]
