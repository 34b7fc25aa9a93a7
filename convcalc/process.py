"""Whose process this is: the command line's own, or a program's that imports convcalc."""

#: set by the command line before anything else: nobody else is here to notice a short cut
is_ours = False
