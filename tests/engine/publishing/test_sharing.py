"""流程文件夹或压缩包：它自己的文件，连同它用到的公共文件夹；来历不明的一概不收。"""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from engine.publishing.folders import FolderRefused, imports_of, read_folder, read_zip
from engine.publishing.schema import check_schema
from engine.workflow.yaml_text import YamlTooLarge, read_yaml
from tests.engine.publishing.small import LOOP

CALL = '<bpmn:callActivity id="ca" name="调用" calledElement="{}" /></bpmn:process>'


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    """A folder of procedures with the loop and two shared folders."""
    shutil.copytree(LOOP, tmp_path / "loop")
    for name in ("asked", "layout"):
        (tmp_path / "shared" / name).mkdir(parents=True)
    (tmp_path / "shared/asked/procedure.yaml").write_text("id: asked\nkind: shared\n", "utf-8")
    (tmp_path / "shared/layout/page.typ").write_text("#let page = 1\n", "utf-8")
    return tmp_path


def _zipped(files: dict[str, str], links: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            if name in links:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


def _own(processes: Path) -> dict[str, str]:
    loop = processes / "loop"
    return {
        f"loop/{path.relative_to(loop).as_posix()}": path.read_text("utf-8")
        for path in loop.rglob("*")
        if path.is_file()
    }


class TestAFolder:
    """文件夹名即流程标识。"""

    def test_holds_its_files_by_their_place_among_procedures(self, processes: Path) -> None:
        folder = read_folder(processes / "loop")

        assert set(folder.files) >= {"loop/procedure.yaml", "loop/forms/step.form"}
        assert (folder.procedure, folder.home) == ("loop", "loop")
        assert b"id: loop" in folder.rules

    def test_scenarios_stand_apart(self, processes: Path) -> None:
        (processes / "loop/scenarios").mkdir()
        (processes / "loop/scenarios/one.yaml").write_text("steps: []", "utf-8")
        folder = read_folder(processes / "loop")

        assert list(folder.scenarios) == ["loop/scenarios/one.yaml"]
        assert "loop/scenarios/one.yaml" not in folder.files

    @pytest.mark.parametrize(
        ("path", "old", "new"),
        [
            ("loop.bpmn", "</bpmn:process>", CALL.format("asked")),
            ("loop.bpmn", 'formRef="step"', 'formRef="shared/asked:step"'),
            ("procedure.yaml", "outcomes:", "uses: [asked]\noutcomes:"),
            ("procedure.yaml", "form: clue", "form: 'shared/asked:clue'"),
        ],
    )
    def test_what_it_shares_comes_with_it(
        self, processes: Path, path: str, old: str, new: str
    ) -> None:
        """调用的、写在 uses 里的、表单所在的公共文件夹，一并冻结。"""
        file = processes / "loop" / path
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

        assert "shared/asked/procedure.yaml" in read_folder(processes / "loop").files

    def test_a_layout_that_templates_import_too(self, processes: Path) -> None:
        (processes / "loop/documents").mkdir()
        (processes / "loop/documents/a.typ").write_text(
            '#import "../../shared/layout/page.typ": page\n#include "./b.typ"\n', "utf-8"
        )
        folder = read_folder(processes / "loop")

        assert "shared/layout/page.typ" in folder.files
        assert imports_of("loop/documents/a.typ", folder.files["loop/documents/a.typ"]) == [
            "shared/layout/page.typ",
            "loop/documents/b.typ",
        ]

    def test_a_shared_folder_by_itself(self, processes: Path) -> None:
        folder = read_folder(processes / "shared/asked")

        assert (folder.procedure, folder.home) == ("asked", "shared/asked")
        assert b"id: asked" in folder.rules


class TestWhatIsRefused:
    """上传的一切都先疑后信。"""

    def test_a_folder_without_rules(self, processes: Path) -> None:
        with pytest.raises(FolderRefused, match=r"no procedure\.yaml"):
            read_folder(processes / "shared/layout")

    def test_a_file_of_another_kind(self, processes: Path) -> None:
        (processes / "loop/run.py").write_text("", "utf-8")
        with pytest.raises(FolderRefused, match=r"run\.py is not a kind of file"):
            read_folder(processes / "loop")

    @pytest.mark.parametrize("name", ["missing", "../../etc", ".git"])
    def test_a_shared_folder_that_is_not_there(self, processes: Path, name: str) -> None:
        file = processes / "loop/procedure.yaml"
        text = file.read_text("utf-8").replace("outcomes:", f"uses: [{name}]\noutcomes:")
        file.write_text(text, "utf-8")
        with pytest.raises(FolderRefused, match="which is not in"):
            read_folder(processes / "loop")

    def test_rules_that_are_no_yaml(self, processes: Path) -> None:
        (processes / "loop/procedure.yaml").write_text("id: [", "utf-8")
        with pytest.raises(FolderRefused, match="is not YAML"):
            read_folder(processes / "loop")


class TestAZip:
    """压缩包只含一个文件夹，不落盘，不越界。"""

    def test_is_read_like_the_folder(self, processes: Path) -> None:
        folder = read_zip(_zipped(_own(processes)), processes / "shared")

        assert folder.files == read_folder(processes / "loop").files

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            (("loop/../x.yaml",), "leaves the folder"),
            (("/etc/x.yaml",), "leaves the folder"),
            (("loop\\x.yaml",), "leaves the folder"),
            (("other/x.yaml",), "one folder"),
            (("loop/x.exe",), "not a kind of file"),
        ],
    )
    def test_or_refused(self, processes: Path, names: tuple[str, ...], said: str) -> None:
        files = {**_own(processes), **dict.fromkeys(names, "x")}
        with pytest.raises(FolderRefused, match=said):
            read_zip(_zipped(files), processes / "shared")

    def test_links_are_refused(self, processes: Path) -> None:
        files = {**_own(processes), "loop/link.yaml": "/etc/passwd"}
        with pytest.raises(FolderRefused):
            read_zip(_zipped(files, ("loop/link.yaml",)), processes / "shared")

    def test_too_many_or_too_large_files(self, processes: Path) -> None:
        many = {f"loop/{number}.md": "" for number in range(2_001)}
        with pytest.raises(FolderRefused, match="too many files"):
            read_zip(_zipped(many), processes / "shared")
        with pytest.raises(FolderRefused, match="too large"):
            read_zip(_zipped({"loop/a.md": " " * 5_000_001}), processes / "shared")

    def test_what_is_no_zip(self, processes: Path) -> None:
        with pytest.raises(FolderRefused, match="cannot be read"):
            read_zip(b"PK", processes / "shared")

    def test_a_name_that_cannot_be_a_procedures(self, processes: Path) -> None:
        files = {
            path.replace("loop/", "Loop 1/", 1): text for path, text in _own(processes).items()
        }
        with pytest.raises(FolderRefused, match="cannot name a procedure"):
            read_zip(_zipped(files), processes / "shared")


class TestTheSchema:
    """procedure.yaml 的每处错误都说明位置，用中文说明改法。"""

    @pytest.mark.parametrize(
        ("old", "new", "place", "zh"),
        [
            ("kind: procedure", "kind: play", "kind", "不在允许的范围内"),
            ("value: 15", "value: soon", "deadlines.DL-LP-1", "类型应为"),
            ("id: loop", "id: Loop 1", "id", "写法应符合"),
            ("title: {zh: 计时用的循环", "titel: {zh: x", "", "不认识 titel"),
            ("summary:", "# summary:", "", "缺少 summary"),
        ],
    )
    def test_says_what_and_where(self, old: str, new: str, place: str, zh: str) -> None:
        text = (LOOP / "procedure.yaml").read_text("utf-8")
        assert old in text
        found = list(check_schema(text.replace(old, new, 1).encode(), file="p"))

        assert any(one.element.startswith(place) and zh in one.zh for one in found)

    def test_what_is_no_yaml_with_its_line(self) -> None:
        (found,) = check_schema(b"id: x\nkind: [", file="p")

        assert found.line >= 2


class TestYaml:
    """别名不能让几行文字无限膨胀。"""

    def test_an_alias_that_holds_itself(self) -> None:
        with pytest.raises(YamlTooLarge, match="stands in"):
            read_yaml(b"a: &a [*a]")

    def test_aliases_that_grow(self) -> None:
        lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 7)]
        with pytest.raises(YamlTooLarge, match="more than"):
            read_yaml("\n".join(lines).encode())
