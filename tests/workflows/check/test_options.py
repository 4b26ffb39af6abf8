"""What is chosen for a check reaches whoever checks."""

from __future__ import annotations

import pickle

from ocguard.portfolio import Place
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.workspace import Workspace


def test_everything_that_was_chosen_reaches_a_worker_of_a_cluster(gallery, tmp_path) -> None:
    """It makes its job anew in its own home, and none of the choices is lost on the way."""
    further = str(tmp_path / "further.sqlite3")
    Workspace.at(gallery.home, further).open_store(create=True).close()
    place = Place("https://x.example/1", "x:friend")
    options = CheckOptions(place=place, only="match", also=(further,), quick_first=True)
    job = prepare_check(Workspace.at(gallery.home), options)
    parcel = pickle.loads(pickle.dumps(job.parcel()))
    assert parcel.make_settings(job.workspace).options == options
