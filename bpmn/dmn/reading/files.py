"""A decision file and the files that it imports, from bytes to nodes."""

from collections.abc import Mapping

from lxml import etree

from bpmn.dmn.nodes import (
    Decision,
    DecisionId,
    DecisionService,
    Definitions,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Place,
    Reference,
    Source,
    Variable,
)
from bpmn.dmn.nodes import (
    Element as DrgElement,
)
from bpmn.dmn.reading.expressions import READERS, read_boxed, read_function, variable_of
from bpmn.dmn.reading.language import check_language
from bpmn.dmn.reading.markup import (
    VERSIONS,
    check_names,
    child,
    children,
    only,
    place_of,
    source_of,
    text_of,
)
from bpmn.dmn.refusals import DecisionRefused, Findings
from bpmn.findings import DiagramRefused
from bpmn.reading.markup import Element, local_name, parse_xml

TOP = frozenset(
    {
        "import",
        "itemDefinition",
        "decision",
        "inputData",
        "businessKnowledgeModel",
        "decisionService",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "elementCollection",
        "organizationUnit",
        "performanceIndicator",
    }
)
DECISION = frozenset(
    {
        "question",
        "allowedAnswers",
        "variable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
        *READERS,
    }
)
ITEM = frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"})


def read_files(
    content: bytes, name: str, imports: Mapping[str, bytes], *, limit: int
) -> tuple[Definitions, ...]:
    """Return the file and every file given beside it, the file itself first.

    Raises:
        DecisionRefused: A file is not a sound decision file.
    """
    return tuple(
        _read_file(given, called, limit) for called, given in ((name, content), *imports.items())
    )


def _read_file(content: bytes, file: str, limit: int) -> Definitions:
    try:
        root = parse_xml(content, name=file, limit=limit)
    except DiagramRefused as refused:
        raise DecisionRefused(refused.findings) from refused
    findings = Findings(file)
    if local_name(root) != "definitions" or etree.QName(root).namespace not in VERSIONS:
        findings.error(
            "dmn-not-a-decision-file",
            place_of(root),
            "这不是 DMN 1.1–1.5 的决策文件。请用建模工具导出 .dmn 文件。",
            "This is not a decision file of DMN 1.1 to 1.5. Export a .dmn file from the modeller.",
        )
        findings.refuse()
    only(root, TOP, findings)
    _check_ids(root, findings)
    namespace = root.get("namespace", "")
    read = Definitions(
        file=file,
        name=root.get("name", ""),
        namespace=namespace,
        imports=tuple(
            Import(
                found.get("name", ""),
                found.get("namespace", ""),
                found.get("locationURI", ""),
                place_of(found),
            )
            for found in children(root, "import")
        ),
        types=tuple(_item(found, findings) for found in children(root, "itemDefinition")),
        elements=tuple(
            _element(found, namespace, findings)
            for found in children(
                root, "decision", "inputData", "businessKnowledgeModel", "decisionService"
            )
        ),
    )
    check_names(((one.name, one.place) for one in read.elements), findings)
    check_names(((one.name, one.place) for one in read.types), findings)
    check_names(((one.name, one.place) for one in read.imports if one.name), findings)
    findings.refuse()
    return read


def _check_ids(root: Element, findings: Findings) -> None:
    seen: set[str] = set()
    for node in root.iter(etree.Element):
        found = node.get("id")
        if found is None:
            continue
        if found in seen and etree.QName(node).namespace in VERSIONS:
            findings.error(
                "dmn-duplicate-id",
                place_of(node),
                f"id“{found}”在文件中出现了两次。请改掉其中一个。",
                f"The id {found!r} stands twice in the file. Change one of them.",
            )
        seen.add(found)


def _item(node: Element, findings: Findings) -> ItemDefinition:
    only(node, ITEM, findings)
    reference = text_of(child(node, "typeRef")) or None
    function = child(node, "functionItem")
    return ItemDefinition(
        name=" ".join(node.get("name", "").split()),
        place=place_of(node),
        type_ref=reference,
        is_collection=node.get("isCollection") in ("true", "1"),
        is_function=function is not None,
        components=tuple(_item(found, findings) for found in children(node, "itemComponent")),
        allowed=_tests(child(node, "allowedValues"), findings),
        constraint=_tests(child(node, "typeConstraint"), findings),
        output_type=None if function is None else function.get("outputTypeRef"),
    )


def _tests(node: Element | None, findings: Findings) -> Source | None:
    if node is None:
        return None
    check_language(node, findings)
    source = source_of(node)
    return source if source.text else None


def _element(node: Element, namespace: str, findings: Findings) -> DrgElement:
    name = " ".join(node.get("name", "").split())
    identity = node.get("id") or name
    place = Place(identity, place_of(node).line)
    declared = variable_of(child(node, "variable"))
    variable = Variable(
        (declared.name if declared else "") or name, declared.type_ref if declared else None
    )
    if not name:
        findings.error(
            "dmn-missing-name",
            place,
            f"<{local_name(node)}> 没有名称。请命名。",
            f"<{local_name(node)}> has no name. Name it.",
        )
    match local_name(node):
        case "inputData":
            return InputData(identity, name, variable, place)
        case "businessKnowledgeModel":
            logic = child(node, "encapsulatedLogic")
            return KnowledgeModel(
                identity,
                name,
                variable,
                _references(node, "knowledgeRequirement", namespace, findings),
                None if logic is None else read_function(logic, findings),
                place,
            )
        case "decisionService":
            outputs, encapsulated, decisions, data = (
                tuple(_reference(found, namespace, findings) for found in children(node, part))
                for part in (
                    "outputDecision",
                    "encapsulatedDecision",
                    "inputDecision",
                    "inputData",
                )
            )
            return DecisionService(
                identity, name, variable, outputs, encapsulated, decisions, data, place
            )
        case _:
            only(node, DECISION, findings)
            return Decision(
                id=DecisionId(identity),
                name=name,
                variable=variable,
                question=text_of(child(node, "question")),
                allowed_answers=text_of(child(node, "allowedAnswers")),
                description=text_of(child(node, "description")),
                requires=_references(node, "informationRequirement", namespace, findings),
                knowledge=_references(node, "knowledgeRequirement", namespace, findings),
                logic=read_boxed(node, findings),
                place=place,
            )


def _references(
    node: Element, requirement: str, namespace: str, findings: Findings
) -> tuple[Reference, ...]:
    return tuple(
        _reference(target, namespace, findings)
        for found in children(node, requirement)
        for target in children(found, "requiredDecision", "requiredInput", "requiredKnowledge")
    )


def _reference(node: Element, namespace: str, findings: Findings) -> Reference:
    written = node.get("href", "")
    before, _, identity = written.rpartition("#")
    if not identity:
        findings.error(
            "dmn-empty-reference",
            place_of(node),
            "引用缺少 href。请指明所引用的元素。",
            "The reference has no href. Say which element it means.",
        )
    return Reference(before or namespace, identity, place_of(node))
