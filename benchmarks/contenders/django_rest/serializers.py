"""What is shown of a meeting, as serializers of models; conflicts are left empty."""

from datetime import date

from rest_framework import serializers

from benchmarks.contenders.django_rest import models

LEVELS = (
    "head_of_state head_of_government deputy_head foreign_minister minister deputy_minister "
    "party_leader party_official ambassador envoy head_of_body legislator spokesperson other"
)
RANKS = {level: rank for rank, level in enumerate(LEVELS.split())}


class OfficialCard(serializers.ModelSerializer):
    class Meta:
        model = models.Official
        fields = ("id", "slug", "name")


class VisitCard(serializers.ModelSerializer):
    class Meta:
        model = models.Visit
        fields = ("id", "slug", "title")


class MeetingCard(serializers.ModelSerializer):
    class Meta:
        model = models.Meeting
        fields = ("id", "slug", "title")


class SourceCard(serializers.ModelSerializer):
    class Meta:
        model = models.Source
        fields = ("id", "slug", "title")


class SourceLine(serializers.ModelSerializer):
    class Meta:
        model = models.Source
        fields = ("id", "slug", "title", "publisher", "kind", "perspective", "url")


class PositionCard(serializers.ModelSerializer):
    class Meta:
        model = models.Position
        fields = ("id", "title", "level")


class Participant(serializers.ModelSerializer):
    official = OfficialCard()
    position = serializers.SerializerMethodField()
    party = serializers.CharField(source="party.code", default=None)

    class Meta:
        model = models.Participation
        fields = (
            "id",
            "official",
            "name_as_given",
            "title_as_given",
            "position",
            "party",
            "role",
        )

    def get_position(self, row):
        """The office held on the day: the highest that was held for certain, unless one that may
        have been held ranks above it.
        """
        if row.official is None or row.meeting.date_edtf is None:
            return None
        first, last = row.meeting.date_earliest or date.min, row.meeting.date_latest or date.max
        held, possible = [], []
        for each in sorted(row.official.positions.all(), key=lambda each: RANKS[each.level]):
            certain = each.certainly_spans(first, last)
            if certain is not None:
                (held if certain else possible).append(each)
        cards = PositionCard([*held, *possible], many=True).data
        if not cards:
            return None
        if held and not any(RANKS[each.level] < RANKS[held[0].level] for each in possible):
            rest = {"resolved": True, "concurrent": cards[1 : len(held)], "candidates": []}
            return {**cards[0], **rest}
        nothing = {"id": None, "title": None, "level": None, "resolved": False, "concurrent": []}
        return {**nothing, "candidates": cards}


class LocalDate(serializers.ModelSerializer):
    class Meta:
        model = models.LocalDate
        fields = ("date", "time_zone")


EVIDENCE = ("locator", "quote", "prefix", "suffix", "language")


class Citation(serializers.ModelSerializer):
    source = SourceLine()

    class Meta:
        model = models.Citation
        fields = ("id", "source", *EVIDENCE)


class Claim(serializers.ModelSerializer):
    source = SourceCard()
    participant = serializers.CharField(source="participation_id")

    class Meta:
        model = models.Claim
        fields = (
            "id",
            "source",
            *EVIDENCE,
            "field",
            "participant",
            "value",
            "qualifier",
            "rank",
            "attestation",
        )


class Identifier(serializers.ModelSerializer):
    class Meta:
        model = models.Identifier
        fields = ("scheme", "value")


class Place(serializers.Serializer):
    name = serializers.CharField(source="place_name")
    city = serializers.CharField()
    country = serializers.CharField(source="country.code", default=None)
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class UncertainDate(serializers.Serializer):
    edtf = serializers.CharField(source="date_edtf")
    earliest = serializers.DateField(source="date_earliest")
    latest = serializers.DateField(source="date_latest")
    precision = serializers.SerializerMethodField()

    def to_representation(self, row):
        return None if row.date_edtf is None else super().to_representation(row)

    def get_precision(self, row):
        length = len(row.date_edtf)
        if "/" in row.date_edtf:
            return "interval"
        return "day" if length >= 10 else "month" if length >= 7 else "year"


class Meeting(serializers.ModelSerializer):
    date = UncertainDate(source="*")
    local_dates = LocalDate(many=True)
    place = Place(source="*")
    visit = VisitCard()
    part_of = MeetingCard()
    topics = serializers.SlugRelatedField(
        source="topic_links", many=True, read_only=True, slug_field="topic.code"
    )
    participants = Participant(many=True)
    conflicts = serializers.ListField(default=[])
    citations = Citation(many=True)
    claims = Claim(many=True)
    external_ids = Identifier(many=True)

    class Meta:
        model = models.Meeting
        fields = (
            "id",
            "slug",
            "title",
            "summary",
            "format",
            "status",
            "announced_beforehand",
            "date",
            "starts_at",
            "starts_at_approximate",
            "time_zone",
            "local_dates",
            "duration_minutes",
            "duration_qualifier",
            "place",
            "visit",
            "sequence",
            "part_of",
            "topics",
            "participants",
            "conflicts",
            "citations",
            "claims",
            "external_ids",
            "dataset",
            "rev",
            "created_at",
            "updated_at",
        )
