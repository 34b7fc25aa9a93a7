"""The net that all contestants run: its plan, and the same random weights and inputs for each."""

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import Limits
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import parameter_bytes, plan

SEED = 0


class Net:
    """A bundled net, its arrays in the kernels' order (channels last)."""

    def __init__(self, name, batch):
        self.network = load(name, zoo.read(name), Overrides(), Limits())
        self.found = analyze(self.network, Settings(batch))
        self.run = plan(self.found)
        self.weights = random_arrays(self.found, self.run, SEED)
        self.inputs = random_inputs(self.found, self.run, SEED)
        self.weight_bytes = parameter_bytes(self.found, self.run)

    def layers(self):
        """(step's number, step, row, numbers of its inputs, owner of its weights) in order."""
        for index in self.run.steps:
            step = self.network.steps[index]
            yield index, step, self.found.rows[index], step.inputs, self.run.owners[index]

    def done(self, index, inputs):
        """The volumes that nobody reads once this step has run."""
        return [i for i in {*inputs, index} if self.run.last_reader[i] <= index]

    @property
    def last(self):
        """The step whose output is compared."""
        return self.run.steps[-1]
