"""The least batch that a net is trained with: statistics of a batch need two numbers a channel."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis


class LeastBatch(NamedTuple):
    """The least images of one forward and backward pass in training."""

    images: int
    layer: str
    """The first layer that asks for them; '' where one image will do."""

    @property
    def because(self) -> str:
        """Why fewer images are not trained."""
        return (
            f"{self.layer} has 1 number a channel and image: PyTorch trains it with "
            f"{self.images} images or more"
        )


def least_batch(analysis: Analysis) -> LeastBatch:
    """The least (micro-)batch that PyTorch trains a network with."""
    found = LeastBatch(1, "")
    for row in analysis.rows:
        layer = row.step.layer
        if layer is not None and row.inputs:
            images = layer.least_training_batch(row.inputs)
            if images > found.images:
                found = LeastBatch(images, row.step.name)
    return found
