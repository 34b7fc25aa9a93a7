"""From a flat graph to a file that looks written by hand: branches, blocks, arguments, repeats.

`clean` drops what says nothing, `branches` finds what runs in parallel, `blocks` what repeats,
`arguments` what differs between repetitions; `entries` and `lines` make the text, `prove` reads
it back and holds it against the flat graph.
"""
