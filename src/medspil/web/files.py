"""Files: the field they come in by, and the page that hands them out to whoever may open the case they lie in."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import quote

from csp.constants import NONE
from csp.decorators import csp
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base.guard import open_to
from medspil.cases import files
from medspil.cases.door import OpenCase, open_case
from medspil.cases.kinds import ACCEPTED, CannotKeep, Checked, Kind, check
from medspil.cases.models import File
from medspil.people.roles import Role

_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


class KeptField(forms.FileField):
    """A file that is looked into at once: gives a `Checked`, or says in a sentence why it cannot be kept."""

    def __init__(self, *, only: Kind | None = None, **more: Any) -> None:
        self.only = only
        super().__init__(**more)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        kinds = [self.only] if self.only else list(Kind)
        return {"accept": ",".join(ACCEPTED[kind] for kind in kinds)}

    def to_python(self, data: UploadedFile | None) -> Checked | None:  # type: ignore[override]
        if data in self.empty_values:
            return None
        try:
            return check(data, name=data.name or "", size=data.size or 0, only=self.only)  # type: ignore[arg-type,union-attr]
        except CannotKeep as refusal:
            raise forms.ValidationError(str(refusal.sentence), code="cannot_keep") from refusal


def shown(file: File) -> dict[str, Any]:
    """A file for the components `kept_file` and `kept_picture`."""
    return {
        "url": reverse("file", args=[file.case_id, file.key]),
        "kind": str(file.kind),
        "name": file.name,
        "shows": file.shows,
        "alt": file.shows or gettext("Et billede: %(name)s") % {"name": file.name},
        "width": file.width,
        "height": file.height,
        "media_type": file.media_type,
        "size": filesizeformat(file.size),
    }


# Were a file to come out as a page, it would have no scripts, no forms and no way to the site it lies on.
@csp({"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": [True]})
def send(request: HttpRequest, found: File) -> HttpResponse:
    """The bytes of a file: a picture or a recording to be shown, a letter to be saved; never run, never guessed at."""
    data = files.read(found)
    inline = found.kind != Kind.PAPER
    response = _part(request, data) if found.kind == Kind.SOUND else HttpResponse(data)
    letters = "; charset=utf-8" if found.media_type == "text/plain" else ""
    response["Content-Type"] = found.media_type + letters
    response["Content-Disposition"] = (
        f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(found.name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Whoever loses the case loses the file with the next click.
    response["Cache-Control"] = "private, no-store"
    return response


def _part(request: HttpRequest, data: bytes) -> HttpResponse:
    """A recording is asked for in parts by browsers that want to jump in it."""
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None:
        response = HttpResponse(data)
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
        response = HttpResponse(data[first : last + 1], status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    return response


@open_to(Role.CITIZEN)
def file(request: HttpRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    opened: OpenCase = open_case(request.visitor, pk)  # type: ignore[attr-defined]
    return send(request, files.file(opened, key))
