"""Every page answers late: `pytest --late 400` shows which browser test does not wait for what it clicked on."""

import time


class Late:
    """A middleware that holds each page back for so many milliseconds."""

    milliseconds = 0

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        time.sleep(self.milliseconds / 1000)
        return self.get_response(request)
