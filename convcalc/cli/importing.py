"""`convcalc import FILE -o net.yaml`: a model of another tool as a readable spec."""

import click

from convcalc.cli.endings import suited
from convcalc.cli.gather import Once, OneOf
from convcalc.cli.options import ShapeType
from convcalc.cli.output import Output, file_option, write_spec
from convcalc.cli.streams import FaultyError, tell
from convcalc.interop.formats import FORMATS
from convcalc.shapes import Shape


@click.command(
    "import",
    epilog="""\b
Examples:
  convcalc import model.onnx -o net.yaml
  convcalc import net.pt2 --flat
  convcalc import --torch torchvision.models:resnet18 --input 224x224x3 -o net.yaml
""",
)
@click.argument("model", required=False, metavar="FILE")
@click.option(
    "--from",
    "format_",
    type=OneOf(FORMATS),
    help="The format (default: by the file's content).",
)
@click.option(
    "--torch", metavar="MODULE:NAME", help="A torch.nn.Module, or a function that makes one."
)
@click.option("--kwargs", default="{}", metavar="JSON", help="Keyword arguments for --torch.")
@click.option(
    "--input", "input_", cls=Once, type=ShapeType(), help="Input size, where the file has none."
)
@click.option("--flat", is_flag=True, help="One entry a layer, with the model's own names.")
@click.option("--until", default="", metavar="NODE", help="End the net with this node.")
@click.option("--unfold-batch-norm", is_flag=True, help="Take back merged batch norms.")
@click.option("--name", default="", help="Name of the net.")
@file_option
def command(
    model: str | None,
    format_: str | None,
    torch: str | None,
    kwargs: str,
    input_: Shape | None,
    flat: bool,
    until: str,
    unfold_batch_norm: bool,
    name: str,
    out: Output,
) -> None:
    """Write a model of another tool as a spec: ONNX, .pt2, Keras, Caffe, darknet, Ultralytics.

    Repeated parts become blocks; the text is read back and compared with the model, layer by layer,
    before it is written. --torch imports and runs the module that it names, in a child process;
    a file is never run.
    """
    from convcalc.study.imported import Import, UnsupportedOperatorsError, imported

    if (model is None) == (torch is None):
        raise click.UsageError("name a FILE, or a module with --torch MODULE:NAME")
    suited(out.file, "yaml")
    asked = Import(
        model, torch, kwargs, input_, format_ or "", flat, until, unfold_batch_norm, name
    )
    try:
        made = imported(asked)
    except UnsupportedOperatorsError as error:
        raise FaultyError(f"Error: {error}") from error
    for note in made.notes:
        tell(note)
    write_spec(made.text, out.file)
