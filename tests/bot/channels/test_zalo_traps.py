"""The traps that are known of Zalo's bots, each with the tests that hold it; the tests themselves stand beside.

What is a matter of another library or of the Official Account is no trap here and is not listed.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent.parent
CHANNELS = "bot/channels"

# What may go wrong: (file, test) that shows it does not.
TRAPS: dict[str, tuple[tuple[str, str], ...]] = {
    "ids are texts, never numbers": (
        (f"{CHANNELS}/test_zalo_incoming.py", "test_what_cannot_be_read_is_parked_whole"),
        (f"{CHANNELS}/test_zalo_incoming.py", "test_the_flat_form_is_read"),
    ),
    "a group's id is no hexadecimal number": (
        (
            f"{CHANNELS}/test_zalo_incoming.py",
            "test_a_group_is_known_by_its_kind_and_what_is_said_there_is_not_carried",
        ),
    ),
    "updates have no number that rises": (
        (f"{CHANNELS}/test_zalo_incoming.py", "test_a_message_without_an_id_is_the_same_one_when_it_comes_again"),
        (f"{CHANNELS}/test_zalo_polling.py", "test_updates_come_one_by_one_in_order"),
    ),
    "a stop during an open poll": (
        (f"{CHANNELS}/test_zalo_polling.py", "test_a_stop_during_an_open_poll_takes_in_what_zalo_has_popped"),
        (f"{CHANNELS}/test_zalo_polling.py", "test_a_stop_leaves_what_was_not_read_with_zalo"),
    ),
    "a poll without a wait reads and forgets": (
        (f"{CHANNELS}/test_zalo_polling.py", "test_no_poll_is_ever_made_without_a_wait"),
    ),
    "a backlog is read against the menus of its own time": (
        ("e2e/test_zalo_talk.py", "test_a_backlog_is_answered_line_by_line_against_the_menu_then_open"),
    ),
    "a reminder does not replace the open menu": (
        ("e2e/test_zalo_talk.py", "test_a_notice_in_the_middle_of_a_form_leaves_its_menu_open"),
        ("bot/test_rendering.py", "test_without_buttons_a_notice_names_its_labels_without_numbers"),
    ),
    "a number may be an answer": (
        ("e2e/test_zalo_talk.py", "test_where_a_number_is_an_answer_letters_choose_and_digits_are_taken_as_typed"),
        ("bot/test_rendering.py", "test_where_a_number_is_an_answer_the_menu_is_lettered"),
    ),
    "a label is typed, without accents, with a full stop": (
        ("e2e/test_zalo_talk.py", "test_a_choice_may_be_typed_in_every_way_people_type_it"),
        ("e2e/test_parity.py", "test_every_channel_leaves_the_same_behind"),
    ),
    "nothing can be edited": (
        (f"{CHANNELS}/test_zalo_sending.py", "test_an_edit_is_refused_without_a_call"),
        ("bot/test_desk.py", "test_where_nothing_can_be_edited_words_go_out_anew_and_refreshed_figures_do_not"),
    ),
    "2,000 units, letters joined with their marks, the menu in the last piece": (
        (f"{CHANNELS}/test_zalo_sending.py", "test_the_longest_text_fits_and_one_more_unit_does_not"),
        (f"{CHANNELS}/test_zalo_sending.py", "test_letters_and_marks_are_joined_before_they_are_counted"),
        ("e2e/test_zalo_talk.py", "test_a_long_text_with_emoji_and_parted_marks_leaves_in_pieces_with_the_menu_last"),
    ),
    "dialects of HTML and Markdown": ((f"{CHANNELS}/test_zalo_sending.py", "test_nothing_but_plain_text_is_sent"),),
    "documents cannot be sent": (
        (f"{CHANNELS}/test_zalo_sending.py", "test_files_are_no_capability_unless_links_are_allowed"),
        (f"{CHANNELS}/test_zalo_sending.py", "test_a_link_is_good_once_and_for_a_short_time"),
        (f"{CHANNELS}/test_zalo_webhook.py", "test_a_link_shows_a_button_first_and_gives_its_file_once"),
        ("e2e/test_zalo_talk.py", "test_a_file_that_cannot_be_sent_is_named_and_nothing_else_is_lost"),
    ),
    "documents cannot be received": (("e2e/test_zalo_talk.py", "test_what_zalo_does_not_carry_is_answered_helpfully"),),
    "pictures come as addresses": (
        (f"{CHANNELS}/test_zalo_incoming.py", "test_a_picture_is_named_by_its_address_and_keeps_its_caption"),
    ),
    "408, 403, 429 and 401 mean something of their own": (
        (f"{CHANNELS}/test_zalo_errors.py", "test_an_error_means_what_zalo_means_by_it"),
        (f"{CHANNELS}/test_zalo_errors.py", "test_a_server_error_is_no_blocked_bot"),
        (f"{CHANNELS}/test_zalo_polling.py", "test_an_idle_poll_is_no_error"),
    ),
    "an answer that never came": (
        (f"{CHANNELS}/test_zalo_sending.py", "test_a_connection_cut_after_the_call_left_is_uncertain"),
        ("bot/test_metering.py", "test_a_doubtful_receipt_goes_out_once_more_only_while_there_is_room"),
    ),
    "the token stands in addresses": (
        (f"{CHANNELS}/test_zalo_sending.py", "test_the_token_stands_in_no_log_and_no_error"),
        ("bot/test_channels_as_processes.py", "test_a_secretary_joins_and_reports_on_zalo"),
    ),
    "duplicates, two forms, empty probes, late answers": (
        (f"{CHANNELS}/test_zalo_webhook.py", "test_a_duplicate_is_the_same_update"),
        (f"{CHANNELS}/test_zalo_webhook.py", "test_both_forms_reach_the_core"),
        (f"{CHANNELS}/test_zalo_webhook.py", "test_an_empty_probe_is_answered_even_without_the_secret"),
        (f"{CHANNELS}/test_zalo_webhook.py", "test_the_200_comes_after_the_commit"),
    ),
    "polling and webhook exclude each other": (
        (f"{CHANNELS}/test_zalo_polling.py", "test_a_webhook_in_the_way_is_removed"),
        ("bot/test_quota_command.py", "test_a_webhook_in_the_way_is_said"),
    ),
    "dates in milliseconds": (
        (f"{CHANNELS}/test_zalo_incoming.py", "test_a_date_in_milliseconds_and_one_in_seconds_are_the_same_moment"),
    ),
    "the quota": (
        ("bot/test_metering.py", "test_the_administrator_is_warned_at_80_percent_and_at_the_end_once_each"),
        ("bot/test_metering.py", "test_a_spent_month_lets_replies_and_urgent_messages_leave"),
        ("models/test_quota.py", "test_messages_are_counted_for_each_bot_and_month"),
    ),
    "another channel that cannot be reached": (
        ("bot/test_channels_as_processes.py", "test_telegram_in_trouble_never_stops_zalo"),
        ("bot/test_channels_as_processes.py", "test_zalo_in_trouble_never_stops_telegram_or_the_page"),
    ),
}


@cache
def _tests(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_is_held_by_a_test(trap):
    assert [name for file, name in TRAPS[trap] if name not in _tests(file)] == []
