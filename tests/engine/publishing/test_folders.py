"""A procedure's folder is read whole and frozen; what others packed is hostile until checked."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
import yaml

from engine.model.draft_files import FILE_LIMIT
from engine.publishing import folders
from engine.publishing.folders import FolderRefused, read_folder, read_zip
from engine.publishing.manifests import digest_of_manifest, manifest_of, sha256
from engine.publishing.schema import check_schema, published_schema
from engine.workflow.yaml_text import YamlTooLarge, nodes_of, read_yaml

RULES = Path(__file__).parents[1] / "procedures" / "board" / "procedure.yaml"
BOARD = RULES.read_text("utf-8")
CALLING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="w">
  <process id="small" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="c"/>
    <callActivity id="c" calledElement="{called}"/>
    <sequenceFlow id="g" sourceRef="c" targetRef="e"/>
    <endEvent id="e"/>
  </process>
</definitions>"""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Shared folders: `review` uses `layout`; `loop` uses itself."""
    for name, rules in (
        ("review", "id: review\nuses: [layout]"),
        ("layout", "id: layout"),
        ("loop", "id: loop\nuses: [loop]"),
    ):
        folder = tmp_path / "shared" / name
        (folder / "scenarios").mkdir(parents=True)
        (folder / "procedure.yaml").write_text(rules)
        (folder / "scenarios" / "one.yaml").write_text("given: x")
    return tmp_path / "shared"


def packed(files: dict[str, str | bytes], link: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    return file.getvalue()


def refused(content: bytes, shared: Path) -> FolderRefused:
    with pytest.raises(FolderRefused) as caught:
        read_zip(content, shared)
    assert caught.value.zh
    assert caught.value.en == str(caught.value)
    return caught.value


class TestReading:
    """Everything that a procedure consists of, with the shared folders it uses."""

    def test_a_folder_is_read_with_what_it_uses_and_what_that_uses(
        self, tmp_path: Path, shared: Path
    ) -> None:
        own = tmp_path / "small"
        (own / "scenarios").mkdir(parents=True)
        (own / "procedure.yaml").write_text("id: small")
        (own / "small.bpmn").write_text(CALLING.format(called="review"))
        (own / "scenarios" / "SC-1.yaml").write_text("given: x")
        folder = read_folder(own)
        assert set(folder.files) == {
            "small/procedure.yaml",
            "small/small.bpmn",
            "shared/review/procedure.yaml",
            "shared/layout/procedure.yaml",
        }
        assert set(folder.scenarios) == {"small/scenarios/SC-1.yaml"}
        assert folder.rules == b"id: small"

    def test_a_second_diagram_of_the_folder_is_not_looked_for_elsewhere(
        self, tmp_path: Path, shared: Path
    ) -> None:
        own = tmp_path / "small"
        own.mkdir()
        (own / "procedure.yaml").write_text("id: small")
        (own / "small.bpmn").write_text(CALLING.format(called="second"))
        second = CALLING.format(called="review").replace(
            'process id="small"', 'process id="second"'
        )
        (own / "second.bpmn").write_text(second)

        assert set(read_folder(own).files) == {
            "small/procedure.yaml",
            "small/small.bpmn",
            "small/second.bpmn",
            "shared/review/procedure.yaml",
            "shared/layout/procedure.yaml",
        }

    def test_a_zip_gives_the_same(self, shared: Path) -> None:
        folder = read_zip(packed({"small/procedure.yaml": "id: small\nuses: [loop]"}), shared)
        assert set(folder.files) == {"small/procedure.yaml", "shared/loop/procedure.yaml"}

    def test_what_it_uses_must_be_there(self, shared: Path) -> None:
        said = refused(packed({"small/procedure.yaml": "uses: [ghost]"}), shared)
        assert "ghost" in said.en

    def test_rules_that_are_no_mapping_use_nothing(self, shared: Path) -> None:
        assert set(read_zip(packed({"small/procedure.yaml": "[1]"}), shared).files) == {
            "small/procedure.yaml"
        }

    def test_a_folder_without_rules_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(FolderRefused, match=r"no procedure\.yaml"):
            read_folder(tmp_path)


class TestHostileZips:
    """Nothing leaves the folder, grows without bound, or is of another kind."""

    @pytest.mark.parametrize(
        ("files", "said"),
        [
            ({"small/../x.yaml": "a"}, "leaves the folder"),
            ({"/small/procedure.yaml": "a"}, "leaves the folder"),
            ({"./procedure.yaml": "a"}, "leaves the folder"),
            ({"small\\procedure.yaml": "a"}, "leaves the folder"),
            ({"small/run.py": "a"}, "not a kind"),
            ({"small/procedure.yaml": "a", "other/procedure.yaml": "a"}, "one folder"),
            ({"small/other.yaml": "a"}, "one folder"),
            ({}, "one folder"),
            ({"shared/procedure.yaml": "a"}, "cannot name"),
            ({"Small Thing/procedure.yaml": "a"}, "cannot name"),
            ({"small/procedure.yaml": "a: [b"}, "not YAML"),
            ({"small/procedure.yaml": b"\xff\xfe\x00"}, "not YAML"),
        ],
    )
    def test_what_is_wrong_is_said_in_both_languages(
        self, shared: Path, files: dict[str, str | bytes], said: str
    ) -> None:
        assert said in refused(packed(files), shared).en

    def test_links_are_not_taken(self, shared: Path) -> None:
        content = packed({"small/procedure.yaml": "a"}, link="small/passwd.md")
        assert "link" in refused(content, shared).en

    def test_a_bomb_is_cut_off(self, shared: Path) -> None:
        content = packed({"small/procedure.yaml": b"0" * (FILE_LIMIT + 1)})
        assert len(content) < 20_000
        assert "too large" in refused(content, shared).en

    def test_too_much_in_all_and_too_many_files(
        self, shared: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = packed({"small/procedure.yaml": "a", "small/b.md": "b" * 90})
        monkeypatch.setattr(folders, "FOLDER_LIMIT", 90)
        assert "too large" in refused(content, shared).en
        monkeypatch.setattr(folders, "FILES_LIMIT", 1)
        assert "too many" in refused(content, shared).en

    @pytest.mark.parametrize("damage", ["cut", "garbled", "not a zip", "empty"])
    def test_what_cannot_be_read_is_refused(self, shared: Path, damage: str) -> None:
        whole = packed({"small/procedure.yaml": "id: small\n" * 500})
        content = {
            "cut": whole[: len(whole) // 2],
            "garbled": whole[:60] + bytes(byte ^ 0x5A for byte in whole[60:90]) + whole[90:],
            "not a zip": b"<html>",
            "empty": b"",
        }[damage]
        assert "cannot be read" in refused(content, shared).en


class TestManifests:
    """Publishing freezes the digest of everything that a version consists of."""

    def test_every_file_and_value_is_in_it(self, shared: Path) -> None:
        folder = read_zip(
            packed({"small/procedure.yaml": "id: small", "small/scenarios/a.yaml": "x: 1"}), shared
        )
        manifest = manifest_of(folder, parameters={"least": 3})
        assert manifest == {
            "files": {"small/procedure.yaml": sha256(b"id: small")},
            "scenarios": {"small/scenarios/a.yaml": sha256(b"x: 1")},
            "parameters": {"least": 3},
            "switches": {},
        }
        again = manifest_of(folder, parameters={"least": 3}, switches={})
        assert digest_of_manifest(manifest) == digest_of_manifest(again)
        assert digest_of_manifest(manifest) != digest_of_manifest(manifest_of(folder))


class TestYaml:
    """Read without code, and not larger than it looks."""

    def test_anchors_may_be_used(self) -> None:
        assert read_yaml(b"a: &x [1]\nb: *x") == {"a": [1], "b": [1]}
        assert read_yaml("日期: 2026-03-05".encode()) is not None

    def test_an_alias_bomb_is_refused_at_once(self) -> None:
        lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1]"]
        lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
        with pytest.raises(YamlTooLarge, match="200000"):
            read_yaml("\n".join(lines).encode())

    def test_an_alias_of_itself_is_refused(self) -> None:
        with pytest.raises(YamlTooLarge, match="stands in"):
            read_yaml(b"a: &x [*x]")

    @pytest.mark.parametrize("bracket", [b"[", b"{a: ", b"- ", b"? "])
    def test_what_stands_too_deep_is_refused_before_anything_is_built(self, bracket: bytes) -> None:
        """libyaml has no limit of its own: 200,000 brackets once ended the process."""
        with pytest.raises(YamlTooLarge, match="more than 100 deep"):
            read_yaml(bracket * 200_000)

    def test_a_hundred_deep_is_read(self) -> None:
        assert read_yaml(b"[" * 100 + b"]" * 100) is not None
        with pytest.raises(YamlTooLarge):
            nodes_of(b"[" * 101 + b"]" * 101)

    def test_lists_beside_each_other_are_not_deep(self) -> None:
        assert read_yaml(b"- []\n" * 101) == [[]] * 101

    def test_tags_build_no_objects(self) -> None:
        with pytest.raises(yaml.YAMLError):
            read_yaml(b"!!python/object/apply:os.system ['true']")


class TestSchema:
    """`procedure.yaml` is held to a published JSON Schema; each finding names its place."""

    def found(self, text: str) -> list[str]:
        return [finding.zh for finding in check_schema(text.encode(), file="procedure.yaml")]

    def test_it_is_a_schema(self) -> None:
        assert published_schema()["$schema"].endswith("2020-12/schema")

    def test_a_small_one_passes(self) -> None:
        assert self.found(BOARD) == []

    def test_what_is_missing_is_said_once(self) -> None:
        assert len(self.found("id: small")) == 2

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("id: small", "缺少"),
            ("nonsense: 1", "不认识 nonsense"),
            ("id: [1]", "类型"),
            ("id: Has Spaces", "写法"),
            ("kind: odd", "不在允许的范围内"),
            ("deadlines: {DL-1: {}}", "名称 DL-1 的写法应符合"),
            (BOARD.replace("    source: S0篇1§8\n", "", 1), "须注明出处 source"),
            ("a: [b", "不是有效的 YAML"),
            ("a: &x [*x]", "不是有效的 YAML"),
        ],
    )
    def test_what_is_wrong_is_said_in_chinese(self, text: str, said: str) -> None:
        assert any(said in one for one in self.found(text)), self.found(text)
