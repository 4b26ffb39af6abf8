"""Promises of the cluster: it is safe to reach, and no key leaves this machine."""

from __future__ import annotations

import pickle

import pytest

from ocguard.errors import ClusterError
from ocguard.home import Home
from ocguard.workflows.check.detect import prepare_detect
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.engine.cluster import Cluster, require_safe
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.options import prepare_protect


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8", "tls://big.example:1"]
)
def test_this_machine_and_tls_are_safe(address) -> None:
    """Workers hold the key."""
    require_safe(address)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://10.0.0.5:8786", "TLS"),
        ("tcp://localhost.example:8786", "TLS"),
        ("127.0.0.1:8786", "no address"),
        ("ucx://127.0.0.1:1", "no address"),
    ],
)
def test_other_machines_without_tls_are_refused(address, says) -> None:
    """Before anything is sent."""
    with pytest.raises(ClusterError, match=says):
        Cluster(address)


def test_no_key_is_in_what_travels(gallery) -> None:
    """Not in the settings of any command, whatever they are packed into."""
    workspace = Workspace.at(gallery.home)
    job, _ = prepare_protect(workspace, {}, lambda: "Aki", lambda: "")
    jobs = (job, prepare_check(workspace), prepare_detect(workspace))
    secret = Home(gallery.home).load_key().to_bytes()
    for one in jobs:
        assert secret in pickle.dumps(one)  # what travels to processes of this machine
        assert secret not in pickle.dumps(one.parcel())
