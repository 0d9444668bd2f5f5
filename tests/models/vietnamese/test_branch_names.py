"""Branches are recognised however their names are typed, and never guessed."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.branch_names import BranchMatch, BranchName, BranchNames
from models.vietnamese.folding import fold

SETS = Path(__file__).parents[2] / "language"


def read_set(name: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    rows = [json.loads(line) for line in (SETS / name).read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row["name"] for row in rows[0]["rows"]}, rows[1:]


def listed(names: dict[str, str]) -> BranchNames:
    return BranchNames(BranchName(branch, name) for branch, name in names.items())


LISTED, QUERIES = read_set("branches_own.jsonl")
NAMES = listed(LISTED)

SMALL = BranchNames(
    [
        BranchName("t5", "Chi bộ Tổ dân phố số 5"),
        BranchName("t15", "Chi bộ Tổ dân phố số 15"),
        BranchName("k3", "Chi bộ Khu phố 3"),
        BranchName("c7", "Chi bộ 7"),
        BranchName("mn", "Chi bộ Trường Mầm non Cỏ May"),
        BranchName("ksa", "Chi bộ Trường Tiểu học Kim Sơn A"),
        BranchName("ksb", "Chi bộ Trường Tiểu học Kim Sơn B"),
        BranchName("ca", "Chi bộ Công an phường Kim Sơn"),
        BranchName("tyt", "Chi bộ Trạm Y tế phường Kim Sơn"),
        BranchName("tb", "Chi bộ Công ty Cổ phần Thanh Bình"),
        BranchName("kd", "Chi bộ Công ty TNHH Kiểm định Thanh Bình"),
        BranchName("tn", "Chi bộ Công ty Cổ phần Thanh Ninh"),
        BranchName("cs", "Chi bộ Công ty TNHH MTV Chiếu sáng Đô thị", aliases=("Đội đèn đường", "CS1")),
    ]
)


def matched(text: str, names: BranchNames = SMALL) -> str | None:
    return names.match(text).branch_id


def mentions(text: str, names: BranchNames = SMALL) -> list[tuple[str, str, str | None]]:
    found = names.find(text)
    return [(text[one.start : one.end], one.match.status, one.match.branch_id) for one in found]


def outcome(query: dict[str, Any], answer: BranchMatch) -> str:
    """Return how an answer is judged: right, wrong, or asked although one branch was meant."""
    gold, acceptable = query["gold"], query["acceptable_ids"]
    if answer.status == "match":
        return "right" if answer.branch_id in (gold, *query["accept_match"]) else "wrong"
    if gold is None:
        return "right"
    if gold != "ambiguous":
        return "abstain"
    hits = len(set(answer.candidates) & set(acceptable))
    return "right" if answer.status == "ambiguous" and hits >= min(2, len(acceptable)) else "abstain"


@pytest.mark.parametrize("own", ["branches_own.jsonl", "branches_own_2.jsonl"])
def test_own_lists_are_recognised_within_the_goals(own):
    names, queries = read_set(own)
    known = listed(names)
    counted = Counter(outcome(query, known.match(query["query"])) for query in queries)
    assert counted["wrong"] == 0
    assert counted["abstain"] <= 0.02 * len(queries)


# Top-1 among single branches: what is reached, less a little; the `held` sets are only ever scored.
SCORED = {
    "a_tune.jsonl": 0.99,
    "b_tune.jsonl": 0.98,
    "c_tune.jsonl": 0.99,
    "a_held.jsonl": 0.98,
    "b_held.jsonl": 0.94,
    "d_tune.jsonl": 0.95,
    "e_tune.jsonl": 0.98,
    "g_tune.jsonl": 0.98,
    "h_tune.jsonl": 0.98,
    "i_tune.jsonl": 0.98,
    "j_tune.jsonl": 0.96,
    "k_tune.jsonl": 0.98,
    "m_tune.jsonl": 0.96,
    "n_tune.jsonl": 0.98,
    "o_tune.jsonl": 0.92,
    "l_held.jsonl": 0.96,
    "p_held.jsonl": 0.98,
}


@pytest.mark.parametrize("name", SCORED)
def test_the_branches_of_a_labelled_set_are_recognised(name):
    names, rows = read_set(name)
    known = listed(names)
    queries = [row for row in rows if row["type"] == "branch_query"]
    single = [query for query in queries if query["gold"] not in (None, "ambiguous")]
    right = sum(outcome(query, known.match(query["query"])) == "right" for query in single)
    wrong = sum(outcome(query, known.match(query["query"])) == "wrong" for query in queries)
    assert right >= SCORED[name] * len(single)
    assert wrong <= 0.01 * len(queries)


@pytest.mark.parametrize("noise", sorted({noise for query in QUERIES for noise in query["noise"]}))
def test_every_kind_of_noise_is_read(noise):
    asked = [query for query in QUERIES if noise in query["noise"]]
    right = sum(outcome(query, NAMES.match(query["query"])) == "right" for query in asked)
    assert right >= 0.9 * len(asked)


@pytest.mark.parametrize("branch", LISTED)
def test_every_name_is_its_own_match(branch):
    name = LISTED[branch]
    assert matched(name, NAMES) == branch
    assert matched(unicodedata.normalize("NFD", name.upper()), NAMES) == branch


@pytest.mark.parametrize("branch", LISTED)
def test_a_name_without_marks_is_never_another_branch(branch):
    found = NAMES.match(fold(LISTED[branch]))
    assert branch in found.candidates
    assert found.status == "ambiguous" or found.branch_id == branch


@pytest.mark.parametrize("number", [6, 50, 51, 25, 115, 1])
def test_a_number_that_is_not_in_the_list_never_matches(number):
    found = SMALL.match(f"tdp {number}")
    assert (found.status, found.branch_id) == ("none", None)


def test_a_closest_name_is_offered_for_an_unknown_number():
    assert "t5" in SMALL.match("tổ dân phố số 51").candidates


def test_letters_are_compared_exactly():
    assert matched("th kim son b") == "ksb"
    assert SMALL.match("tiểu học kim sơn c").branch_id is None
    assert SMALL.match("mầm non cỏ may b").branch_id is None
    assert SMALL.match("tiểu học kim sơn").status == "ambiguous"
    assert set(SMALL.match("tiểu học kim sơn").candidates[:2]) == {"ksa", "ksb"}


def test_a_final_a_without_its_mark_may_be_a_particle():
    assert matched("bi thu cb 7 day a") == "c7"
    assert matched("em o khu pho 3 a") == "k3"


def test_words_one_letter_apart_are_told_apart():
    assert matched("cty cp thanh bình") == "tb"
    assert matched("cty cp thanh ninh") == "tn"
    assert SMALL.match("cty cp thanh linh").status != "match"


def test_two_firms_of_one_name_are_asked_about():
    found = SMALL.match("thanh bình")
    assert found.status == "ambiguous"
    assert set(found.candidates) == {"tb", "kd"}


def test_a_longer_unknown_name_is_not_the_shorter_known_one():
    assert SMALL.match("công ty cp thanh bình minh").status != "match"


def test_an_alias_wins_outright():
    assert matched("đội đèn đường") == "cs"
    assert matched("doi den duong") == "cs"
    assert matched("cs1") == "cs"


def test_an_alias_that_two_branches_share_is_asked_about():
    names = BranchNames(
        [BranchName("a", "Chi bộ 1", aliases=("cơ quan",)), BranchName("b", "Chi bộ 2", aliases=("Cơ quan",))]
    )
    assert names.match("cơ quan") == BranchMatch("ambiguous", None, ("a", "b"))


def test_initials_are_built_from_the_list():
    assert matched("csđt") == "cs"
    assert matched("mn cm") == "mn"
    assert matched("thksb") == "ksb"


def test_kinds_are_not_confused():
    names = BranchNames(
        [BranchName("t", "Tổ dân phố 5"), BranchName("k", "Khu dân cư số 5"), BranchName("c", "Chi bộ 5")]
    )
    assert matched("tdp 5", names) == "t"
    assert matched("kdc 5", names) == "k"
    assert matched("cb 5", names) == "c"
    assert matched("khu phố 5", names) is None
    assert set(names.match("số 5").candidates) == {"t", "k", "c"}


def test_a_number_of_a_ward_is_not_a_number_of_a_branch():
    names = BranchNames([BranchName("a", "Chi bộ Công an phường 5"), BranchName("b", "Chi bộ Khu phố 4 phường 5")])
    assert names.match("khu phố 5").status == "none"
    assert matched("khu phố 4", names) == "b"


def test_the_kind_of_the_list_counts():
    names = BranchNames([BranchName("a", "Chi bộ 5", kind="to_dan_pho"), BranchName("b", "Chi bộ 6")])
    assert matched("tdp 5", names) == "a"
    assert names.match("tdp 6").status != "match"


def test_marks_decide_between_names_that_fold_alike():
    names = BranchNames([BranchName("a", "Thôn Vĩnh An"), BranchName("b", "Thôn Vinh An")])
    assert matched("cb thôn vĩnh an", names) == "a"
    assert matched("cb thôn vinh an", names) == "b"
    assert names.match("cb thon vinh an").status == "ambiguous"


@pytest.mark.parametrize(
    ("line", "span", "branch"),
    [
        ("cb tdp so 5 hop ngay 3/3 co mat 18/20", "cb tdp so 5", "t5"),
        ("họp 8/4. dự 8/9. chi bộ 7", "chi bộ 7", "c7"),
        ("chi booj 7 hopj ngayf 9/10 cos mawtj 15/17", "chi booj 7", "c7"),
        ("chi bo65 7 ho5p nga2y 9/10", "chi bo65 7", "c7"),
        ("mn cỏ may họp chiều qua, đủ 13/13", "mn cỏ may", "mn"),
        ("Thứ sáu tuần trước khu phố 3 họp 27 trên 30 đồng chí", "khu phố 3", "k3"),
        ("tổ dân phố số mười lăm sinh hoạt mồng hai tháng mười", "tổ dân phố số mười lăm", "t15"),
        ("chieu sang do thi hop hom kia, ts 22 cm 20 v 2", "chieu sang do thi", "cs"),
        ("Đã nhận KH 14, cb ca phường sẽ triển khai", "cb ca phường", "ca"),
        ("trạm y tế báo cáo chưa em", "trạm y tế", "tyt"),
        ("tdp 15 12 đồng chí dự", "tdp 15", "t15"),
        ("Chi bộ: Công an phường Kim Sơn\nSố lượng: 2", "Công an phường Kim Sơn", "ca"),
    ],
)
def test_a_mention_is_found_verbatim_in_a_line(line, span, branch):
    found = mentions(line)
    assert [(text.removeprefix("Chi bộ: "), known) for text, _, known in found] == [(span, branch)]


def test_a_mention_keeps_its_offsets_when_marks_are_apart():
    line = unicodedata.normalize("NFD", "Chi bộ Trường Mầm non Cỏ May đã họp")
    assert mentions(line) == [(unicodedata.normalize("NFD", "Chi bộ Trường Mầm non Cỏ May"), "match", "mn")]


@pytest.mark.parametrize(
    "line",
    [
        "kết nạp 1 đồng chí ngày 19/5",
        "họp 4/4, vắng 2 (1 cp 1 kp), quân số 20",
        "chi bộ em đã họp tối qua",
        "đ/c Nguyễn Thanh Bình được kết nạp",
        "chuyển chính thức: Kha Thanh Bình",
        "tổ chức sinh hoạt lúc 19h30",
        "cho 3 đồng chí đi học",
        "",
    ],
)
def test_a_line_without_a_branch_has_no_mention(line):
    assert mentions(line) == []


def test_a_branch_outside_the_list_is_a_mention_of_none():
    assert mentions("chi bộ 99 họp 3/3") == [("chi bộ 99", "none", None)]
    assert [found[:2] for found in mentions("cty xi măng họp 3/3")] == [("cty xi măng", "none")]


def test_an_ambiguous_mention_offers_its_candidates():
    (one,) = SMALL.find("cty thanh bình họp 7/4 dự 11/12")
    assert one.match.status == "ambiguous"
    assert set(one.match.candidates) == {"tb", "kd"}


OFFICES = BranchNames(
    BranchName(name, f"Chi bộ {name}")
    for name in (
        "Văn phòng Sở",
        "Thanh tra Sở",
        "Thanh tra tỉnh",
        "Bệnh viện Đa khoa",
        "Trạm Y tế",
        "Thuế cơ sở 5",
        "Trung tâm Phục vụ hành chính công",
        "Ban Quản lý Dự án",
        "Ban Quản lý chợ",
        "Phòng Văn hóa - Xã hội",
        "Điện lực Cầu Ngang",
        "Viễn thông Cầu Ngang",
        "Khu phố Chợ Cũ",
        "Trường Mầm non Sơn Ca 1",
        "Trường Mầm non Sơn Ca 2",
        "Trường THCS An Đông",
        "Trường THCS Lộc Hà",
        "Trường THPT Lê Quý Đôn",
        "Trường THPT Chuyên Lê Quý Đôn",
        "Công ty Cổ phần Cơ khí Hồng Lam",
        "Công ty Cổ phần Dệt Hồng Lam",
    )
)


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("vp sở", "Văn phòng Sở"),
        ("thanh tra so", "Thanh tra Sở"),
        ("thanh tra", None),
        ("benh vien mat", None),
        ("bv mắt", None),
        ("bệnh viện", "Bệnh viện Đa khoa"),
        ("hạnh và phúc", None),
        ("thuế cs5", "Thuế cơ sở 5"),
        ("thuế cs 3", None),
        ("tt hcc", "Trung tâm Phục vụ hành chính công"),
        ("tthcc", "Trung tâm Phục vụ hành chính công"),
        ("bql da", "Ban Quản lý Dự án"),
        ("bql dự án", "Ban Quản lý Dự án"),
        ("p. vh-xh", "Phòng Văn hóa - Xã hội"),
        ("đl cầu ngang", "Điện lực Cầu Ngang"),
        ("mn sơn ca hai", "Trường Mầm non Sơn Ca 2"),
        ("thpt lê quý đôn", "Trường THPT Lê Quý Đôn"),
        ("hồng lam", None),
    ],
)
def test_offices_are_known_by_what_people_call_them(text, branch):
    assert matched(text, OFFICES) == branch


@pytest.mark.parametrize(
    ("line", "span", "branch"),
    [
        ("chi bộ văn phòng sở họp hôm qua 18/20", "chi bộ văn phòng sở", "Văn phòng Sở"),
        ("cb van phong so hop hom qua", "cb van phong so", "Văn phòng Sở"),
        ("chi bo benh vien mat da chuyen 1 dv", "chi bo benh vien mat", None),
        ("chi bo benh vien mat 18/20", "chi bo benh vien", "Bệnh viện Đa khoa"),
        ("cb p. vh-xh họp sáng nay", "cb p. vh-xh", "Phòng Văn hóa - Xã hội"),
        ("trạm y tế 18 đ/c dự họp hôm qua", "trạm y tế", "Trạm Y tế"),
        ("điện lực cầu ngang 18 người họp", "điện lực cầu ngang", "Điện lực Cầu Ngang"),
        ("chi bộ chợ cũ mần họp rồi nghen", "chi bộ chợ cũ", "Khu phố Chợ Cũ"),
        ("chi bộ trạm y tế tiến hành sinh hoạt", "chi bộ trạm y tế", "Trạm Y tế"),
        ("chi bộ trạm y tế mở cuộc họp", "chi bộ trạm y tế", "Trạm Y tế"),
        ("chi bộ thcs họp 11/4", "chi bộ thcs", None),
        ("thuế cơ sở 3 họp hôm 11/8", "thuế cơ sở 3", None),
        ("tyt họp hôm qua", "tyt", "Trạm Y tế"),
        ("bí thư chi bộ thuế cs 5 Lê Văn An báo cáo", "chi bộ thuế cs 5", "Thuế cơ sở 5"),
    ],
)
def test_a_mention_ends_where_the_report_begins(line, span, branch):
    assert [(text, known) for text, _, known in mentions(line, OFFICES)] == [(span, branch)]


def test_a_word_that_a_name_holds_twice_prefers_no_branch():
    wards = BranchNames(
        BranchName(name, f"{name} - Bệnh viện Đa khoa Nam Giang")
        for name in ("Khoa Nội", "Khoa Ngoại", "Khối Hành chính")
    )
    assert wards.match("bệnh viện đa khoa").status == "ambiguous"


def test_a_number_beside_and_is_no_branch():
    assert mentions("có mặt 9 đc ct và 1 đvdb, tổng 11", OFFICES) == []


def test_every_branch_that_holds_the_words_is_named():
    assert set(OFFICES.holding("hồng lam")) == {"Công ty Cổ phần Cơ khí Hồng Lam", "Công ty Cổ phần Dệt Hồng Lam"}


def test_an_empty_list_matches_nothing():
    empty = BranchNames([])
    assert empty.match("tdp 5") == BranchMatch("none", None, ())


@given(st.text(max_size=80))
def test_any_text_gets_an_answer_and_spans_inside_it(text):
    found = SMALL.match(text)
    assert (found.branch_id is not None) == (found.status == "match")
    assert len(found.candidates) <= 6
    ends = [0]
    for one in SMALL.find(text):
        assert ends[-1] <= one.start < one.end <= len(text)
        ends.append(one.end)


@given(st.integers(min_value=0, max_value=10**9))
def test_only_listed_numbers_match(number):
    assert (matched(f"tổ dân phố số {number}") is None) == (number not in (5, 15))
