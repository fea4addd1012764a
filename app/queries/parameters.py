"""Which parameters the addresses below a list take, derived from those of the list."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, create_model

from app.queries.base import PRESENTATION, Resource
from app.queries.resources import RESOURCES
from app.queries.stats import GROUPINGS
from app.schemas.filters import AtAnInstant, ExportParameters, ListFilters, Parameters

SUBLISTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("officials", "positions"): ("positions", "official"),
    ("officials", "meetings"): ("meetings", "participant"),
    ("officials", "statements"): ("statements", "speaker"),
}
"""(parent, name) of a list below a record → the list that it is, and the filter that it sets."""


def without(model: type[ListFilters], field: str) -> type[ListFilters]:
    """A list's parameters, one left out because the address sets it."""
    fields = {
        name: (each.annotation, each) for name, each in model.model_fields.items() if name != field
    }
    name = f"{model.__name__}Without{field.title()}"
    return create_model(name, __base__=Parameters, **fields)  # type: ignore[call-overload, no-any-return]


SUBLIST_FILTERS: Mapping[tuple[str, str], type[Any]] = {
    key: without(RESOURCES[path].filters, field) for key, (path, field) in SUBLISTS.items()
}


def one_parameters(resource: Resource) -> type[Parameters]:
    """What a single record takes: how it is shown, and nothing that selects."""
    fields = {
        name: (each.annotation, each)
        for name, each in resource.filters.model_fields.items()
        if name in {"include", "fields", "lang", "as_of"}
    }
    name = f"{resource.read.__name__.removesuffix('Read')}Parameters"
    return create_model(name, __base__=AtAnInstant, **fields)  # type: ignore[call-overload, no-any-return]


ONE_PARAMETERS: Mapping[str, type[Any]] = {
    path: one_parameters(resource) for path, resource in RESOURCES.items()
}


RENAMED: Mapping[tuple[str, str], str] = {("commitments", "by"): "given_by"}
"""(path, filter) → what counts call it, because `by` says what they are grouped by."""


def stats_parameters(resource: Resource) -> type[Parameters]:
    """What counts take: what they are grouped by, and all that selects in the list."""
    groupings: Any = Literal[tuple(GROUPINGS[resource.path])]
    fields: dict[str, Any] = {"by": (groupings, Field(description="What to group by."))} | {
        RENAMED.get((resource.path, name), name): (each.annotation, each)
        for name, each in resource.filters.model_fields.items()
        if name not in PRESENTATION
    }
    name = f"{resource.read.__name__.removesuffix('Read')}StatsParameters"
    return create_model(name, __base__=Parameters, **fields)


STATS_PARAMETERS: Mapping[str, type[Any]] = {
    path: stats_parameters(RESOURCES[path]) for path in GROUPINGS
}


def filters_of_stats(resource: Resource, parameters: Parameters) -> Any:
    """The filters of the list that the parameters of its counts stand for."""
    given = {
        name: parameter
        for name in resource.filters.model_fields
        if name not in PRESENTATION
        and (parameter := RENAMED.get((resource.path, name), name)) in parameters.model_fields_set
    }
    values = {name: getattr(parameters, parameter) for name, parameter in given.items()}
    return resource.filters.model_construct(_fields_set=set(values), **values)


def export_parameters(resource: Resource) -> type[ExportParameters]:
    """What the export of a list takes: all that selects in the list, and its order."""
    fields = {
        name: (each.annotation, each)
        for name, each in resource.filters.model_fields.items()
        if name not in PRESENTATION - {"sort"} and name not in ExportParameters.elsewhere
    }
    name = f"{resource.read.__name__.removesuffix('Read')}ExportParameters"
    return create_model(name, __base__=ExportParameters, **fields)  # type: ignore[call-overload, no-any-return]


EXPORT_PARAMETERS: Mapping[str, type[Any]] = {
    path: export_parameters(resource) for path, resource in RESOURCES.items()
}


def filters_of_export(resource: Resource, parameters: ExportParameters, *, limit: int) -> Any:
    """The filters of the list that the parameters of its export stand for; `limit` is what one
    page has.
    """
    given = parameters.model_fields_set - {"limit"}
    values = {name: getattr(parameters, name) for name in given}
    return resource.filters.model_construct(
        _fields_set={*given, "limit"}, **{**values, "limit": limit}
    )
