"""A meeting's document as one SQL expression of SQLite, put together when it is asked for.

What Datasette runs as a canned query, and what our own lane runs when it is kept from the stored
documents. It gives every key of the document; conflicts between claims, which take a program,
are left empty.
"""

from app.vocabulary import PositionLevel


def uncertain(column: str) -> str:
    """A date object."""
    edtf = f"{column}_edtf"
    return f"""json(CASE WHEN {edtf} IS NULL THEN 'null' ELSE json_object(
        'edtf', {edtf}, 'earliest', {column}_earliest, 'latest', {column}_latest,
        'precision', CASE WHEN instr({edtf}, '/') THEN 'interval' WHEN length({edtf}) >= 10
            THEN 'day' WHEN length({edtf}) >= 7 THEN 'month' ELSE 'year' END) END)"""


def instant(column: str) -> str:
    return f"""replace(substr({column}, 1, iif(substr({column}, 21) = '000000', 19, 23)), ' ', 'T')
        || 'Z'"""


def truth(column: str) -> str:
    return f"json(CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)"


def card(table: str, key: str) -> str:
    return f"""(SELECT json_object('id', r.id, 'slug', r.slug, 'title', r.title)
        FROM {table} r WHERE r.id = {key})"""


NEVER, ALWAYS = "'0000-00-00'", "'9999-99-99'"
"""Days before and after all others."""

RANK = " ".join(f"WHEN '{level.value}' THEN {rank}" for rank, level in enumerate(PositionLevel))
FIRST = f"coalesce(m.date_earliest, {NEVER})"
LAST = f"coalesce(m.date_latest, {ALWAYS})"


def held_by(alias: str) -> str:
    """Offices of the participant `a` that may have been held at the meeting `m`."""
    return f"""FROM positions {alias} WHERE {alias}.official_id = a.official_id
        AND {alias}.deleted_seq IS NULL
        AND max({FIRST}, coalesce({alias}.start_earliest, {NEVER}))
            <= min({LAST}, coalesce({alias}.end_latest, {ALWAYS}))"""


def certain(alias: str) -> str:
    """Whether such an office was held for certain, on all days that the meeting may have been."""
    begins = f"coalesce({alias}.start_earliest, {NEVER})"
    begun = f"coalesce({alias}.start_latest, {ALWAYS})"
    ends = f"""iif({alias}.end_status = 'ongoing' AND {alias}.attested_until IS NULL, {ALWAYS},
        coalesce({alias}.end_earliest, {NEVER}))"""
    ended = f"coalesce({alias}.end_latest, {ALWAYS})"
    attested = f"""iif({alias}.attested_until BETWEEN {begins} AND {ended},
        {alias}.attested_until, NULL)"""
    return f"""min({begun}, {ended}, coalesce({attested}, {ALWAYS})) <= {FIRST}
        AND {LAST} <= max({ends}, {begins}, coalesce({attested}, {NEVER}))"""


OFFICE = "'id', p.id, 'title', p.title, 'level', p.level"
ONE_OFFICE = f"""SELECT json_object({OFFICE}, 'resolved', json('true'),
    'concurrent', json_array(), 'candidates', json_array())
    {held_by("p")} AND {certain("p")}
    AND NOT EXISTS (SELECT 1 {held_by("o")} AND o.id <> p.id)"""
"""By far the most have held one office then, and for certain."""

OFFICES = f"""SELECT json_object({OFFICE}) AS office, CASE p.level {RANK} END AS rank,
    {certain("p")} AS certain {held_by("p")}
    ORDER BY certain DESC, rank, p.start_ascends, p.id"""
SEVERAL_OFFICES = f"""SELECT CASE
    WHEN found = 0 THEN 'null'
    WHEN least_held <= coalesce(least_possible, 99) THEN json_object(
        'id', held ->> '$[0].id', 'title', held ->> '$[0].title', 'level', held ->> '$[0].level',
        'resolved', json('true'), 'concurrent', json(json_remove(held, '$[0]')),
        'candidates', json_array())
    ELSE json_object('id', NULL, 'title', NULL, 'level', NULL, 'resolved', json('false'),
        'concurrent', json_array(), 'candidates', json(offices)) END
    FROM (SELECT count(*) AS found, min(rank) FILTER (WHERE certain) AS least_held,
        min(rank) FILTER (WHERE NOT certain) AS least_possible,
        json_group_array(json(office)) FILTER (WHERE certain) AS held,
        json_group_array(json(office)) AS offices
        FROM ({OFFICES}))"""
POSITION = f"""json(iif(m.date_edtf IS NULL, 'null',
    coalesce(({ONE_OFFICE}), ({SEVERAL_OFFICES}))))"""
"""The office held on the day: the highest that was held for certain, unless one that may have been
held ranks above it.
"""

PARTICIPANT = f"""json_object(
    'id', a.id,
    'official', (SELECT json_object('id', o.id, 'slug', o.slug, 'name', o.name)
        FROM officials o WHERE o.id = a.official_id),
    'name_as_given', a.name_as_given, 'title_as_given', a.title_as_given,
    'position', {POSITION},
    'party', (SELECT code FROM parties WHERE id = a.party_id), 'role', a.role)"""

EVIDENCE = """'locator', c.locator, 'quote', c.quote, 'prefix', c.prefix, 'suffix', c.suffix,
    'language', c.language"""
CITATION = f"""json_object('id', c.id, 'source', (SELECT json_object('id', s.id, 'slug', s.slug,
    'title', s.title, 'publisher', s.publisher, 'kind', s.kind, 'perspective', s.perspective,
    'url', s.url) FROM sources s WHERE s.id = c.source_id), {EVIDENCE})"""
CLAIM = f"""json_object('id', c.id, 'source', {card("sources", "c.source_id")}, {EVIDENCE},
    'field', c.field, 'participant', c.participation_id, 'value', json(c.value),
    'qualifier', c.qualifier, 'rank', c.rank, 'attestation', c.attestation)"""


def parts(item: str, table: str, alias: str) -> str:
    """The items of a meeting's own rows, in their order."""
    return f"""(SELECT json_group_array({item}) FROM
        (SELECT * FROM {table} WHERE meeting_id = m.id ORDER BY ordinal) {alias})"""


MEETING = f"""json_object(
    'id', m.id, 'slug', m.slug, 'title', m.title, 'summary', m.summary,
    'format', m.format, 'status', m.status,
    'announced_beforehand', {truth("m.announced_beforehand")},
    'date', {uncertain("m.date")},
    'starts_at', {instant("m.starts_at")},
    'starts_at_approximate', {truth("m.starts_at_approximate")},
    'time_zone', m.time_zone,
    'local_dates', {
    parts("json_object('date', d.date, 'time_zone', d.time_zone)", "meeting_local_dates", "d")
},
    'duration_minutes', m.duration_minutes, 'duration_qualifier', m.duration_qualifier,
    'place', json_object('name', m.place_name, 'city', m.city,
        'country', (SELECT code FROM parties WHERE id = m.country_id),
        'latitude', m.latitude, 'longitude', m.longitude),
    'visit', {card("visits", "m.visit_id")}, 'sequence', m.sequence,
    'part_of', {card("meetings", "m.part_of_id")},
    'topics', {parts("(SELECT code FROM topics WHERE id = t.topic_id)", "meeting_topics", "t")},
    'participants', {parts(PARTICIPANT, "participations", "a")},
    'conflicts', json_array(),
    'citations', {parts(CITATION, "citations", "c")},
    'claims', {parts(CLAIM, "claims", "c")},
    'external_ids', {
    parts("json_object('scheme', i.scheme, 'value', i.value)", "identifiers", "i")
},
    'dataset', m.dataset, 'rev', m.rev,
    'created_at', {instant("m.created_at")}, 'updated_at', {instant("m.updated_at")})"""
"""The document of the meeting `m`."""
