"""A line that waits for its intent is taken up only by who still reports for its unit."""

from sqlmodel import select

from models.people import Post
from models.units import Unit
from tests.e2e.client import staged

BRANCH = "Chi bộ Trường Mầm non Cỏ May"


def asked(stage):
    client = stage.client("bt34")
    client.send("chuyển 2 đ/c ngày 1/3")
    assert "Đồng chí báo việc gì?" in client.click(BRANCH)
    return client


def test_the_intent_chosen_goes_on_with_the_line():
    with staged() as stage:
        assert "2 đồng chí, ngày 1/3/2022" in asked(stage).click("Chuyển đến")


def test_a_post_that_has_ended_meanwhile_takes_up_nothing():
    with staged() as stage:
        client = asked(stage)
        with stage.session as session:
            unit = session.exec(select(Unit).where(Unit.name == BRANCH)).one()
            post = session.exec(select(Post).where(Post.unit_id == unit.id, Post.role == "secretary")).one()
            post.valid_to = post.valid_from
        assert "Nút này đã cũ" in client.click("Chuyển đến")
        assert stage.reports() == []
