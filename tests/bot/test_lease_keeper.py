import os
import socket
import subprocess
import sys
from datetime import timedelta

from sqlmodel import select

from bot.intake import store
from bot.lease_keeper import LEASE_SECONDS, bury_dead, hold, is_dead, owner_name
from models.database import unit_of_work
from models.inbox import InboxRow
from models.sender_leases import SenderLease
from tests.fakes.channel import NOW, FakeChannel
from tests.fakes.core import BOT

HOST = socket.gethostname()


def test_this_process_lives():
    assert not is_dead(owner_name())


def test_a_process_that_has_ended_is_dead():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert is_dead(f"{HOST}/{child.pid}/12345")


def test_a_process_that_took_over_a_number_is_another():
    assert is_dead(f"{HOST}/{os.getpid()}/1")


def test_of_another_machine_nobody_knows():
    assert not is_dead(f"elsewhere/{os.getpid()}/1")
    assert not is_dead("simulate")


def holding(engine, owner, now):
    with unit_of_work(engine) as session:
        return hold(session, [BOT], owner, now)


def test_one_process_holds_the_right_until_it_runs_out(any_engine):
    assert holding(any_engine, "a", NOW)[BOT][0].fencing == 1
    assert holding(any_engine, "b", NOW) == {}
    renewed = holding(any_engine, "a", NOW + timedelta(seconds=10))
    assert renewed[BOT][0].fencing == 1
    assert renewed[BOT][1] == NOW + timedelta(seconds=10 + LEASE_SECONDS)
    taken = holding(any_engine, "b", NOW + timedelta(seconds=10 + LEASE_SECONDS))
    assert taken[BOT][0].fencing == 2
    assert holding(any_engine, "a", NOW + timedelta(seconds=11 + LEASE_SECONDS)) == {}


def test_what_a_dead_process_held_is_free_at_once(engine):
    dead, people = f"{HOST}/{os.getpid()}/1", FakeChannel()
    holding(engine, dead, NOW)
    with unit_of_work(engine) as session:
        store(session, [people.received(people.incoming("5", "a"))], dead, NOW)
        bury_dead(session, NOW)
        assert session.exec(select(SenderLease)).one().until == NOW
        assert session.exec(select(InboxRow)).one().lease_until == NOW
    assert holding(engine, "b", NOW)[BOT][0].fencing == 2
