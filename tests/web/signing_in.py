"""What a person has in hand when they sign in: a password, an app that shows codes, and a page with a form."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client
from django.urls import reverse

PASSWORD = "tre blå stole i haven"


def code(secret: str, step: int = 0) -> str:
    """What an app shows for a key in base32, by RFC 6238 (SHA-1, 30 seconds, six digits); `step` half minutes ahead."""
    counter = struct.pack(">Q", int(time.time() // 30) + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def wrong_code(secret: str) -> str:
    """Six digits that the app shows neither now nor in the half minutes around."""
    near = {code(secret, step) for step in range(-3, 4)}
    return next(c for c in (f"{n:06d}" for n in range(100)) if c not in near)


def secret_on(page) -> str:
    """The key as it stands on the page that sets up an app."""
    return re.search(r'class="entrance-secret">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")


def with_password(person):
    person.set_password(PASSWORD)
    person.save()
    return person


def password_step(client, person, password=PASSWORD, **more):
    return client.post(reverse("sign-in"), {"login": person.login, "password": password, **more})


def sign_in(client, person, **more):
    """Both steps, with a new app when there is none; gives the answer of the last step and the key."""
    assert password_step(client, person, **more).headers["Location"] == reverse("second-factor")
    secret = secret_on(client.get(reverse("second-factor")))
    return client.post(reverse("second-factor"), {"code": code(secret)}), secret


class Browser(Client):
    """A client that the check of forms is on for: it sends what stands in the form it last saw."""

    def __init__(self, **more):
        super().__init__(enforce_csrf_checks=True, **more)
        self.page = None

    def look(self, address):
        self.page = self.get(address)
        return self.page

    def token(self) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page.content.decode())[1]

    def send(self, address, words=None, *, token=None):
        answer = self.post(address, {"csrfmiddlewaretoken": token or self.token(), **(words or {})})
        if answer.status_code not in (301, 302):
            self.page = answer
        return answer

    def enter(self, person, *, secret=None, step=0, **more):
        """Both steps by the forms of the pages, as a browser does; gives the last answer."""
        if self.page is None or b'name="password"' not in self.page.content:
            self.look(reverse("sign-in"))
        answer = self.send(reverse("sign-in"), {"login": person.login, "password": PASSWORD, **more})
        assert answer.headers["Location"] == reverse("second-factor")
        self.look(reverse("second-factor"))
        secret = secret or secret_on(self.page)
        return self.send(reverse("second-factor"), {"code": code(secret, step)}), secret
