"""JSON of `verify --average`, schema ``convcalc/average/1``, additions only."""

from convcalc.report.drawing.encode import encoded_page, head, measured
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.json import origin_object
from convcalc.verify.average import Average

SCHEMA = "convcalc/average/1"


def render(found: Average, palette: Palette = PLAIN) -> str:
    """Everything the text says, unrounded, and the averaged scores."""
    analysis = found.analysis
    page = {
        **head(SCHEMA, analysis.network),
        "agrees": found.agrees,
        "dtype": analysis.settings.dtype,
        **origin_object(found.origin),
        "random": list(found.layers),
        "output": list(found.scores.shape),
        "best": found.best,
        "score": measured(found.score),
        "same_best": found.same_best,
        "mean_error": measured(found.mean_error),
        "faults": list(found.faults),
        "passes": [
            {
                "seed": draw.seed,
                "best": draw.best,
                "score": measured(draw.score),
                "error": measured(draw.error),
                "milliseconds": round(draw.seconds * 1e3, 3),
            }
            for draw in found.draws
        ],
        "scores": [measured(float(score)) for score in found.scores.reshape(-1)],
    }
    return encoded_page(page) + "\n"
