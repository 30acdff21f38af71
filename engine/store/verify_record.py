"""Verify an exported record without the platform: one file, Python's own library only.

    python3 verify_record.py RECORD.zip [--key HEX]... [--heads HEADS.json]

The archive is what `wenze export-record` wrote, or the record of one case in the package of
`wenze retire`, where each anchor proves that case's chain alone. Every chain is walked from its
beginning:
each entry's digest, its link to the one before, its number, the chain's head; then the
batches of looks; then the anchors with their Merkle roots (RFC 6962), their signatures
(Ed25519, RFC 8032) and what each saw of each chain. Give the public keys that you hold
from elsewhere by --key (`wenze record-key` prints it): without one a forger with a key of
his own is not seen. Exit code 0: whole; 1: broken; 2: cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

NOTHING_BEFORE = "0" * 64
ENTRIES, HEADS, LOOKS, ANCHORS = "entries.jsonl", "heads.json", "looks.jsonl", "anchors.jsonl"
ACCESS, ANCHOR = "access", "anchors"


@dataclass(frozen=True)
class Finding:
    """A place where the record no longer holds together.

    Attributes:
        stream: The chain.
        sequence: The entry's number; 0 for the chain as a whole.
        kind: ``edited``, ``missing``, ``unlinked``, ``cut``, ``headless``, ``differs``,
            ``unsigned``, ``stranger``.
        detail: What was expected and what stands there.
    """

    stream: str
    sequence: int
    kind: str
    detail: str


@dataclass
class Seen:
    """What walking the chains found: each digest by chain and number, and each chain's end."""

    digests: dict[tuple[str, int], str] = field(default_factory=dict)
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)


def verify(path: str, keys: list[str], heads: dict[str, Any] | None = None) -> Iterator[Finding]:
    """Yield every finding in the archive at `path`.

    Args:
        path: A file of `wenze export-record`.
        keys: Public keys to trust, 64 hex digits each; none trusts those in the archive.
        heads: Stream to [count, digest], kept elsewhere at an earlier time.
    """
    seen = Seen()
    with zipfile.ZipFile(path) as archive:
        stored = json.loads(archive.read(HEADS))
        yield from _chains(_lines(archive, ENTRIES), stored, seen)
        yield from _looks(_lines(archive, LOOKS), seen)
        yield from _anchors(_lines(archive, ANCHORS), keys, seen)
    for stream, (count, digest) in sorted((heads or {}).items()):
        yield from _held(seen, stream, count, digest, "the heads kept elsewhere")


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as file:
        for line in file:
            yield json.loads(line)


def _chains(
    lines: Iterator[dict[str, Any]], stored: dict[str, Any], seen: Seen
) -> Iterator[Finding]:
    for line in lines:
        entry = json.loads(line["canonical"])
        stream, number = line["stream"], line["sequence"]
        before, previous = seen.ends.get(stream, (0, NOTHING_BEFORE))
        if number != before + 1:
            yield Finding(stream, before + 1, "missing", f"the next entry is {number}")
        elif entry["previous"] != previous:
            yield Finding(stream, number, "unlinked", f"expected {previous}")
        said = entry["stream"], entry["sequence"], digest_as(line["digest"], line["canonical"])
        if said != (stream, number, line["digest"]):
            yield Finding(stream, number, "edited", f"its digest says {line['digest']}")
        seen.ends[stream] = number, line["digest"]
        seen.digests[stream, number] = line["digest"]
    for stream, (number, digest) in sorted(seen.ends.items()):
        head = stored.get(stream)
        if head is None:
            yield Finding(stream, 0, "headless", f"{number} entries and no head")
        elif (head[0], head[1]) != (number, digest):
            yield Finding(stream, number, "cut", f"the head says {head[0]} entries")
    for stream in sorted(set(stored) - set(seen.ends)):
        if stored[stream][0]:
            yield Finding(stream, 0, "cut", f"the head says {stored[stream][0]} entries")


def _looks(lines: Iterator[dict[str, Any]], seen: Seen) -> Iterator[Finding]:
    number, previous = 0, NOTHING_BEFORE
    for batch in lines:
        content = json.loads(batch["canonical"])
        if batch["number"] != number + 1:
            yield Finding(ACCESS, number + 1, "missing", f"the next batch is {batch['number']}")
        elif content[0] != previous:
            yield Finding(ACCESS, batch["number"], "unlinked", f"expected {previous}")
        if len(content) - 1 != batch["count"]:
            detail = f"{len(content) - 1} of {batch['count']} entries"
            yield Finding(ACCESS, batch["number"], "missing", detail)
        elif digest_as(batch["digest"], batch["canonical"]) != batch["digest"]:
            yield Finding(ACCESS, batch["number"], "edited", f"its digest says {batch['digest']}")
        number, previous = batch["number"], batch["digest"]
        seen.digests[ACCESS, number] = previous


def _anchors(lines: Iterator[dict[str, Any]], keys: list[str], seen: Seen) -> Iterator[Finding]:
    number, previous = 0, NOTHING_BEFORE
    for line in lines:
        anchor = json.loads(line["canonical"])
        if "path" in line:  # of one chain alone: the anchors between are elsewhere
            number, previous = anchor["number"] - 1, anchor["previous"]
        if anchor["number"] != number + 1:
            yield Finding(ANCHOR, number + 1, "missing", f"the next anchor is {anchor['number']}")
        elif anchor["previous"] != previous:
            yield Finding(ANCHOR, anchor["number"], "unlinked", f"expected {previous}")
        number, previous = anchor["number"], line["digest"]
        if digest_as(line["digest"], line["canonical"]) != line["digest"]:
            yield Finding(ANCHOR, number, "edited", f"its digest says {line['digest']}")
        signature = bytes.fromhex(line["signature"])
        if not has_signed(anchor["key"], signature, line["canonical"].encode()):
            yield Finding(ANCHOR, number, "unsigned", "the signature is not of this anchor")
        elif keys and anchor["key"] not in keys:
            yield Finding(ANCHOR, number, "stranger", f"signed by the key {anchor['key']}")
        if not _gives_root(anchor, line):
            yield Finding(ANCHOR, number, "edited", "its leaves do not give its root")
        for stream, count, digest in line["leaves"]:
            yield from _held(seen, stream, count, digest, f"anchor {number}")


def _gives_root(anchor: dict[str, Any], line: dict[str, Any]) -> bool:
    """Return whether the leaves that stand with an anchor give its root."""
    algorithm = anchor["root"].partition(":")[0]
    leaves = [
        json.dumps(leaf, ensure_ascii=False, separators=(",", ":")).encode()
        for leaf in line["leaves"]
    ]
    if "path" in line:
        root = root_by(leaves[0], line["index"], anchor["streams"], line["path"], algorithm)
    elif len(leaves) == anchor["streams"]:
        root = merkle_root(leaves, algorithm)
    else:
        return False
    return bool(f"{algorithm}:{root.hex()}" == anchor["root"])


def _held(seen: Seen, stream: str, count: int, digest: str, by: str) -> Iterator[Finding]:
    found = seen.digests.get((stream, count))
    if found is None:
        yield Finding(stream, count, "cut", f"{by} saw this entry")
    elif found != digest:
        yield Finding(stream, count, "differs", f"{by}: {digest}")


def digest_as(named: str, canonical: str) -> str:
    """Return the digest of `canonical` by the algorithm that `named` begins with."""
    algorithm = named.partition(":")[0]
    return f"{algorithm}:{hashed(canonical.encode(), algorithm).hex()}"


def hashed(content: bytes, algorithm: str) -> bytes:
    """Return the digest of `content`; unknown algorithms count as SHA-256, and so do not match."""
    if algorithm != "sm3":
        return hashlib.sha256(content).digest()
    try:
        return hashlib.new("sm3", content).digest()
    except ValueError:  # this Python was built without it
        return sm3(content)


def merkle_root(leaves: list[bytes], algorithm: str) -> bytes:
    """Return the root of RFC 6962 over `leaves`."""
    if not leaves:
        return hashed(b"", algorithm)
    level = [hashed(b"\x00" + leaf, algorithm) for leaf in leaves]
    while len(level) > 1:
        pairs = len(level) // 2
        level = [
            *(hashed(b"\x01" + level[2 * n] + level[2 * n + 1], algorithm) for n in range(pairs)),
            *level[2 * pairs :],
        ]
    return level[0]


def root_by(leaf: bytes, index: int, size: int, path: list[str], algorithm: str) -> bytes:
    """Return the root that an audit path (RFC 6962 §2.1.1) leads to; nothing where it is none."""
    found, rest = hashed(b"\x00" + leaf, algorithm), [bytes.fromhex(one) for one in path]
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                return b""
            beside = rest.pop(0)
            found = hashed(b"\x01" + (beside + found if index % 2 else found + beside), algorithm)
        index, size = index // 2, (size + 1) // 2
    return b"" if rest or index else found


FIRST_ROUNDS = 16


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def sm3(content: bytes) -> bytes:
    """Return the SM3 digest (GB/T 32905-2016), 32 bytes."""
    bits = len(content) * 8
    padded = content + b"\x80" + b"\x00" * ((55 - len(content)) % 64) + bits.to_bytes(8, "big")
    state = [
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
        0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    ]  # fmt: skip
    for start in range(0, len(padded), 64):
        state = _sm3_block(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_block(state: list[int], block: bytes) -> list[int]:
    words = [int.from_bytes(block[n : n + 4], "big") for n in range(0, 64, 4)]
    for n in range(16, 68):
        mixed = words[n - 16] ^ words[n - 9] ^ _turn(words[n - 3], 15)
        mixed ^= _turn(mixed, 15) ^ _turn(mixed, 23)
        words.append(mixed ^ _turn(words[n - 13], 7) ^ words[n - 6])
    a, b, c, d, e, f, g, h = state
    for n in range(64):
        first = n < FIRST_ROUNDS
        turned = _turn(0x79CC4519 if first else 0x7A879D8A, n)
        ss1 = _turn((_turn(a, 12) + e + turned) & 0xFFFFFFFF, 7)
        ff = a ^ b ^ c if first else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if first else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ _turn(a, 12)) + (words[n] ^ words[n + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + words[n]) & 0xFFFFFFFF
        d, c, b, a = c, _turn(b, 9), a, tt1
        h, g, f, e = g, _turn(f, 19), e, tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17)
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905


_P = 2**255 - 19  # of Ed25519, RFC 8032 §5.1: only verification (§5.1.7) is here
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _point(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes stand for; None where they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (not x and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = cast("Point", _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")))


def has_signed(public: str, signature: bytes, content: bytes) -> bool:
    """Return whether `signature` (64 bytes) is that of `content` by `public` (64 hex digits)."""
    try:
        key = bytes.fromhex(public)
    except ValueError:
        return False
    if len(key) != 32 or len(signature) != 64:  # noqa: PLR2004
        return False
    owner, noise = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if owner is None or noise is None or scalar >= _L:
        return False
    mixed = hashlib.sha512(signature[:32] + key + content).digest()
    left = _times(scalar, _BASE)
    right = _add(noise, _times(int.from_bytes(mixed, "little") % _L, owner))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % _P
        or (left[1] * right[2] - right[1] * left[2]) % _P
    )


def main(arguments: list[str], say: Callable[[str], object] = print) -> int:
    """Verify what the command line names; return the exit code."""
    parser = argparse.ArgumentParser(
        description="核验导出的记录 / Verify an exported record of Wenze, without the platform."
    )
    parser.add_argument("archive")
    parser.add_argument("--key", action="append", default=[], help="可信公钥 / a key to trust")
    parser.add_argument("--heads", help="另处保存的链头 / heads kept elsewhere (JSON)")
    given = parser.parse_args(arguments)
    try:
        heads = None
        if given.heads:
            with open(given.heads, encoding="utf-8") as file:  # noqa: PTH123
                heads = json.load(file)
        findings = list(verify(given.archive, given.key, heads))
    except (OSError, KeyError, TypeError, ValueError, IndexError, zipfile.BadZipFile) as broken:
        say(f"无法读取 / cannot be read: {given.archive}: {type(broken).__name__}: {broken}")
        return 2
    for one in findings:
        say(f"{one.stream} #{one.sequence} {one.kind}: {one.detail}")
    say(f"{len(findings)} 处断裂 / {len(findings)} breaches")
    if not given.key:
        say(
            "未指定可信公钥：只能发现损坏，不能发现另持密钥者的伪造。/ "
            "No trusted key given: damage is seen, a forger with a key of his own is not."
        )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
