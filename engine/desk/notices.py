"""Short messages to people about a case; nothing confidential is ever in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import participants, people_in_role
from engine.store.tables import CaseRow

TEXTS: dict[str, tuple[str, str]] = {
    "deadline.near": (
        "案件{case_number}的“{title}”将于{last_day}届满，请及时办理。",
        "“{title}” in case {case_number} ends on {last_day}.",
    ),
    "deadline.yellow": (
        "案件{case_number}的“{title}”已于{last_day}届满，尚未办结，记黄牌。",
        "“{title}” in case {case_number} ended on {last_day} and is not done: yellow card.",
    ),
    "deadline.red": (
        "案件{case_number}的“{title}”自{last_day}届满后仍未办结，记红牌。",
        "“{title}” in case {case_number} ended on {last_day} and is still not done: red card.",
    ),
    "deadline.daily": (
        "案件{case_number}的“{title}”已于{last_day}届满，至今未办结，请尽快办理。",
        "“{title}” in case {case_number} ended on {last_day} and is not done yet.",
    ),
    "filing.received": (
        "案件{case_number}已收到您的“{title}”，日期为{happened_on}。",
        "Your “{title}” in case {case_number} was received, dated {happened_on}.",
    ),
    "case.opened": (
        "您反映的线索已登记，编号为{case_number}。",
        "Your report has been registered under {case_number}.",
    ),
    "effect.ended": (
        "案件{case_number}处理方式“{title}”的影响期已于{last_day}届满，自动解除。",
        "The effect of “{title}” in case {case_number} ended on {last_day} and is lifted.",
    ),
    "deadline.recounted": (
        "因放假安排调整，案件{case_number}的“{title}”最后一日改为{last_day}。",
        "The holidays were rearranged: “{title}” in case {case_number} ends on {last_day}.",
    ),
    "right.began": (
        "案件{case_number}：您的“{title}”权利自今日起可行使，最后一日为{last_day}。",
        "Case {case_number}: your right of “{title}” runs until {last_day}.",
    ),
    "right.near": (
        "案件{case_number}：您的“{title}”权利将于{last_day}届满，逾期不能再行使。",
        "Case {case_number}: your right of “{title}” ends on {last_day}; it lapses after that day.",
    ),
    "deadline.escalated": (
        "案件{case_number}的“{title}”已于{last_day}届满仍未办结，升级至您，请签收处置。",
        "“{title}” in case {case_number} ended on {last_day}, is not done and is put before you.",
    ),
    "dunning.sent": (
        "案件{case_number}的“{title}”逾期未办结，现第{number}次催办，要求见案件页。",
        "“{title}” in case {case_number} is overdue: reminder no. {number}; see the case page.",
    ),
    "matter.copied": (
        "案件{case_number}的“{title}”抄告您处，请签收。",
        "“{title}” of case {case_number} is copied to you; please acknowledge it.",
    ),
    "recusal.asked": (
        "案件{case_number}有一件回避申请待您决定，三个工作日内作出。",
        "An application for recusal in case {case_number} waits for your decision.",
    ),
    "recusal.granted": (
        "案件{case_number}的回避申请已获批准。",
        "The application for recusal in case {case_number} was granted.",
    ),
    "recusal.rejected": (
        "案件{case_number}的回避申请未获批准，理由见案件页。",
        "The application for recusal in case {case_number} was rejected; see the case page.",
    ),
    "recusal.review": (
        "案件{case_number}有承办人回避，其经手的证据须复核。",
        "A handler of case {case_number} was recused; the evidence taken must be looked at again.",
    ),
    "organ.designated": (
        "案件{case_number}的承办机关回避，上级指定由{title}承办，请到待办接手。",
        "The organ handling case {case_number} was recused; {title_en} takes it over.",
    ),
    "extension.asked": (
        "案件{case_number}申请延长“{title}”，待您决定。",
        "An extension of “{title}” in case {case_number} waits for your decision.",
    ),
    "extension.granted": (
        "案件{case_number}的“{title}”已准延至{last_day}。",
        "“{title}” in case {case_number} is extended to {last_day}.",
    ),
    "extension.rejected": (
        "案件{case_number}延长“{title}”的申请未获批准。",
        "The extension of “{title}” in case {case_number} was rejected.",
    ),
    "meeting.called": (
        "案件{case_number}“{item}”定于{day} {time}在{place}开会，请到会。",
        "“{item}” in case {case_number}: the meeting is held on {day} at {time}, {place}.",
    ),
    "hearing.called": (
        "案件{case_number}：陈述申辩会定于{day}举行，地点：{place}。您可以陈述、申辩并提交材料。",
        "Case {case_number}: your hearing is on {day}, {place}. You may speak and hand in papers.",
    ),
    "withdrawal.asked": (
        "案件{case_number}有撤案提请待您决定。",
        "A proposal to withdraw case {case_number} waits for your decision.",
    ),
    "migration.asked": (
        "提请将在办案件{case_number}迁移到另一流程版本，待您决定。",
        "A proposal to put case {case_number} into another version waits for your decision.",
    ),
    "work.returned": (
        "案件{case_number}退回到您办理的环节，退回者未接受“{title}”，理由见案件时间线。",
        "Case {case_number} was sent back to your step from “{title}”; see the timeline for why.",
    ),
    "work.jumped": (
        "案件{case_number}的“{title}”经授权人员跳转，不再由您办理，理由见案件时间线。",
        "“{title}” in case {case_number} was taken elsewhere by an authorised person.",
    ),
    "work.assigned": (
        "案件{case_number}的“{title}”已分派给您办理。",
        "“{title}” in case {case_number} was assigned to you.",
    ),
    "work.reminded": (
        "案件{case_number}的“{title}”有人提醒您尽快办理。",
        "You are reminded of “{title}” in case {case_number}.",
    ),
    "suspension.asked": (
        "案件{case_number}申请挂起，待您决定。",
        "A request to suspend case {case_number} waits for your decision.",
    ),
    "suspension.granted": (
        "案件{case_number}已获准挂起。",
        "Case {case_number} is suspended.",
    ),
    "suspension.rejected": (
        "案件{case_number}的挂起申请未获批准。",
        "The request to suspend case {case_number} was rejected.",
    ),
    "case.resumed": (
        "案件{case_number}恢复办理。",
        "Case {case_number} goes on.",
    ),
    "copy.sent": (
        "案件{case_number}抄送您阅知，请打开后点“已阅”。",
        "Case {case_number} was copied to you; open it and confirm that you read it.",
    ),
    "comment.mentioned": (
        "案件{case_number}的讨论提到了您。",
        "A comment on case {case_number} mentions you.",
    ),
    "watched.changed": (
        "您关注的案件{case_number}有新的讨论。",
        "There is a new comment on case {case_number}, which you watch.",
    ),
    "document.served": (
        "案件{case_number}的《{title}》已送达您，请在“我的事项”中查看。",
        "“{title}” in case {case_number} was served on you; see it on your page.",
    ),
    "handing.transferred": (
        "案件{case_number}的“{item}”已转由您办理。",
        "“{item}” in case {case_number} has been transferred to you.",
    ),
    "handing.delegated": (
        "案件{case_number}的“{item}”委派您办理，办好后请交回。",
        "“{item}” in case {case_number} has been delegated to you; hand it back when done.",
    ),
    "handing.returned": (
        "案件{case_number}委派出去的“{item}”已交回，请核对后提交。",
        "“{item}” in case {case_number}, which you delegated, has come back; check and submit it.",
    ),
    "handing.recalled": (
        "案件{case_number}的“{item}”已由委派人收回。",
        "“{item}” in case {case_number} has been taken back by who delegated it.",
    ),
    "signing.asked": (
        "案件{case_number}的“{item}”请您会签。",
        "Your signature is asked for on “{item}” in case {case_number}.",
    ),
    "signing.agreed": (
        "案件{case_number}的“{item}”会签已同意。",
        "“{item}” in case {case_number} has been signed in agreement.",
    ),
    "signing.disagreed": (
        "案件{case_number}的“{item}”会签不同意，意见见事项页。",
        "A signer disagrees with “{item}” in case {case_number}; see the opinion on its page.",
    ),
    "signing.done": (
        "案件{case_number}的“{item}”会签完毕，已提交。",
        "“{item}” in case {case_number} has all its signatures and is submitted.",
    ),
    "supervision.noticed": (
        "上级机关就案件{case_number}发来督办通知，请于{last_day}前答复，见“上级督办”。",
        "An authority above asks about case {case_number}: answer by {last_day}, see its page.",
    ),
    "supervision.unanswered": (
        "案件{case_number}的上级督办通知逾期未答复（{last_day}前），请立即答复。",
        "What an authority above asked about case {case_number} by {last_day} is not answered.",
    ),
    "supervision.answered": (
        "您就案件{case_number}发出的督办通知已有答复，见“督办视图”。",
        "What you asked about case {case_number} has been answered; see the supervision view.",
    ),
    "branch.stopped": (
        "案件{case_number}：经督办确认，一项已生效的行为超越权限，其后的办理已中止。",
        "Case {case_number}: an act that took effect was outside rights; what follows is stopped.",
    ),
    "branch.released": (
        "案件{case_number}：中止已解除，请继续办理。",
        "Case {case_number}: the stop is lifted; please go on.",
    ),
    "case.merged": (
        "您反映的线索{case_number}与先前登记的线索系同一事项，已并案办理，结果仍会告知您。",
        "Your report {case_number} is on a matter registered earlier; both are handled together.",
    ),
    "case.took": (
        "线索{title}已并入案件{case_number}，请一并办理。",
        "Clue {title} was merged into case {case_number}; please handle both together.",
    ),
    "document.corrected": (
        "案件{case_number}有《{title}》待您签发。",
        "“{title}” in case {case_number} waits to be issued by you.",
    ),
    "case.ended": (
        "案件{case_number}已办结：{title}。",
        "Case {case_number} is closed: {title_en}.",
    ),
}
"""What the engine itself tells people; a procedure's own notices stand in its folder."""


DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def tell(desk: Desk, case: CaseRow, people: Iterable[str], key: str, **named: object) -> list[str]:
    """Tell people one of the engine's own sentences; return whom, each once."""
    zh, en = TEXTS[key]
    values = {"case_number": case.number, **named}
    worded = {name: in_words(value) for name, value in values.items()}
    text = {"zh": zh.format_map(worded), "en": en.format_map({"title_en": "", **values})}
    told = sorted(set(people))
    step, due = named.get("item") or named.get("title") or "", named.get("last_day", "")
    for person_id in told:
        desk.notify(person_id, key, text, case, step=step, due=due)
    return told


def tell_parts(
    desk: Desk, case: CaseRow, parts: str, notice: str, *, outcome: str = ""
) -> list[str]:
    """Tell those whom an element names, by a notice of the procedure; return whom.

    Args:
        desk: Of the command.
        case: Locked.
        parts: Roles, separated by ``;``: of participants, or of the authority's posts.
        notice: The key of the procedure's notice; without one, `outcome` is said.
        outcome: The closing code, for the sentence that the engine says by itself.
    """
    people: set[str] = set()
    for part in (one.strip() for one in parts.split(";")):
        if part:
            people |= set(participants(desk, case, part)) or set(people_in_role(desk, case, part))
    rules = desk.version(case).rules
    told = sorted(people)
    if notice in rules.notices:
        words = rules.notices[notice]
        values = _Known(
            case_number=case.number, status=case.status, outcome=outcome, title=case.title
        )
        text: dict[str, object] = {
            "title": words.title.zh if words.title else "",
            "title_en": words.title.say("en") if words.title else "",
            "zh": words.text.zh.format_map(values),
            "en": words.text.say("en").format_map(values),
        }
        for person_id in told:
            desk.notify(person_id, notice, text, case)
    elif told:
        title = rules.outcomes.get(outcome)
        zh = title.zh if title else outcome or case.status
        en = title.say("en") if title else outcome or case.status
        tell(desk, case, told, "case.ended", title=zh, title_en=en)
    if told:
        desk.record(case, Fact.TOLD, people=told, notice=notice or outcome)
    return told


def in_words(value: object) -> object:
    """Return a day as Chinese sentences write it: `2026年4月29日` for ``2026-04-29``."""
    found = DAY.fullmatch(str(value))
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else value


class _Known(dict[str, object]):
    """Values for a notice; a name that is not known stays as it is written."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
