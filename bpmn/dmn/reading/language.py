"""FEEL is the only expression language; a file that names another one is refused."""

from bpmn.dmn.reading.markup import place_of
from bpmn.dmn.refusals import Findings
from bpmn.reading.markup import Element

FEEL = frozenset(
    {
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)


def check_language(node: Element, findings: Findings) -> None:
    """Note an expression that says that it is not FEEL."""
    language = node.get("expressionLanguage", "")
    if language.strip().lower() not in FEEL and language not in FEEL:
        findings.error(
            "dmn-expression-language",
            place_of(node),
            f"表达式语言“{language}”不受支持，只支持 FEEL。"
            "请改写为 FEEL，并删去 expressionLanguage。",
            f"The expression language {language!r} is not supported; only FEEL is. "
            "Rewrite it as FEEL and remove expressionLanguage.",
        )
