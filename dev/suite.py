"""The tests on both databases, and the measurements."""


def prepare() -> None: ...
