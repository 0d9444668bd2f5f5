# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""The grammar of dates as secretaries type them, over a normalised line (folded, digits).

Source of the rules: the written policy on years, weeks and lunar days in docs of the reading
contract; the lunar calendar is the Vietnamese one (UTC+7).
"""

import re
from dataclasses import dataclass
from typing import Literal

from models.vietnamese import date_resolvers as resolve
from models.vietnamese.date_reading import Kind
from models.vietnamese.date_resolvers import NEXT, Resolver

ANCHOR = r"(?P<anchor>(?:\b(?:ngay|hom|bua|mung|mong|luc|vao)\b[\s:=\-]*)+)?"
_WEEKDAY = r"(?:(?:thu|t\.?)\s?(?P<w>[2-7])|(?P<sunday>chu\s?nh[au]t|cn|thu\s?8|t8(?=\s+tuan)))"
_PAST = r"(?:vua roi|vua qua|truoc|roi|qua(?!\s+(?:thu|ngay|mung|mong|chu|t\s?\d|\d|toi|sang|chieu|hom)))"
_YEAR = r"(?:\s*(?:nam|[/\-.])\s*(?P<y>\d{4}|\d{2})(?!\d)|\s+nam\s+(?P<yword>nay|ngoai|truoc|sau|toi))"
_LUNAR = r"(?:\s*\(?\s*(?P<lunar>am lich|lich am|am|al)\b\)?)"
_SOLAR = r"(?:\s+(?:duong lich|duong|tay|dl))?"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way of writing a date; patterns are tried in order and a longer one stands first."""

    regex: re.Pattern[str]
    resolve: Resolver
    kind: Kind
    anchored: Literal["always", "by word"] = "always"
    needs: tuple[str, ...] = ()

    def may_stand_in(self, text: str) -> bool:
        """Tell whether a text holds one of the words without which the pattern is not worth trying."""
        return not self.needs or any(word in text for word in self.needs)


def _pattern(
    regex: str,
    resolve: Resolver,
    kind: Kind,
    anchored: Literal["always", "by word"] = "always",
    needs: str = "",
) -> Pattern:
    return Pattern(re.compile(regex), resolve, kind, anchored, tuple(needs.split()))


_NO_DIGIT_BEFORE = r"(?<![\d/.,])"
_NO_DIGIT_AFTER = r"(?!\d|\s?[/]\s?\d)"
_DAY = r"(?P<d>\d{1,2})"
_MONTH_WORD = r"(?P<m>\d{1,2}|gieng|chap|tu)"

PATTERNS = (
    _pattern(
        r"\b(?:cach (?:day|nay|hom nay)|truoc day)\s+(?:dung\s+)?(?P<n>\d{1,2})\s+(?:ngay|hom|bua|dem)\b(?:\s+truoc)?", resolve.days_ago, "relative", needs="cach truoc"
    ),
    _pattern(r"\b(?:ngay|hom) nay tuan (?:truoc|roi|vua roi)\b", resolve.shift(-7), "relative", needs="tuan"),
    _pattern(r"(?:\b(?:luc|hoi|ban|vua)\s+nay\b(?=\s+(?:vua |moi |da |xong )*(?:hop|sinh hoat)))|(?:(?<=hop )|(?<=hop xong )|(?<=hop roi )|(?<=sinh hoat xong ))(?:luc|hoi|ban|vua) nay\b", resolve.shift(0), "relative"),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:\s*(?:/|thang)\s*(?P<m>\d{{1,2}}))?\s+ta\b", resolve.either_calendar, "spoken", needs="ta"),
    _pattern(r"\b(?<!\d/)(?<!/ )(?<!tren )(?:hom\s+)?(?P<n>\d{1,2})\s+(?:ngay|hom|bua|dem)\s+truoc\b", resolve.days_ago, "relative", needs="truoc"),
    _pattern(r"(?<!tren )(?<!/ )(?<![\d/])\b(?P<n>\d{1,2})\s+(?:ngay|hom|bua)\s+(?:nua|sau|toi)\b", resolve.days_ahead, "relative", needs="nua sau toi"),
    _pattern(r"(?<![\d/.,])\b\d{1,2}\s*/\s*(?:0?[1-9]|1[0-2])\s*/\s*(?:\d|\d{3}|\d{5,})(?![\d/])", resolve.no_such_day, "full"),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:\s*(?:/|thang)\s*\d{{1,2}})?\s+rang (?:sang )?(?:ngay )?\d{{1,2}}\s*(?:/|thang)\s*(?P<m>\d{{1,2}})(?P<y>)(?P<yword>)(?![\d/])", resolve.day_month, "full", needs="rang"),
    _pattern(rf"\b(?P<y>20\d\d)[\-/.](?P<m>\d{{1,2}})[\-/.]{_DAY}(?!\d)", resolve.iso, "full"),
    _pattern(
        r"\b(?:(?:khoang|tam|(?<!quan )(?<!hop )chung|(?:dau|gan)(?= (?:hom|ngay|mung|mong|chu nhat|thu)\b))\s+(?:(?:hom|ngay|mung|mong)\s+)*"
        r"(?:\d{1,2}\s*/\s*(?:0?[1-9]|1[0-2])(?=,?\s+\d{1,3}\s*(?:/|tren))|(?:thu \d|chu nhat)(?!\d)|\d{1,2}(?:\s*[/\-]\s*(?:0?[1-9]|1[0-2])(?!\d))?"
        r"(?!\s*(?:[/\d]|(?:-|den|toi|hoac|hay)\s*\d{1,2}\s*(?:/|dong chi|nguoi|dang|tren|cu\b|bac\b)|dong chi|nguoi|d/c|dc|dang|phut|gio|h\b|tren|cu\b|bac\b|ban\b|vi\b|anh))))",
        resolve.vague, "vague",
    ),
    _pattern(
        r"\b(?:cach (?:day|nay) )?(?:may|vai) (?:hom|bua)(?: (?:truoc|nay|roi|no))?(?=\s+\d)|\b(?:hom (?:bua|ray|no)|bua hom|bua truoc)(?=\s+\d+\s*(?:/|tren)\s*(?:1[3-9]|[2-9]\d))",
        resolve.vague, "vague",
    ),
    _pattern(
        rf"(?P<anchor>\b(?:(?:hop|sinh hoat|ngay|hom|mung|mong)\s+)+){_DAY}(?:/(?P<m1>0?[1-9]|1[0-2]))?\s*(?:,|-|den)\s*(?:(?:ngay|hom|mung|mong)\s+)*(?P<d2>[0-3]?\d)/(?P<m>0?[1-9]|1[0-2])(?![\d/])(?=.*\d\s*(?:/|tren)\s*\d)",
        resolve.either, "spoken", "by word",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:/(?P<m1>0?[1-9]|1[0-2]))?\s+va\s+(?:(?:ngay|hom|mung|mong)\s+)*(?P<d2>\d{{1,2}})/(?P<m>0?[1-9]|1[0-2])(?!\d)",
        resolve.either, "spoken", "by word", needs="va"
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:\s*/\s*(?P<m1>\d{{1,2}}))?\s*(?:hoac|hay(?: la)?|hoac la)\s+"
        rf"(?:(?:ngay|hom|mung|mong)\s+)*(?P<d2>\d{{1,2}})(?:\s*(?:/|thang)\s*(?P<m>\d{{1,2}}))?",
        resolve.either, "spoken", "by word", needs="hoac hay"
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?P<sep>[/.\-;])\s*(?P<m>\d{{1,2}})\s*(?P=sep)\s*"
        rf"(?P<y>\d{{4}}|\d{{2}})(?P<yword>)(?![\d]){_LUNAR}?{_SOLAR}",
        resolve.day_month, "full",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?:thang\s*|t\.?\s?(?!\d+\s+(?:tuan|vua|nay|truoc|roi)))(?:am\s)?{_MONTH_WORD}(?!\d){_LUNAR}?{_YEAR}?{_LUNAR.replace('lunar', 'lunar2')}?{_SOLAR}",
        resolve.day_month, "spoken",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*/\s*(?P<m>\d{{1,2}})\s+nam\s+(?:(?P<y>\d{{4}})|(?P<yword>nay|ngoai|truoc|roi))\b", resolve.day_month, "full", needs="nam"
    ),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?:/|thang)\s*(?P<m>\d{{1,2}})\s+(?:vua roi|vua qua)\b", resolve.latest, "full", needs="vua"),
    _pattern(rf"{ANCHOR}(?<![\w/.,])(?P<d>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>20\d\d)(?P<yword>)(?!\d)", resolve.day_month, "full"),
    _pattern(r"(?P<anchor>\b(?:(?:ngay|hom|hop|sinh hoat)\s+)+)(?P<d>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>)(?P<yword>)(?!\d)", resolve.day_month, "full"),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*/\s*(?P<m>\d{{1,2}})(?P<y>)(?P<yword>){_LUNAR}", resolve.day_month, "lunar", needs="am al"),
    _pattern(rf"{ANCHOR}\b{_DAY}\s+(?:am lich )?tet\b(?: am lich| nguyen dan)?(?:\s+nam\s+(?P<y>\d{{4}})|\s+nam\s+(?P<yword>nay))?", resolve.tet, "lunar", needs="tet"),
    _pattern(r"\b(?:ngay |hom |dung )?ram(?:\s+thang\s+(?P<m>\d{1,2}|gieng|chap|tu)|\s+(?P<m2>gieng|chap))?\b" + _LUNAR + "?", resolve.full_moon, "lunar", needs="ram"),
    _pattern(rf"{ANCHOR}\b{_DAY}\s+thang\s+(?P<which>nay|truoc|roi|vua roi|vua qua|qua|sau|toi|den)\b", resolve.day_of_shifted_month, "spoken", needs="thang"),
    _pattern(rf"{ANCHOR}\b{_DAY}{_LUNAR}", resolve.lunar_day_only, "lunar", needs="am al"),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?P<sep>[/])\s*(?P<m>\d{{1,2}})(?P<y>)(?P<yword>){_NO_DIGIT_AFTER}{_SOLAR}",
        resolve.day_month, "fraction", "by word",
    ),
    _pattern(
        rf"(?P<anchor>^|#\s+|\b(?:(?:ngay|hom|bua|mung|mong|hop|sinh hoat|chi bo|sang|den|tu|toi|chieu|trua|dem|vao)\s+)+|\bngay hop\s*:\s*){_DAY}(?!\s?-\s?(?:1[3-9]|[2-9]\d))\s?(?P<sep>[.\-;])\s?(?P<m>\d{{1,2}})(?P<y>)(?P<yword>)"
        r"(?![\d]|\s?[/.\-]\s?\d|\s*(?:dong chi|nguoi|d/c))",
        resolve.day_month, "spoken",
    ),
    _pattern(
        r"\bngay\s+kia\b|\b(?:ngay|bua|hom|sang|trua|chieu|toi|dem|mai)\s+mot\b",
        resolve.shift(2), "relative",
    ),
    _pattern(
        r"(?<!may )(?<!vai )\b(?:(?:sang|trua|chieu|toi|dem|ngay)\s+(?:som\s+|muon\s+|ngay\s+)?)?(?:hom|bua|ngay|sang|trua|chieu|toi_?|dem|khuya)\s+(?:som\s+|muon\s+)?(?P<word>nay|qua|kia|kie|mai)\b", resolve.relative, "relative"
    ),
    _pattern(r"(?<!ngay )\bmai\b(?! sau)", resolve.shift(1), "relative"),
    _pattern(r"\bkhi (?:hom|dem|khuya)\b(?: qua)?", resolve.shift(-1), "relative", needs="khi"),
    _pattern(r"\b(?:hoi|khi)\s+(?:sang|trua|chieu|toi)\b(?:\s+nay)?(?!\s+(?:qua|kia|hom|thu|chu|mung|mong|ngay|t\s?\d|cn|\d))", resolve.shift(0), "relative"),
    _pattern(
        rf"\b(?P<how>tuan\s+(?:nay|(?:truoc|roi) nua|{_PAST}|{NEXT}))\s*,?\s*(?:(?:vao|hom|ngay|la|toi|sang|chieu)\s+)*{_WEEKDAY}(?!\d|\s?/)\b",
        resolve.weekday, "weekday",
    ),
    _pattern(r"\b(?:hop|hom|toi|sang|chieu|ngay)\s+thu\s(?:[0189]|1\d)\b", resolve.no_such_day, "weekday"),
    _pattern(
        rf"\b(?:(?:sang|trua|chieu|toi|dem|hom|bua|ngay|vao)\s+)*{_WEEKDAY}(?!\d|\s?/)\b"
        rf"(?:\s+(?:cua\s+)?(?P<how>tuan\s+(?:nay|(?:truoc|roi) nua|{_PAST}|{NEXT})|{_PAST}|{NEXT}(?=\W|$)|nay|(?P<odd>tuan (?!hop|sinh)[a-z_]+)))?",
        resolve.weekday, "weekday",
    ),
    _pattern(
        r"\b(?:khoang |tam )?(?:cuoi|dau|giua)\s+(?:thang|tuan|nam|quy)(?:\s+(?:nay|truoc|roi|qua|sau|toi|vua roi|vua qua|(?:0?[1-9]|1[0-2])\b(?!\s*[/\d])))?\b",
        resolve.vague, "vague",
    ),
    _pattern(r"\b(?:trong\s+)?(?:tuan|quy|nam)\s+(?:nay|truoc|roi|sau|toi|qua|vua roi|vua qua|ngoai)\b", resolve.vague, "vague"),
    _pattern(r"(?<!tren )(?<!/ )(?<![\d/])\b(?:cach (?:day|nay)\s+)?(?:\d{1,2}|may)\s+(?:tuan|thang)(?:\s+(?:truoc|nay|nua|sau))\b|\bcach (?:day|nay)\s+(?:dung |tron |hon |gan |ca )?(?:\d{1,2} |may |vai |nua )?(?:tuan|thang|hom|ngay|bua|nam)\b", resolve.vague, "vague"),
    _pattern(
        r"\b(?:truoc|sau|hoi|trong|dip)\s+(?:(?:dip|ky nghi|nghi)\s+)?(?:tet(?: nguyen dan| am lich)?|noel|giang sinh|trung thu|le(?=\s*(?:$|[,.;]|\d|chi bo|moi|hop|xong|thi)))\b"
        r"|\b(?:hom|bua|hoi|dip)\s+(?:bau cu|gio to|dai hoi|tong ket|khai giang|trung thu|noel|giang sinh|tet|le(?=\s*(?:$|[,.;]|\d|chi bo|hop)))\b",
        resolve.vague, "vague",
    ),
    _pattern(r"\b(?:may|vai|hom|bua|ngay|dot|luc|lan|dao)\s+(?:(?:hom|bua|ngay)\s+)?(?:truoc|no|roi|vua roi|vua qua|gan day)\b", resolve.vague, "vague"),
    _pattern(r"\b(?:(?:hom bua|bua hom)(?!\s+(?:mung|mong|ngay|thu|t\s?\d|chu nhat|\d+(?!\d*\s*/\s*(?:1[3-9]|[2-9]\d))(?!\d)))|moi day|gan day|vua qua|hom nao|may bua nay|may hom nay|vai hom nay|may hom|may bua|vai hom|lau roi|dao no|trong (?:tuan|thang)(?!\s*(?:nay|truoc|roi|sau|toi|\d)))\b", resolve.vague, "vague"),
    _pattern(rf"(?<!thang ){_NO_DIGIT_BEFORE}\b{_DAY}\s+(?:vua roi|vua qua|tay)\b", resolve.day_only, "day"),
    _pattern(
        rf"\b(?P<anchor>toi|sang|chieu|trua|dem)\s+{_DAY}\b(?!\s*(?:[/.\-:]|thang|t\s?\d|dong chi|nguoi|h\b|g\b|gio|dang vien|tren\b|bac|cu\b|phut|tuan|ngay|hom))",
        resolve.day_only, "day",
    ),
    _pattern(
        rf"(?P<anchor>(?:\b(?:ngay|hom|bua|mung|mong)\b[\s:=\-]*)+){_DAY}\b(?!\s*(?:[/.\-]\s*\d|dong chi|nguoi|h\b|gio|dang vien|tren\b))(?:\s+(?:tay|duong))?",
        resolve.day_only, "day",
    ),
    _pattern(r"\b(?:trong\s+)?thang\s+(?:nay|truoc|roi|sau|toi|qua|vua roi|vua qua)\b", resolve.vague, "month"),
    _pattern(r"(?<![\d/])\b(?P<m>0?[1-9]|1[0-2])\s*/\s*20\d\d\b", resolve.month, "month"),
    _pattern(r"\b(?:thang|t)\s?(?P<m>\d{1,2})\b(?:\s*(?:/|nam)\s*(?:20\d\d))?(?:\s+(?:vua roi|vua qua))?", resolve.month, "month"),
)  # fmt: skip
