"""Names of other writings in ASCII letters: the field's words as they are said in English, kana and
others by their sounds, all other signs by their numbers.

Imported only where something is wrong.
"""

import re
import unicodedata

#: what Chinese, Japanese and Korean files call layers, the longest first
_WORDS = {
    "畳み込み": "conv", "畳込み": "conv", "卷积": "conv", "捲積": "conv", "합성곱": "conv",
    "プーリング": "pool", "池化": "pool", "풀링": "pool",
    "全连接": "fc", "全連接": "fc", "全结合": "fc", "全結合": "fc",
    "激活": "act", "啟動": "act", "活性化": "act",
    "归一化": "norm", "歸一化": "norm", "正規化": "norm", "正则化": "norm",
    "输入": "in", "輸入": "in", "入力": "in", "입력": "in",
    "输出": "out", "輸出": "out", "出力": "out", "출력": "out",
    "残差": "residual", "殘差": "residual", "捷径": "shortcut", "拼接": "concat", "相加": "add",
    "合并": "merge", "合併": "merge", "結合": "concat", "分类": "classes", "分類": "classes",
    "特征": "features", "特徵": "features", "特徴": "features",
    "编码": "encoder", "編碼": "encoder", "解码": "decoder", "解碼": "decoder",
    "下采样": "down", "上采样": "up", "注意力": "attention", "瓶颈": "bottleneck",
    "主干": "backbone", "块": "block", "塊": "block", "ブロック": "block", "블록": "block",
    "层": "layer", "層": "layer", "층": "layer", "头": "head", "頭": "head",
}  # fmt: skip
_DIGITS = "〇一二三四五六七八九"
_NUMBER = f"(?P<tens>[{_DIGITS}]?)(?P<ten>十)(?P<ones>[{_DIGITS}]?)|[{_DIGITS}]+"
_KNOWN = re.compile("|".join([*sorted(_WORDS, key=len, reverse=True), _NUMBER]))
#: of a letter's name in Unicode: what it sounds like
_SOUND = re.compile("(?:LETTER|SYLLABLE|CHARACTER) (?:(?:SMALL|CAPITAL|FINAL|INITIAL) )*([A-Z]+)")


def spelled(name: str) -> str:
    """A name without letters that have no likeness in ASCII; accents are left as they are.

    >>> spelled("卷积一"), spelled("さくら"), spelled("块二十"), spelled("été")
    (' conv  1 ', 'sakura', ' block  20 ', 'été')
    """
    words = _KNOWN.sub(_in_english, unicodedata.normalize("NFC", name))
    return "".join(map(_letter, words))


def _in_english(match: re.Match[str]) -> str:
    if match["ten"]:
        tens, ones = (_DIGITS.find(match[part] or "〇") for part in ("tens", "ones"))
        return f" {10 * (tens or 1) + ones} "
    number = "".join(str(_DIGITS.index(digit)) for digit in match[0] if digit in _DIGITS)
    return f" {_WORDS.get(match[0], number)} "


def _letter(letter: str) -> str:
    """A letter of another writing by its sound or number; any other sign as it is."""
    if letter.isascii() or unicodedata.category(letter)[0] != "L":
        return letter
    if any(part.isascii() and part.isalnum() for part in unicodedata.normalize("NFKD", letter)):
        return letter
    sound = _SOUND.search(unicodedata.name(letter, ""))
    if sound is not None:
        return sound[1].lower()
    return "" if unicodedata.category(letter) == "Lm" else f"u{ord(letter):x}"
