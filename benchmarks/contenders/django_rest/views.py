"""The two addresses: a list with a cursor, and one meeting."""

from django.urls import path
from rest_framework import generics
from rest_framework.pagination import CursorPagination

from benchmarks.contenders.django_rest.models import Meeting
from benchmarks.contenders.django_rest.serializers import Meeting as MeetingSerializer

MEETINGS = (
    Meeting.objects.filter(deleted_seq=None)
    .select_related("country", "visit", "part_of")
    .prefetch_related(
        "participants__official__positions",
        "participants__party",
        "local_dates",
        "topic_links__topic",
        "citations__source",
        "claims__source",
        "external_ids",
    )
)


class ByDate(CursorPagination):
    page_size = 20
    ordering = ("date_ascends", "id")


class MeetingList(generics.ListAPIView):
    serializer_class = MeetingSerializer
    pagination_class = ByDate

    def get_queryset(self):
        asked = self.request.query_params
        found = MEETINGS.all()
        if "country" in asked:
            found = found.filter(country__code=asked["country"])
        if "city" in asked:
            found = found.filter(city_folded=asked["city"].lower())
        if "format" in asked:
            found = found.filter(format=asked["format"])
        return found


class MeetingDetail(generics.RetrieveAPIView):
    queryset = MEETINGS
    serializer_class = MeetingSerializer
    lookup_field = "slug"


urlpatterns = [
    path("meetings", MeetingList.as_view()),
    path("meetings/<slug>", MeetingDetail.as_view()),
]
