"""Errors as pages: the families of the engine, each with a sentence and a way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import Flask, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import Fault, NotAllowed, NotFound, Refusal
from web.citations import ground_text
from web.sentences import sentence
from web.texts import gettext as _
from web.visiting import language

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Give `app` a page for each family of errors."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Fault, _fault)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def say(refusal: Refusal) -> str:
    """Return what a refusal says, in the reader's language, with its ground."""
    said = sentence(refusal.message_id, refusal.params, language())
    return f"{said}（{ground_text(refusal.rule)}）" if refusal.rule else said


def _refused(refusal: Refusal) -> tuple[str, int]:
    status = 403 if isinstance(refusal, NotAllowed) else 409
    return _page(_("此事未能办理"), say(refusal), status)


def _not_found(_error: NotFound) -> tuple[str, int]:
    return _page(
        _("没有这个页面，或您无权查看"),
        _("链接可能已失效，或事项不在您的职责范围内。需要查看的，请向案件承办人提出。"),
        404,
    )


def _stale(_error: CSRFError) -> tuple[str, int] | Response:
    if request.endpoint == "entrance.log_in_act":
        return redirect(url_for("entrance.log_in_page"))
    return _page(
        _("页面已过期"),
        _("您可能在别处退出了登录，或页面打开过久。请返回并重新打开页面；已暂存的内容不会丢失。"),
        400,
    )


def _http(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    texts = {
        404: (_("没有这个页面"), _("链接可能已失效。请从待办或案件列表重新进入。")),
        405: (_("不能这样打开"), _("这个地址只接受页面上的操作。请返回上一页。")),
        413: (_("文件过大"), _("上传的文件超过了允许的大小。请压缩或拆分后再传。")),
    }
    title, text = texts.get(status, (_("请求有误"), _("平台不能处理这个请求。请返回上一页重试。")))
    return _page(title, text, status)


def _fault(error: Exception) -> tuple[str, int]:
    log.error("page.failed", endpoint=request.endpoint, exc_info=error)
    return _page(
        _("平台出了故障"),
        _("此次操作没有生效，已有记录未受影响。请稍后重试；仍不行的，请告诉平台管理员发生的时间。"),
        500,
    )


def _page(title: str, text: str, status: int) -> tuple[str, int]:
    return render_template("errors/error.html", title=title, text=text, status=status), status
