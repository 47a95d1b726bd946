"""The one preprocessing: every mode and orientation decoded right, every broken file refused with its reason."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import time
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, ImageFile

from engine import image
from engine.image import (
    ImageError,
    center_crop,
    decode,
    display_pixels,
    list_images,
    preprocess,
    random_crop,
    read_file,
    resize_short_side,
)
from tests import pictures

PATH = Path("test")
TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,  # stored turned the other way than the tag turns it back
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def array(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(int)


def decoded(picture: Image.Image, kind: str, **options: object) -> np.ndarray:
    return array(decode(pictures.encoded(picture, kind, **options), path=PATH))


# -- modes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "JPEG2000", "GIF"])
def test_lossless_rgb_comes_back_as_it_was(kind: str):
    face = pictures.face(3, (50, 70))
    if kind == "GIF":
        face = face.quantize(64).convert("RGB")
    options = {"lossless": True} if kind == "WEBP" else {}
    assert np.array_equal(decoded(face, kind, **options), array(face))


@pytest.mark.parametrize("kind", ["JPEG", "AVIF", "HEIF"])
def test_lossy_kinds_come_back_nearly_as_they_were(kind: str):
    face = pictures.face(3, (64, 96))
    assert np.abs(decoded(face, kind, quality=95) - array(face)).mean() < 6


@pytest.mark.parametrize("mode", ["1", "L", "P", "YCbCr", "LAB", "CMYK", "RGBX"])
def test_every_mode_becomes_rgb(mode: str):
    face = pictures.face(1).convert(mode)
    kind = "TIFF" if mode in ("YCbCr", "LAB", "CMYK", "RGBX") else "PNG"
    expected = array(face.convert("RGB"))
    assert np.abs(decoded(face, kind) - expected).max() <= 1


def test_16_bit_grey_png_keeps_its_scale(tmp_path: Path):
    wide = (np.arange(64 * 64, dtype=np.uint32).reshape(64, 64) * 16).astype(np.uint16)
    found = decoded(Image.fromarray(wide), "PNG")
    assert np.abs(found - wide[..., None] / 257).max() <= 0.5


def test_16_bit_rgb_png_keeps_its_scale(tmp_path: Path):
    wide = np.random.default_rng(0).integers(0, 65536, (20, 30, 3)).astype(np.uint16)
    path = pictures.png(tmp_path / "wide.png", 30, 20, depth=16, colour=2, rows=wide.astype(">u2").tobytes())
    found = array(decode(read_file(path).data, path=path))
    assert np.abs(found - wide / 257).max() <= 1


def test_16_bit_tiff_keeps_its_scale():
    wide = np.linspace(0, 65535, 400).astype(np.uint16).reshape(20, 20)
    assert np.abs(decoded(Image.fromarray(wide), "TIFF") - wide[..., None] / 257).max() <= 0.5


def test_float_tiff_in_unit_range_is_scaled_and_other_floats_are_refused():
    unit = np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)
    assert np.abs(decoded(Image.fromarray(unit), "TIFF") - unit[..., None] * 255).max() <= 0.5
    with pytest.raises(ImageError, match="white is unknown"):
        decoded(Image.fromarray(unit * 300), "TIFF")
    with pytest.raises(ImageError, match="white is unknown"):
        decoded(Image.fromarray(np.full((4, 4), np.nan, np.float32)), "TIFF")


def test_32_bit_integers_are_refused():
    with pytest.raises(ImageError, match="32-bit integers"):
        decoded(Image.fromarray(np.arange(400, dtype=np.int32).reshape(20, 20)), "TIFF")


def test_alpha_is_laid_over_white():
    face = pictures.face(2)
    alpha = np.tile(np.linspace(0, 255, face.width), (face.height, 1)).round().astype(np.uint8)
    rgba = face.copy()
    rgba.putalpha(Image.fromarray(alpha))
    share = alpha[..., None] / 255
    expected = array(face) * share + 255 * (1 - share)
    assert np.abs(decoded(rgba, "PNG") - expected).max() <= 1.01
    grey = array(face.convert("L"))[..., None] * share + 255 * (1 - share)
    assert np.abs(decoded(rgba.convert("LA"), "PNG") - grey).max() <= 2


def test_palette_transparency_is_laid_over_white():
    palette = pictures.face(2).quantize(16)
    transparent = palette.getpixel((0, 0))
    found = decoded(palette, "PNG", transparency=transparent)
    where = np.asarray(palette) == transparent
    assert (found[where] == 255).all()
    assert np.array_equal(found[~where], array(palette.convert("RGB"))[~where])


def test_transparent_colour_of_an_rgb_png_is_laid_over_white():
    face = pictures.face(2)
    found = decoded(face, "PNG", transparency=(220, 20, 20))
    assert (found[0, 0] == 255).all()


def test_cmyk_jpeg_is_not_inverted():
    face = pictures.face(4, (64, 64))
    found = decoded(face.convert("CMYK"), "JPEG", quality=98)
    assert np.abs(found - array(face)).mean() < 4


# -- frames and orientation -----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "options"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})])
def test_first_frame_of_an_animation(kind: str, options: dict):
    first = pictures.face(0).quantize(32).convert("RGB")
    rest = [pictures.face(i).quantize(32).convert("RGB") for i in (1, 2)]
    data = pictures.encoded(first, kind, save_all=True, append_images=rest, **options)
    assert np.abs(array(decode(data, path=PATH)) - array(first)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_all_orientations_come_out_upright(orientation: int, kind: str):
    upright = pictures.face(5, (48, 64))
    stored = upright.transpose(TRANSPOSED[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    options = {"lossless": True} if kind == "WEBP" else {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}
    data = pictures.encoded(stored, kind, exif=exif, **options)
    found = decode(data, path=PATH)
    assert found.size == upright.size
    assert np.abs(array(found) - array(upright)).max() <= (24 if kind == "JPEG" else 0)
    assert display_pixels(data, path=PATH, max_side=None).shape == (64, 48, 3)


def test_orientation_survives_a_conversion_to_rgb():
    upright = pictures.face(5, (48, 64)).convert("L")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = pictures.encoded(upright.transpose(TRANSPOSED[6]), "PNG", exif=exif)
    assert np.array_equal(array(decode(data, path=PATH)), array(upright.convert("RGB")))


def test_broken_exif_does_not_lose_the_picture():
    data = pictures.encoded(pictures.face(0), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own, about the same EXIF
        assert decode(data, path=PATH).size == (96, 96)


# -- what is refused ------------------------------------------------------------------------------


def reason(path: Path) -> str:
    with pytest.raises(ImageError) as caught:
        decode(read_file(path).data, path=path)
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    return caught.value.reason


def test_broken_files_say_why(tmp_path: Path):
    assert reason(pictures.truncated_jpeg(tmp_path / "a.jpg")) == "the file is truncated"
    assert reason(pictures.text_named_jpg(tmp_path / "b.jpg")) == "it is no image, or of an unknown kind"
    assert reason(pictures.empty(tmp_path / "c.jpg")) == "the file is empty"
    assert reason(tmp_path / "gone.jpg") == "the file is gone"
    (tmp_path / "folder.jpg").mkdir()
    assert reason(tmp_path / "folder.jpg") == "it is a folder"
    assert reason(tmp_path / "b.jpg" / "inside.jpg") == "its folder is gone (a file stands in its place)"
    (tmp_path / "link.jpg").symlink_to(tmp_path / "nowhere")
    assert reason(tmp_path / "link.jpg") == "the file is gone"
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "JPEG2000", "AVIF", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_never_half_a_picture(kind: str, share: float):
    data = pictures.encoded(pictures.face(7, (160, 160)), kind)
    try:
        found = decode(data[: int(len(data) * share)], path=PATH)
    except ImageError:
        return
    # JPEG 2000 holds the whole picture in every prefix, coarser; nothing may be missing.
    assert kind == "JPEG2000"
    assert np.abs(array(found) - array(pictures.face(7, (160, 160)))).mean() < 30


def test_a_pipe_does_not_block(tmp_path: Path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path / "pipe.jpg") == "it is no regular file"


def test_bomb_is_refused_quickly_and_without_memory(tmp_path: Path):
    path = pictures.bomb_png(tmp_path / "bomb.png")
    data = read_file(path).data
    tracemalloc.start()
    started = time.thread_time()  # of this thread alone: a busy machine does not matter
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ImageError, match="more than the limit"):
            decode(data, path=path)
        with pytest.raises(ImageError, match="more than the limit"):
            display_pixels(data, path=path, max_side=100)
    assert time.thread_time() - started < 0.5
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_large_but_allowed_pictures_raise_no_warning():
    side = 10_000  # above Pillow's own warning, below our limit
    data = pictures.encoded(Image.new("1", (side, side)), "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(data, path=PATH).size == (side, side)


def test_formats_that_start_programs_are_not_opened():
    eps = pictures.encoded(pictures.face(0), "EPS")
    with pytest.raises(ImageError, match="no image"):
        decode(eps, path=PATH)


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(ImageError(PATH, "the file is gone")))
    assert (error.path, error.reason, str(error)) == (PATH, "the file is gone", "test: the file is gone.")


def test_read_file_gives_hash_size_and_time(tmp_path: Path):
    path = pictures.save(pictures.face(0), tmp_path / "a.png")
    file = read_file(path)
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (file.size, file.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)


# -- geometry -------------------------------------------------------------------------------------

SIZES = [(352, 352), (410, 335), (335, 410), (353, 352), (1000, 351), (37, 53), (8, 700), (701, 1203), (352, 999)]


@pytest.mark.parametrize("size", SIZES)
def test_shape_and_type(size: tuple[int, int]):
    pixels = preprocess(pictures.face(0, size), 64)
    assert (pixels.shape, pixels.dtype) == ((64, 64, 3), np.uint8)
    assert min(resize_short_side(pictures.face(0, size), 64).size) == 64


@pytest.mark.train
@pytest.mark.parametrize("target", [64, 224, 352])
def test_bit_for_bit_as_torchvision(target: int):
    compat = pytest.importorskip("engine.train.torchvision_compat")
    transforms = compat.torchvision.transforms
    theirs = transforms.Compose([transforms.Resize(target), transforms.CenterCrop(target)])
    rng = np.random.default_rng(target)
    sizes = [*SIZES, *map(tuple, rng.integers(20, 900, (25, 2)).tolist())]
    for i, size in enumerate(sizes):
        face = pictures.face(i, size)
        assert np.array_equal(preprocess(face, target), np.asarray(theirs(face))), size


def test_random_crop_stays_inside_and_reaches_the_edges():
    face = pictures.face(0, (40, 30))
    rng = np.random.default_rng(0)
    whole = np.asarray(face)
    places = set()
    for _ in range(200):
        crop = np.asarray(random_crop(face, 28, rng))
        at = [(x, y) for x in range(13) for y in range(3) if np.array_equal(whole[y : y + 28, x : x + 28], crop)]
        places.update(at)
        assert at
    assert {x for x, _ in places} == set(range(13))
    assert {y for _, y in places} == {0, 1, 2}


def test_random_crop_is_seeded():
    face = pictures.face(0, (90, 60))
    one, two = (np.asarray(random_crop(face, 50, np.random.default_rng(7))) for _ in range(2))
    assert np.array_equal(one, two)


def test_crops_larger_than_the_picture_are_a_bug():
    with pytest.raises(ValueError, match="cannot crop"):
        center_crop(pictures.face(0, (20, 20)), 21)


def test_preprocessing_id_names_the_size():
    assert image.preprocessing_id(352) == "pillow-short352-center352-v1"


# -- display --------------------------------------------------------------------------------------


def exchanged_profile() -> bytes:
    """sRGB with red and blue exchanged: a profile that nobody can overlook."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entries = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12)}
    data[entries[b"rXYZ"] : entries[b"rXYZ"] + 4], data[entries[b"bXYZ"] : entries[b"bXYZ"] + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


def test_display_honours_the_profile_that_the_score_ignores():
    face = pictures.face(0)
    swapped = Image.merge("RGB", face.split()[::-1])
    profiled = pictures.encoded(swapped, "PNG", icc_profile=exchanged_profile())
    assert np.array_equal(array(decode(profiled, path=PATH)), array(swapped))
    shown = display_pixels(profiled, path=PATH, max_side=None).astype(int)
    assert np.abs(shown - array(face)).max() <= 2
    broken = pictures.encoded(swapped, "PNG", icc_profile=b"no profile at all")
    assert np.array_equal(display_pixels(broken, path=PATH, max_side=None), np.asarray(swapped))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_display_is_bounded_and_upright(mode: str):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = pictures.encoded(pictures.face(0, (400, 200)).convert(mode), "JPEG", exif=exif)
    assert display_pixels(data, path=PATH, max_side=100).shape == (100, 50, 3)
    assert display_pixels(data, path=PATH, max_side=4000).shape == (400, 200, 3)


def test_display_refuses_what_the_score_refuses(tmp_path: Path):
    for path in pictures.broken_folder(tmp_path / "broken"):
        if path.exists() and path.stat().st_size:
            with pytest.raises(ImageError):
                display_pixels(path.read_bytes(), path=path, max_side=64)


# -- folders --------------------------------------------------------------------------------------


def test_list_images_is_recursive_sorted_and_only_images(tmp_path: Path):
    names = ["b.JPG", "a.png", "sub/z.webp", "sub/deep/c.tiff", "sub.jpg/inside.gif", "A.heic"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("notes.txt", "._b.JPG", ".hidden/x.jpg", "sub/labels.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert list_images(tmp_path) == sorted(tmp_path / n for n in [*names, "dangling.jpg"])


def test_a_folder_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(ImageError, match="gone"):
        list_images(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(ImageError, match="file stands in its place"):
        list_images(tmp_path / "file")


def test_a_folder_that_cannot_be_listed_is_reported_in_its_place(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir()
    pictures.save(pictures.face(0), closed / "a.png")
    pictures.save(pictures.face(0), tmp_path / "b.png")
    closed.chmod(0)
    try:
        listable = True
        try:
            next(closed.iterdir())
        except PermissionError:
            listable = False
        expected = [tmp_path / "b.png", closed / "a.png" if listable else closed]
        assert list_images(tmp_path) == expected
    finally:
        closed.chmod(0o755)


def test_decoding_is_safe_in_threads():
    data = [pictures.encoded(pictures.face(i), "JPEG") for i in range(8)]
    alone = [array(Image.open(io.BytesIO(d)).convert("RGB")) for d in data]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: array(decode(data[i % 8], path=PATH)), range(64)))
    assert all(np.array_equal(together[i], alone[i % 8]) for i in range(64))
