"""A Keras model to a flat graph: every call of every layer, nested models entered."""

from collections import Counter
from typing import BinaryIO

from convcalc.findings import plain
from convcalc.interop.called import called
from convcalc.interop.flat import Builder, Flat, NoInputError, Scope, SourceCounts, UnreadableError
from convcalc.interop.read.archive import MOST_BYTES, member, parsed
from convcalc.interop.read.frozen import of_frozen
from convcalc.interop.read.keras.asked import Asked, Part
from convcalc.interop.read.keras.contradictions import hold_batches, refuse_contradictions
from convcalc.interop.read.keras.data_format import channels_first
from convcalc.interop.read.keras.free import FREE
from convcalc.interop.read.keras.layers import CLASSES, HANDLERS
from convcalc.interop.read.keras.models import KerasLayer, Model, model_of
from convcalc.interop.read.keras.norms import SCALED_SUM, SPREADING
from convcalc.interop.read.keras.order import Plan, plan_of
from convcalc.interop.read.keras.origin import OPERATOR
from convcalc.interop.read.keras.policies import of_policies
from convcalc.interop.read.keras.shaping import PREPARING
from convcalc.interop.read.keras.shared import Shared
from convcalc.interop.read.keras.steps import Step
from convcalc.interop.refusals import NoKindError, Refusals
from convcalc.interop.returned import give_back
from convcalc.layers.option import RejectedError
from convcalc.shapes import LARGEST_SIZE, Shape

_MOST_CALLS = 20_000
_MOST_READS = 200_000
_MOST_LETTERS = 4 * 2**20


def read(path: str, file: BinaryIO | bytes, shape: Shape | None = None) -> Flat:
    """The flat graph of a .keras archive or of the JSON of `model.to_json()`.

    Raises:
        UnreadableError: it is damaged, or no Keras model of layers.
        UnsupportedError: some layers have no kind.
    """
    data = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    archive = data[:2] == b"PK"
    if archive:
        data = member(data if isinstance(file, bytes) else file, _is_config, "config.json")
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the model has more than {MOST_BYTES:,} bytes")
    try:
        root = parsed(data, "the model")
        model = model_of(root)
        refuse_contradictions(root, model)
        shared = Shared(root, model, archive)
    except RecursionError as error:
        raise UnreadableError("the model is nested too deep") from error
    return _Reading(path, model, shared).read(shape)


def _is_config(name: str) -> bool:
    return name == "config.json"


class _Reading:
    """A model while it is read."""

    def __init__(self, path: str, model: Model, shared: Shared) -> None:
        self.path = path
        self.model = model
        self.shared = shared
        self.builder = Builder()
        self.refusals = Refusals()
        self.first = channels_first(model)
        self.owners: dict[tuple[int, int], int] = {}
        self.notes: list[str] = []
        self.noted: list[str] = []
        self.left_out: set[str] = set()
        self.frozen: dict[int, bool] = {}
        """Of the layers that learn, which are."""
        self.plans: dict[int, Plan] = {}
        self.calls = 0
        self.reads = 0
        self.letters = 0

    def read(self, shape: Shape | None) -> Flat:
        """The whole model."""
        given = self.inputs(self.model, shape)
        outputs = self.run(self.model, given, "", ())
        self.refusals.raise_if_any(self.flat([]))
        if "GaussianNoise" in self.left_out:
            self.notes.append("GaussianNoise: left out, it does nothing in inference")
        preparing = sorted(self.left_out - {"GaussianNoise"})
        if preparing:
            which = "it prepares" if len(preparing) == 1 else "they prepare"
            self.notes.append(f"{', '.join(preparing)}: left out, since {which} data")
        frozen = of_frozen(
            sum(self.frozen.values()), len(self.frozen), "layers with weights", "trainable=False"
        )
        self.notes += filter(None, (of_policies(self.model), self.shared.unsaid(), frozen))
        for text, count in Counter(self.noted).items():
            self.notes.append(f"{text} ({count} times)" if count > 1 else text)
        found = [i for i in outputs if i >= 0]
        for i, name in zip(outputs, self.model.returned, strict=False):
            if i >= 0:
                give_back(self.builder.items, i, [name])
        if not found:
            raise UnreadableError("the model has no output")
        return self.flat(found)

    def flat(self, outputs: list[int]) -> Flat:
        """The layers so far, with these outputs."""
        return Flat(
            self.path,
            self.model.name,
            "Keras 3 model",
            called(self.builder.items),
            tuple(dict.fromkeys(outputs)),
            self.builder.roundings,
            SourceCounts(),
            tuple(self.notes),
            tuple(self.builder.faults),
        )

    def inputs(self, model: Model, shape: Shape | None) -> list[int]:
        """The input layers of the outermost model."""
        layers = [layer for layer in model.layers if layer.cls == "InputLayer"]
        if model.inputs:
            by_name = {layer.name: layer for layer in layers}
            layers = [by_name[ref.layer] for ref in model.inputs if ref.layer in by_name]
        if not layers:
            built = model.input_shape
            if shape is None and built is None:
                raise NoInputError("the model has no input shape: give it with --input HxWxC")
            return [self.builder.input("input", self.shape_of(built, shape, "the model"))]
        hold_batches(layers)
        found = []
        for layer in layers:
            stated = layer.config.get("batch_shape") or layer.config.get("batch_input_shape")
            given = shape if len(layers) == 1 else None
            size = self.shape_of(stated, given, layer.config.name, len(layers))
            found.append(self.builder.input(layer.name, size, len(layers) == 1))
        return found

    def shape_of(self, stated: object, given: Shape | None, name: str, inputs: int = 1) -> Shape:
        """The shape of an input without its batch, channels last."""
        if given is not None:
            return given
        rest = list(stated)[1:] if isinstance(stated, list | tuple) else []
        if not 1 <= len(rest) <= 4:
            raise UnreadableError(f"input {name} has no shape of 1 to 4 axes")
        if any(dim is None for dim in rest):
            advice = "give it with --input HxWxC"
            if inputs > 1:
                advice = f"save it with one, --input is for one input and there are {inputs}"
            which = NoInputError if inputs == 1 else UnreadableError
            raise which(f"input {name} has an axis without a size: {advice}")
        sizes = tuple(dim for dim in rest if type(dim) is int and 1 <= dim <= LARGEST_SIZE)
        if len(sizes) != len(rest):
            raise UnreadableError(f"input {name} has a size that is none: {plain(str(rest)[:60])}")
        return (*sizes[1:], sizes[0]) if self.first and len(sizes) > 1 else sizes

    def run(
        self, model: Model, given: list[int], prefix: str, scopes: tuple[Scope, ...]
    ) -> list[int]:
        """One call of a model: the items of its outputs; -1 where one has no kind."""
        given = (given[:1] or [-1]) if model.sequential else given
        plan = self.plans.get(id(model))
        if plan is None:
            plan = self.plans[id(model)] = plan_of(model)
        if len(given) != len(plan.inputs):
            count = f"{len(plan.inputs)} input{'s' * (len(plan.inputs) != 1)}"
            raise UnreadableError(f"model {model.name} takes {count}, got {len(given)}")
        made = dict(zip(plan.inputs, given, strict=True))
        for step in plan.steps:
            reads = [made.get(ref, -1) for ref in step.reads]
            outputs = self.call(step, reads, prefix, scopes)
            made |= {step.made._replace(output=j): item for j, item in enumerate(outputs)}
        self.reads += len(plan.outputs)
        return [made.get(ref, -1) for ref in plan.outputs]

    def call(
        self,
        step: Step,
        reads: list[int],
        prefix: str,
        scopes: tuple[Scope, ...],
    ) -> list[int]:
        """One call of a layer or nested model."""
        layer, given = step.layer, step.call
        path = f"{prefix}{layer.name}"
        self.count(path, len(reads))
        if layer.model is not None:
            inner = (*scopes, Scope(plain(path), plain(layer.model.name)))
            if given.values:
                self.refusals.add(f"a model with {given.said()}", path, reads)
            if given.keys is not None and given.keys != layer.model.keys:
                raise UnreadableError(f"model {path} has no inputs {', '.join(given.keys)[:80]}")
            return self.run(layer.model, reads, f"{path}/", inner)
        handler = step.handler or HANDLERS.get(layer.cls)
        if handler is None:
            self.refusals.add(plain(layer.cls), plain(path), reads)
            return [-1]
        if not reads:
            raise UnreadableError(f"layer {path} reads no other layer")
        if any(item < 0 for item in reads):
            return [-1]
        if layer.cls in PREPARING:
            self.left_out.add(layer.cls)
        alone = step.handler is None
        if alone and layer.cls.removeprefix(OPERATOR) in SPREADING and not self.first:
            reads = self.spread(reads, path, scopes)
        try:
            if layer.cls == SCALED_SUM and len(reads) == 2:
                by = {"by": layer.config.number("scale", 1.0)}
                name = f"{path}.scale"
                reads = [reads[0], self.builder.add("scale", by, (reads[1],), name, path, scopes)]
            shapes = tuple(self.builder.shape(item) for item in reads)
            asked = Asked(
                layer.cls, layer.config, shapes, self.first, self.noted, given, layer.built
            )
            if layer.cls in CLASSES and alone:
                asked.refuse_values()
            parts = handler(asked)
            unread = layer.config.values.unread(FREE, (None, False))
            if unread and layer.cls not in PREPARING:
                raise NoKindError(f"{layer.cls} {unread}")
            return [self.parts(parts, reads, path, scopes, layer)]
        except (NoKindError, RejectedError, UnreadableError) as error:
            behind = [item for item in reads if not self.builder.shape(item)]
            if behind:  # a fault, which is what is said
                return behind[:1]
            if isinstance(error, UnreadableError):
                raise
            if isinstance(error, RejectedError):
                raise UnreadableError(f"layer {plain(path)}: {error}") from error
            self.refusals.add(str(error), path, reads)
        return [-1]

    def count(self, path: str, reads: int) -> None:
        """Bound a call more: a small file with models in models, each called twice, is a large net.

        Raises:
            UnreadableError: there are too many calls, what they read, or letters in their names.
        """
        self.calls += 1
        self.reads += reads
        self.letters += len(path)
        if self.calls > _MOST_CALLS:
            raise UnreadableError(f"more than {_MOST_CALLS:,} calls of layers")
        if self.reads > _MOST_READS:
            raise UnreadableError(f"calls of layers read more than {_MOST_READS:,} volumes")
        if self.letters > _MOST_LETTERS:
            text = f"the names of the layers in their models have more than {_MOST_LETTERS:,}"
            raise UnreadableError(f"{text} letters")

    def spread(self, reads: list[int], path: str, scopes: tuple[Scope, ...]) -> list[int]:
        """Items of as many axes each: those of fewer get axes of 1 in front, as Keras does."""
        shapes = [self.builder.shape(item) for item in reads]
        most = max(map(len, shapes))
        return [
            self.builder.add(
                "reshape",
                {"shape": (*(1,) * (most - len(shape)), *shape)},
                (item,),
                f"{path}.reshape",
                path,
                scopes,
            )
            if 0 < len(shape) < most
            else item
            for item, shape in zip(reads, shapes, strict=True)
        ]

    def parts(
        self,
        parts: list[Part],
        reads: list[int],
        path: str,
        scopes: tuple[Scope, ...],
        layer: KerasLayer,
    ) -> int:
        """The layers that a Keras layer becomes, one after the other.

        Args:
            parts: the layers.
            reads: the items that the first reads.
            path: what the source calls it: another layer may be called so too.
            scopes: the models around it.
            layer: which it is: all its calls share the weights of the first.
        """
        inputs = tuple(reads)
        for i, part in enumerate(parts):
            name = path if i == 0 else f"{path}.{part.kind}"
            key = (id(self.shared.first_of(layer, path)), i) if part.learns else None
            shares = self.owners.get(key) if key else None
            made = self.builder.add(part.kind, part.options, inputs, name, path, scopes, shares)
            if key:
                self.owners.setdefault(key, made)
                self.frozen[key[0]] = layer.config.values.get("trainable") is False
            inputs = (made,)
        return inputs[0]
