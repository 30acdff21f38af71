"""Only what the operator lists is reached, only publicly, and nothing leads elsewhere."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from engine.ports import Message
from scheduler.channels import reaching
from scheduler.channels.outgoing import Outgoing
from scheduler.channels.reaching import NotReached, Reach, is_public, post
from tests.listening import HOST
from tests.scheduler.channels import receivers
from tests.scheduler.channels.test_robots import AT

LISTED = Reach(("hook.example.cn", ".robots.example"))
HERE = Reach((HOST,), private=True)


class TestTheList:
    """只向设置中列出的主机发送，且只用 https。"""

    @pytest.mark.parametrize(
        "address",
        [
            "https://hook.example.cn/a?b=c",
            "https://HOOK.example.cn:8443/",
            "https://a.robots.example/x",
        ],
    )
    def test_listed_hosts_are_admitted(self, address: str) -> None:
        assert LISTED.admits(address)

    @pytest.mark.parametrize(
        "address",
        [
            "http://hook.example.cn/",  # not TLS
            "https://hook.example.cn.evil.example/",
            "https://robots.example/",  # only below it
            "https://evilrobots.example/",
            "https://hook.example.cn@evil.example/",
            "https://evil.example#hook.example.cn",
            "https://hook.example.cn/#x",
            "https://user:pass@hook.example.cn/",
            "https://hook.example.cn\\@evil.example/",
            "https://hook.example.cn/a b",
            "https://hook.example.cn/\r\nX: y",
            "https://hook.example.cn:0/",
            "https://hook.example.cn:99999/",
            "https://[::1/",
            "https://hook。example.cn/",
            "file:///etc/passwd",
            "ftp://hook.example.cn/",
            "",
        ],
    )
    def test_nothing_else_is(self, address: str) -> None:
        assert not LISTED.admits(address)

    def test_what_is_not_admitted_is_never_posted_to(self) -> None:
        with pytest.raises(ValueError, match="may not"):
            post("https://evil.example/", b"", {}, LISTED)

    def test_without_a_list_nothing_is_offered(self) -> None:
        nowhere = Outgoing()

        assert not any(nowhere.offers(kind) for kind in ("mail", "wecom", "generic", "pigeon"))
        with pytest.raises(ValueError, match="may not"):
            nowhere.send("generic", "https://x/", "", Message("1", "a", ("b",), (), AT))


class TestAddresses:
    """解析出的地址必须是公网地址。"""

    @pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "114.114.114.114"])
    def test_public(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",  # the metadata of clouds
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 -- what is refused
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1%eth0",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ],
    )
    def test_not_public(self, address: str) -> None:
        assert not is_public(address)

    def test_a_listed_name_that_leads_inwards_is_not_reached(self) -> None:
        with pytest.raises(NotReached, match="localhost leads to an address that is not public"):
            post("https://localhost/", b"", {}, Reach(("localhost",)))

    def test_a_name_that_leads_both_ways_is_not_reached(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both = [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: both)

        with pytest.raises(NotReached, match="not public"):
            Reach(("x.example",)).resolved("x.example", 443)

    def test_a_public_name_is_connected_to_at_the_address_that_was_looked_at(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = iter([[(0, 0, 0, "", ("8.8.8.8", 443))], [(0, 0, 0, "", ("10.0.0.1", 443))]])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: next(answers))
        asked: list[object] = []

        def refuse(target: object, **_named: object) -> socket.socket:
            asked.append(target)
            raise OSError

        monkeypatch.setattr(socket, "create_connection", refuse)

        with pytest.raises(NotReached):
            post("https://x.example/", b"", {}, Reach(("x.example",)))
        assert asked == [("8.8.8.8", 443)]  # a second answer of the name server is never asked for

    @pytest.mark.parametrize("answer", [[], OSError("no such name")])
    def test_a_name_without_an_address_is_not_reached(
        self, monkeypatch: pytest.MonkeyPatch, answer: object
    ) -> None:
        def resolve(*_args: object, **_named: object) -> object:
            if isinstance(answer, OSError):
                raise answer
            return answer

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

        with pytest.raises(NotReached, match="cannot be found"):
            Reach(("x.example",)).resolved("x.example", 443)


class TestAnswers:
    """不随重定向走；读到上限为止；不回答的按时放弃。"""

    def test_a_redirection_is_a_refusal(self) -> None:
        with receivers.web() as other, receivers.web(302, location=other.address) as kept:
            with pytest.raises(NotReached, match=r"127\.0\.0\.1 answered 302"):
                post(f"{kept.address}/a", b"{}", {}, HERE)
            assert other.said == []

    def test_a_fault_is_a_refusal(self) -> None:
        with receivers.web(500) as kept, pytest.raises(NotReached, match="answered 500"):
            post(kept.address, b"{}", {}, HERE)

    def test_what_it_says_never_names_the_address(self) -> None:
        with receivers.web(403) as kept, pytest.raises(NotReached) as told:
            post(f"{kept.address}/send?key=geheim", b"{}", {}, HERE)

        assert "geheim" not in str(told.value)

    def test_a_long_answer_is_read_up_to_the_bound(self) -> None:
        with receivers.web(answer=b"x" * 100_000) as kept:
            assert len(post(kept.address, b"{}", {}, HERE)) == reaching.LARGEST

    def test_nobody_there(self) -> None:
        with receivers.web() as kept:
            gone = kept.address
        with pytest.raises(NotReached, match="ConnectionRefusedError"):
            post(gone, b"{}", {}, HERE)

    def test_somebody_who_never_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reaching, "SECONDS", 0.05)
        with socket.create_server((HOST, 0)) as silent:
            address = f"http://{HOST}:{silent.getsockname()[1]}/"
            with pytest.raises(NotReached, match="TimeoutError"):
                post(address, b"{}", {}, HERE)


class TestTls:
    """证书按请求的主机名核对。"""

    def test_a_trusted_one_is_posted_to(self, tmp_path: Path) -> None:
        serving, trusting = receivers.certificates(tmp_path)
        reach = Reach(("localhost",), private=True, context=trusting)
        with receivers.web(context=serving, answer=b"taken") as kept:
            assert post(f"https://localhost:{kept.port}/a", b"{}", {}, reach) == b"taken"
        assert kept.headers[0]["Host"] == f"localhost:{kept.port}"

    def test_an_unknown_one_is_not(self, tmp_path: Path) -> None:
        serving, _ = receivers.certificates(tmp_path)
        with receivers.web(context=serving) as kept, pytest.raises(NotReached):
            post(f"https://localhost:{kept.port}/", b"{}", {}, Reach(("localhost",), private=True))
        assert kept.said == []
