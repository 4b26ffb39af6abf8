"""Tests of TIFF: compressions, layouts, directories, pages."""

from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Carried, Frame, Picture


def test_palettes_become_full_color(drawings):
    """A TIFF palette is read and written as RGB, by name."""
    image = Image.fromarray(drawings.cel(20, 10)).quantize(16)
    out = BytesIO()
    image.save(out, "TIFF")
    picture = decode(out.getvalue())
    assert np.array_equal(picture.frames[0].pixels, np.asarray(image.convert("RGB")))
    assert any("palette was dropped" in warning for warning in encode_picture(picture).warnings)


def test_exif_directories_survive(saved, drawings, make_exif):
    """Lens and artist, in the directory and beside it, are read by Pillow afterwards."""
    exif = Image.Exif()
    exif.load(make_exif(6))
    source = saved(drawings.cel(20, 10), "TIFF", exif=exif)
    picture = decode(source)
    data = encode_picture(picture).data
    with Image.open(BytesIO(data)) as image:
        seen = image.getexif()
        assert seen[0x013B] == "A. Artist"
        assert seen.get_ifd(0x8769)[0xA434] == "Imaginary 50mm"
    assert decode(data).carried.exif == picture.carried.exif


def test_exif_of_a_jpeg_reaches_a_tiff_in_its_byte_order(saved, drawings, make_exif):
    """Directories are copied as they are, big-endian ones too."""
    jpeg = decode(saved(drawings.cel(20, 10), "JPEG", exif=make_exif(1)))
    carried = Carried(file_format="TIFF", exif=jpeg.carried.exif)
    data = encode_picture(Picture.from_array(drawings.cel(20, 10), carried=carried)).data
    with Image.open(BytesIO(data)) as image:
        assert image.getexif().get_ifd(0x8769)[0xA434] == "Imaginary 50mm"


def test_iptc_survives_in_both_places(drawings, tiff_file):
    """Photoshop's resources are kept; bare IPTC records are wrapped into one."""
    records = b"\x1c\x02\x78\0\x03Fox"
    art = drawings.cel(20, 10)
    bare = decode(tiff_file(art, photometric="rgb", extratags=[(33723, 7, 8, records, True)]))
    assert bare.carried.iptc is not None
    assert bare.carried.iptc.endswith(records)
    again = decode(encode_picture(bare).data)
    assert again.carried.iptc == bare.carried.iptc


def test_pages_of_one_size_are_frames(drawings, tiff_file):
    """Every page is read, marked and written."""
    frames = drawings.frames(40, 30)
    picture = decode(tiff_file(np.stack(frames), photometric="rgb"))
    assert len(picture.frames) == 3
    again = decode(encode_picture(picture).data)
    for old, new in zip(frames, again.frames, strict=True):
        assert np.array_equal(old, new.pixels)


def test_thumbnail_pages_are_removed_by_name(drawings):
    """A reduced page would show the unmarked picture."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(drawings.cel(40, 30), photometric="rgb", metadata=None)
        tiff.write(drawings.cel(20, 15), photometric="rgb", subfiletype=1, metadata=None)
    picture = decode(out.getvalue())
    assert len(picture.frames) == 1
    assert any("thumbnail" in sentence for sentence in picture.carried.lost)


def test_pages_of_different_sizes_are_refused(drawings):
    """Dropping a page would lose art."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(drawings.cel(40, 30), photometric="rgb", metadata=None)
        tiff.write(drawings.cel(20, 30), photometric="rgb", metadata=None)
    with pytest.raises(ImageReadError, match="pages of different sizes"):
        decode(out.getvalue())


@pytest.mark.parametrize("other", ["grey", "deep"])
def test_pages_of_different_kinds_are_refused(drawings, other):
    """They have one size, and the error says so."""
    art, out = drawings.cel(40, 30), BytesIO()
    page = art[..., 0] if other == "grey" else art.astype(np.uint16) * 257
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(art, photometric="rgb", metadata=None)
        tiff.write(page, photometric="minisblack" if other == "grey" else "rgb", metadata=None)
    with pytest.raises(ImageReadError, match="pages of different kinds"):
        decode(out.getvalue())


def test_too_many_pages_are_refused(drawings, monkeypatch, tiff_file):
    """The number of pages is bounded."""
    monkeypatch.setattr("ocguard.imaging.codecs.tiff._MAX_PAGES", 2)
    with pytest.raises(ImageReadError, match="more than 2 pages"):
        decode(tiff_file(np.stack(drawings.frames(40, 30)), photometric="rgb"))


def test_cut_metadata_is_a_truncated_file(drawings, xmp_packet, tiff_file):
    """Pixels that are all there do not excuse a profile or XMP that is not."""
    data = tiff_file(drawings.cel(8, 6), photometric="rgb", compression="zlib")
    tail = tiff_file(
        drawings.cel(8, 6),
        photometric="rgb",
        extratags=[(700, 1, len(xmp_packet), xmp_packet, True)],
    )
    at = tail.index(xmp_packet)
    assert decode(data).size == (8, 6)
    moved = tail[:at] + b"\0" * len(xmp_packet) + tail[at + len(xmp_packet) :] + xmp_packet
    place = moved.index(at.to_bytes(4, "little"))
    moved = moved[:place] + len(tail).to_bytes(4, "little") + moved[place + 4 :]
    assert decode(moved).carried.xmp == xmp_packet
    with pytest.raises(ImageReadError, match="truncated: its metadata"):
        decode(moved[:-10])


def test_photoshop_layers_are_dropped_by_name(drawings, tiff_file):
    """Layers hold the unmarked picture."""
    layers = [(37724, 7, 12, b"8BIM" * 3, True)]
    picture = decode(tiff_file(drawings.cel(20, 10), photometric="rgb", extratags=layers))
    assert any("layers" in sentence for sentence in picture.carried.lost)
    assert b"8BIM" not in encode_picture(picture).data


def test_frames_carry_pages_of_deep_grey():
    """Sixteen-bit grey pages, two of them."""
    pages = np.arange(2 * 6 * 5, dtype=np.uint16).reshape(2, 6, 5, 1) * 1000
    carried = Carried(file_format="TIFF")
    picture = Picture(tuple(Frame(page) for page in pages), "grey", False, carried)
    again = decode(encode_picture(picture).data)
    assert np.array_equal(np.stack([f.pixels for f in again.frames]), pages)


def test_every_page_has_the_color_profile(drawings):
    """Viewers look into the page that they show."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    carried = Carried(file_format="TIFF", icc_profile=profile)
    picture = Picture((Frame(drawings.cel(40, 30)),) * 3, "rgb", False, carried)
    made = encode_picture(picture).data
    with tifffile.TiffFile(BytesIO(made)) as tiff:
        assert [page.tags.valueof(34675) for page in tiff.pages] == [profile] * 3
    assert decode(made).carried.lost == ()


def test_a_profile_of_another_page_is_never_given_silently(drawings):
    """Pages with different profiles are refused, gaps are filled and told."""

    def file(*profiles: bytes) -> bytes:
        stream = BytesIO()
        with tifffile.TiffWriter(stream) as tiff:
            for one in profiles:
                tiff.write(drawings.cel(40, 30), photometric="rgb", iccprofile=one or None)
        return stream.getvalue()

    for profiles in ((b"first", b"second"), (b"", b"second")):
        with pytest.raises(ImageReadError, match="different color profiles"):
            decode(file(*profiles))
    (told,) = decode(file(b"first", b"")).carried.lost
    assert "first page's" in told


def test_every_page_is_turned_as_it_says(drawings):
    """Scanners and layers turn pages one by one; what they look like together stays."""

    def file(*pages: tuple[np.ndarray, int]) -> bytes:
        stream = BytesIO()
        with tifffile.TiffWriter(stream) as tiff:
            for pixels, turn in pages:
                tags = [(274, 3, 1, turn, True)]
                tiff.write(pixels, photometric="rgb", metadata=None, extratags=tags)
        return stream.getvalue()

    art = drawings.cel(40, 30)
    for turns in ((1, 3), (3, 1)):
        picture = decode(file(*((art if turn == 1 else art[::-1, ::-1], turn) for turn in turns)))
        again = decode(encode_picture(picture).data)
        assert all(np.array_equal(frame.pixels, art) for frame in again.frames)
    with pytest.raises(ImageReadError, match="pages of different sizes"):
        decode(file((art, 1), (art, 6)))


def test_names_of_further_pages_are_dropped_by_name(drawings):
    """One picture has one set of words; those of the first page stay."""

    def lost(*names: bytes) -> tuple[str, ...]:
        stream = BytesIO()
        with tifffile.TiffWriter(stream) as tiff:
            for name in names:
                tags = [(285, 2, len(name), name, True)]
                tiff.write(drawings.cel(40, 30), photometric="rgb", metadata=None, extratags=tags)
        return decode(stream.getvalue()).carried.lost

    assert lost(b"Sketch\0", b"Sketch\0") == ()
    assert ["after the first" in told for told in lost(b"Sketch\0", b"Lines\0")] == [True]
