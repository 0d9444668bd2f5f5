"""The secretary of a committee leads no branch: a meeting of the committee would stand in no branch's figures."""

import re

import pytest

from tests.e2e.client import Client, staged


@pytest.mark.parametrize("text", ["/hop", "/ketnap", "/biendong", "họp 3/3, có mặt 18/20"])
def test_a_committees_secretary_reports_no_meeting(text):
    with staged() as stage:
        invited = Client(stage, "vp").send("/maimoi DB1 bí thư")
        secretary = Client(stage, "bdb1")
        assert "Đảng bộ bộ phận Chợ Mới" in secretary.send("/start " + re.search(r": (\w{8,})", invited)[1])
        assert secretary.send(text) == "Đồng chí không phụ trách báo cáo của chi bộ nào."
        assert stage.failures() == []
