"""The entries of a Keras layer's config that no function needs to read."""

_FREE = frozenset(
    (
        "activity_regularizer",
        "autocast",
        "batch_input_shape",
        "batch_shape",
        "build_config",
        "data_format",
        "dtype",
        "implementation",
        "init_values",
        "input_shape",
        "momentum",
        "renorm_momentum",
        "name",
        "seed",
        "trainable",
    )
)
_LEARNING = ("_initializer", "_regularizer", "_constraint")


class _Free:
    """The entries of a config that change neither sizes nor numbers of a model that is run."""

    def __contains__(self, name: object) -> bool:
        return name in _FREE or (isinstance(name, str) and name.endswith(_LEARNING))


FREE = _Free()
