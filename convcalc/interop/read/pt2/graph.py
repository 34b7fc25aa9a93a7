"""An exported program to a trace: its JSON checked, its inputs sorted, every node in order."""

import re
from collections import Counter
from typing import Any, BinaryIO

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.archive import member, parsed
from convcalc.interop.read.floats import PT2_FLOATS, other_floats
from convcalc.interop.read.frozen import of_frozen
from convcalc.interop.read.given import Given
from convcalc.interop.read.pt2.calls import running
from convcalc.interop.read.pt2.decomposed import ADVICE
from convcalc.interop.read.pt2.ends import end
from convcalc.interop.read.pt2.entered import entered, refusal
from convcalc.interop.read.pt2.fields import (
    arguments_of,
    integer_of,
    outputs_of,
    scopes_of,
    shape_of,
    tensors_of,
)
from convcalc.interop.read.pt2.handled import called
from convcalc.interop.read.pt2.held import hold_outputs
from convcalc.interop.read.pt2.members import of_program
from convcalc.interop.read.pt2.node import Call, Other
from convcalc.interop.read.pt2.open_sizes import OpenSizes
from convcalc.interop.read.pt2.operators import OPERATORS
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.pt2.signature import misread
from convcalc.interop.read.pt2.sized import sized
from convcalc.interop.read.pt2.stored import Stored
from convcalc.interop.read.pt2.unread import placed, unread
from convcalc.interop.read.pt2.worked_sizes import WorkedSizes
from convcalc.interop.read.pt2.written import odd
from convcalc.interop.read.pt2.written_into import Storages
from convcalc.interop.read.sizes import fitted
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import SOMEWHERE, Tensor, Trace, needed_by
from convcalc.shapes import Shape

_MAJOR = 8
_MINOR = 20
_MOST_NODES = 200_000
_TARGET = re.compile(r"torch\.ops\.aten\.(\w+?)(_?)(?:\.(\w+))?$")
_NO_JSON = {"Infinity": float("inf"), "-Infinity": float("-inf"), "NaN": float("nan")}


def read(path: str, file: BinaryIO | bytes, shape: Shape | None = None) -> Trace:
    """The trace of a .pt2 archive. Weights, samples and pickles beside the graph are not opened.

    Raises:
        UnreadableError: it is damaged, of another version, or no graph.
    """
    members = of_program(file)
    root = parsed(member(file, members.program.__eq__, "models/model.json"), "models/model.json")
    try:
        program = _Program(root, path)
        trace, stored = program.read(shape), Stored(file, members)
        if program.recorded.resized and program.has_example:
            _Program(root, path).read(None)  # what the file states is of its own input
        stored.hold(program.recorded, program.constants)
        trace.taken_sizes.update(dict.fromkeys(f"those of {name}" for name in members.pickles))
        trace.unread, trace.unread_params = unread(trace, stored.places)
        program.recorded.places = placed(stored.places, trace.weights)
        trace.running = lambda: running(program.recorded, trace)
        return trace
    except (LookupError, TypeError, AttributeError, ArithmeticError, ValueError) as error:
        text = f"models/model.json is not an exported program: {odd(root)}"
        raise UnreadableError(text) from error


class _Program:
    """A program while it is read."""

    def __init__(self, root: Any, path: str) -> None:
        version = root["schema_version"]
        if version["major"] != _MAJOR:
            raise UnreadableError(
                f"schema version {version['major']} of torch.export: {_MAJOR} can be read"
            )
        torch = plain(str(root.get("torch_version", ""))[:40])
        #: decomposed programs are functions alone: what overwrote its input can no longer be told
        self.tells_in_place = "TRAINING" in (root.get("verifiers") or ())
        self.module = root["graph_module"]
        entering = entered(self.module)
        self.graph = entering.graph
        self.trace = Trace(path, "", f"torch.export{f', torch {torch}' if torch else ''}")
        self.trace.advice = "" if self.tells_in_place else ADVICE
        self.trace.channels_first = self.trace.tells_learned = True
        if (version.get("minor") or 0) > _MINOR:
            text = f"the file's schema is {_MAJOR}.{version['minor']}, newer than {_MAJOR}.{_MINOR}"
            self.trace.notes.append(text)
        self.trace.notes += entering.notes
        self.emitter = Emitter(self.trace)
        self.tensors: dict[str, Tensor] = {}
        #: what the module calls constants, by the graph's names
        self.constants: dict[str, str] = {}
        #: what calls make of which nothing is known, and their nodes
        self.learning = Counter[bool]()
        """How many parameters are trained (False) and frozen (True)."""
        self.unknown: list[tuple[list[str], str]] = []
        self.given: Shape | None = None
        #: whether the file says an example of every size of its inputs
        self.has_example = True
        self.open = OpenSizes(self.graph)
        self.recorded = Recorded(self.graph["tensor_values"], self.tensors)
        self.recorded.unknown.update(dict.fromkeys(entering.operators))
        self.storages = Storages(self.recorded, self.tensors, self.emitter)
        stated = self.graph.get("sym_int_values") or {}
        self.sizes = WorkedSizes(stated, self.recorded, self.trace.taken_sizes)

    def read(self, shape: Shape | None) -> Trace:
        """Inputs, nodes, outputs; `shape` is the only input's, channels last."""
        nodes = self.graph["nodes"]
        if len(nodes) > _MOST_NODES:
            raise UnreadableError(f"{len(nodes):,} nodes: {_MOST_NODES:,} are the most")
        specs = self.module["signature"]["input_specs"]
        self.given = shape if sum("user_input" in spec for spec in specs) == 1 else None
        for spec in specs:
            self.input(spec)
        if not self.trace.inputs:
            raise UnreadableError("the program has no input")
        for node in nodes:
            self.node(node)
        end(self.trace, self.module, self.graph["outputs"], self.recorded, self.storages)
        self.hold_unknown()
        lies = map(self.recorded.lies, self.recorded.arrays)
        if note := other_floats(PT2_FLOATS[x.dtype] for x in lies if x and x.dtype in PT2_FLOATS):
            self.trace.notes.append(note)
        frozen, every = self.learning[True], self.learning.total()
        if note := of_frozen(frozen, every, "parameters", "requires_grad=False"):
            self.trace.notes.append(note)
        return self.trace

    def hold_unknown(self) -> None:
        """That what the outputs are made from has no part in calls of which nothing is known.

        Such a call may change what it is given (`relu.out`): what it makes is not read, so that
        nothing else would refuse it.
        """
        if not self.unknown:
            return
        made = needed_by(self.trace.outputs)
        for outputs, name in self.unknown:
            makers = (self.tensors[output].maker for output in outputs)
            if not any(id(maker) in made for maker in makers):
                text = f"{name} may change what it is given, and nothing reads what it makes"
                raise UnreadableError(f"{text}: it is not known what it does")

    def input(self, spec: Any) -> None:
        """A parameter, a buffer, or an input of the net."""
        ((sort, value),) = spec.items()
        if sort == "user_input":
            name = (value["arg"].get("as_tensor") or {}).get("name")
            if name is None:
                return
            sizes, stated = self.shape_of(name), self.graph["tensor_values"][name]["sizes"]
            if self.given is not None:
                axes = [size.get("as_int") for size in stated[1:]]
                self.has_example = None not in map(integer_of, stated)
                example, sizes = sizes, (*sizes[:1], *fitted(axes, self.given))
                self.given = self.given if sizes != example else None
                self.recorded.resized = self.given is not None
            tensor = Tensor(name, sizes)
            self.recorded.images = sizes[0] if sizes else 1
            self.sizes.open_batch |= bool(stated) and "as_int" not in stated[0]
            self.tensors[name] = tensor
            self.open.made(name, tensor)
            self.trace.inputs.append(tensor)
            self.recorded.inputs.append(name)
            return
        arg = value.get("arg") or {}
        name = arg.get("name") or (arg.get("as_tensor") or {}).get("name")
        if not isinstance(name, str):
            return
        called = value.get("parameter_name") or value.get("buffer_name") or name
        tensor = Tensor(str(called), self.shape_of(name), None, frozenset({str(called)}))
        self.tensors[name] = tensor
        self.recorded.arrays[name] = str(called), sort == "parameter"
        self.constants[name] = str(value.get("tensor_constant_name") or called)
        self.trace.weights[str(called)] = tensor.shape or ()
        if sort != "parameter":
            self.trace.buffers.add(str(called))
        else:
            self.learning[self.graph["tensor_values"][name].get("requires_grad") is False] += 1

    def shape_of(self, name: str) -> Shape:
        """The shape that the file states of a tensor, checked; an open axis has its example."""
        stated = self.graph["tensor_values"].get(name)
        if stated is None:
            text = f"models/model.json: graph.tensor_values has no {plain(str(name)[:80])}"
            raise UnreadableError(text)
        return shape_of(stated["sizes"], plain(name[:80]))

    def node(self, node: Any) -> None:
        """One call."""
        target = str(node["target"])
        name = plain(str(node.get("name") or target)[:200])
        scopes = scopes_of((node.get("metadata") or {}).get("nn_module_stack", ""))
        match = _TARGET.match(target)
        short = match.group(1) if match else plain(target[:80])
        self.emitter.at(name, f"aten.{short}" if match else short, scopes)
        names, given = outputs_of(node["outputs"]), arguments_of(node["inputs"], bool(match))
        arguments = Given({called: self.value(argument) for called, argument in given.items()})
        self.trace.advice = self.trace.advice or refusal(target)
        kind = "".join(match.group(1, 2)) if match else short
        self.recorded.nodes.append(Node(name, kind, given, tuple(names)))
        if not names:
            if not self.sizes.made(short, arguments, node["outputs"]):
                text = f"{self.emitter.source} makes no tensor: what it does is not known"
                raise UnreadableError(f"{name}: {text}")
            return
        if self.tells_in_place:
            self.emitter.overwrites = bool(match and match.group(2))
        call = Call(short, arguments, self.emitter, len(names))
        call.size_of = lambda name: self.open.of(given.get(name))
        handler = OPERATORS.get(short) if match else None
        call.follows = bool(handler) and self.sizes.fixed(short, arguments, name)
        overload = f"{kind}.{(match and match.group(3)) or 'default'}"
        wrong = misread(overload, node["inputs"]) if handler else self.emitter.source
        made = called(handler, call) if handler and not wrong else call.unsupported(wrong)
        if (not handler or wrong) and self.recorded.nodes[-1].reads:
            self.unknown.append((names, f"{name}: {wrong or self.emitter.source}"))
        results = made if isinstance(made, list) else [made]
        for i, output in enumerate(names):
            tensor = results[i] if i < len(results) else self.emitter.unsupported([])[0]
            if i == 0 or tensor is not results[0]:
                tensor.name = output
            if tensor.constant and call.follows:
                tensor.of_batch = SOMEWHERE
            if tensor.constant and tensor.shape is None:
                known = match and not i and not (handler and wrong)
                tensor.shape = sized(short, arguments) if known else None
                if tensor.shape is None:  # computed, as far as is known
                    why = str(tensor.maker.attrs.get("why", "")) if tensor.maker else ""
                    tensor = self.emitter.unsupported([], 1, why)[0]
                    tensor.name = output
            self.tensors[output] = tensor
            self.open.made(output, tensor)
        hold_outputs(self.recorded, self.recorded.nodes[-1])
        self.storages.made(self.recorded.nodes[-1])

    def value(self, argument: Any) -> Any:
        """The value of an argument: tensors by their names."""
        ((sort, value),) = argument.items()
        match sort:
            case "as_tensor":
                return self.tensor(value["name"])
            case "as_tensors":
                return [self.tensor(entry["name"]) for entry in value]
            case "as_optional_tensor":
                return self.tensor(value["as_tensor"]["name"]) if "as_tensor" in value else None
            case "as_optional_tensors" | "as_nested_tensors" | "as_string_to_argument":
                return [self.tensor(one) for one in tensors_of(argument)]
            case "as_none":
                return None
            case "as_ints" | "as_bools":
                return list(value[:64])
            case "as_floats":
                return [_real(entry) for entry in value[:64]]
            case "as_float":
                return _real(value)
            case "as_int" | "as_bool" | "as_string":
                return value
            case "as_sym_int":
                return self.sizes.of(value, self.emitter.name)
            case "as_sym_ints":
                return [self.sizes.of(entry, self.emitter.name) for entry in value[:64]]
            case _:
                return Other(str(sort)[:40], value)

    def tensor(self, name: str) -> Tensor:
        """A tensor that an earlier node made."""
        found = self.storages.now(name)
        if found is None:
            wanted = plain(str(name)[:80])
            text = f"{self.emitter.name} reads {wanted}, which no node produced before it"
            raise UnreadableError(text)
        return found


def _real(value: Any) -> float:
    """A number; JSON has no infinity, so that is a word."""
    return _NO_JSON[value] if isinstance(value, str) else float(value)
