"""Promises of ocguard.provenance.xmp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from ocguard.metadata.xmp import RDF, find_property, parse_packet, values_of
from ocguard.provenance.optout import OptOut
from ocguard.provenance.optout_xmp import merge_xmp, xmp_name

NAMES = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40)


def value(packet: bytes, qualified: str) -> list[str]:
    """Read a property back."""
    return values_of(find_property(parse_packet(packet), xmp_name(qualified)))


def packet_with(properties: str) -> bytes:
    """A packet of one description."""
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f'<rdf:Description rdf:about="">{properties}</rdf:Description></rdf:RDF>'
    ).encode()


def test_every_field_of_the_table_is_written_with_its_full_value(optout: OptOut) -> None:
    """Codes are written as URIs, never as bare keys."""
    written = merge_xmp(None, optout)
    assert written.warnings == ()
    expected = {
        "dc:creator": "Mira Vale",
        "dc:rights": "© 2026 Mira Vale",
        "photoshop:Credit": "Mira Vale",
        "xmpRights:Marked": "True",
        "xmpRights:WebStatement": "https://mira.example/terms",
        "xmpRights:UsageTerms": "Ask first.",
        "plus:OtherConstraints": "No AI training.",
        "plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
        "Iptc4xmpExt:DigitalSourceType": (
            "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
        ),
    }
    assert {name: value(written.data, name) for name in expected} == {
        name: [text] for name, text in expected.items()
    }


def test_the_licensor_has_name_and_contact(optout: OptOut) -> None:
    """An e-mail address and a web address go to their own fields."""
    for contact, field in (("mira@example.org", "Email"), ("https://mira.example", "URL")):
        data = merge_xmp(None, replace(optout, contact=contact)).data
        (item,) = parse_packet(data).iter(xmp_name("plus:Licensor"))
        fields = {etree.QName(e).localname: e.text for e in item.iter() if e.text}
        assert fields == {"LicensorName": "Mira Vale", f"Licensor{field}": contact}


def test_foreign_properties_and_namespaces_are_kept(
    photoshop_packet: bytes, optout: OptOut
) -> None:
    """Everything that is not ours is still there, structures and attributes included."""
    merged = parse_packet(merge_xmp(photoshop_packet, optout).data)
    text = etree.tostring(merged, encoding="unicode")
    for kept in (
        'xmp:CreatorTool="Clip Studio Paint"',
        'crs:Exposure="+0.35"',
        "<rdf:li>fox</rdf:li>",
        "<own:count>12</own:count>",
        'xmlns:own="https://studio.example/ns/"',
    ):
        assert kept in text


def test_arrays_are_merged_and_ours_are_set(photoshop_packet: bytes, optout: OptOut) -> None:
    """Names are added once, other languages stay, single values become ours."""
    data = merge_xmp(photoshop_packet, optout).data
    assert value(data, "dc:creator") == ["Old Studio", "Mira Vale"]
    assert value(data, "dc:rights") == ["© 2026 Mira Vale", "無断転載禁止"]
    assert value(data, "photoshop:Credit") == ["Mira Vale"]
    renamed = merge_xmp(photoshop_packet, replace(optout, creator="狐狸")).data
    assert value(renamed, "dc:creator") == ["狐狸", "Old Studio", "Mira Vale"]


def test_merged_arrays_are_of_the_kind_that_the_standard_asks_for(
    photoshop_packet: bytes, optout: OptOut
) -> None:
    """A bag of creators becomes a sequence; texts are alternatives with a default first."""
    rdf = parse_packet(merge_xmp(photoshop_packet, optout).data)
    assert rdf.find(f".//{xmp_name('dc:creator')}/{RDF}Seq") is not None
    first = rdf.find(f".//{xmp_name('dc:rights')}/{RDF}Alt")[0]
    assert first.get("{http://www.w3.org/XML/1998/namespace}lang") == "x-default"


def test_each_property_stands_once_and_for_the_same_resource(
    photoshop_packet: bytes, optout: OptOut
) -> None:
    """No description contradicts another, and all are about the same thing."""
    rdf = parse_packet(merge_xmp(photoshop_packet, optout).data)
    names = [e.tag for d in rdf for e in d] + [name for d in rdf for name in d.attrib]
    ours = [n for n in names if not n.startswith(RDF)]
    assert len(ours) == len(set(ours))
    assert {d.get(f"{RDF}about") for d in rdf} == {"uuid:1"}


@given(NAMES, NAMES, st.booleans())
def test_merging_twice_is_merging_once(creator: str, notice: str, with_packet: bool) -> None:
    """Protecting a protected file again does not make it grow or change."""
    try:
        optout = OptOut(creator=creator, notice=notice, contact="https://a.example")
    except ValueError:
        return
    own = packet_with("<plus:LicensorID>7</plus:LicensorID>") if with_packet else None
    once = merge_xmp(own, optout)
    assert merge_xmp(once.data, optout) == once


def test_merging_a_real_packet_twice_is_merging_it_once(
    photoshop_packet: bytes, optout: OptOut
) -> None:
    """The same for a packet with white space, shorthand and arrays."""
    once = merge_xmp(photoshop_packet, optout)
    assert merge_xmp(once.data, optout).data == once.data


def test_a_text_that_gives_way_to_ours_is_named(photoshop_packet: bytes, optout: OptOut) -> None:
    """Its own license is not lost in silence; what stays, and our own, is not named."""
    merged = merge_xmp(photoshop_packet, optout)
    assert merged.warnings == (
        'the file\'s own dc:rights "Old notice" was replaced',
        'the file\'s own photoshop:Credit "Old Studio" was replaced',
    )
    assert merge_xmp(merged.data, optout).warnings == ()


def test_a_changed_contact_replaces_the_old_one(optout: OptOut) -> None:
    """Licensors of the same name do not pile up; others stay."""
    other = merge_xmp(None, replace(optout, creator="Studio", contact="https://s.example")).data
    first = merge_xmp(other, optout).data
    second = merge_xmp(first, replace(optout, contact="https://mira.example")).data
    names = [e.text for e in parse_packet(second).iter(xmp_name("plus:LicensorName"))]
    assert names == ["Mira Vale", "Studio"]
    assert b"mira@example.org" not in second


def test_empty_values_leave_what_is_there(photoshop_packet: bytes) -> None:
    """Without a notice of ours the old one stays."""
    data = merge_xmp(photoshop_packet, OptOut(creator="Mira Vale")).data
    assert value(data, "dc:rights") == ["Old notice", "無断転載禁止"]


@pytest.mark.parametrize("broken", [b"junk", b"<!DOCTYPE a><a/>", b"<rdf:RDF", b"\xff\xfe\0"])
def test_a_broken_packet_is_left_out_with_a_warning(broken: bytes, optout: OptOut) -> None:
    """Ours is written all the same."""
    merged = merge_xmp(broken, optout)
    assert "broken" in merged.warnings[0]
    assert merged.data == merge_xmp(None, optout).data


def test_a_label_of_machine_generation_is_never_overwritten(optout: OptOut) -> None:
    """The file's own digital source type stays, and a warning says so."""
    label = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    existing = packet_with(
        f"<Iptc4xmpExt:DigitalSourceType>{label}</Iptc4xmpExt:DigitalSourceType>"
    )
    merged = merge_xmp(existing, optout)
    assert value(merged.data, "Iptc4xmpExt:DigitalSourceType") == [label]
    assert "trainedAlgorithmicMedia" in merged.warnings[0]
    silent = merge_xmp(existing, replace(optout, digital_source=""))
    assert value(silent.data, "Iptc4xmpExt:DigitalSourceType") == [label]
    assert silent.warnings == ()


def test_how_a_picture_was_made_is_not_claimed_unasked(optout: OptOut) -> None:
    """Without an answer from the artist the property is absent."""
    merged = merge_xmp(None, replace(optout, digital_source=""))
    assert b"DigitalSourceType" not in merged.data


@pytest.mark.parametrize(
    ("there", "stays"),
    [
        ("DMI-PROHIBITED", True),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", True),
        ("DMI-PROHIBITED-GENAIMLTRAINING", False),
        ("DMI-ALLOWED", False),
        ("nonsense", False),
    ],
)
def test_a_broader_prohibition_is_never_made_narrower(
    there: str, stays: bool, optout: OptOut
) -> None:
    """What prohibits more than ours is kept with a warning; all else becomes ours."""
    uri = f"http://ns.useplus.org/ldf/vocab/{there}"
    merged = merge_xmp(packet_with(f"<plus:DataMining>{uri}</plus:DataMining>"), optout)
    ours = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"
    assert value(merged.data, "plus:DataMining") == [uri if stays else ours]
    assert bool(merged.warnings) is stays


def test_an_independent_reader_finds_every_field(
    exiftool: Callable[[Path], dict[str, Any]], optout: OptOut, tmp_path: Path
) -> None:
    """ExifTool reads what the table asks for, in Chinese as well."""
    path = tmp_path / "marked.jpg"
    values = replace(optout, creator="小狐狸", notice="© 2026 小狐狸")
    Image.new("RGB", (64, 48)).save(path, xmp=merge_xmp(None, values).data)
    read = exiftool(path)
    assert read["XMP-dc:Creator"] == ["小狐狸"]
    assert read["XMP-dc:Rights"] == "© 2026 小狐狸"
    assert read["XMP-photoshop:Credit"] == "小狐狸"
    assert read["XMP-xmpRights:Marked"] is True
    assert read["XMP-xmpRights:WebStatement"] == "https://mira.example/terms"
    assert read["XMP-xmpRights:UsageTerms"] == "Ask first."
    assert read["XMP-plus:OtherConstraints"] == "No AI training."
    assert read["XMP-plus:Licensor"] == [
        {"LicensorName": "小狐狸", "LicensorEmail": "mira@example.org"}
    ]
    assert read["XMP-plus:DataMining"].endswith("DMI-PROHIBITED-AIMLTRAINING")
    assert read["XMP-iptcExt:DigitalSourceType"].endswith("digitalCreation")


def test_an_independent_reader_still_finds_what_was_there(
    exiftool: Callable[[Path], dict[str, Any]],
    photoshop_packet: bytes,
    optout: OptOut,
    tmp_path: Path,
) -> None:
    """ExifTool reads the same foreign properties before and after merging."""
    before, after = tmp_path / "before.jpg", tmp_path / "after.jpg"
    Image.new("RGB", (64, 48)).save(before, xmp=photoshop_packet)
    Image.new("RGB", (64, 48)).save(after, xmp=merge_xmp(photoshop_packet, optout).data)
    old, new = exiftool(before), exiftool(after)
    ours = {"XMP-dc:Creator", "XMP-dc:Rights", "XMP-photoshop:Credit"}
    kept = {k: v for k, v in old.items() if k.startswith("XMP-") and k not in ours}
    assert len(kept) >= 4
    assert {k: new.get(k) for k in kept} == kept
