from django.urls import path

from . import access, citizens, desk, meetings, plan, promises, requests, talk, voices

CASE = "sag/<int:pk>/"
MEETING = CASE + "moede/<int:meeting_pk>/"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("loefter/", desk.on_their_way, name="on-their-way"),
    path("borgere/", citizens.my_citizens, name="my-citizens"),
    path("find/", citizens.find, name="find"),
    path("moeder/", meetings.work_meetings, name="work-meetings"),
    path("henvendelser/", requests.requests, name="requests"),
    path("henvendelser/ny/", requests.write_down, name="write-down"),
    path("henvendelser/tilbudt/<int:handing_pk>/", requests.take, name="take"),
    path(CASE, citizens.work_case, name="work-case"),
    path(CASE + "rytme/", citizens.rhythm, name="work-rhythm"),
    path(CASE + "talt/", citizens.talked, name="talked"),
    path(CASE + "adgang/", access.give, name="give-access"),
    path(CASE + "trin/", citizens.step, name="work-step"),
    path(CASE + "sket/", citizens.timeline, name="work-timeline"),
    path(CASE + "loefte/nyt/", promises.new_promise, name="new-promise"),
    path(CASE + "loefte/<int:promise_pk>/", promises.promise, name="work-promise"),
    path(CASE + "henvendelse/<int:request_pk>/", requests.request_in_case, name="work-request"),
    path(CASE + "beskeder/", talk.talk, name="work-talks"),
    path(CASE + "beskeder/<int:thread_pk>/", talk.talk, name="work-talk"),
    path(CASE + "svar/<int:promise_pk>/", talk.answer, name="answer-message"),
    path(CASE + "besked/<int:message_pk>/tilbage/", talk.take_back, name="work-message-back"),
    path(CASE + "besked/<int:message_pk>/hvad/", talk.propose_kind, name="work-message-kind"),
    path(CASE + "liv/<slug:area>/", voices.area, name="work-area"),
    path(CASE + "plan/", plan.work_plan, name="work-plan"),
    path(CASE + "maal/nyt/", plan.new_goal, name="work-goal-new"),
    path(CASE + "maal/<int:goal>/", plan.goal, name="work-goal"),
    path(CASE + "moede/nyt/", meetings.plan, name="plan-meeting"),
    path(MEETING, meetings.meeting, name="work-meeting"),
    path(MEETING + "forbered/", meetings.prepare, name="prepare-meeting"),
    path(MEETING + "slut/", meetings.end, name="end-meeting"),
]
