"""Receptive fields of very long nets, whose records are made without their constructor."""

from convcalc.analysis.field_columns import FieldColumns
from convcalc.analysis.record import ReceptiveField


def test_each_field_is_given_back_whole() -> None:
    plain = (ReceptiveField(3, 1, 1),) * 2
    about = (ReceptiveField(5, 2, 1, is_estimate=True),) * 2
    periods = (ReceptiveField(4, 1, 0, ((0, 3), (1, 4))),)
    columns = FieldColumns()
    for field in (plain, about, periods, ()):
        columns.append(field)
    assert list(columns) == [plain, about, periods, ()]
    assert [columns[index] for index in range(4)] == [plain, about, periods, ()]
    assert columns[0][0]._asdict() == plain[0]._asdict()
