"""1-2-3 (B1): law, target group, category and aim are entered in step 3 alone, by the authority alone."""

from uuid import UUID

import pytest

from medspil.base.refusals import NotYours, Refusal
from medspil.cases import ffb
from medspil.cases.actions import go_to_step
from medspil.cases.footing import NotYetPossible, enter, footings
from medspil.cases.models import Case, Footing
from medspil.plans.areas import LIFE_AREAS, OTHER, THEMES
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db

BRAIN_INJURY = UUID("d26f97e8-99ed-46a9-94db-93340f77a950")
AT_HOME = UUID("638f44df-6bf2-47f8-9935-b8fdc83e5bf5")
KEEP = UUID("10752a63-00b4-4958-b7f4-9f3a18f74266")


def entered(cast, who=None, **more):
    said = {
        "law": "serviceloven § 85",
        "target_group": BRAIN_INJURY,
        "category": AT_HOME,
        "aim": KEEP,
        "plainly": "Du får hjælp til det, der skal gøres hjemme.",
    }
    return enter(by=opened(who or cast.karen, cast.ida), **{**said, **more})


def at_step(cast, step):
    go_to_step(step=Case.Step(step), by=opened(cast.karen, cast.ida))


@pytest.mark.parametrize("step", [1, 2])
def test_before_step_three_nobody_enters_law_or_category(cast, step):
    at_step(cast, step)
    with pytest.raises(NotYetPossible):
        entered(cast)
    assert not Footing.objects.exists()


def test_in_step_three_the_authority_does_and_what_stood_before_is_kept(cast):
    at_step(cast, 3)
    first, second = entered(cast), entered(cast, law="serviceloven § 82 b")
    assert entered(cast, law="serviceloven § 82 b") == second
    assert [f.pk for f in footings(opened(cast.karen, cast.ida))] == [second.pk, first.pk]
    assert [f.pk for f in footings(opened(cast.ida, cast.ida))] == [second.pk, first.pk]
    assert [f.replaced_at is None for f in footings(opened(cast.ida, cast.ida))] == [True, False]


def test_a_provider_another_thread_and_the_citizen_never_do(cast):
    at_step(cast, 3)
    for who in (cast.petra, cast.lars, cast.ida):
        with pytest.raises(NotYours):
            entered(cast, who)


def test_back_in_step_two_it_is_out_of_sight_at_work_and_the_citizen_still_reads_it(cast):
    at_step(cast, 3)
    entered(cast)
    at_step(cast, 2)
    assert footings(opened(cast.karen, cast.ida)) == []
    assert len(footings(opened(cast.ida, cast.ida))) == 1


def test_only_concepts_of_their_own_kind_are_taken(cast):
    at_step(cast, 3)
    for name in ("target_group", "category", "aim"):
        with pytest.raises(Refusal) as refused:
            entered(cast, **{name: UUID("b93216fa-3843-4a7e-85bc-e3ef35a1967f")})
        assert refused.value.field == name


def test_the_shared_concepts_are_there_whole():
    # Counted in KL's code system of 30 May 2024: 45 target groups without others under them, three kinds of aim,
    # and eleven themes.
    assert (len(ffb.target_groups()), len(ffb.aims()), len(ffb.themes())) == (45, 3, 11)
    assert ffb.name_of(BRAIN_INJURY) == "Erhvervet hjerneskade"


def test_every_place_in_a_life_has_its_themes_and_every_theme_its_place():
    assert set(THEMES) == {area.key for area in (*LIFE_AREAS, OTHER)}
    named = [theme for themes in THEMES.values() for theme in themes]
    assert sorted(named) == sorted(ffb.themes())
