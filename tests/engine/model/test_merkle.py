from __future__ import annotations

import hashlib

import pytest

from engine.model.digests import SHA256, SM3, algorithm_of, digest, raw_digest
from engine.model.merkle import path_to, root_by, root_of

LEAVES = [f"leaf {n}".encode() for n in range(11)]


def sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


class TestDigests:
    """A digest names its algorithm; a record may hold several."""

    def test_sm3_is_that_of_the_standard_example(self) -> None:
        # GB/T 32905-2016, example 1: the message "abc".
        assert digest(b"abc", SM3) == (
            "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        )

    def test_the_name_says_how_to_check_it(self) -> None:
        assert algorithm_of(digest(b"x", SM3)) == SM3
        assert algorithm_of(digest(b"x")) == SHA256
        assert algorithm_of("md5:00") == SHA256

    def test_an_unknown_algorithm_makes_nothing(self) -> None:
        with pytest.raises(ValueError, match="md5"):
            raw_digest(b"x", "md5")


class TestRoot:
    """RFC 6962 §2.1: leaves behind 0, nodes behind 1, split at the largest power of two below n."""

    def test_no_leaves_have_the_digest_of_nothing(self) -> None:
        assert root_of([]) == sha(b"")

    def test_one_leaf_is_hashed_behind_a_zero(self) -> None:
        assert root_of([b"a"]) == sha(b"\x00a")

    def test_three_leaves_split_into_two_and_one(self) -> None:
        a, b, c = (sha(b"\x00" + leaf) for leaf in (b"a", b"b", b"c"))
        assert root_of([b"a", b"b", b"c"]) == sha(b"\x01" + sha(b"\x01" + a + b) + c)

    def test_five_leaves_split_into_four_and_one(self) -> None:
        a, b, c, d, e = (sha(b"\x00" + leaf) for leaf in (b"a", b"b", b"c", b"d", b"e"))
        four = sha(b"\x01" + sha(b"\x01" + a + b) + sha(b"\x01" + c + d))
        assert root_of([b"a", b"b", b"c", b"d", b"e"]) == sha(b"\x01" + four + e)

    def test_another_order_has_another_root(self) -> None:
        assert root_of([b"a", b"b"]) != root_of([b"b", b"a"])


class TestPath:
    """An audit path leads from one leaf to the root, and from no other leaf."""

    @pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
    @pytest.mark.parametrize("algorithm", [SHA256, SM3])
    def test_each_leaf_reaches_the_root(self, size: int, algorithm: str) -> None:
        leaves = LEAVES[:size]
        root = root_of(leaves, algorithm)
        for index, leaf in enumerate(leaves):
            path = path_to(leaves, index, algorithm)
            assert root_by(leaf, index, size, path, algorithm) == root
            assert root_by(b"other", index, size, path, algorithm) != root

    def test_a_path_of_another_length_is_refused(self) -> None:
        path = path_to(LEAVES, 3)
        with pytest.raises(ValueError, match="short"):
            root_by(LEAVES[3], 3, len(LEAVES), path[:-1])
        with pytest.raises(ValueError, match="long"):
            root_by(LEAVES[3], 3, len(LEAVES), (*path, b"x"))

    def test_a_leaf_outside_of_the_tree_has_none(self) -> None:
        with pytest.raises(IndexError):
            path_to(LEAVES, len(LEAVES))
        with pytest.raises(ValueError, match="outside"):
            root_by(b"x", 4, 4, ())
