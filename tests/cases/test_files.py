"""Files in a case: what is in them decides, never what they are called; bytes and row come together or not at all."""

import io
import os
import struct
import wave
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from PIL import Image

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import files, kinds
from medspil.cases.kinds import CannotKeep, Kind
from medspil.cases.models import File, Sharing, Voice
from medspil.project.demo.cast import opened


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES", tmp_path / "files")
    return tmp_path / "files"


def drawn(form="PNG", size=(40, 30), colour="#A8481A", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **more)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, words in parts.items():
            archive.writestr(name, words)
    return out.getvalue()


def spoken() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x00\x10" * 800)
    return out.getvalue()


WEBM = bytes.fromhex(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff"
) + bytes(200)
M4A = struct.pack(">I", 28) + b"ftypM4A \0\0\0\0M4A mp42isom" + bytes(200)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DOCX = packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
ODT = packed(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"})


def look(data: bytes, name: str, **more):
    return kinds.check(io.BytesIO(data), name=name, size=len(data), **more)


@pytest.mark.parametrize(
    ("name", "data", "kind", "media_type"),
    [
        ("bus.jpg", drawn("JPEG"), Kind.PICTURE, "image/jpeg"),
        ("bus.png", drawn("PNG"), Kind.PICTURE, "image/png"),
        ("bus.webp", drawn("WEBP"), Kind.PICTURE, "image/jpeg"),
        ("tale.wav", spoken(), Kind.SOUND, "audio/wav"),
        ("tale.webm", WEBM, Kind.SOUND, "audio/webm"),
        ("tale.m4a", M4A, Kind.SOUND, "audio/mp4"),
        ("tale.mp3", b"ID3\x04" + bytes(300), Kind.SOUND, "audio/mpeg"),
        ("tale.ogg", b"OggS\0\2" + bytes(22) + b"\x01\x13OpusHead" + bytes(90), Kind.SOUND, "audio/ogg"),
        ("brev.pdf", PDF, Kind.PAPER, "application/pdf"),
        ("brev.odt", ODT, Kind.PAPER, "application/vnd.oasis.opendocument.text"),
        ("brev.txt", "Kære Karen".encode("cp1252"), Kind.PAPER, "text/plain"),
    ],
)
def test_what_is_in_a_file_says_what_it_is(name, data, kind, media_type):
    found = look(data, name)
    assert (found.kind, found.media_type) == (kind, media_type)


def test_a_letter_keeps_its_letters():
    assert look("Kære Karen".encode("cp1252"), "brev.txt").data.decode() == "Kære Karen"
    assert look(DOCX, "brev.docx").data == DOCX


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("tom.jpg", b"", "er tom"),
        ("ferie.jpg", PDF, "hedder noget andet"),
        ("brev.pdf", drawn("JPEG"), "hedder noget andet"),
        ("ferie.jpg", b"MZ" + bytes(400), "Vi kan ikke åbne"),
        ("ferie.png", b"<html><script>alert(1)</script></html>", "Vi kan ikke åbne"),
        ("tegning.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "Vi kan ikke åbne"),
        ("sange.zip", packed(a="b"), "Vi kan ikke åbne"),
        ("brev.docx", packed(a="b"), "i stykker"),
        ("brev.docx", DOCX[:-30], "i stykker"),
        (
            "brev.docx",
            packed(**{"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""}),
            "makro",
        ),
        ("brev.pdf", PDF[:-8], "i stykker"),
        ("ferie.jpg", drawn("JPEG", (400, 300))[:900], "i stykker"),
        ("ferie.png", drawn("PNG", (400, 300))[:-40], "i stykker"),
    ],
)
def test_what_we_cannot_keep_is_told_in_a_sentence(name, data, says):
    with pytest.raises(CannotKeep) as refused:
        look(data, name)
    assert says in str(refused.value.sentence)
    assert refused.value.field == "file"


def test_what_is_asked_for_is_what_may_come():
    with pytest.raises(CannotKeep, match="ikke et billede"):
        look(PDF, "brev.pdf", only=Kind.PICTURE)
    with pytest.raises(CannotKeep, match="ikke en optagelse"):
        look(drawn(), "bus.png", only=Kind.SOUND)
    # What cannot be opened at all is answered with what this field takes, never with the kinds of another.
    with pytest.raises(CannotKeep, match="Vælg et billede") as refused:
        look(b"MZ" + bytes(400), "ferie.jpg", only=Kind.PICTURE)
    assert "PDF" not in str(refused.value.sentence)
    with pytest.raises(CannotKeep, match="Vælg en lydfil"):
        look(b"MZ" + bytes(400), "sang.mp3", only=Kind.SOUND)


def test_a_picture_of_sixty_megabytes_is_too_large_and_is_not_read(monkeypatch):
    class Endless(io.BytesIO):
        def read(self, count=-1):
            assert 0 <= count <= kinds.LARGEST
            return super().read(count)

    with pytest.raises(CannotKeep, match=r"fylder 60 MB\. Der er plads til 15 MB"):
        kinds.check(Endless(drawn("JPEG")), name="ferie.jpg", size=60 * kinds.MB)


def test_a_letter_of_ten_megabytes_passes_and_one_of_twelve_does_not():
    def letter(megabytes):
        return b"%PDF-1.7\n" + bytes(megabytes * 1_000_000) + b"%%EOF"

    assert len(look(letter(10), "brev.pdf").data) > 10_000_000
    with pytest.raises(CannotKeep, match="plads til 10 MB"):
        look(letter(12), "brev.pdf")


@pytest.mark.parametrize(("side", "bits", "colours"), [(9_000, 1, 0), (60_000, 1, 0), (5_000, 8, 6)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_small_file_that_unfolds_to_a_huge_picture_is_not_unfolded(side, bits, colours):
    """Too many points; or fewer, partly clear ones (6), which fill 200 MB where they are shrunk: 5,000 x 5,000 x 8."""
    size = b"IHDR" + struct.pack(">IIBBBBB", side, side, bits, colours, 0, 0, 0)
    bomb = drawn("PNG")[:8] + struct.pack(">I", 13) + size + struct.pack(">I", zlib.crc32(size))
    rows = b"IDAT" + zlib.compress(bytes(1000))
    bomb += struct.pack(">I", len(rows) - 4) + rows + struct.pack(">I", zlib.crc32(rows))
    with pytest.raises(CannotKeep, match="for mange punkter"):
        look(bomb, "stor.png")


def test_a_picture_is_drawn_anew_upright_small_and_without_its_place():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    exif[0x010F] = "Kameraet"
    exif.get_ifd(0x8825)[2] = (55.0, 41.0, 1.0)  # latitude
    found = look(drawn("JPEG", (3000, 1000), exif=exif), "ferie.jpg")
    with Image.open(io.BytesIO(found.data)) as again:
        assert again.size == (found.width, found.height)
        assert again.height == 2000
        assert again.width == pytest.approx(667, abs=1)
        assert not again.getexif()
    assert b"Kameraet" not in found.data


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../x.png", "x.png"),
        ("C:\\billeder\\x.png", "x.png"),
        ("..png", "png"),
        ("fri\u202egnp.png", "frignp.png"),
        ("a" * 300 + ".png", "a" * 116 + ".png"),
    ],
)
def test_a_name_is_a_name_and_no_way_through_folders(given, kept):
    assert kinds.tidy(given) == kept


def keep(by, *, data=None, about="area.home", **more):
    return files.keep_file(
        checked=look(data or drawn(), "../../gulvet.png"),
        about=about,
        part=Sharing.Part.AREAS,
        whose=Voice.CITIZEN,
        by=by,
        **more,
    )


def test_bytes_lie_outside_what_is_served_under_a_name_of_ours(cast, folder):
    kept = keep(opened(cast.karen, cast.ida), shows="Gulvet, som glider")
    path = files.path_of(kept.key)
    assert path.is_relative_to(folder)
    assert "gulvet" not in str(path)
    assert not path.is_relative_to(settings.STATIC_ROOT)
    assert path.stat().st_mode & 0o077 == 0
    assert (kept.name, kept.brought_for, kept.brought_by) == ("gulvet.png", cast.ida, cast.karen)
    assert Image.open(io.BytesIO(files.read(kept))).size == (40, 30)


def test_nothing_is_left_where_the_row_could_not_be_written(cast, folder, monkeypatch):
    class Gone:
        def create(self, **fields):
            raise IntegrityError

    by = opened(cast.ida, cast.ida)
    monkeypatch.setattr(File, "objects", Gone())
    with pytest.raises(IntegrityError):
        keep(by)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_a_broken_off_transaction_left_is_swept_after_a_day(cast, folder):
    by = opened(cast.ida, cast.ida)
    stays = keep(by)
    with transaction.atomic():
        lost = keep(by)
        transaction.set_rollback(True)
    path = files.path_of(lost.key)
    half = path.with_suffix(".part")
    half.write_bytes(b"half")
    assert files.sweep() == 0  # it might still be on its way
    long_ago = (clock.now() - timedelta(hours=25)).timestamp()
    for each in (path, half, files.path_of(stays.key)):
        os.utime(each, (long_ago, long_ago))
    assert files.sweep(dry=True) == 2
    assert files.sweep() == 2
    assert not path.exists()
    assert files.read(stays)
    assert list(files.faults()) == []
    files.path_of(stays.key).unlink()
    assert list(files.faults()) == [f"{stays.key.hex} is missing"]


def test_a_file_is_opened_by_those_who_may_read_what_it_belongs_to(cast):
    ida = opened(cast.ida, cast.ida)
    kept = keep(ida)
    assert files.file(opened(cast.karen, cast.ida), kept.key) == kept
    for other in (cast.petra, cast.lars, cast.mona):
        with pytest.raises(NotYours):
            files.file(opened(other, cast.ida), kept.key)
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    assert files.file(opened(cast.mona, cast.ida), kept.key) == kept
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Kun Karen.", base=0, kept_close=True, by=ida)
    with pytest.raises(NotYours):
        files.file(opened(cast.mona, cast.ida), kept.key)
    cases.stop_sharing(part=Sharing.Part.AREAS, to=cast.mona, by=ida)


def test_nobody_beside_brings_a_file_and_the_teams_own_are_the_teams(cast):
    with pytest.raises(cases.NotYourVoice):
        keep(opened(cast.mona, cast.ida))
    with pytest.raises(cases.NotYourVoice):
        files.keep_file(
            checked=look(drawn(), "x.png"),
            about="area.home",
            part="areas",
            whose=Voice.PROFESSIONAL,
            by=opened(cast.ida, cast.ida),
        )


def test_what_comes_out_is_shown_and_never_run(client, cast):
    client.force_login(cast.ida)
    by = opened(cast.ida, cast.ida)
    picture = keep(by)
    answer = client.get(f"/sag/{by.pk}/fil/{picture.key}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline; filename*=UTF-8''gulvet.png"
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    letter = files.keep_file(
        checked=look(PDF, 'brev "1"\r\nX: y.pdf'), about="area.home", part="areas", whose=Voice.CITIZEN, by=by
    )
    answer = client.get(f"/sag/{by.pk}/fil/{letter.key}/")
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''brev%20%221%22X%3A%20y.pdf"
    assert answer.content == PDF
    sound = files.keep_file(
        checked=look(spoken(), "tale.wav"), about="area.home", part="areas", whose=Voice.CITIZEN, by=by
    )
    answer = client.get(f"/sag/{by.pk}/fil/{sound.key}/", headers={"Range": "bytes=4-7"})
    assert (answer.status_code, answer.content) == (206, spoken()[4:8])
    assert answer["Content-Range"] == f"bytes 4-7/{len(spoken())}"
    assert client.get(f"/sag/{by.pk}/fil/{sound.key}/", headers={"Range": "bytes=99999-"}).status_code == 416
    client.force_login(cast.bo)
    assert client.get(f"/sag/{by.pk}/fil/{picture.key}/").status_code == 404
