"""Two processes (gloo) give what one gives: the gradient of the whole batch, and a whole run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.distributed import TCPStore

from engine.bundle import read_bundle
from engine.run import EventTail
from engine.train import checkpoints, pipeline
from tests.engine.train.conftest import make_run

pytestmark = pytest.mark.train

GRADIENTS = """
import sys
import numpy as np, torch
from engine.recipes import Network, Training
from engine.train import losses
from engine.train.criterion import Targets
from engine.train.learner import Learner
from engine.train.networks import build
from engine.train.parallel import join

torch.set_num_threads(1)
device = torch.device("cpu")
parallel = join(device)
rng = np.random.default_rng(0)
pixels = rng.integers(0, 255, (9, 64, 64, 3)).astype(np.uint8)
mos = torch.from_numpy(rng.random(9))
training = Training(plcc_weight=1.0, micro_batch=int(sys.argv[2]))


def gradient():
    model = build(Network("edgenext_xx_small", size=64), seed=0).double()
    learner = Learner(model, training, device, parallel)
    share = np.arange(9)[parallel.rank :: parallel.world]
    targets = Targets(mos, (4, 5), (1.0, 1.0))
    learner.gradients(pixels[share], targets)
    return torch.cat([p.grad.flatten() for p in model.parameters()])


def naive():
    # What plain DDP does: a loss, and a correlation, of each process's share.
    model = build(Network("edgenext_xx_small", size=64), seed=0).double()
    network = parallel.prepare(model)
    share = np.arange(8)[parallel.rank :: parallel.world]
    losses.quality_loss(network(torch.from_numpy(pixels[share])), mos[share]).total.backward()
    return torch.cat([p.grad.flatten() for p in model.parameters()])


def whole():
    model = build(Network("edgenext_xx_small", size=64), seed=0).double()
    losses.quality_loss(model(torch.from_numpy(pixels[:8])), mos[:8]).total.backward()
    return torch.cat([p.grad.flatten() for p in model.parameters()])


found = {"gradient": gradient(), "naive": naive(), "whole": whole()}
if parallel.is_first:
    torch.save(found, sys.argv[1])
"""

RUN = """
import sys
from pathlib import Path
import torch
from engine.run import RunDirectory
from engine.train import pipeline
pipeline.execute(RunDirectory.open(Path(sys.argv[1])))
"""


STUMBLE = """
import sys
import torch
from engine.train.parallel import join

parallel = join(torch.device("cpu"))
for _ in range(2):  # had the first not come to its barrier, the second round would be one off
    try:
        with parallel.first_goes_ahead():
            raise OSError("no network")
    except OSError:
        pass
assert parallel.gather(torch.tensor([float(parallel.rank)]), 2).tolist() == [0.0, 1.0]
"""


def launch(code: str, processes: int, *arguments: object) -> None:
    """Start the processes as torchrun would, and wait for all.

    As its agent does, this process holds the store they meet at: the port is taken before anybody is told of it.
    """
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    children = []
    for rank in range(processes):
        launcher = {
            "RANK": rank,
            "LOCAL_RANK": rank,
            "WORLD_SIZE": processes,
            "LOCAL_WORLD_SIZE": processes,
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": store.port,
            "TORCHELASTIC_USE_AGENT_STORE": True,
            "GROUP_RANK": 0,
            "TORCHELASTIC_RUN_ID": "test",
            "OMP_NUM_THREADS": 1,
        }
        environment = {**os.environ, **({k: str(v) for k, v in launcher.items()} if processes > 1 else {})}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        children.append(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
    for child in children:
        said, _ = child.communicate(timeout=300)
        assert child.returncode == 0, said


@pytest.fixture(scope="module")
def gradients(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("gradients")
    found = {}
    for name, processes, part in (("one", 1, 0), ("two", 2, 0), ("two in parts", 2, 2)):
        launch(GRADIENTS, processes, folder / "g.pt", part)
        found[name] = torch.load(folder / "g.pt", weights_only=True)
    return found


@pytest.mark.parametrize("way", ["two", "two in parts"])
def test_two_processes_have_the_gradient_of_one(gradients, way):
    one, other = gradients["one"]["gradient"], gradients[way]["gradient"]
    assert one.dtype == torch.float64
    assert float((one - other).norm() / one.norm()) < 1e-10


def test_a_correlation_of_each_process_alone_is_another_loss(gradients):
    """science, section 6.1: 13 % off for 2 x 16 images. Also shows that the comparison above can fail."""
    one, naive = gradients["two"]["whole"], gradients["two"]["naive"]
    assert float((one - naive).norm() / one.norm()) > 0.02


def test_a_run_of_two_processes_ends_like_one(tmp_path, faces_and_pools):
    settings = {
        "teacher__network__arch": "edgenext_xx_small",
        "teacher__network__size": "64",
        "teacher__training__epochs": "1",
        "student__network__arch": "edgenext_xx_small",
        "student__training__epochs": "2",
        "student__training__batch": "12",
        "student__training__precision": "float32",
        "teacher__training__precision": "float32",
        "device": "cpu",
    }
    one = make_run(tmp_path / "one", faces_and_pools, **settings)
    pipeline.execute(one)
    two = make_run(tmp_path / "two", faces_and_pools, **settings)
    launch(RUN, 2, two.path)
    assert two.state.status == "done"
    told = [
        [
            (e.get("name"), e.get("stage"), e.get("epoch"))
            for e in EventTail(r.events_file).read()
            if e["type"] in ("stage", "epoch", "artifact")
        ]
        for r in (one, two)
    ]
    assert told[0] == told[1]
    mine, theirs = (checkpoints.read(r.checkpoints / "student-best.safetensors").tensors for r in (one, two))
    for name, tensor in mine.items():
        torch.testing.assert_close(tensor, theirs[name], atol=5e-3, rtol=5e-2, msg=name)
    values = [r.report["splits"]["test"]["candidate"]["rmse"]["value"] for r in (one, two)]
    np.testing.assert_allclose(*values, atol=5e-3)
    assert read_bundle(two.model_file).card.metrics.keys() == {"val", "test"}


def test_where_the_first_fails_the_others_do_not_wait_for_ever():
    launch(STUMBLE, 2)
