"""How commands are asked in `test_every_option.py`, with which values, and what need not matter."""

#: A net with variables, blocks, norms, sizes with remainders, and advice.
VOLUMES = """\
name: Volumes
input: 33x33x3
rounding: floor
vars: {width: 8, window: 2}
blocks:
  step:
    args: {width: 8}
    layers:
      - conv: {filters: =width, kernel: 3, pad: 1}
      - batch_norm
      - relu
layers:
  - conv: {filters: =width, kernel: 7, pad: 3, bias: false}
    name: stem
  - batch_norm
  - relu
  - max_pool: {kernel: =window, stride: =window}
  - step: {width: 8}
  - step: {width: 8}
  - step: {width: 8}
  - dropout: {rate: 0.5}
  - fc: {units: 10}
    name: scores
"""
#: Here the optimizer's step is the peak of training, and weights are most of the memory.
WEIGHTS = """\
name: Weights
input: 33x33x3
rounding: floor
vars: {width: 8, window: 2}
layers:
  - conv: {filters: =width, kernel: 7, pad: 3, bias: false}
    name: stem
  - relu
  - max_pool: {kernel: =window, stride: =window}
  - fc: {units: 1000}
  - fc: {units: 1000}
  - fc: {units: 10}
    name: scores
"""
#: Here every gradient is smaller than a block of the allocator, and as large as its norm.
TENSORS = """\
name: Tensors
input: 33x33x3
rounding: floor
vars: {width: 1, window: 2}
layers:
  - conv: {filters: =width, kernel: 7, pad: 3, bias: false}
    name: stem
  - relu
  - max_pool: {kernel: =window, stride: =window}
  - global_avg_pool
  - repeat: {times: 90, layers: [{fc: {units: 1}}]}
  - fc: {units: 10}
    name: scores
"""
#: Here the second conv is wide enough for Winograd's kernel.
WIDE = """\
name: Wide
input: 33x33x3
vars: {width: 24, window: 3}
layers:
  - conv: {filters: =width, kernel: 3, pad: 1}
    name: stem
  - conv: {filters: =width, kernel: =window, pad: same}
  - relu
  - fc: {units: 10}
    name: scores
"""
#: Each word of a command line below, and the nets that it is run with until one differs.
NETS = {
    "NET": ("volumes.yaml", "weights.yaml", "tensors.yaml"),
    "RUN": ("volumes.yaml", "wide.yaml"),
    "BUDGET": ("budget-volumes.yaml", "budget-weights.yaml", "budget-tensors.yaml"),
}
_BUDGET = "budget: {training_memory: 1KiB}\n"
FILES = {
    "volumes.yaml": VOLUMES,
    "weights.yaml": WEIGHTS,
    "wide.yaml": WIDE,
    "other.yaml": VOLUMES.replace("pad: 1}", "pad: 1, bias: false}"),
    "tensors.yaml": TENSORS,
    "budget-volumes.yaml": VOLUMES + _BUDGET,
    "budget-weights.yaml": WEIGHTS + _BUDGET,
    "budget-tensors.yaml": TENSORS + _BUDGET,
    "wrong.yaml": VOLUMES + "expect: {params: 5}\n",
    "random.yaml": "input: 33x33x3\nrounding: floor\nlayers:\n"
    "  - fractional_max_pool: {ratio: 0.6}\n  - avg_pool: {kernel: 2, stride: 2}\n"
    "  - fc: {units: 4}\n    name: scores\n",
}

#: NET, RUN and BUDGET are each of the nets above.
ASKED = (
    "analyze NET", "analyze NET --format json", "analyze NET --format csv",
    "analyze NET --format markdown", "analyze NET --format notes", "analyze NET --as all",
    "analyze NET lenet5 --side-by-side", "analyze NET --set width=4,8",
    "analyze NET --set width=4,8 --format json", "analyze NET --columns layer,params",
    "analyze NET --columns layer,params --format csv", "analyze NET --timeline",
    "analyze NET lenet5", "analyze BUDGET --format csv",
    "check NET", "check NET --format json", "check NET --format github", "check wrong.yaml --fix",
    "check BUDGET", "check NET --max-training-memory 1KiB",
    "fit NET --memory 1GiB", "fit NET --memory 1GiB --batch 64",
    "fit NET --memory 1GiB --format json", "fit NET --device stm32h743 --dtype int8",
    "fit --devices",
    "verify RUN", "verify volumes.yaml --equivalence", "verify NET --receptive-field",
    "verify random.yaml --average 2", "verify NET --gradients --layers stem..relu1",
    "verify volumes.yaml --against net.onnx",
    "explain NET stem", "explain NET stem --format json", "explain NET stem 2,3,1",
    "explain NET scores 2", "explain NET input", "explain NET relu1", "explain NET 2.5M",
    "explain counting NET", "explain conv", "explain CC102", "explain", "explain receptive field",
    "explain codes",
    "sizes NET", "sizes NET --format json", "sizes NET --height 33 --width 33..40",
    "diff other.yaml NET", "diff other.yaml NET --format json",
    "diff other.yaml NET --format markdown", "diff NET NET",
    "export NET --to pytorch", "export NET --to keras", "export NET --to onnx -o out.onnx",
    "convert NET --fc-to-conv", "import net.onnx",
    "report NET -o page.html", "report NET --svg page.svg", "report rows.csv -o page.html",
    "identify 61.7K", "list", "list --kinds", "list --plain", "schema", "show lenet5",
    "demo", "demo NET stem",
    "sweep NET --batch 1,2", "sweep NET --batch 1,2 --format csv",
    "sweep NET --batch 1,2 --format json", "sweep NET --batch 1,2 --columns params",
    "sweep NET --batch 1,2 -o rows-out.csv", "sweep NET --batch 1,2 --device rtx-3060",
    "sweep NET --set width=2..32 --sample 3 --seed 1",
)  # fmt: skip

NOT_ASKED = {"watch": "runs until it is stopped", "lsp": "serves until its client is gone"}

#: What options are tried with: what goes to both runs, and the value in one of them.
VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    flag: tuple(("", value) for value in values)
    for flag, values in {
        "--input": ("41x41x3",), "--net": ("conv3-8",), "--set": ("width=6", "window=3"),
        "--batch": ("4",), "--precision": ("amp-fp16",), "--checkpoint": ("every-block", "seq:2"),
        "--augmented": ("2",), "--prefetch": ("2",), "--columns": ("layer,macs", "macs"),
        "--sort": ("macs", "-training_memory"), "--as": ("fvcore",), "--max-params": ("10",),
        "--max-macs": ("10",), "--max-activations": ("10",), "--max-inference-memory": ("10B",),
        "--max-training-memory": ("10B",), "--select": ("CC105",), "--ignore": ("CC2",),
        "--stdin-filename": ("x.yaml",), "--write": ("",), "--memory": ("2GiB",),
        "--device": ("rtx-3060",), "--sram": ("20KiB",), "--flash": ("20KiB",),
        "--context": ("100MiB",), "--max-compute": ("20%",), "--seed": ("7",),
        "--layers": ("stem..relu1",), "--weights": ("net.npz",), "--array": ("in.npy",),
        "--save": ("kept.npz",), "--keep": ("stem",), "--layer": ("relu1",), "--average": ("2",),
        "--against": ("net.onnx",), "--height": ("33..40",), "--width": ("33..40",),
        "--base": ("HEAD",), "--fail-on-increase": ("params=0",), "--random-weights": ("1",),
        "--torch": ("a:b",), "--kwargs": ('{"a":1}',), "--until": ("stem",), "--name": ("Other",),
        "--svg": ("other.svg",), "--pareto": ("-training_memory",), "--where": ("params<1",),
        "--top": ("1",), "--sample": ("1",), "--processes": ("2",), "--on": ("ray:auto",),
        "--resume": ("resumed.csv",), "--at": ("0,0,1", "1,1"), "--output": ("written",),
        "sweep --ema": ("true",), "sweep --keep-grads": ("true",),
        "sweep --dtype": ("float16",), "sweep --optimizer": ("adam",),
        "sweep --clip-grad": ("norm",),
        "sweep --optimizer-impl": ("loop",), "sweep --shard": ("none",),
        "sweep --set": ("width=6",),
        "import --from": ("onnx", "keras"), "sizes --from": ("20",), "sizes --to": ("30",),
    }.items()
} | {
    "--weight-decay": (("", "0.1"), ("--optimizer adam", "0.1")),
    "--optimizer-impl": (("", "loop"), ("--optimizer adam", "loop")),
    "--foreach": (("", ""),), "--loop": (("", ""), ("--optimizer adam", "")),
    "--clip-grad": (("", "norm"), ("--optimizer sgd", "norm"), ("--optimizer adam", "norm")),
    "--accumulate": (("--batch 2", "2"), ("", "2")),
    "--gpus": (("", "2 --shard ddp"),), "--shard": (("", "zero1 --gpus 2"),),
    "--search": (("", "params --sample 2"), ("", "-training_memory --sample 1")),
}  # fmt: skip

#: What need not matter: how it is asked (an expression), which option, and why.
LEFT = {
    (".*", "--trusted"): "reads files that are larger than these",
    (".*", "--color"): "what holds no colour is the same in all three",
    (".*", "--foreach"): "the default by another name",
    ("analyze .*--format .*", "--expand"): "every layer is a row of its own in them",
    ("check .*--format json", "--notes"): "JSON always has them",
    ("check .*--format json", "--no-notes"): "JSON always has them",
    ("check .*--format github", "--no-notes"): "the default",
    ("diff NET NET", "--expand"): "nothing differs",
    ("diff NET NET", "--fail-on-increase"): "nothing differs",
    ("diff NET NET", "--fail-on-difference"): "nothing differs",
    ("diff .*--format .*", "--expand"): "every layer is a row of its own in them",
    ("explain NET scores 2", "--set"): "the line of one of its outputs holds for any input",
    ("demo", "--rounding"): "the net of the demo has no remainder",
    ("demo.*", "--format"): "text is its one format",
    (
        "(?!.*json).*",
        "--clip-grad",
    ): "some bytes a tensor before the step, at the peak of no net here",
    ("diff .*", "--clip-grad"): "the same",
    ("fit NET --memory 1GiB", "--optimizer-impl"): "here the largest batch is one of the backward",
    ("fit NET --memory 1GiB", "--loop"): "the same",
    ("verify NET --gradients .*", "--exact-kernels"): "Winograd's kernel runs none of these layers",
    ("check wrong.yaml --fix", "--all"): "there is one repair",
    ("check wrong.yaml --fix", "--write"): "it changes an expectation alone, which takes a number",
    ("sweep .*", "--processes"): "the same rows, sooner",
}
