"""What the kit page shows: every component in every state. The dates are those of pages/README.md.

Today is Tuesday 2026-10-13. In 2026 the 25 September and 1–7 October are holidays;
Sunday 20 September and Saturday 10 October are make-up working days.
"""

from dataclasses import replace
from datetime import date, timedelta

from web.toolkit import (
    ActionBar,
    ActionView,
    ActKind,
    ActView,
    CheckState,
    CheckView,
    ClockView,
    DiagramView,
    DocumentView,
    EmptyView,
    FactView,
    FieldError,
    FormView,
    HeaderView,
    Lamp,
    LampFilter,
    LawView,
    LinkView,
    MaskView,
    MenuItem,
    MeterView,
    NoteView,
    PagerView,
    PersonView,
    ShellView,
    StageState,
    StageView,
    TagView,
    Tone,
    day_strip,
)

TODAY = date(2026, 10, 13)
LONG_NAME = "阿卜杜热西提·买买提吐尔逊·艾合买提江"
LONG_TITLE = (
    "原某市轨道交通建设投资集团有限公司第二工程建设分公司党委副书记兼安全总监"
    "在三号线南延伸段盾构区间施工中未按规定报告重大险情并授意补签监理日志的问题"
)

HOLIDAYS = {date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}
MADE_UP = {date(2026, 9, 20), date(2026, 10, 10)}
SATURDAY = 5


def working_days(first: date, count: int) -> list[date]:
    """Return `count` working days from `first` on, by the holidays above."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day in MADE_UP or (day.weekday() < SATURDAY and day not in HOLIDAYS):
            days.append(day)
        day += timedelta(days=1)
    return days


def link(label: str, count: int | None = None, *, current: bool = False) -> LinkView:
    return LinkView(label, "#main", count, current)


SHELL = ShellView(
    authority="某重工集团监事会办公室",
    home_url="/",
    today=TODAY,
    user_name="周某",
    user_post="调查组组长",
    nav=(
        LinkView("待办", "/", 20, current=True),
        LinkView("案件", "/"),
        LinkView("会议", "/", 2),
        LinkView("文书", "/"),
        LinkView("统计", "/"),
        LinkView("流程", "/"),
    ),
    search_url="/",
    notices_url="/",
    notices=3,
    menu=(
        MenuItem("English", "/?lang=en"),
        MenuItem("退出", "/sign-out", post=True, icon="logout"),
    ),
    rehearsal_day=TODAY,
    printed="周某 于 2026年10月13日 14:40 打印",
)

DEFAULT = TagView("平台默认", Tone.OPEN)
REPORT = ClockView(
    "调查并提交书面报告",
    Lamp.NEAR,
    TODAY,
    last_day=date(2026, 10, 16),
    remaining=3,
    extension=5,
    cells=day_strip(working_days(date(2026, 9, 15), 19), TODAY, extension=5),
    counted=19,
    facts=(
        FactView("依据", "第八条", url="#main"),
        FactView("起算", "9月14日 监事会决定启动", tag=DEFAULT),
        FactView("延期", "加 5 个工作日，10月9日 郑某批准"),
        FactView("不计", "9月25日中秋，10月1–7日国庆"),
        FactView("届满后", "黄牌；再过 3 个工作日红牌并报监事会"),
    ),
)
OVERRUN = working_days(date(2026, 9, 15), 19)
CLOCKS = (
    ClockView(
        "申诉",
        Lamp.OK,
        TODAY,
        last_day=date(2026, 10, 23),
        remaining=8,
        cells=day_strip(working_days(date(2026, 9, 29), 15), TODAY),
        counted=15,
        facts=(FactView("依据", "第十一条", url="#main"), FactView("届满后", "关闭申诉口")),
    ),
    REPORT,
    ClockView("提出陈述申辩", Lamp.NEAR, TODAY, last_day=TODAY, remaining=0, platform_default=True),
    ClockView(
        "送达问责决定书",
        Lamp.YELLOW,
        TODAY,
        last_day=date(2026, 10, 12),
        remaining=-1,
        cells=day_strip(working_days(date(2026, 9, 24), 8), TODAY, over=[TODAY]),
        counted=8,
    ),
    ClockView(
        "调查并提交书面报告",
        Lamp.RED,
        TODAY,
        last_day=date(2026, 9, 30),
        remaining=-5,
        cells=day_strip(OVERRUN[:12], TODAY, over=OVERRUN[12:17]),
        counted=12,
    ),
    ClockView(
        "等待司法机关结论",
        Lamp.HELD,
        TODAY,
        remaining=6,
        held_days=77,
        note="6月22日 起中止，等待司法机关结论",
        cells=day_strip(working_days(date(2026, 10, 8), 9), TODAY),
        counted=15,
    ),
    ClockView(
        "年度安全考核",
        Lamp.OK,
        TODAY,
        last_day=date(2027, 1, 15),
        remaining=68,
        provisional=True,
        cells=day_strip(working_days(date(2026, 10, 8), 71), TODAY),
        counted=71,
        tags=(TagView("每月"),),
    ),
    ClockView("初步核实", Lamp.DONE, TODAY, last_day=date(2026, 9, 7), remaining=1),
    ClockView("阅知", Lamp.NONE, TODAY, note="阅后自动办结"),
)

CHEN = PersonView("陈某某", "被调查人，二车间主任")
PEOPLE = (
    PersonView("周某", "调查组组长", me=True),
    PersonView("孙某", "调查组成员", note="9月21日接替何某"),
    PersonView("何某", "原调查组成员", recused=True),
    PersonView(LONG_NAME, "某市轨道交通建设投资集团有限公司纪委派驻第二工程建设分公司纪检组副组长"),
)
MASKS = (
    MaskView("reporter", "举报人姓名", reveal_url="/reveal"),
    MaskView("phone", "举报人电话"),
    MaskView(
        "seen",
        "举报人姓名",
        value="钱某某",
        seen="14:40 因“核对录音原件”查看，4:12 后遮盖",
        seconds=252,
    ),
)
FACTS = (
    FactView("被调查人", person=CHEN),
    FactView("来源", "公民检举（渠道 4）"),
    FactView("举报人", mask=MaskView("fact", "举报人姓名", reveal_url="/reveal")),
    FactView("一年内问责"),
    FactView("关联", "某司问〔2026〕20号", url="#main"),
)
LAWS = (
    LawView(
        "第八条",
        "调查组一般应在15个工作日内完成调查工作，并向监事会提交书面调查报告。",
        "调查期限与报告",
        "#main",
        "本平台把起算点定为监事会启动决定之日。",
    ),
    LawView("第七条", "如其申辩成立，应当采纳。不得因被调查人申辩而从重问责。", "陈述申辩"),
)
ACTS = (
    ActView(
        ActKind.REFUSED,
        "",
        "拒绝 周某 第二次申请延期",
        date(2026, 10, 12),
        "09:20",
        "登记 10月12日 09:20",
        "10月9日 已批准一次，只延一次。",
        rule="第八条",
    ),
    ActView(
        ActKind.DEADLINE,
        "郑某",
        "批准延期 5 个工作日",
        date(2026, 10, 9),
        "16:05",
        body="须调取供货方停产证明。",
    ),
    ActView(ActKind.CARD, "", "记黄牌，承办 冯某", date(2026, 10, 8), "00:05"),
    ActView(
        ActKind.DOCUMENT,
        "陈某某",
        "签收《陈述申辩权利告知书》",
        date(2026, 9, 30),
        recorded="登记 10月8日 09:12，周某补录，凭送达回证",
        url="#main",
        url_label="看回证",
    ),
    ActView(ActKind.RECUSAL, "何某", "退出调查组", date(2026, 9, 21)),
    ActView(ActKind.HAND, LONG_NAME, "转办给 孙某", date(2026, 9, 21), "10:00"),
    ActView(ActKind.LOOK, "吴某", "查看举报人姓名", date(2026, 9, 18), "11:30"),
    ActView(ActKind.MEETING, "监事会", "决定启动", date(2026, 9, 14)),
    ActView(ActKind.STEP, "冯某", "登记线索", date(2025, 12, 24), "08:45"),
)
STAGES = (
    StageView("线索登记", StageState.DONE, "8月24日"),
    StageView("初步核实", StageState.DONE, "9月4日"),
    StageView("决定启动", StageState.DONE, "9月14日"),
    StageView("组织调查", StageState.NOW, "余 3 个工作日"),
    StageView("集体决定", StageState.TODO, "10 个工作日"),
    StageView("任免机关报批", StageState.POSSIBLE, "仅第 6–10 项"),
    StageView("送达", StageState.TODO),
    StageView("执行与申诉", StageState.TODO),
    StageView("归档", StageState.TODO),
)
DIAGRAM = DiagramView(
    "case",
    "企业领导干部问责流程图：前两步已完成，当前在组织调查",
    "/sample.bpmn",
    done=(
        "start",
        "ut_verify",
        "ut_start",
        "gw_start",
        "flow_1",
        "flow_2",
        "flow_3",
        "flow_4",
        "gone",
    ),
    now=("ut_investigate",),
    possible=("ut_approve",),
)
DOCUMENTS = (
    DocumentView("调查报告", "#main", TagView("草稿", Tone.OPEN), state_note="周某 14:32 暂存"),
    DocumentView(
        "陈述申辩权利告知书",
        "#main",
        TagView("已签发", Tone.ACCENT),
        number="某司监告〔2026〕31号",
        digest="9f3a71e0b25d8a64c1f0e3d27b9856a4f1c0d3e2b7a6958493827160c27e40aa",
        state_note="9月29日 周某",
        served_to="陈某某 本人",
        receipt=TagView("9月30日 本人签收", Tone.OK, "check"),
        receipt_note="扫描件，10月8日补录",
        downloads=(LinkView("PDF", "#main"), LinkView("docx", "#main")),
    ),
    DocumentView(
        "准予延长调查期限通知",
        "#main",
        TagView("已签发", Tone.ACCENT),
        number="某司监延〔2026〕8号",
        digest="41b0ce92",
        served_to=LONG_NAME,
        receipt=TagView("待回证", Tone.NEAR, "hourglass"),
    ),
)
CHECKS = (
    CheckView("回避者已退出", CheckState.YES, "马某峰 14:03 退场"),
    CheckView("到会者逐人表态并记录", CheckState.WAIT, "还差 苏某"),
    CheckView("场景全部通过", CheckState.NO, "SC-006 未过"),
)
METERS = (
    MeterView(7, 6, 9, "法定 6 人（应到三分之二）", "到会7人，应到9人，法定人数6人"),
    MeterView(0, 9, 9, "须全部 9 人到会", "到会0人，须9人"),
)
NOTES = (
    NoteView("已转办给 林某，在“我委派出去的”可查。"),
    NoteView("报告已提交，案件进入集体决定。", Tone.OK),
    NoteView("林某正在编辑本表，13:58 起。", Tone.NEAR),
    NoteView("建议由第二档变为第三档，但没有新事实编号。", Tone.BAD, "不能提交：", link("第七条")),
)
TAGS = (
    TagView("延5", Tone.ACCENT),
    TagView("每月"),
    TagView("平台默认", Tone.OPEN),
    TagView("通过", Tone.OK, "check"),
    TagView("未过", Tone.BAD, "x"),
    TagView("待回证", Tone.NEAR, "hourglass"),
)
LAMP_COUNTS = (
    LampFilter(Lamp.RED, 1, "?lamp=red"),
    LampFilter(Lamp.YELLOW, 2, "?lamp=yellow"),
    LampFilter(Lamp.NEAR, 5, "?lamp=near", current=True),
    LampFilter(Lamp.OK, 10, "?lamp=ok"),
    LampFilter(Lamp.HELD, 0, "?lamp=held"),
)
DECIDE = ActionView("形成决定", "decide", why_not="还差 2 项：苏某表态、纪要签署。")
HEADERS = (
    "事项与案件",
    HeaderView("期限", "?sort=-due", "ascending"),
    HeaderView("来自", "?sort=from", "descending"),
    HeaderView("件数", num=True),
)
BULK = (ActionView("转办", "hand_over"), ActionView("催办", "remind"))
BAR = ActionBar(
    primary=ActionView("提交报告", "complete", icon="send", validate=True),
    save=ActionView("暂存", "save"),
    hands=(
        ActionView("转办", "hand_over", title="交给他人办到底"),
        ActionView("委派", "delegate", title="他人办完回到我"),
        ActionView("加签", "countersign"),
    ),
    procedure=(
        ActionView(
            "申请延期", "extend", why_not="不能再申请延期：第八条可延长 5 个工作日，10月9日已批准。"
        ),
        ActionView("申请回避", url="#main"),
    ),
    back=ActionView("退回", "send_back"),
)
EMPTY = EmptyView(
    "没有待办",
    "下一件预计 10月14日 周三 到：“二车间大修停产”一案陈述申辩期今天届满，届满后转回您核实。",
    (link("看我委派出去的 2 件"), link("领取组内 4 件")),
)
PAGER = PagerView("第 1–20 件，共 64 件。剩余工作日不计今日。", next_url="?after=20")
MIDDLE_PAGER = replace(PAGER, previous_url="?before=20")

SCHEMA: dict[str, object] = {
    "type": "default",
    "schemaVersion": 19,
    "components": [
        {
            "type": "checklist",
            "id": "grounds",
            "key": "grounds",
            "label": "问责情形",
            "validate": {"required": True},
            "values": [
                {"label": "4 办事拖拉、推诿扯皮", "value": "4"},
                {"label": "10 监管不力、处置不当", "value": "10"},
            ],
        },
        {
            "type": "textarea",
            "id": "facts",
            "key": "facts",
            "label": "事实叙述",
            "description": "按时间写明何时、何地、何事、何人、何后果。",
            "validate": {"required": True, "minLength": 10},
        },
        {
            "type": "radio",
            "id": "gravity",
            "key": "gravity",
            "label": "情节",
            "values": [{"label": "轻微", "value": "light"}, {"label": "严重", "value": "grave"}],
        },
        {
            "type": "select",
            "id": "form",
            "key": "form",
            "label": "问责方式",
            "values": [
                {"label": "通报批评", "value": "5"},
                {"label": "调整工作岗位", "value": "6"},
            ],
        },
        {
            "type": "number",
            "id": "loss",
            "key": "loss",
            "label": "损失（元）",
            "validate": {"min": 0},
        },
        {
            "type": "datetime",
            "id": "found",
            "key": "found",
            "label": "发现",
            "subtype": "date",
            "dateLabel": "发现日期",
        },
        {
            "type": "dynamiclist",
            "id": "defences",
            "path": "defences",
            "label": "陈述申辩核实",
            "isRepeating": True,
            "allowAddRemove": True,
            "defaultRepetitions": 2,
            "components": [
                {"type": "textfield", "id": "point", "key": "point", "label": "申辩要点"},
                {"type": "textfield", "id": "reason", "key": "reason", "label": "不采纳的理由"},
            ],
        },
        {
            "type": "filepicker",
            "id": "evidence",
            "key": "evidence",
            "label": "证据",
            "multiple": True,
        },
        {"type": "checkbox", "id": "agreed", "key": "agreed", "label": "已核对全部证据"},
    ],
}
FORM = FormView(
    "report", SCHEMA, {"facts": "", "grounds": ["4"]}, "/form", "/draft", saved="14:32 已自动暂存"
)
REFUSED = (
    FieldError("facts", "事实叙述：没有写明时间"),
    FieldError("defences.1.reason", "第 2 条申辩：请写不采纳的理由"),
    FieldError("", "提交人已变，请刷新页面"),
)
