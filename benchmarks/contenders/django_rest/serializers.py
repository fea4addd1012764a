"""What is shown of a meeting, as serializers of models; conflicts are left empty."""

from rest_framework import serializers

from benchmarks.contenders.django_rest import models


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
        """The office held on the day: the first that was held for certain, or all that may be."""
        if row.official is None:
            return None
        first, last = row.meeting.date_earliest, row.meeting.date_latest
        possible = []
        for each in row.official.positions.all():
            until = each.end_earliest or each.attested_until
            if each.start_latest <= first and until is not None and until >= last:
                card = PositionCard(each).data
                return {**card, "resolved": True, "concurrent": [], "candidates": []}
            if each.start_earliest <= last and (
                each.end_latest is None or each.end_latest >= first
            ):
                possible.append(PositionCard(each).data)
        if not possible:
            return None
        nothing = {"id": None, "title": None, "level": None, "resolved": False, "concurrent": []}
        return {**nothing, "candidates": possible}


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
    topics = serializers.SlugRelatedField(many=True, read_only=True, slug_field="code")
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
