"""Rule `steps`: what readers do one after the other is a numbered list.

Conservative on purpose: only lists and paragraphs in which nearly every entry tells the reader to use a control (open,
click, type …) are taken for steps; advice, alternatives and things to check are not.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from answerdesk.checks.reading.blocks import Block
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.reading.sentences import sentences
from answerdesk.checks.report.finding import Finding, Level

FEWEST = 3  # items of a list
FEWEST_SENTENCES = 4  # of a paragraph
MOST_OTHER = 0.2  # of the items may say something else

_EN = (
    "open|click|double-click|right-click|select|choose|press|type|enter|tap|go to|log in|sign in|copy|paste|save|close|"
    "drag|navigate|scroll|download|install|restart|unzip|launch"
)
_ZH = (
    "打开|点击|单击|双击|右键|选择|按|点|输入|前往|进入|登录|复制|粘贴|保存|关闭|拖|下载|安装|重启|"
    "打開|點擊|點選|點|選擇|選取|輸入|進入|登入|複製|貼上|儲存|關閉|下載|安裝|重新啟動"
)
_AR = "افتح|انقر|اختر|اضغط|أدخل|اكتب|انتقل إلى|سجّل الدخول|سجل الدخول|انسخ|الصق|احفظ|أغلق|اسحب|نزّل|نزل|ثبّت|ثبت|أعد تشغيل"
_TR = (
    "açın|tıklayın|seçin|basın|yazın|girin|gidin|kopyalayın|yapıştırın|kaydedin|kapatın|sürükleyin|indirin|yükleyin|"
    "dokunun|oturum açın|yeniden başlatın"
)
_KO = (
    r"(?:열|클릭하|선택하|누르|입력하|이동하|로그인하|저장하|닫|설치하|내려받|다운로드하|다시 시작하|붙여 넣|복사하)으?"
    r"(?:세요|십시오|ㅂ니다)|여세요|여십시오|엽니다|누릅니다|(?:클릭|선택|입력|이동|로그인|저장|설치|다운로드|복사)합니다"
)
THEN = r"(?:(?:then|next|now|finally|first|after that|afterwards)[, ]+)?"

# What an entry that is a step looks like. Turkish and Korean put the verb last.
STEP = {
    "en": re.compile(rf"{THEN}(?:{_EN})\b", re.IGNORECASE),
    "zh-Hans": re.compile(rf"(?:然后|接着|再|最后|首先|先)?，?(?:请)?(?:{_ZH})"),
    "zh-Hant": re.compile(rf"(?:然後|接著|再|最後|首先|先)?，?(?:請)?(?:{_ZH})"),
    "ar": re.compile(rf"(?:ثم |بعد ذلك |أولًا )?(?:{_AR})\b"),
    "tr": re.compile(rf"[^.]*\b(?:{_TR})\W*$", re.IGNORECASE),
    "ko": re.compile(rf"[^.]*(?:{_KO})\W*$"),
}
# What says above a list that its entries are no steps.
CHOICE = re.compile(
    r"\b(?:one of|either|any of|alternatives?|alternatively|options?|some of|ways?|you can|can be|may|examples?|if)\b|"
    r"以下(?:任一|之一|方式|方法)|可以|任一|选项|選項|중 하나|방법|수 있|"
    r"seçenek|birini|yollardan|إحدى|أحد|يمكنك|خيارات",
    re.IGNORECASE,
)
EITHER = re.compile(r"^(?:or|either|if|或|또는|veya|أو)\b|\bor:?$", re.IGNORECASE)


def check_steps(content: Content) -> Iterator[Finding]:
    """Yield a finding for each procedure that is a list with bullets, or a paragraph."""
    for page in content.pages:
        step = STEP.get(page.language)
        if step:
            yield from _check_lists(page, step)
            yield from _check_paragraphs(page, step)


def _check_lists(page: CheckedPage, step: re.Pattern[str]) -> Iterator[Finding]:
    before = ""
    for group, found in groupby(page.blocks.blocks, key=lambda block: (block.group, block.is_numbered)):
        items = list(found)
        if group[0] and not group[1] and len(items) >= FEWEST and not CHOICE.search(before) and _are_steps(items, step):
            yield _finding(page, items[0], f"{len(items)} steps are a list with bullets")
        before = items[-1].text


def _check_paragraphs(page: CheckedPage, step: re.Pattern[str]) -> Iterator[Finding]:
    for block in page.blocks.blocks:
        if block.kind == "paragraph":
            steps = [bool(step.match(sentence)) for _, sentence in sentences(block.prose)]
            run = max((len(list(same)) for is_step, same in groupby(steps) if is_step), default=0)
            if run >= FEWEST_SENTENCES:
                yield _finding(page, block, f"{run} steps stand in one paragraph")


def _are_steps(items: list[Block], step: re.Pattern[str]) -> bool:
    texts = [item.text.strip() for item in items]
    if any(EITHER.search(text) for text in texts):
        return False
    return sum(not step.match(text) for text in texts) <= MOST_OTHER * len(texts)


def _finding(page: CheckedPage, block: Block, what: str) -> Finding:
    return Finding(
        rule="steps",
        file=page.file,
        line=block.line,
        what=f"{what}: “{' '.join(block.text.split())[:40].rstrip()}…”",
        why="Readers lose their place when they look up from the screen, and cannot say where they are stuck",
        cure="Number them: 1. …, one action a line",
        level=Level.WARNING,
    )
