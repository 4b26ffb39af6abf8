"""Promises of ocguard.provenance.declared."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credentials import MIME, signed
from ocguard.imaging.picture import Carried
from ocguard.metadata.iptc import IPTC_RESOURCE, packed_block
from ocguard.provenance.declared import declared
from ocguard.provenance.optout import OptOut
from ocguard.provenance.optout_exif import merge_exif
from ocguard.provenance.optout_xmp import merge_xmp

AIGC = '{"Label":"1","ContentProducer":"maker","ProduceID":"42"}'


def labelled(attribute: str, element: str = "") -> bytes:
    """A packet with the label as an attribute, an element, or both."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" '
        f"{attribute}>{element}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def test_a_file_without_metadata_says_nothing() -> None:
    """Nothing found is an empty dict."""
    assert declared(Carried()) == {}
    assert declared(Carried(), b"") == {}


def test_what_protect_writes_is_read_back(optout: OptOut) -> None:
    """Creator, rights, opt-out and source come back from XMP and EXIF."""
    carried = Carried(xmp=merge_xmp(None, optout).data, exif=merge_exif(None, optout).data)
    found = declared(carried)
    assert found["creator"] == ["Mira Vale"]
    assert found["rights"] == ["© 2026 Mira Vale"]
    assert found["data_mining"][0].endswith("/DMI-PROHIBITED-AIMLTRAINING")
    assert found["digital_source_type"][0].endswith("/digitalCreation")
    assert found["exif"] == {"Artist": "Mira Vale", "Copyright": "(c) 2026 Mira Vale"}
    assert "ai_labels" not in found


@pytest.mark.parametrize(
    "carried",
    [
        Carried(xmp=labelled(f"TC260:AIGC='{AIGC}'")),
        Carried(xmp=labelled("", f"<TC260:AIGC>{AIGC}</TC260:AIGC>")),
        Carried(text=(("AIGC", AIGC),)),
        Carried(text=(("Comment", f'{{"AIGC": {AIGC}}}'),)),
    ],
)
def test_the_label_of_synthetic_content_is_found(carried: Carried) -> None:
    """In XMP as attribute or element, in a text chunk of its own or in a comment."""
    (label,) = declared(carried)["ai_labels"]
    assert label["says"] == {"Label": "1", "ContentProducer": "maker", "ProduceID": "42"}
    assert "AIGC" in label["where"] or "Comment" in label["where"]


def test_a_label_in_exif_is_found() -> None:
    """Some tools write it into the comment."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + f'{{"AIGC":{AIGC}}}'.encode()
    (label,) = declared(Carried(exif=exif.tobytes()))["ai_labels"]
    assert label == {"where": "EXIF UserComment", "says": json.loads(AIGC)}


@pytest.mark.parametrize(
    "code", ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia"]
)
def test_a_source_that_is_a_machine_is_a_label(code: str) -> None:
    """IPTC's codes for generated pictures are listed among the labels."""
    xmp = merge_xmp(None, OptOut(creator="bot", digital_source=code)).data
    (label,) = declared(Carried(xmp=xmp))["ai_labels"]
    assert label["says"].endswith(f"/{code}")


def test_settings_of_image_generators_are_found() -> None:
    """In text chunks by name, in comments by how they begin; other texts are not passed on."""
    text = (
        ("parameters", "fox girl\nSteps: 20, Seed: 7"),
        ("prompt", '{"3": {"class_type": "KSampler"}}'),
        ("Title", "My fox"),
    )
    exif = Image.Exif()
    exif[0x010F] = "workflow:{}"
    found = declared(Carried(text=text, exif=exif.tobytes()))
    assert set(found["generator"]) == {"parameters", "prompt", "Make"}
    assert found["generator"]["parameters"] == "fox girl Steps: 20, Seed: 7"


def test_software_camera_and_names_are_told_wherever_they_stand() -> None:
    """In EXIF, IPTC, XMP and PNG texts; each once."""
    exif = Image.Exif()
    exif[0x0131], exif[0x010F], exif[0x0110] = "Paint 3", "Nikon", "Z 8"
    by_line = b"\x1c\x02\x50\0\x04Mira" + b"\x1c\x02\x50\0\x03Lin" + b"\x1c\x02\x74\0\x02(c"
    xmp = labelled(
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Clip Studio"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' Iptc4xmpExt:AISystemUsed="Dream 9"'
    )
    found = declared(
        Carried(
            exif=exif.tobytes(),
            iptc=packed_block(IPTC_RESOURCE, by_line),
            xmp=xmp,
            text=(("Author", "Mira"), ("Title", "Fox"), ("Title", "Hare"), ("Private", "no")),
        )
    )
    assert found["exif"] == {"Software": "Paint 3", "Make": "Nikon", "Model": "Z 8"}
    assert found["iptc"] == {"By-line": "Mira; Lin", "CopyrightNotice": "(c"}
    assert (found["software"], found["ai_system"]) == (["Clip Studio"], ["Dream 9"])
    assert found["text"] == {"Author": "Mira", "Title": "Fox"}


def test_settings_in_the_json_of_a_comment_are_found() -> None:
    """As some services write them; they are not told twice."""
    found = declared(Carried(text=(("Comment", '{"prompt": "fox", "steps": 28, "seed": 7}'),)))
    assert set(found) == {"generator"}


def test_actions_of_content_credentials_by_a_machine_are_labels() -> None:
    """They are told with all that the manifest says; nobody has checked its signature."""
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    action = {"action": "c2pa.created", "digitalSourceType": source}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [action]}}
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48)).save(buffer, "PNG")
    manifest = {"claim_generator_info": [{"name": "Dream"}], "assertions": [actions]}
    found = declared(Carried(), signed(buffer.getvalue(), MIME["PNG"], manifest))
    assert found["content_credentials"] is True
    assert found["claims"][0]["generator"] == "Dream"
    assert found["ai_labels"] == [{"where": "Content Credentials c2pa.created", "says": source}]


def test_content_credentials_are_noted_when_the_file_is_given() -> None:
    """An empty store says nothing more."""
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0caBX\0\0\0\0"
    assert declared(Carried(), png) == {"content_credentials": True}


@pytest.mark.parametrize(
    "label",
    [
        "[" * 50_000,
        '{"AIGC":' * 20_000,
        "null",
        "[1]",
        '"x"',
        '{"a": 1' + "0" * 5000 + "}",
        '{"\\u202e": "\\ud800"}',
        "{" + ", ".join(f'"{i}": {{"a": [{i}]}}' for i in range(3000)) + "}",
    ],
)
def test_hostile_labels_are_bounded(label: str) -> None:
    """Deep, wide, huge or malformed JSON becomes a little text."""
    found = declared(Carried(text=(("AIGC", label),)))
    assert len(json.dumps(found)) < 20_000
    assert found["ai_labels"]


def test_texts_are_neutralized_and_bounded() -> None:
    """Terminal escapes, overrides and megabytes do not pass."""
    evil = "\x1b[2J\u202e" + "x" * 100_000
    optout = OptOut(creator="\u202eMira", notice="a\nb")
    xmp = merge_xmp(None, optout).data
    found = declared(Carried(xmp=xmp, text=(("prompt", evil), ("AIGC", evil))))
    dumped = json.dumps(found, ensure_ascii=False)
    assert "\\u001b" not in dumped
    assert "\u202e" not in dumped
    assert len(dumped) < 5000


def test_broken_xmp_is_reported_and_the_rest_is_read() -> None:
    """One damaged part does not hide the others."""
    found = declared(Carried(xmp=b"<!DOCTYPE a>", text=(("AIGC", AIGC),)))
    assert found["unreadable"][0].startswith("XMP:")
    assert found["ai_labels"]


TEXTS = st.lists(st.tuples(st.text(max_size=12), st.text(max_size=60)), max_size=4).map(tuple)


@given(st.binary(max_size=300), st.binary(max_size=300), TEXTS, st.binary(max_size=300))
def test_hostile_files_never_raise(
    xmp: bytes, exif: bytes, text: tuple[tuple[str, str], ...], data: bytes
) -> None:
    """Whatever the bytes, the answer is ready for JSON."""
    frames: list[dict[str, Any]] = [
        declared(Carried(xmp=xmp, exif=exif, text=text), data),
        declared(
            Carried(xmp=labelled("") + xmp, exif=b"II*\0\x08\0\0\0" + exif), b"\xff\xd8" + data
        ),
    ]
    for found in frames:
        json.dumps(found).encode()
