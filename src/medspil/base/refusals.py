"""Expected refusals: named for what may not be done, turned into a sentence with a way on by the web."""

from django.utils.functional import Promise as LazyText


class Refusal(Exception):
    """Something a person may not do now. `sentence` says so to them; `field` names the form field it is about."""

    sentence: "str | LazyText" = ""
    field: str | None = None

    def __init__(self, sentence: "str | LazyText | None" = None, *, field: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        if field is not None:
            self.field = field
        super().__init__(str(self.sentence))


class NotYours(Refusal):
    """Not theirs, or not there: the two are never told apart. The web answers 404."""
