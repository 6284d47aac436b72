"""What is said about tested requirements comes from tests that ran and passed."""

import json
from pathlib import Path

import pytest

from ops.coverage import DOCUMENT, PROJECT, claimed, document, drift, known_rows, main, passed

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["tests.traceability"]'
INI = '[pytest]\nmarkers = ["req(id): a row"]\n'.replace('["', "").replace('"]', "")


def run(pytester: pytest.Pytester, tests: str, *options: str) -> tuple[pytest.RunResult, Path]:
    """Run a small suite with the plugin; return how it ended and where it noted what."""
    pytester.makeconftest(CONFTEST)
    pytester.makeini(INI)
    pytester.makepyfile(test_small=f"import pytest\n{tests}")
    notes = pytester.path / "notes.json"
    done = pytester.runpytest_subprocess(
        "-q", f"--requirements-file={notes}", f"-opythonpath={PROJECT}", *options
    )
    return done, notes


@pytest.mark.parametrize("processes", ["-n0", "-n1"])
def test_what_passed_is_noted_and_what_failed_is_not(
    pytester: pytest.Pytester, processes: str
) -> None:
    """
    Also with several processes, where reports come from elsewhere.
    """
    done, notes = run(
        pytester,
        """
@pytest.mark.req("OTA-17", "OTA-18")
def test_good(): pass

@pytest.mark.req("OTA-18")
def test_bad(): assert False

@pytest.mark.req("CHIBA-07")
@pytest.mark.parametrize("n", [1, 0])
def test_half(n): assert n

@pytest.mark.req("OTA-20")
def test_skipped(): pytest.skip()
""",
        processes,
    )
    noted = json.loads(notes.read_text())

    assert {"passed": 2, "failed": 2, "skipped": 1} == done.parseoutcomes()
    assert {"OTA-17", "OTA-18", "CHIBA-07", "OTA-20"} == set(noted)
    assert {"OTA-17": {"test_small.py::test_good"}} == passed(noted)


def test_a_marker_of_an_unknown_row_stops_the_run(pytester: pytest.Pytester) -> None:
    """
    A slip of the pen would claim nothing, and nobody would notice.
    """
    wrong = ("req('OTA-999')", "req()", "req(17)", "req('OTA-17', 'ota-18')")
    tests = [f"@pytest.mark.{marker}\ndef test_{n}(): pass" for n, marker in enumerate(wrong)]
    done, _ = run(pytester, "\n".join(tests), "-n0")

    assert pytest.ExitCode.USAGE_ERROR == done.ret
    done.stderr.fnmatch_lines(
        ["*unknown requirement rows:*", "*test_0*999'", "*test_1*''", "*test_2*17", "*ota-18'"]
    )


def test_there_are_355_rows_in_five_contracts() -> None:
    """
    A row that is missing here would never be missed.
    """
    rows = known_rows()
    counts = {city: list(rows.values()).count(city) for city in rows.values()}

    assert {"ageo": 67, "urasoe": 62, "ota": 68, "chiba": 80, "yokosuka": 78} == counts
    assert 355 == len(rows)


def test_markers_are_found_without_running_anything(tmp_path: Path) -> None:
    """
    The check has to be quick; also variants and whole files claim rows.
    """
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_it.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.req('OTA-01')\n"
        "@pytest.mark.req('OTA-02', 'OTA-03')\n"
        "async def test_a(): ...\n"
        "@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.req('OTA-04'))])\n"
        "def test_b(n): ...\n"
    )

    expected = {
        "OTA-01": {"tests/test_it.py"},
        "OTA-02": {"tests/test_it.py::test_a"},
        "OTA-03": {"tests/test_it.py::test_a"},
        "OTA-04": {"tests/test_it.py::test_b"},
    }
    assert expected == claimed(folder)


def test_a_row_that_only_running_would_tell_is_refused(tmp_path: Path) -> None:
    """
    What the check cannot see, it could not compare.
    """
    (tmp_path / "test_it.py").write_text("import pytest\npytest.mark.req(ROW)\n")

    with pytest.raises(ValueError, match=r"test_it\.py:2"):
        claimed(tmp_path)


def test_the_document_tells_what_is_tested_and_what_is_not() -> None:
    """
    The same tests give the same text, whatever their order.
    """
    tests = {"OTA-17": {"b", "a"}, "AGEO-01": {"c"}}
    text = document(tests)

    assert "| ota | 68 | 1 | 67 |" in text
    assert "| all | 355 | 2 | 353 |" in text
    assert "| OTA-17 | a<br>b |" in text
    assert "Without a test: AGEO-02, AGEO-03" in text
    assert text == document(dict(reversed(tests.items())))


def test_a_document_that_says_otherwise_than_the_markers_is_noticed() -> None:
    """
    The control of the check: a row more, a row less, a row that there is not.
    """
    written = document({"OTA-17": {"a"}, "OTA-18": {"a"}})

    assert [] == drift(written, {"OTA-17": {"b"}, "OTA-18": {"a"}})
    assert [
        "OTA-18 has no test any more",
        "OTA-19 has a test that the document does not know",
    ] == drift(written, {"OTA-17": {"a"}, "OTA-19": {"a"}})
    assert "OTA-999 is no row of the requirements" in drift(written, {"OTA-999": {"a"}})


def test_rows_whose_tests_failed_are_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The document of a broken build must not claim what is broken.
    """
    monkeypatch.setattr("ops.coverage.DOCUMENT", tmp_path / "coverage.md")
    notes = tmp_path / "notes.json"
    notes.write_text(json.dumps({"OTA-17": {"a": True}, "OTA-18": {"a": True, "b": False}}))

    assert 1 == main(["--write", str(notes)])
    assert "OTA-18" in capsys.readouterr().err
    assert "| OTA-18 |" not in (tmp_path / "coverage.md").read_text()


def test_the_document_is_there() -> None:
    """
    Whether it is up to date is `make check`'s to say.
    """
    assert DOCUMENT.read_text().startswith("# Which requirement has a test")
