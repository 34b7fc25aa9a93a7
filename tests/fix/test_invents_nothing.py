"""`check --fix`: what another tool calls a layer becomes ours with the numbers that are there."""

import re
from collections import Counter

import pytest

from convcalc import dialects
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

#: words that tools write with a rank, or that are no key of the table
CLASSES = (
    *("Conv2d", "ConvTranspose2d", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D"),
    *("GroupNorm", "PixelShuffle", "PixelUnshuffle", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d"),
    *("AvgPool2d", "AveragePooling2D", "ZeroPad2d", "Upsample", "Linear", "Dense", "PReLU"),
    *("BatchNorm2d", "LayerNorm", "LeakyReLU", "ELU", "Dropout2d", "Unflatten", "Reshape"),
    *("ChannelShuffle", "LPPool2d", "FractionalMaxPool2d", "ReflectionPad2d", "Pooling"),
    *("InnerProduct", "Eltwise", "Softmax", "Interpolate", "Resizing", "CenterCrop", "Crop"),
    *("Scale", "Slice", "MaxPool2d"),
)
#: entries of a word: alone, with one number, with two, with an option
FORMS = (
    *("{}", "{}:", "{}: {{}}", "{}()", "nn.{}()", "type: {}", "relu {} relu", "{}: true"),
    *("{}: 6", "{}: [6, 5]", "{}(6)", "{}(6, 5)", "{}6", "{}-6", "{}5-6", "{}: x", "{}: 5x6"),
    *("{}: {{kernel_size: 5}}", "{}: {{units: 6}}", "{}: {{padding: same}}", "{}: {{size: 6}}"),
)
#: what the tool itself takes where a call does not say it: the numbers of its documentation
DEFAULTS = {
    "upsampling": "2",  # keras.layers.UpSampling2D(size=(2, 2))
    "maxpooling": "2",  # keras.layers.MaxPooling2D(pool_size=(2, 2))
    "zeropadding": "1",  # keras.layers.ZeroPadding2D(padding=(1, 1))
    "cropping": "0",  # keras.layers.Cropping2D(cropping=((0, 0), (0, 0)))
    "groupnormalization": "32",  # keras.layers.GroupNormalization(groups=32)
    "leaky": "0.1",  # darknet's activation
    "leakyrelu": "0.01",  # torch.nn.LeakyReLU(negative_slope=0.01)
    "pooling": "1",  # Caffe's stride
    "localresponsenorm": "0.0001 0.75 1.0",  # torch.nn.LocalResponseNorm's alpha, beta, k
    "lrn": "0.75 1.0",  # Caffe's beta and k
}
_HALF = re.compile(r"pad: (?:\[[0-9, ]+\]|[0-9]+)")  #: of a short form: half its window
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@pytest.mark.parametrize("word", dict.fromkeys((*dialects.kinds.KINDS, *CLASSES)))
def test_a_repair_invents_no_number(word: str) -> None:
    allowed = Counter(DEFAULTS.get(dialects.folded(word), "").split())
    for form in FORMS:
        entry = form.format(word)
        spec = f"input: 8x8x16\nlayers:\n  - {entry}\n"
        offer = words_replaced(load("net.yaml", spec.encode()))
        if offer is None:
            continue
        made = "\n".join(offer.text.splitlines()[2:]).replace("l2_pool", "").replace("relu6", "")
        own = _HALF.sub("", made) if entry[-1].isdigit() else made
        invented = Counter(_NUMBER.findall(own)) - Counter(_NUMBER.findall(entry)) - allowed
        assert not invented, (entry, made)
