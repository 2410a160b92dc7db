"""Many plain cases for measuring, a tenth of them open."""

from medspil.cases.models import Case
from medspil.project.demo import bulk


def test_more_cases_can_be_had_in_bulk(cast):
    bulk.fill(50)
    bulk.hot_case(meetings=3, promises=10)
    assert Case.objects.count() == 3 + 50 + 1
    assert Case.objects.filter(closed_at=None).count() == 3 + 5 + 1
