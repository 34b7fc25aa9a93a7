"""The fields of each layer type's own message: those that are read, and those that change nothing.

What Caffe's own list (caffe.proto) does not have comes from a fork, and means something there.
"""

from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.refusals import NoKindError

_WINDOW = "pad kernel_size stride pad_h pad_w kernel_h kernel_w stride_h stride_w engine"
_CONVOLUTION = (
    "convolution_param",
    f"{_WINDOW} num_output bias_term dilation group axis weight_filler bias_filler force_nd_im2col",
)

#: by type the name of its message, and the fields
_FIELDS = {
    **dict.fromkeys(
        ("Convolution", "Deconvolution", "ConvolutionDepthwise", "DepthwiseConvolution"),
        _CONVOLUTION,
    ),
    "Pooling": ("pooling_param", f"{_WINDOW} pool global_pooling round_mode ceil_mode"),
    "InnerProduct": (
        "inner_product_param",
        "num_output bias_term axis transpose weight_filler bias_filler",
    ),
    "LRN": ("lrn_param", "local_size alpha beta k norm_region engine"),
    "ReLU": ("relu_param", "negative_slope engine"),
    "PReLU": ("prelu_param", "channel_shared filler"),
    "ELU": ("elu_param", "alpha"),
    "Sigmoid": ("sigmoid_param", "engine"),
    "TanH": ("tanh_param", "engine"),
    "Swish": ("swish_param", "beta"),
    "Dropout": ("dropout_param", "dropout_ratio scale_train"),
    "Softmax": ("softmax_param", "axis engine"),
    "Eltwise": ("eltwise_param", "operation coeff stable_prod_grad"),
    "Concat": ("concat_param", "axis concat_dim"),
    "Slice": ("slice_param", "axis slice_dim slice_point"),
    "Flatten": ("flatten_param", "axis end_axis"),
    "Reshape": ("reshape_param", "shape axis num_axes"),
    "BatchNorm": ("batch_norm_param", "use_global_stats moving_average_fraction eps engine"),
    "Scale": ("scale_param", "axis num_axes bias_term filler bias_filler"),
    "Crop": ("crop_param", "axis offset"),
    "Power": ("power_param", "power scale shift"),
}


_OWN = "name type bottom top phase loss_weight param blobs propagate_down include exclude"
_OF_OLD = "blobs_lr weight_decay blob_share_mode"
_OF_FORKS = "forward_type backward_type forward_math backward_math"  # the precision of numbers
_OTHER_TYPES = """accuracy argmax bias clip contrastive_loss data dummy_data embed exp hdf5_data
hdf5_output hinge_loss image_data infogain_loss input log loss memory_data mvn parameter python
recurrent reduction spp threshold tile transform window_data"""

#: the fields of any layer: a message of another type than its own is not looked at
LAYER = frozenset(
    (
        *f"{_OWN} {_OF_OLD} {_OF_FORKS}".split(),
        *(message for message, _ in _FIELDS.values()),
        *(f"{kind}_param" for kind in _OTHER_TYPES.split()),
    )
)


def refuse_unread(kind: str, layer: TextFields) -> None:
    """Refuse a layer with a field that is not read.

    Raises:
        NoKindError: it has one.
    """
    message, known = _FIELDS.get(kind, ("", ""))
    for field in layer.inner(message).message:
        if field not in known.split():
            raise NoKindError(f"{kind} with {field[:60]}")
    for field in layer.message:
        if field not in LAYER:
            raise NoKindError(f"{kind} with {field[:60]}")
