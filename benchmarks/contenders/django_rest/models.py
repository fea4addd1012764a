"""Our tables as Django's models; Django neither makes nor changes them."""

from datetime import date

from django.db import models


class Party(models.Model):
    id = models.TextField(primary_key=True)
    code = models.TextField()

    class Meta:
        managed = False
        db_table = "parties"


class Official(models.Model):
    id = models.TextField(primary_key=True)
    slug = models.TextField()
    name = models.TextField()

    class Meta:
        managed = False
        db_table = "officials"


class Position(models.Model):
    id = models.TextField(primary_key=True)
    official = models.ForeignKey(Official, models.DO_NOTHING, related_name="positions")
    title = models.TextField()
    level = models.TextField()
    start_earliest = models.DateField(null=True)
    start_latest = models.DateField(null=True)
    start_ascends = models.DateField()
    end_earliest = models.DateField(null=True)
    end_latest = models.DateField(null=True)
    end_status = models.TextField()
    attested_until = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "positions"
        ordering = ("start_ascends", "id")

    def certainly_spans(self, first, last):
        """Whether it was held throughout for certain; None where it was not held at all."""
        begins, begun = self.start_earliest or date.min, self.start_latest or date.max
        ends, ended = self.end_earliest or date.min, self.end_latest or date.max
        attested = self.attested_until
        if self.end_status == "ongoing" and attested is None:
            ends = date.max
        if max(first, begins) > min(last, ended):
            return None
        started, lasted = min(begun, ended), max(ends, begins)
        if attested is not None and begins <= attested <= ended:
            started, lasted = min(started, attested), max(lasted, attested)
        return started <= first and last <= lasted


class Source(models.Model):
    id = models.TextField(primary_key=True)
    slug = models.TextField()
    title = models.TextField()
    publisher = models.TextField()
    kind = models.TextField()
    perspective = models.TextField()
    url = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "sources"


class Topic(models.Model):
    id = models.TextField(primary_key=True)
    code = models.TextField()

    class Meta:
        managed = False
        db_table = "topics"


class Visit(models.Model):
    id = models.TextField(primary_key=True)
    slug = models.TextField()
    title = models.TextField()

    class Meta:
        managed = False
        db_table = "visits"


class Meeting(models.Model):
    id = models.TextField(primary_key=True)
    slug = models.TextField()
    title = models.TextField()
    summary = models.TextField(null=True)
    format = models.TextField()
    status = models.TextField()
    announced_beforehand = models.BooleanField(null=True)
    date_edtf = models.TextField(null=True)
    date_earliest = models.DateField(null=True)
    date_latest = models.DateField(null=True)
    date_ascends = models.DateField()
    starts_at = models.DateTimeField(null=True)
    starts_at_approximate = models.BooleanField(null=True)
    time_zone = models.TextField(null=True)
    duration_minutes = models.IntegerField(null=True)
    duration_qualifier = models.TextField(null=True)
    place_name = models.TextField(null=True)
    city = models.TextField(null=True)
    city_folded = models.TextField(null=True)
    country = models.ForeignKey(Party, models.DO_NOTHING, null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    visit = models.ForeignKey(Visit, models.DO_NOTHING, null=True)
    sequence = models.IntegerField(null=True)
    part_of = models.ForeignKey("self", models.DO_NOTHING, null=True)
    dataset = models.TextField()
    rev = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted_seq = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "meetings"


class MeetingTopic(models.Model):
    pk = models.CompositePrimaryKey("meeting_id", "topic_id")
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, related_name="topic_links")
    topic = models.ForeignKey(Topic, models.DO_NOTHING)
    ordinal = models.IntegerField()

    class Meta:
        managed = False
        db_table = "meeting_topics"
        ordering = ("ordinal",)


class LocalDate(models.Model):
    id = models.TextField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, related_name="local_dates")
    ordinal = models.IntegerField()
    date = models.DateField()
    time_zone = models.TextField()

    class Meta:
        managed = False
        db_table = "meeting_local_dates"
        ordering = ("ordinal",)


class Participation(models.Model):
    id = models.TextField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, related_name="participants")
    ordinal = models.IntegerField()
    official = models.ForeignKey(Official, models.DO_NOTHING, null=True)
    party = models.ForeignKey(Party, models.DO_NOTHING, null=True)
    name_as_given = models.TextField()
    title_as_given = models.TextField(null=True)
    role = models.TextField()

    class Meta:
        managed = False
        db_table = "participations"
        ordering = ("ordinal",)


class Evidence(models.Model):
    locator = models.TextField(null=True)
    quote = models.TextField(null=True)
    prefix = models.TextField(null=True)
    suffix = models.TextField(null=True)
    language = models.TextField(null=True)

    class Meta:
        abstract = True


class Citation(Evidence):
    id = models.TextField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, null=True, related_name="citations")
    ordinal = models.IntegerField()
    source = models.ForeignKey(Source, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "citations"
        ordering = ("ordinal",)


class Value(models.JSONField):
    """JSON in a column in which SQLite keeps bare numbers as numbers."""

    def from_db_value(self, value, expression, connection):
        if isinstance(value, int | float):
            return value
        return super().from_db_value(value, expression, connection)


class Claim(Evidence):
    id = models.TextField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, null=True, related_name="claims")
    ordinal = models.IntegerField()
    source = models.ForeignKey(Source, models.DO_NOTHING)
    field = models.TextField()
    participation = models.ForeignKey(Participation, models.DO_NOTHING, null=True)
    value = Value()
    qualifier = models.TextField(null=True)
    rank = models.TextField()
    attestation = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "claims"
        ordering = ("ordinal",)


class Identifier(models.Model):
    id = models.TextField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.DO_NOTHING, null=True, related_name="external_ids")
    ordinal = models.IntegerField()
    scheme = models.TextField()
    value = models.TextField()

    class Meta:
        managed = False
        db_table = "identifiers"
        ordering = ("ordinal",)
