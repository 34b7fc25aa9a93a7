"""The net about which an editor asks: a block, its argument, its inner names, and variables."""

NET = """\
input: 32x32x3
vars: {width: 16}
blocks:
  double:
    args: {width: , act: 1}
    layers:
      - conv: {filters: =2*width, kernel: 3, pad: 1}
        name: inner
      - relu
layers:
  - conv: {filters: =width, kernel: 3, pad: 1}
    name: stem
  - double: {width: =width}
    name: body
  - conv: {filters: 16, kernel: 3, pad: 1}
  - add:
    from: [stem, conv1]
  - identity:
    from: body.inner
"""
