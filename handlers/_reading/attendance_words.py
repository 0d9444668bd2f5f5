# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""The words around the numbers of an attendance, as patterns over the normalised text."""

import re

NOUN = r"(?:\s*(?:dong chi dang vien|dang vien|dong chi|nguoi|cu|bac|ong ba|anh chi em|chi em|anh em|co chu|ca nhan_?|thanh vien|vi|anh chi|d/c|ban|ba con|dang|chu|chi|anh|co_|ong|ba_|em|thay co_?|thay|nguoi)\b)"
LINK = r"(?:[\s:=>]|\((?=-\d)|-\s|\s-(?=\d)|\.(?!\d)|\b(?:la|gom|duoc|dat|co|so luong|so|chi|thi|khoang|hon|gan|tam|chung|tren|duoi|xap xi|uoc|uoc chung|dang vien|dong chi|thanh|len|ca(?=\s+\d)|(?:ngot|non|suyt soat|do_|dau_where|dau|dung|von ven|toi|den|mat_?|het|moi|vua|vua dung|duy nhat|moi co|tru|doc)(?=\s+(?:co\s+)?\d))\b)*"
N = r"(?P<n>-?\d{1,3})(?![\d/]|\s*[/.]\s?\d)"
VAGUE = re.compile(
    r"\b(?:ngot|non|suyt soat|do_|dau_where|dau|xap xi|uoc|uoc chung|khoang|hon|gan|tam|(?<!hop )chung|tren|duoi|tren duoi|may|vai)\b|[~>]"
)
FRACTION = re.compile(
    rf"(?P<a>(?<![\d/])(?<!\d[.,])\d{{1,4}}){NOUN}?(?:\s*(?:chinh thuc|du hop|du|co mat|mat|tham du|tham gia|di hop|den))?\s*"
    rf"(?:/|\btren(?:\s+tong(?: so)?)?\b|\btrong(?:\s+tong(?: so)?|\s+so)?\b|\bso voi(?:\s+tong(?: so)?)?\b|\btong so\b)"
    rf"\s*(?:so\s+)?(?:dang vien\s+)?(?:la\s+)?(?P<b>\d{{1,4}})(?!\d|\s*/\s*\d|[.,]\d){NOUN}?"
)
ABSENT_BEFORE = re.compile(r"(?<!ai )(?<!khong )\b(?:vang(?: mat)?|(?<!gioi )thieu|nghi|khuyet)[\s:=]*(?:co\s+)?$")
DOUBTFUL = re.compile(
    r"\b(?:ngot|(?<!mam )non|suyt soat|do_|dau_where|dau|khoang|hon|gan|tam|(?<!hop )chung|tren|duoi|chac|hinh nhu|uoc)\s*(?:la\s+|duoc\s+|co\s+)?$|[~>]\s*$"
)
UNCLEAR = (
    (re.compile(r"(?<![\w/.,#])\d{1,3}\s*/\s*/+\s*\d{1,3}\b"), ""),
    (re.compile(r"(?<![\w/.,#])\d{1,3}(?:\s*/\s*\d{1,3}){2,}(?![\w/])"), ""),
    (re.compile(r"(?<![\w/.,#-])\d \d\s*/\s*(?P<b>\d{2,3})(?![\w/])"), "total"),
    (re.compile(r"\bam \d{1,3}\s*(?:/|tren)\s*(?P<b>\d{1,3})\b"), "total"),
    (re.compile(r"(?<!vang )(?<!vang mat )(?<!thieu )\bam \d{1,3}\b(?! lich)"), ""),
    (re.compile(r"(?<![\w/.,])(?:1 2|2 3|3 4|4 5|5 6|6 7|7 8|8 9)(?=\s*(?:dong chi|nguoi|dang vien|cu|bac|vi)\b)"), ""),
    (re.compile(r"(?<![\w/])(?:\d* ?x+ ?\d*|[._]{2,})\s*/\s*(?P<b>\d{1,3})\b"), "total"),
    (re.compile(r"\b(?:co mat|du hop|du|vang|tong so)\W*(?:x{1,3}\b|\?+|[._]{3,})"), ""),
    (re.compile(r"(?<![\w/])(?:\d+ ?[oliz]\b ?\d*|[oliz] \d+|\d+[.,]\d+|\?+|\d*\?+)\s*/\s*(?P<b>\d{1,3})\b"), "total"),
    (re.compile(r"(?<![\w/.])(?P<a>\d{1,3})\s*/\s*(?:\d+ ?[oliz]\b ?\d*|[oliz] \d+|\d+[.,]\d+|\?+)"), "present"),
    (re.compile(r"\b(?:\d{1,2}|mot|nua) (?:chuc|ta)\b"), ""),
    (re.compile(r"(?<![\w/.])(?P<a>\d{1,3})\s*/\s*(?:[._\u2026]+|x+\b|$|(?=[,;)]))"), "present"),
    (re.compile(r"(?<![\d/.,])\b\d{1,3} may\b"), ""),
    (re.compile(r"\b\d{1,3} phay \d{1,3}\b(?:\s*(?:/|tren)\s*(?P<b>\d{1,3})\b)?"), ""),
    (re.compile(r"(?<![\w/.,])\d ?x{1,2}\b(?!\s*/)"), ""),
    (re.compile(r"(?<=\s)-\d{1,3}\s*/\s*(?P<b>\d{1,3})\b"), "total"),
    (
        re.compile(
            r"\b(?:(?:may|vai|hang)\s+(?:chuc\s+)?|(?:hon\s+|gan\s+|ca\s+)?chuc\s+)(?:nguoi|dong chi|dang vien|cu|bac)\b"
        ),
        "",
    ),
    (
        re.compile(
            r"(?<![\w/.])\d+ [oliz]\b(?! (?:xin|vang|om|nghi|ban|di|ve|bi|co|chua)\b)(?: \d+)?(?=" + NOUN + r"|\W|$)"
        ),
        "",
    ),
    (re.compile(r"(?<![\w/.,])\d+[.,]\d+(?![\d/])(?=" + NOUN + r")"), ""),
)
NEGATIVE_ABSENCE = re.compile(r"\b(?:vang(?: mat)?|thieu) am \d{1,3}\b")
# "thu đảng phí đủ", "trừ 2 đ/c còn lại đủ": others are complete, not the meeting.
OF_OTHERS = re.compile(r"\b(?:phi|thu|nop|con lai)\b[^.;]{0,20}$")
WHOLE_FIRST = re.compile(
    rf"(?:\b(?:trong|tren|chi bo(?: co)?)\s+)?(?<![\d/.,#])\b(?P<b>\d{{1,3}}){NOUN}[\s,:]*(?:dang sinh hoat\s+|hien co\s+)?(?:thi\s+|ma\s+|trong do\s+|nhung\s+)?"
    rf"(?:co mat|co|du hop|du|den hop|den|di hop|di)\s*(?:duoc\s+)?(?P<a>\d{{1,3}})(?![\d/]){NOUN}?(?:\s*(?:du hop|du|co mat|di))?(?!\s*(?:vang|nghi|xin))"
    rf"|(?<![\d/.,#])\b(?P<b2>\d{{1,3}}){NOUN}[\s,:]*(?:thi|ma|chi|nhung|trong do)\s+(?:chi\s+)?(?:co\s+)?(?P<a2>\d{{1,3}}){NOUN}?\s*(?:di|den|du|mat|co mat|hop|tham gia|duoc)\b"
)
# "không ai vắng không phép" tells neither how many were absent nor that nobody was.
NONE_WITHOUT_LEAVE = re.compile(
    r"\b(?:khong|chang)\s+(?:co\s+)?(?:ai|dong chi nao|nguoi nao)\s+(?:vang|nghi)(?: mat)?\s+(?:ma\s+)?khong\s+(?:co\s+)?(?:xin\s+)?(?:phep|ly do)(?: nao)?\b"
)
NONE_ABSENT = re.compile(
    r"\b(?:khong|chang)\s+(?:co\s+)?(?:ai\s+|dong chi nao\s+|nguoi nao\s+|mot ai\s+|dang vien nao\s+)?(?:vang|nghi(?! hop| sinh)|thieu)(?: mat)?(?:\s+(?:ai|dong chi nao|nguoi nao|mot ai))?"
    r"(?!\s*(?:phep|\d))|\bvang(?: mat)?\W*(?:khong(?! phep| ly do| co ly| xin)|0)\b|\bduu\s+(?:ca|het)\b|(?<!gan )\b(?:day|dong) (?:duu|du)\b|\b(?<!gan )(?<!khong )(?<!chua )(?<!duoc )duu(?=\W*(?:$|[,.;!]))"
    r"|(?<!khong )(?<!chua )\bduu mat\b|\b(?:duu|dudayadu)\b(?=\s*\d+\b(?!\s*/))|\b(?:vang|nghi|thieu) (?:mat )?(?:khong co ai|khong ai|khong co)\b"
)
ABSENT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so\s+)?(?:vang mat|vang|nghi hop|nghi|(?<!gioi )thieu|khuyet|(?:ngoai\s+)?tru(?:\s+ra)?){LINK}{N}{NOUN}?(?!\s*(?:mat|co mat|du)\b(?!\W*(?:la |duoc |hop )*\d)|\s*(?:mot )?nua\b|\s*so\b)",
        rf"(?<![\d/.,])(?<!tong )(?<!tong so )\b(?P<n>\d{{1,3}})(?!\s*/){NOUN}?\s*(?:deu\s+|bi\s+|(?:[a-z_]+\s+){{0,4}}?(?=xin (?:vang|nghi)|nghi (?:phep|om|benh|thai)))?(?:vang mat|vang|xin nghi|nghi|xin phep|xin vang|bao nghi|bao om|khong (?:di|den|du)(?: hop| duoc)*)\b(?!\s*[:=\-]?\s*\d)",
    )
)
TOTAL = re.compile(
    rf"\b(?:(?:tren|trong|so voi)\s+)?(?:tong(?: so| cong| quan so)?|quan so|si so|trieu tap|toan chi bo|toan the|dang vien(?=\s*:)|dang vien(?=\W*\d+\W+(?:dong chi\W+)?(?:co )?(?:mat|du|du hop|tham du|tham gia|den|di|vang)\W*\d)|ca thay|tat ca|phai du"
    rf"|duoc trieu tap|danh sach(?: co)?(?=\s*:?\s*\d)|so sach|(?<=[,.;] )so co(?= \d)|so dang vien(?! co mat| du| tham| vang| hien)(?: cua chi bo)?|chi bo(?: (?:minh|em|toi_?|ta|co tong))? co(?=\s*\d+{NOUN}[^.]*(?:\b(?:co mat|du|vang|tham|hop \d|nghi)|\d+{NOUN})))(?:\s+(?:dang vien|dong chi|chi bo|so|cua chi bo|hien co|#+))*{LINK}{N}{NOUN}?"
    rf"|(?<=# )(?:(?:ben|duoi|tren|o) )?(?:(?:minh|em|toi_?|tui|chung \w+) )?(?:hien )?co (?P<n6>\d{{1,3}}){NOUN}(?=[^.]*\b(?:di|du|co mat|den|hop) (?:duoc )?\d)|\bchi bo(?: (?:minh|em|toi_?|ta|hien|chi))*(?: co| gom)?\s*(?P<n2>\d{{1,3}}){NOUN}(?=\W*(?:,|hop|sinh hoat|du\b|den\b))|\(\s*(?:co )?(?P<n3>\d{{1,3}}) dang vien\s*\)|(?<![\d/.,#])\b(?P<n5>\d{{1,3}}){NOUN}\s*\(\s*(?:gom |co )?\d{{1,3}}\s*(?:dang vien )?(?:chinh thuc|du bi)\b"
    rf"|(?<=#)\s*(?:/|\b(?:du |co mat )?(?:trong|tren)\s+(?:tong\s+)?(?:so\s+)?)(?P<n4>\d{{1,3}})(?![\d/]|[.,]\d)"
)
ALL_CAME = re.compile(
    rf"\b(?:ca thay|tat ca|toan the|toan chi bo|du(?:u)? ca|dong du(?:u)?|day du(?:u)?|ca|du(?:u)?){LINK}{N}{NOUN}?\s*(?:deu\s+)?(?:co mat|du hop|tham gia|tham du|di hop|den hop|di du|du duu?)\b"
)
TOTAL_BEFORE = re.compile(
    rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}\s+(?:(?:thi|ma)\b(?=\W*(?:\d|#))|(?:duoc |phai )?(?:trieu tap|trong danh sach|phai du))|(?<![\d/.,])\b(?P<n2>\d{{1,3}}){NOUN}?\s+tong\b(?!\W*\d| so)"
)
PRESENT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so\s+)?(?:dang vien\s+|dong chi\s+)?(?:co mat|hien dien|tham du|tham gia|du hop|du sinh hoat|du buoi hop|di hop|den hop|den du|duu mat)(?: (?:ngay|hom)? ?#+)?{LINK}{N}{NOUN}?",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}?\s*(?:co mat|den du|du hop|du|tham du|tham gia|di hop|di du|den hop|hien dien)\b(?!\s*(?:bi|kien|tinh|[:=]\s*\d|\d+\b))",
        rf"\b(?:mat|duu?){LINK}{N}{NOUN}?",
        rf"\b(?:co|den|di duoc|di|gom|duoc|con|hop duoc|hop){LINK}{N}{NOUN}(?!\s*(?:vang|nghi|xin|ket nap|chuyen|chinh thuc|du bi|moi|sinh hoat tam))",
        rf"\b(?:co|den|di duoc|di|duoc|con){LINK}{N}(?=\W*(?:$|[,.;!)#]|vang|nghi|con|tong|thieu|trong khi|so voi|ha\b|a\b|roi|nhe|nha|nghen|thoi))",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}?\s*(?:di|mat)\b(?=\W*(?:$|[,.;]|vang|nghi|\d))",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}(?!\s*(?:vang|nghi|xin|chinh thuc|du bi|moi|sinh hoat tam))",
    )
)
# "có mặt 9 chính thức và 1 dự bị": those present are told apart.
BY_KIND = re.compile(
    rf"\b(?:co mat|du hop|du|tham du|tham gia){LINK}(?P<a>\d{{1,3}}){NOUN}*\s*(?:chinh thuc|ct)\W*(?:(?:va|voi|cung)\s+)?(?P<b>\d{{1,3}}){NOUN}*\s*(?:du bi|dvdb)\b"
)
# "có 25 đồng chí, hôm qua họp 22": beside a total the figure after "họp" is who came.
MET = re.compile(rf"\b(?:hop|sinh hoat){LINK}{N}(?=\W*(?:$|[,.;!)]|con\b|vang\b|nghi\b|thieu\b))")
PARTS = re.compile(
    rf"(?<!tong )(?<!tong so )(?<!tong cong )\b\d{{1,3}}{NOUN}?\s*(?:chinh thuc|du bi|sinh hoat tam|tam thoi_?|moi\b(?! dung)|nu\b|nam\b|quan chung|khach|dai bieu)"
    rf"|\b(?:chinh thuc|du bi|dang vien chinh thuc|dang vien du bi|sinh hoat tam thoi_?|nu)\s*[:=]?\s*\d{{1,3}}{NOUN}?\b(?!/)"
)
EXEMPT = re.compile(
    rf"\bmien(?: (?:sinh hoat|hop|cong tac|sh))*{LINK}(?P<a>\d{{1,3}}){NOUN}?|\b(?P<b>\d{{1,3}}){NOUN}?\s*(?:duoc\s+|xin\s+)?mien\b(?: sinh hoat)?|\bmien sinh hoat\b"
)
WITHOUT_FIGURE = re.compile(
    r"\b(?:(?:hon|qua_?|gan|mot|1|duoc|co|moi|chi|du|co mat|dat|quan so) nua|nua\W*(?:so|chi bo|dang vien|dong chi|quan so|co mat|du\b)|da_? so|da_? phan|phan dong|kha kha|hau het|phan lon|gan het|gan(?: nhu)? duu|gan(?: nhu)? du)\b|\b(?:vang|nghi|thieu|du|co mat)\s+(?:kha |rat |qua_? |hoi_? )?(?:(?:mot|1) so|vai|may|nhieu|it)\b"
    r"|\b\d{1,2}\s*(?:-|den|hay|hoac)\s*\d{1,2}\s*(?:dong chi|nguoi|dang vien|cu|bac)\b"
)
LEFT = re.compile(r"(?<![\w#/])-?\d+(?:\s*/\s*\d+)?(?![\w#/])")
# "17 đ/c dự 1 đ/c vắng", "không ai vắng 29 đ/c": spoken without a pause, each figure keeps its own word.
_SPOKEN_VERB = r"(?:co mat|du hop|du|tham du|vang mat|vang|xin nghi|nghi|mien(?: sinh hoat)?)(?: (?:khong )?(?:co )?(?:phep|ly do))?"
UNPAUSED = re.compile(
    rf"(?<!mat )(?<!du )(?<!du hop )(?<!vang )(?<!nghi )(?<!tong )(?<!so )(?<!la )(?<![\d/])\b\d{{1,3}}{NOUN}\s*{_SPOKEN_VERB}(?P<pause> )(?=\d{{1,3}}{NOUN}\s*{_SPOKEN_VERB}\b)"
    rf"|\bai (?:vang|nghi)(?: mat)?(?P<pause2> )(?=\d{{1,3}}{NOUN})"
)
# "15 có mặt - 1 vắng - 16 đảng viên": a dash between figures that stand before their words is a comma.
DASHED = re.compile(
    rf"(?<![\d/.,#])\b\d{{1,3}}{NOUN}?\s*(?:co mat|mat|du hop|du|tham du|vang mat|vang)\s(?P<dash>-)\s(?=\d)"
)
