"""案卷压缩包：各材料编号，摘要清单对得上；名字出不了文件夹。"""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.documents.packing import Packed, digests_in, file_in, pack, safe_name

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


class TestPacked:
    """每份材料一个编号，末尾是清单。"""

    def test_each_under_its_number_with_its_digest(self) -> None:
        files = [Packed("决定书.pdf", b"a"), Packed("决定书.pdf", b"b")]
        content = pack(files, made_at=AT)
        assert content == pack(files, made_at=AT)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert packed.namelist() == ["001-决定书.pdf", "002-决定书.pdf", "SHA256SUMS"]
            assert packed.read("SHA256SUMS").decode() == (
                f"{hashlib.sha256(b'a').hexdigest()}  001-决定书.pdf\n"
                f"{hashlib.sha256(b'b').hexdigest()}  002-决定书.pdf\n"
            )
            assert packed.infolist()[0].date_time == (2026, 3, 2, 9, 0, 0)


def packed_otherwise(**changed: bytes | None) -> bytes:
    """A package of ``001-a`` and ``002-b`` in which somebody changed, added or removed files."""
    content = pack([Packed("a", b"aa"), Packed("b", b"bb")], made_at=AT)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        held: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
        for name, one in {**held, **changed}.items():
            if one is not None:
                target.writestr(name, one)
    return file.getvalue()


class TestReadingBack:
    """核验每一份之后，才算数；缺一份、多一份、改一字，都不算。"""

    AA = hashlib.sha256(b"aa").hexdigest()

    def test_each_file_is_there_by_its_digest(self) -> None:
        package = packed_otherwise()
        assert digests_in(package) == {self.AA, hashlib.sha256(b"bb").hexdigest()}
        assert file_in(package, self.AA) == b"aa"
        with pytest.raises(KeyError):
            file_in(package, "0" * 64)

    @pytest.mark.parametrize(
        "package",
        [
            b"",
            b"PK\x05\x06",
            packed_otherwise(**{"001-a": None}),
            packed_otherwise(**{"001-a": b"ab"}),
            packed_otherwise(**{"003-c": b"c"}),
            packed_otherwise(SHA256SUMS=None),
            packed_otherwise(SHA256SUMS=b""),
        ],
    )
    def test_what_is_not_whole_is_refused(self, package: bytes) -> None:
        with pytest.raises(ValueError, match=r"package"):
            digests_in(package)

    def test_what_is_altered_is_not_given_out(self) -> None:
        with pytest.raises(ValueError, match="altered"):
            file_in(packed_otherwise(**{"001-a": b"ab"}), self.AA)


class TestNames:
    """名字是别人写的。"""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("记录.txt", "记录.txt"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x\\y.doc", "C__x_y.doc"),
            ("a\u202egnp.exe", "a_gnp.exe"),
            ("a\x00b.pdf", "a_b.pdf"),
            ("长" * 200 + ".pdf", "长" * 80 + ".pdf"),
            ("没有点" * 60, ("没有点" * 60)[:80]),
            ("...", "_"),
            ("a.verylongending", "a.verylongending"),
        ],
    )
    def test_are_one_part_of_a_path(self, given: str, kept: str) -> None:
        assert safe_name(given) == kept
