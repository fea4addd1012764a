"""The rows of the project's table of faults and abuse, and the tests that hold each of them.

A test is named by its module, without `test_`, and its name; where it stands in a class, by that
as well. `tests/test_faults_table.py` sees to it that all of them exist.
"""

ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    # ------------------------------------------------------------------------------------- input
    "R1": (
        "NaN, infinities, numbers out of range",
        ("hostile_bodies::test_r1_what_is_no_finite_number_is_pointed_at",),
    ),
    "R2": (
        "JSON that nests deeper than 32",
        ("hostile_bodies::test_r2_a_body_that_nests_too_deep_is_not_parsed",),
    ),
    "R3": ("a lone surrogate", ("hostile_bodies::test_r3_a_lone_surrogate_is_no_text",)),
    "R4": (
        "NUL in a body, path or query",
        (
            "hostile_bodies::test_r4_a_nul_is_refused_wherever_it_stands",
            "hostile_input::test_r4_a_nul_is_refused_wherever_it_stands",
        ),
    ),
    "R5": (
        "numbers of 2^63 and above",
        (
            "hostile_bodies::test_r5_and_r6_numbers_beyond_all_measure",
            "hostile_input::test_r5_and_r6_numbers_beyond_all_measure",
        ),
    ),
    "R6": (
        "integers of 30 and of 5,000 digits",
        (
            "hostile_bodies::test_r5_and_r6_numbers_beyond_all_measure",
            "hostile_input::test_r5_and_r6_numbers_beyond_all_measure",
        ),
    ),
    "R7": (
        "a name twice in one object",
        ("hostile_bodies::test_r7_a_name_stands_once_in_an_object",),
    ),
    "R8": (
        "unknown and read-only fields",
        ("hostile_bodies::test_r8_and_s2_what_the_server_sets_or_does_not_know_is_refused",),
    ),
    "R9": (
        "an unknown query parameter",
        ("hostile_input::test_r9_an_unknown_parameter_is_refused_with_those_that_there_are",),
    ),
    "R10": (
        "a scalar parameter given twice",
        ("hostile_input::test_r10_a_scalar_given_twice_is_refused",),
    ),
    "R11": (
        "limits out of range",
        ("hostile_input::test_r11_and_r15_a_limit_is_a_plain_number_from_1_to_200",),
    ),
    "R12": (
        "years and epochs where an instant is due",
        (
            "hostile_bodies::test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone",
            "hostile_bodies::test_r12_to_r14_a_date_has_no_time_and_is_no_number",
            "hostile_input::test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone",
        ),
    ),
    "R13": (
        "instants out of range in UTC",
        (
            "hostile_bodies::test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone",
            "hostile_input::test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone",
        ),
    ),
    "R14": (
        "naive times; a time where a date is due",
        (
            "hostile_bodies::test_r12_to_r14_a_date_has_no_time_and_is_no_number",
            "hostile_input::test_r14_a_date_has_no_time",
        ),
    ),
    "R15": (
        "1_0, 1.0 and the like as numbers or ids",
        (
            "hostile_bodies::test_r15_a_number_is_a_number_and_an_id_an_id",
            "hostile_input::test_r11_and_r15_a_limit_is_a_plain_number_from_1_to_200",
        ),
    ),
    "R16": (
        "addresses and bodies that are no UTF-8",
        (
            "hostile_bodies::test_r16_what_is_no_utf_8_is_malformed",
            "hostile_input::test_r16_what_is_no_utf_8_is_malformed",
        ),
    ),
    "R17": (
        "one name in NFC and in NFD",
        (
            "hostile_bodies::test_r17_a_name_is_kept_as_given_and_found_in_either_form",
            "hostile_input::test_a_name_in_either_normal_form_is_the_same_name",
        ),
    ),
    "R18": (
        "bidirectional controls and zero width",
        (
            "hostile_bodies::test_r18_what_hides_or_turns_text_has_no_place_in_names_and_slugs",
            "hostile_bodies::test_r18_a_quotation_keeps_every_sign",
        ),
    ),
    "R19": (
        "another content type, or none",
        (
            "hostile_bodies::test_r19_a_body_has_to_say_that_it_is_json",
            "ingress::TestBodies::test_r19_a_chunked_body_has_to_say_so_too",
        ),
    ),
    "R20": ("a compressed body", ("hostile_bodies::test_r20_a_compressed_body_is_not_opened",)),
    "R23": (
        "operators and 4 kB in `q`",
        ("hostile_input::test_r23_whatever_is_searched_for_is_a_word_or_nothing",),
    ),
    "R24": (
        "line breaks that reach a header",
        (
            "hostile_bodies::test_r24_a_line_break_reaches_no_header",
            "hostile_bodies::test_r24_a_reason_is_one_readable_line",
            "hostile_bodies::test_r24_an_idempotency_key_is_printable_ascii",
            "hostile_input::test_r24_a_line_break_reaches_no_header",
        ),
    ),
    "R25": (
        "a cursor that is none of this query's",
        ("hostile_input::test_r25_what_is_no_cursor_of_this_query_is_refused",),
    ),
    # -------------------------------------------------------------------------------------- HTTP
    "H1": ("HEAD", ("http_of_every_route::test_h1_head_has_the_headers_of_get_and_no_body",)),
    "H2": ("OPTIONS", ("http_of_every_route::test_h2_and_h3_an_address_says_what_it_takes",)),
    "H3": (
        "a wrong method",
        ("http_of_every_route::test_h2_and_h3_an_address_says_what_it_takes",),
    ),
    "H4": (
        "a slash at the end, a hostile Host",
        ("http_of_every_route::test_h4_a_slash_at_the_end_leads_nowhere",),
    ),
    "H5": (
        "a Host that is not listed",
        (
            "http_of_every_route::test_h5_and_l7_another_host_and_one_write_too_many",
            "ingress::TestHosts::test_h5_another_host_is_refused",
        ),
    ),
    "H6": (
        "an address over 8 KiB",
        (
            "http_of_every_route::test_h6_to_h8_what_is_too_large_is_not_written",
            "ingress::TestHeads::test_h6_an_address_without_end_is_cut_off_in_plain_text",
        ),
    ),
    "H7": (
        "headers over 16 KiB, or over 100",
        (
            "http_of_every_route::test_h6_to_h8_what_is_too_large_is_not_written",
            "ingress::TestHeads::test_h7_a_head_without_end_is_cut_off_in_plain_text",
        ),
    ),
    "H8": (
        "a body over 1 MiB",
        (
            "http_of_every_route::test_h6_to_h8_what_is_too_large_is_not_written",
            "ingress::TestBodies::test_h8_a_chunked_body_is_counted_as_it_comes",
        ),
    ),
    "H9": (
        "framing that can be read in two ways",
        (
            "http_of_every_route::test_h9_what_can_be_read_in_two_ways_is_not_written",
            "ingress::TestBrokenFraming::test_h9_what_can_be_read_in_two_ways_is_400_and_the_end",
        ),
    ),
    "H10": (
        "weak tags, lists of tags, `*`",
        (
            ("write_preconditions::test_weak_tags_lists_and_a_star_are_read_as_rfc_9110_has_it"),
            "write_preconditions::test_any_tag_of_the_present_rev_will_do",
            "write_preconditions::test_a_republication_makes_no_editor_stale",
            "caching::test_who_holds_the_answer_is_told_so_without_a_body",
            "front::TestConditionalReading::test_a_weak_tag_of_a_route_is_compared_weakly",
        ),
    ),
    "H11": (
        "a tag of another content coding",
        (
            "ingress::test_h11_the_tag_of_one_coding_does_not_stand_for_another",
            "write_preconditions::test_any_tag_of_the_present_rev_will_do",
        ),
    ),
    # -------------------------------------------------------------------------------------- load
    "L1": (
        "many who send a byte a second",
        ("ingress::TestSlowSenders::test_l1_slow_senders_are_closed_and_hold_nobody_up",),
    ),
    "L2": (
        "an export that is hardly read",
        (
            "exports_over_http::test_memory_does_not_depend_on_the_list_nor_on_the_reader",
            "exports_over_http::test_a_reader_who_is_too_slow_gets_no_end",
        ),
    ),
    "L3": (
        "includes deeper than 2",
        ("hostile_input::test_l3_nothing_is_included_deeper_than_twice",),
    ),
    "L7": (
        "past the rate limit",
        (
            "http_of_every_route::test_h5_and_l7_another_host_and_one_write_too_many",
            "limiting::test_the_answers_say_what_is_left_and_past_it_429",
        ),
    ),
    # ------------------------------------------------------------------------------- concurrency
    "C1": (
        "twenty edits with one tag",
        ("concurrent_writes::test_c1_of_twenty_edits_with_one_tag_one_is_made",),
    ),
    "C2": (
        "an edit without If-Match",
        ("concurrent_writes::test_c2_an_edit_that_has_seen_nothing_is_refused",),
    ),
    "C3": (
        "one Idempotency-Key twenty times at once",
        (
            "concurrent_writes::test_c3_one_key_sent_twenty_times_at_once_makes_one_record",
            "concurrent_writes::test_c3_edits_and_deletions_are_done_once_too",
        ),
    ),
    "C4": (
        "one Idempotency-Key with another body",
        ("concurrent_writes::test_c4_a_key_belongs_to_one_request",),
    ),
    "C5": (
        "killed after the commit, before the answer",
        ("writes_interrupted::test_c5_who_got_no_answer_gets_it_by_sending_the_same_again",),
    ),
    "C6": (
        "many writers",
        (("concurrent_writes::test_c6_what_many_write_at_once_is_all_there_and_nothing_else"),),
    ),
    "C7": (
        "a clock that goes back",
        (
            "concurrent_writes::test_c7_a_clock_that_goes_back_takes_nothing_with_it",
            "recorder::test_a_clock_that_goes_back_does_not_take_the_log_with_it",
        ),
    ),
    # -------------------------------------------------------------------------------- durability
    "D1": (
        "kill -9 during writes",
        (
            (
                "writes_interrupted::"
                "test_d1_what_was_acknowledged_outlives_every_kill_and_who_follows_has_it_all"
            ),
        ),
    ),
    "D2": (
        "kill -9 during a load",
        (
            (
                "interruptions::"
                "test_a_migration_or_a_load_that_is_killed_leaves_nothing_and_can_be_run_again"
            ),
            (
                "historian_killed::"
                "test_an_import_that_is_killed_leaves_all_as_it_was_and_completes_when_run_again"
            ),
        ),
    ),
    "D3": (
        "a full disk",
        ("write_faults::test_d3_where_there_is_no_room_writes_are_507_until_there_is",),
    ),
    "D4": (
        "a database that can only be read",
        ("write_faults::test_d4_a_database_that_can_only_be_read_is_read",),
    ),
    "D5": (
        "a lock that another process holds",
        ("write_faults::test_d5_a_lock_that_another_process_holds_costs_writes_503_in_time",),
    ),
    "D6": (
        "a corrupt file",
        ("database_faults::test_a_corrupt_file_is_503_until_it_is_whole_again",),
    ),
    "D7": (
        "SIGTERM under load",
        (
            "writes_interrupted::test_d7_who_is_told_to_stop_ends_what_is_in_flight",
            "waiting::test_d7_whoever_waits_is_answered_at_once_when_the_server_stops",
        ),
    ),
    # ----------------------------------------------------------------- PostgreSQL and migrations
    "P2": (
        "the answer to COMMIT is lost",
        ("write_faults::test_p2_a_commit_without_an_answer_is_settled_by_the_key",),
    ),
    "P3": (
        "serialisation failures and deadlocks",
        (
            "write_faults::test_p3_serialisation_failures_are_tried_again_and_then_503",
            "write_faults::test_p3_who_is_chosen_to_end_a_deadlock_tries_again",
        ),
    ),
    "M1": (
        "up, down, up",
        ("migrations::test_up_down_and_up_again_on_populated_data_ends_where_it_began",),
    ),
    "M2": (
        "tables made anew on SQLite",
        ("migrations::test_rebuilding_a_table_loses_no_row_trigger_index_or_constraint",),
    ),
    "M3": (
        "drift, and two heads",
        (
            "migrations::test_models_and_migrations_do_not_drift_apart",
            "migrations::test_the_program_works_with_the_only_head",
        ),
    ),
    "M4": (
        "four migrators",
        ("migrations::test_of_four_migrators_at_once_one_runs_and_all_end_well",),
    ),
    "M5": (
        "kill -9 during a migration",
        (
            (
                "interruptions::"
                "test_a_migration_or_a_load_that_is_killed_leaves_nothing_and_can_be_run_again"
            ),
        ),
    ),
    "M6": (
        "a schema that is newer",
        ("migrations::test_a_schema_newer_than_the_program_is_refused",),
    ),
    # ---------------------------------------------------------------------------------- security
    "S1": (
        "who may write what",
        (
            "write_policies::test_every_route_that_writes_names_one_scope",
            "write_policies::test_the_table_has_every_route_that_writes",
            "write_policies::test_s1_nobody_writes_without_the_right_key",
            ("write_policies::test_s1_with_the_right_key_the_examples_of_the_document_are_written"),
        ),
    ),
    "S2": (
        "a body that sets what the server sets",
        ("hostile_bodies::test_r8_and_s2_what_the_server_sets_or_does_not_know_is_refused",),
    ),
    "S3": (
        "a canary key",
        (
            "canary::test_s3_a_canary_key_is_in_no_answer_log_export_or_history",
            "key_usage::test_a_canary_key_leaves_no_trace",
            "logs::test_s3_no_key_is_in_it_whoever_logs_one",
        ),
    ),
    "S4": (
        "markup in titles, schemes of addresses",
        (
            "hostile_bodies::test_s4_markup_in_a_title_is_text",
            "hostile_bodies::test_s4_an_address_is_http_or_https",
        ),
    ),
    "S5": (
        "changes behind the log's back",
        (
            "verify::test_nobody_alters_the_log_straight_in_the_database",
            "verify::test_what_was_altered_is_found_at_the_first_such_revision",
            ("verify::test_a_tail_written_anew_with_all_its_hashes_needs_a_head_kept_elsewhere"),
        ),
    ),
    "S6": (
        "keys at rest",
        (
            "authentication::test_what_is_kept_is_an_hmac_under_the_pepper",
            "keys::test_a_digest_is_an_hmac_that_depends_on_key_id_and_pepper",
        ),
    ),
}

NOT_DUE: dict[str, str] = {
    "R21": "records are not written as CSV yet; the tables of counts neutralise their cells",
    "R22": "nothing reads XML yet",
}
"""Rows of which the program has no part yet, and why. Of R20, what concerns imports is not due
either: no import opens a compressed file yet.
"""
