"""The text that an author begins an article with."""

from datetime import date

import yaml

# The headings of the starter content. Other languages begin with the English ones.
HEADINGS = {
    "en": ("What you see", "What to do", "How to tell that it worked", "If it did not help"),
    "zh-Hans": ("您会看到什么", "解决步骤", "如何确认问题已解决", "如果仍未解决"),
    "zh-Hant": ("您會看到什麼", "處理步驟", "如何確認問題已解決", "如果仍未解決"),
    "ko": ("나타나는 증상", "해결 방법", "해결되었는지 확인하는 방법", "그래도 해결되지 않으면"),
    "tr": (
        "Karşılaştığınız durum",
        "Yapmanız gerekenler",
        "Sorunun çözüldüğünü nasıl anlarsınız",
        "Sorun devam ederse",
    ),
    "ar": ("ما الذي يظهر لك", "ما عليك فعله", "كيف تتأكد من نجاح الحل", "إذا لم ينجح الحل"),
}


def skeleton(
    language: str, *, title: str, summary: str | None, category: str, owner: str, reviewed: date, review_every: int,
    is_internal: bool = False,
) -> str:  # fmt: skip
    """Return a draft: front matter that keeps the contract, and a how-to's headings with room below them."""
    see, do, tell, otherwise = HEADINGS.get(language, HEADINGS["en"])
    meta = {
        "title": title,
        "summary": summary or title,
        "category": category,
        "owner": owner,
        "reviewed": reviewed,
        "review_every": review_every,
        **({"audience": "internal"} if is_internal else {}),
        "draft": True,
    }
    front = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n## {see}\n\n…\n\n## {do}\n\n1. …\n2. …\n\n## {tell}\n\n…\n\n## {otherwise}\n\n…\n"
