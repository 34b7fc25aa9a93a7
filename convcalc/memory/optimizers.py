"""The optimizers: one record each. Names, choices, the schema and the pages follow from it.

Temporary tensors are counted as torch.optim 2.13 makes them, by PyTorch's three implementations:
`foreach`, all parameters at once (its default on CUDA); `loop`, one parameter after the other (its
default on a CPU); `fused`, one kernel, without temporary tensors, where the optimizer has one.
To add an optimizer, add its record here and its measured cases to the tests
(``tests/memory/measure_optimizers.py`` measures them).
"""

from convcalc.records import NamedTuple

#: How an optimizer can be implemented; the first is the default.
IMPLEMENTATIONS = ("foreach", "loop", "fused")

#: Tensors of the previous parameter's size and of this one's that a loop holds at the same time,
#: one after the other.
Stages = tuple[tuple[int, int], ...]


class Optimizer(NamedTuple):
    """What an optimizer keeps from step to step, and what a step allocates."""

    name: str
    torch: str
    """How PyTorch calls it."""
    source: str
    """The paper, or where it is described."""
    state: int
    """Tensors of its parameter's size kept for every parameter."""
    counter: int
    """Bytes of the step counter kept for every parameter tensor."""
    foreach: tuple[int, ...]
    """Temporary tensors a parameter, for all parameters at once; one entry after the other."""
    foreach_decay: tuple[int, ...]
    """The same with weight decay."""
    loop: Stages
    """Temporary tensors while the loop is at one parameter."""
    loop_decay: Stages
    """The same with weight decay."""
    fused: bool
    """Whether there is a fused implementation."""
    state_from_gradient: bool = False
    """The state begins as a copy of the first gradient, after the decay is added to it."""


_SGD = (0, (), (1,), (), ((0, 1),), True, True)
_ADAM = (4, (1,), (1, 1), ((1, 2),), ((1, 3),))
_RMSPROP = (4, (1,), (2,), ((1, 1),), ((1, 2),), False)

#: Every optimizer, ``none`` first; ``sgd-momentum`` is the default of every command.
OPTIMIZERS = (
    Optimizer("none", "", "no optimizer", 0, 0, (), (), (), (), True),
    Optimizer("sgd", "SGD()", "Robbins & Monro 1951", 0, *_SGD),
    Optimizer("sgd-momentum", "SGD(momentum=0.9)", "Polyak 1964", 1, *_SGD),
    Optimizer("nesterov", "SGD(momentum=0.9, nesterov=True)", "Sutskever et al. 2013",
              1, 0, (), (1,), ((0, 1),), ((0, 2),), True, True),
    Optimizer("adam", "Adam()", "arXiv:1412.6980", 2, *_ADAM, True),
    Optimizer("adamw", "AdamW()", "arXiv:1711.05101",  # decays its weights in place
              2, 4, (1,), (1,), ((1, 2),), ((1, 2),), True),
    Optimizer("amsgrad", "Adam(amsgrad=True)", "arXiv:1904.09237", 3, *_ADAM, True),
    Optimizer("nadam", "NAdam()", "Dozat 2016",
              2, 8, (1,), (2,), ((1, 2),), ((1, 3),), False),
    Optimizer("adamax", "Adamax()", "arXiv:1412.6980, section 7.1",
              2, 4, (1,), (1,), ((0, 1),), ((0, 2),), False),
    Optimizer("adadelta", "Adadelta()", "arXiv:1212.5701",
              2, 4, (2,), (3,), ((2, 1), (1, 2)), ((2, 2), (1, 3)), False),
    Optimizer("rmsprop", "RMSprop()", "Hinton 2012, lecture 6", 1, *_RMSPROP),
    Optimizer("rmsprop-momentum", "RMSprop(momentum=0.9)", "Hinton 2012, lecture 6",
              2, *_RMSPROP),
    Optimizer("rmsprop-centered", "RMSprop(centered=True)", "arXiv:1308.0850, section 4",
              2, *_RMSPROP),
    Optimizer("adagrad", "Adagrad()", "Duchi et al. 2011",
              1, 4, (2,), (2,), ((1, 1),), ((1, 2),), True),
)  # fmt: skip

BY_NAME = {optimizer.name: optimizer for optimizer in OPTIMIZERS}

#: The names that `--optimizer` takes.
NAMES = tuple(BY_NAME)

#: The optimizers that have a fused implementation.
FUSED = tuple(o.name for o in OPTIMIZERS if o.fused and o.name != "none")
