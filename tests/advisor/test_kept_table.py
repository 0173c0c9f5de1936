"""The shipped table is kept ready for the next start, and what is kept is never taken for another table."""

import numpy as np
import pytest

from advisor import materials
from advisor.files import shipped
from advisor.materials import bundled
from advisor.properties import numeric_keys


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to keep the table in, for this test alone."""
    monkeypatch.setattr(materials, "_keeping", [])
    materials.keep_in(tmp_path / "cache")
    return tmp_path / "cache"


def read(content=None):
    path = shipped("data", "materials.csv")
    return materials._kept_or_made(path.name, path.read_bytes() if content is None else content)


def alike(one, other):
    assert (one.ids, one.names, one.text, one.sha256, one.version) == (
        other.ids,
        other.names,
        other.text,
        other.sha256,
        other.version,
    )
    for name in ("low", "typical", "high"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
    assert np.array_equal(one.grades, other.grades)


def test_the_kept_table_is_the_one_put_together(folder, monkeypatch):
    made = read()
    alike(made, bundled())
    assert [path.name for path in folder.iterdir()] == ["table.bin"]
    with monkeypatch.context() as patch:
        patch.setattr(materials, "_plain", lambda *_: pytest.fail("put together again"))
        kept = read()
        alike(kept, made)
    assert not any(array.flags.writeable for array in (kept.low, kept.typical, kept.high, kept.grades))
    assert dict(kept.records) == dict(made.records) and list(kept.records) == list(made.records)
    assert len(kept.records) == len(made.records) and (kept.ids[0], "no such") not in kept.records
    assert "no pair" not in kept.records and kept.records.get(("nobody", "name")) is None
    key = numeric_keys()[0]
    assert [kept.grade(row, key) for row in range(9)] == [made.grade(row, key) for row in range(9)]


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_or_foreign_file_is_passed_over_and_made_anew(folder, damage):
    made = read()
    file = folder / "table.bin"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"x" if damage is None else damage)
    alike(read(), made)
    assert file.read_bytes() == whole


def test_another_table_is_never_taken_from_what_is_kept(folder):
    path = shipped("data", "materials.csv")
    content = path.read_bytes()
    made = read(content)
    lines = content.decode().splitlines(keepends=True)
    fewer = read("".join(lines[:-1]).encode())
    assert len(fewer) == len(made) - 1 and fewer.ids == made.ids[:-1]


def test_where_nothing_can_be_written_the_table_is_there_all_the_same(folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(materials, "_keeping", [tmp_path / "file" / "below"])
    alike(read(), bundled())
