"""What there is to say of batch norms that an exporter merged into convolutions."""

from collections.abc import Mapping

from convcalc.quantity import counted

_KEEPS = (
    "the model that is trained keeps more (`convcalc import --unfold-batch-norm` takes it back)"
)
#: in the note of a file that has some, where they are taken back
TAKEN_BACK = " is taken back: "


def merged(folded: Mapping[str, int], unfold: bool) -> list[str]:
    """The notes.

    Args:
        folded: how many convolutions have one, by how that is known: ``said`` or ``named``.
        unfold: the batch norms are taken back.
    """
    if unfold and folded:
        into = counted(sum(folded.values()), "convolution")
        what = "a bias before it and what the norm learned are not in the file"
        return [
            f"batch norm merged into {into}{TAKEN_BACK}`bias: false` and `batch_norm`, as is "
            f"usual ({what})"
        ]
    notes = []
    if said := folded.get("said"):
        into = counted(said, "convolution")
        notes.append(f"batch norm was merged into {into} by the exporter: {_KEEPS}")
    if named := folded.get("named"):
        notes.append(
            f"the exporter made new weights and biases for {counted(named, 'convolution')}, as "
            "where it merges a batch norm (or where both are worked out, `w * 2` and `b * 2`): "
            f"with one, {_KEEPS}"
        )
    return notes
