"""Many plain cases for measuring, a tenth of them open."""

from medspil.cases.models import Case
from medspil.people.log import broken_links, logged_citizens
from medspil.people.models import Opening
from medspil.project.demo import bulk


def test_more_cases_can_be_had_in_bulk(cast):
    bulk.fill(50)
    bulk.hot_case(meetings=3, promises=10)
    assert Case.objects.count() == 3 + 50 + 1
    # One caseworker's thirty at the least, which is more than a tenth of fifty.
    assert Case.objects.filter(closed_at=None).count() == 3 + 30 + 1
    assert Opening.objects.count() > 50
    assert not [c for c in logged_citizens() if list(broken_links(c))]
