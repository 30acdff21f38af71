"""钉定的依赖与已知漏洞公告比对：该报的报，读不懂的当作有，换过的数据不用。"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.advisories import NotToBeHad, advisories_in, by_package, compare, main, pins_in

FLASK = {
    "id": "GHSA-m2qf-hxjv-5gpq",
    "severity": "HIGH",
    "v": ">=2.3.0,<2.3.2",
    "fixed_in": "2.3.2",
    "advisory": "permanent session cookie disclosed",
}


class TestPins:
    """constraints.txt 与 setup.cfg 的写法都认得。"""

    def test_each_is_found_by_its_normalized_name(self) -> None:
        text = "# ours\nFlask_Babel==4.0.0\n    psycopg[binary]==3.3.9\nlxml>=6\n\npip==26.1 ; x\n"
        assert list(pins_in(text)) == [
            ("flask-babel", "4.0.0"),
            ("psycopg", "3.3.9"),
            ("pip", "26.1"),
        ]

    def test_ours_are_read_and_agree(self) -> None:
        root = Path(__file__).parents[1]
        pins = dict(pins_in((root / "constraints.txt").read_text("utf-8")))
        wanted = dict(pins_in((root / "setup.cfg").read_text("utf-8")))
        assert len(pins) > len(wanted) > 30
        assert {name: pins.get(name, wanted[name]) for name in wanted} == wanted


class TestComparing:
    """受影响版本的边界照公告所写。"""

    @pytest.mark.parametrize(
        ("release", "code"),
        [("2.2.9", 0), ("2.3.0", 1), ("2.3.1", 1), ("2.3.2", 0)],
    )
    def test_a_pin_within_what_is_affected_is_told(
        self, release: str, code: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert compare({"flask": release}, {"flask": [FLASK]}) == code
        told = capsys.readouterr().out
        assert (f"flask {release}: GHSA-m2qf-hxjv-5gpq (high)" in told) is bool(code)
        assert "mended in 2.3.2" in told or not code

    @pytest.mark.parametrize("affected", ["", "before the flood", "<nonsense"])
    def test_what_cannot_be_read_speaks_of_every_release(self, affected: str) -> None:
        assert compare({"flask": "3.1.3"}, {"flask": [{**FLASK, "v": affected}]}) == 1

    def test_a_release_that_cannot_be_read_is_affected(self) -> None:
        assert compare({"flask": "next"}, {"flask": [FLASK]}) == 1

    def test_an_advisory_without_a_mended_release_says_so(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert compare({"flask": "9"}, {"flask": [{"v": ""}]}) == 1
        assert "mended in no release" in capsys.readouterr().out

    def test_of_other_packages_nothing_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert compare({"lxml": "2.3.1"}, {"flask": [FLASK]}) == 0
        assert "name 0 of the packages" in capsys.readouterr().out


class TestTheData:
    """只认看过的那一份；名称归一后比对。"""

    def test_names_are_normalized_and_brought_together(self) -> None:
        found = by_package({"Flask": [FLASK], "flask": [FLASK], "python.gnupg": []})
        assert found == {"flask": [FLASK, FLASK], "python-gnupg": []}

    @pytest.mark.parametrize("data", [[], None, {"flask": {}}, {"flask": ["<1"]}])
    def test_another_form_is_refused(self, data: object) -> None:
        with pytest.raises(NotToBeHad, match="form"):
            by_package(data)

    def test_another_file_is_refused_unread(self) -> None:
        with pytest.raises(NotToBeHad, match="SHA-256"):
            advisories_in(b"PK another")

    def test_without_the_data_it_says_that_nothing_was_compared(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pins = tmp_path / "pins.txt"
        pins.write_text("Flask==3.1.3\n")
        assert main([str(pins)], fetch=lambda: b"") == 2
        assert capsys.readouterr().out.startswith("Not compared: ")
