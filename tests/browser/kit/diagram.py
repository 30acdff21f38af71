"""A small diagram with two lanes, drawn from a table; `samples.DIAGRAM` marks its ids."""

SHAPES = (
    ("startEvent", "start", "线索到达", 150, 92, 36, 36),
    ("userTask", "ut_verify", "初步核实", 240, 70, 100, 80),
    ("userTask", "ut_start", "决定是否启动", 400, 70, 100, 80),
    ("exclusiveGateway", "gw_start", "启动？", 560, 85, 50, 50),
    ("userTask", "ut_investigate", "组织调查", 535, 240, 100, 80),
    ("userTask", "ut_report", "提交调查报告", 700, 240, 100, 80),
    ("userTask", "ut_decide", "集体讨论作出决定", 860, 70, 100, 80),
    ("userTask", "ut_approve", "按任免程序报批", 1020, 240, 100, 80),
    ("userTask", "ut_serve", "送达与告知", 1020, 70, 100, 80),
    ("endEvent", "end", "归档", 1200, 92, 36, 36),
    ("endEvent", "end_not", "不启动", 700, 92, 36, 36),
)
FLOWS = (
    ("flow_1", "start", "ut_verify", ((186, 110), (240, 110))),
    ("flow_2", "ut_verify", "ut_start", ((340, 110), (400, 110))),
    ("flow_3", "ut_start", "gw_start", ((500, 110), (560, 110))),
    ("flow_4", "gw_start", "ut_investigate", ((585, 135), (585, 240))),
    ("flow_5", "gw_start", "end_not", ((610, 110), (700, 110))),
    ("flow_6", "ut_investigate", "ut_report", ((635, 280), (700, 280))),
    ("flow_7", "ut_report", "ut_decide", ((800, 280), (910, 280), (910, 150))),
    ("flow_8", "ut_decide", "ut_serve", ((960, 110), (1020, 110))),
    ("flow_9", "ut_decide", "ut_approve", ((930, 150), (930, 300), (1020, 300))),
    ("flow_10", "ut_approve", "ut_serve", ((1070, 240), (1070, 150))),
    ("flow_11", "ut_serve", "end", ((1120, 110), (1200, 110))),
)


def _bounds(key: str, x: int, y: int, width: int, height: int, *, extra: str = "") -> str:
    box = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    head = f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}" {extra}>'
    return f"{head}{box}</bpmndi:BPMNShape>"


def _drawn() -> str:
    nodes = "".join(f'<{kind} id="{key}" name="{name}"/>' for kind, key, name, *_ in SHAPES)
    flows = "".join(
        f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}"/>'
        for key, source, target, _ in FLOWS
    )
    upper = "".join(f"<flowNodeRef>{shape[1]}</flowNodeRef>" for shape in SHAPES if shape[4] < 200)
    lower = "".join(f"<flowNodeRef>{shape[1]}</flowNodeRef>" for shape in SHAPES if shape[4] >= 200)
    boxes = "".join(_bounds(key, *box) for _, key, _, *box in SHAPES)
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for key, _, _, points in FLOWS
    )
    pool = _bounds("pool", 80, 30, 1200, 330, extra='isHorizontal="true"')
    lanes = _bounds("lane_board", 110, 30, 1170, 165, extra='isHorizontal="true"')
    lanes += _bounds("lane_group", 110, 195, 1170, 165, extra='isHorizontal="true"')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
        ' id="sample" targetNamespace="urn:wenze:kit">'
        '<collaboration id="collaboration">'
        '<participant id="pool" name="办理机关" processRef="process"/></collaboration>'
        '<process id="process" isExecutable="true"><laneSet id="lanes">'
        f'<lane id="lane_board" name="监事会">{upper}</lane>'
        f'<lane id="lane_group" name="调查组">{lower}</lane></laneSet>'
        f"{nodes}{flows}</process>"
        '<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">'
        f"{pool}{lanes}{boxes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
    )


SAMPLE = _drawn()
