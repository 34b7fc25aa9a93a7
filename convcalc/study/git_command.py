"""One command of git: what it prints, and what it complains of."""

from typing import TYPE_CHECKING

from convcalc.study.errors import HungGitError, LoadError

if TYPE_CHECKING:
    from convcalc.study.git import Git


def printed(folder: str, most: int, *command: str) -> tuple[bytes, int, str]:
    """What git prints, `most` bytes of it (all for -1); its exit code; what it complains of.

    Raises:
        LoadError: there is no git, or a name stands for several commits.
    """
    with started(folder, *command) as git:
        data = git.read(most)
        code, said = git.end()
        if git.hung:
            raise HungGitError(said)
    if git.ambiguous:
        from convcalc.study.ambiguous import why_ambiguous

        wrong = why_ambiguous(folder, git.ambiguous)
        if wrong:
            raise LoadError(wrong)
    return data, code, said


def started(folder: str, *command: str, asked: bool = False) -> "Git":
    """A git that runs.

    Raises:
        LoadError: there is none.
    """
    from convcalc.study.git import Git  # 8 ms, for this one option

    try:
        return Git(folder, *command, asked=asked)
    except (OSError, ValueError) as error:  # a name with a zero byte in it
        raise LoadError(f"cannot run git: {getattr(error, 'strerror', error)}") from error
