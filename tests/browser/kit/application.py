"""A small application that shows the page kit by itself; no part of the product."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, flash, render_template, request
from flask_babel import Babel, get_locale
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from tests.browser.kit import diagram, samples
from web.frontend import register_kit, secure

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "web"


def kit_application(received: list[dict[str, Any]]) -> Flask:
    """Return the application; what is posted to it is put into `received`."""
    app = Flask("kit", template_folder=str(WEB / "templates"), static_folder=str(WEB / "static"))
    app.config.update(
        SECRET_KEY="only for this test",
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_TRANSLATION_DIRECTORIES=str(WEB / "translations"),
    )
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HERE / "templates"), FileSystemLoader(WEB / "templates")]
    )
    app.jinja_env.undefined = StrictUndefined
    Babel(app, locale_selector=lambda: request.args.get("lang", "zh_Hans_CN"))
    CSRFProtect(app)
    register_kit(app)
    app.after_request(secure)
    app.context_processor(
        lambda: {"s": samples, "shell": samples.SHELL, "get_locale": get_locale, "bar": samples.BAR}
    )

    show_pages(app)
    take_posts(app, received)
    return app


def show_pages(app: Flask) -> None:
    """Add the pages that are only looked at."""

    @app.get("/")
    def components() -> str:
        flash("报告已提交，案件进入集体决定。", "ok")
        return render_template("components.html", bare=False)

    @app.get("/bare")
    def bare() -> str:
        return render_template("components.html", bare=True)

    @app.get("/login")
    def login() -> str:
        return render_template("login.html")

    @app.get("/subject")
    def subject() -> str:
        return render_template("subject.html", form=samples.FORM)

    @app.get("/form")
    def form() -> str:
        return render_template("form.html", form=samples.FORM)

    @app.get("/readonly")
    def readonly() -> str:
        shown = replace(samples.FORM, data={"facts": "已查明"}, readonly=True)
        return render_template("form.html", form=shown)

    @app.get("/sample.bpmn")
    def sample() -> Response:
        return Response(diagram.SAMPLE, mimetype="application/xml")


def take_posts(app: Flask, received: list[dict[str, Any]]) -> None:
    """Add what forms and drafts are posted to."""

    @app.post("/form")
    def submitted() -> str | Response:
        answers = orjson.loads(request.form["answers"])
        files = {name: request.files[name].filename for name in request.files}
        received.append({"answers": answers, "action": request.form["action"], "files": files})
        if answers.get("gravity") == "grave":
            return Response(
                "<!doctype html><title>收到</title><link rel=icon href=data:,><p>收到",
                mimetype="text/html",
            )
        refused = replace(samples.FORM, data=answers, errors=samples.REFUSED, saved="")
        return render_template("form.html", form=refused)

    @app.post("/draft")
    def draft() -> tuple[dict[str, str], int]:
        answers = orjson.loads(request.data)["answers"]
        received.append({"draft": answers})
        if answers.get("facts") == "被他人办理":
            return {"message": "林某 14:35 已提交本事项"}, 409
        return {"saved": "14:40"}, 200

    @app.post("/bulk")
    def bulk() -> str:
        received.append({"picked": request.form.getlist("pick"), "action": request.form["action"]})
        return render_template("login.html")
