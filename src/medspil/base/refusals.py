"""Expected refusals: named for what may not be done, turned into a sentence with a way on by the web."""

from django.utils.functional import Promise as LazyText


class Said(Exception):
    """Something that is told to a person. `sentence` says it; `field` names the form field it is about."""

    sentence: "str | LazyText" = ""
    field: str | None = None

    def __init__(self, sentence: "str | LazyText | None" = None, *, field: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        if field is not None:
            self.field = field
        super().__init__(str(self.sentence))


class Refusal(Said):
    """Something a person may not do now, on a page that is theirs."""


class NotYours(Said):
    """Not theirs, or not there: the two are never told apart. The web answers 404, whatever page it was."""
