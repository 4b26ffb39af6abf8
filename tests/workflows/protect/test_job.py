"""Promises of ocguard.workflows.protect.job."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

from ocguard.platforms.profile import Upload
from ocguard.platforms.shipped import shipped_profiles
from ocguard.provenance.optout import OptOut
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.encoding import OutputForm
from ocguard.workflows.protect.job import ProtectJob, ProtectResult
from ocguard.workflows.protect.visible import VisibleLook


def test_the_result_is_the_documented_record(gallery) -> None:
    """Key by key, ready for JSON."""
    record = gallery.protected("cel.png").to_dict()
    assert list(record) == [
        "schema", "input", "output", "status", "work_id", "mark_id", "recipient", "psnr_db",
        "ssim", "margin_db", "margins_db", "visibility", "visible", "bytes_in", "bytes_out",
        "survives", "warnings", "warning_details", "error",
        "error_code", "error_template", "error_values", "passed_over", "seconds",
    ]  # fmt: skip
    assert record["schema"] == "ocguard.protect/2"
    assert json.loads(json.dumps(record)) == record


JOB = ProtectJob(
    Workspace.at("h", "p.sqlite3"),
    bytes(range(32)),
    VisibleLook("corner", "© Mo"),
    OptOut(creator="Mo"),
)


def test_a_job_never_shows_its_secret() -> None:
    """Not in tracebacks, not in logs; its key is that of the secret."""
    assert JOB.key.to_bytes() == JOB.secret
    shown = repr(JOB)
    assert "secret" not in shown
    assert JOB.secret.hex() not in shown
    assert repr(JOB.secret) not in shown


def test_options_are_recorded_as_text_and_only_where_something_was_said() -> None:
    """Empty ones are left out."""
    assert JOB.shown_options == {
        "visible": "corner",
        "text": "© Mo",
        "strength": "normal",
        "format": "keep",
    }
    asked = replace(
        JOB, quality=1, platforms=(shipped_profiles()["x"], shipped_profiles()["weibo"])
    )
    assert asked.shown_options["quality"] == "1"
    assert asked.shown_options["for"] == "x weibo"


def test_the_smallest_upload_limits_the_file() -> None:
    """Of all platforms that were named; none without any."""
    assert JOB.output_form == OutputForm("keep", None, None)
    x, weibo = shipped_profiles()["x"], shipped_profiles()["weibo"]
    limited = [
        replace(one, upload=Upload(("jpeg",), max_bytes=size))
        for one, size in ((x, 900), (weibo, 500))
    ]
    asked = replace(JOB, quality=80, file_format="jpeg", platforms=tuple(limited))
    assert asked.output_form == OutputForm("jpeg", 80, 500)


def test_a_job_crosses_to_a_worker() -> None:
    """Whole, with its secret."""
    again = pickle.loads(pickle.dumps(replace(JOB, platforms=tuple(shipped_profiles().values()))))
    assert again.secret == JOB.secret
    assert again.platforms == tuple(shipped_profiles().values())


def test_a_failed_result_is_a_whole_record_too() -> None:
    """What is unknown is null, lists are lists, and data never gets into it."""
    result = ProtectResult("a.png", None, "failed", "", error="no picture", data=b"secret")
    record = json.loads(json.dumps(result.to_dict()))
    assert (record["output"], record["error"], record["warnings"]) == (None, "no picture", [])
    assert record["survives"] == {}
    assert "data" not in record
