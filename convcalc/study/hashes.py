"""Git's names of files: whether one is the same is known without reading it from git."""


def is_blob(data: bytes, number: str) -> bool:
    """Whether git's hash is that of some bytes, or of them with the line ends of Unix."""
    return number in hashes(data, len(number))


def hashes(data: bytes, digits: int) -> list[str]:
    """Git's hashes, of so many digits, of some bytes, and of them with the line ends of Unix."""
    from hashlib import new

    how = "sha1" if digits == 40 else "sha256"
    texts = dict.fromkeys((data, data.replace(b"\r\n", b"\n")))
    heads = ((text, b"blob %d\0" % len(text)) for text in texts)
    return [new(how, head + text, usedforsecurity=False).hexdigest() for text, head in heads]
