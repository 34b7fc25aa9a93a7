"""What a report of `verify` says of where its numbers are from: seed, files, a smaller input."""

import json
from pathlib import Path

import numpy as np
import pytest
from verified import verify

POOL = "input: 8x8x3\nlayers:\n  - max_pool: {kernel: 2}\n"
FRACTIONAL = "input: 9x9x3\nlayers:\n  - fractional_max_pool: {ratio: 1.5}\n"


@pytest.fixture
def images(net):
    np.save("in.npy", np.ones((8, 8, 3), "f4"))
    Path("pool.yaml").write_text(POOL)
    Path("drawn.yaml").write_text(FRACTIONAL)
    np.save("nine.npy", np.ones((9, 9, 3), "f4"))
    return "--array", "in.npy"


def head(*words):
    return verify(*words).stdout.partition("\n\n")[0].replace("\n", " ")


def keys(*words):
    found = json.loads(verify(*words, "--format", "json").output)
    return found["seed"], found["weights"], found["array"]


def test_the_first_line_says_the_seed_and_the_files(net, images):
    assert head(net).endswith("batch 1, float32, seed 0")
    assert head(net, "--seed", "7", *images).endswith("float32, seed 7, images of in.npy")
    assert head(net, "--weights", "good.npz").endswith("float32, seed 0, weights of good.npz")


def test_there_is_no_seed_where_nothing_is_random(net, images):
    both = ("--weights", "good.npz", *images)
    assert head(net, *both).split(", ")[-2:] == ["images of in.npy", "weights of good.npz"]
    assert "seed" not in head(net, *both) and "seed" not in head("pool.yaml", *images)
    assert keys(net, *both, "--seed", "3") == (None, "good.npz", "in.npy")
    assert keys(net, *both, "--gradients") == (0, "good.npz", "in.npy")
    assert keys(net, "--seed", "3") == (3, None, None)
    assert keys("drawn.yaml", "--array", "nine.npy") == (0, None, "nine.npy")


def test_the_proofs_say_it_too(net, images):
    slid = (net, "--equivalence", "--weights", "good.npz", "--seed", "2")
    assert head(*slid).endswith("seed 2, weights of good.npz")
    assert keys(*slid) == (2, "good.npz", None)
    averaged = ("drawn.yaml", "--average", "2", "--array", "nine.npy")
    assert head(*averaged).partition("\n")[0].count("seed 0, images of nine.npy") == 1
    assert keys(*averaged) == (0, None, "nine.npy")


def test_whether_the_input_is_reduced_is_said(net):
    assert head(net, "--reduced").endswith("not reduced: 7.23 K MACs are few")
    large = ("--net", "conv3-64 conv3-64 pool2", "--input", "256x256x3", "--reduced")
    assert head(*large).endswith("reduced from 256x256x3")
    assert json.loads(verify(*large, "--format", "json").output)["reduced_from"] == [256, 256, 3]
    assert json.loads(verify(net, "--reduced", "--format", "json").output)["reduced_from"] is None


def test_names_of_files_are_printed_plainly(net):
    name = "in\x1b[31m.npy"
    np.save(name, np.ones((8, 8, 3), "f4"))
    assert "\x1b" not in verify(net, "--array", name).output
