"""The form in which records are written: what a POST holds, and what a PATCH is merged into.

It has the names of what is read, without what the server says of itself; references are ids,
slugs or codes, dates are EDTF texts. The rules of each field are those of
`app.importers.neutral`, its description that of the Read model, so that neither is said twice.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from app.importers import neutral
from app.importers.texts import Line, Minutes, RecordId, Slug, TopicCode
from app.queries.resources import BY_KIND
from app.vocabulary import Attestation, DurationQualifier, RecordKind

K = RecordKind
Json = Any


class Draft(BaseModel):
    """What a client sends. Every field that is not required may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ExternalId(Draft):
    """The record's name in another system."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
    value: Annotated[Line, StringConstraints(max_length=256)]


class DraftClaim(neutral.Claim):
    """A source giving a value to one field of the record, or of one who takes part."""

    participant: Annotated[
        RecordId | None, Field(description="The participation that the claim is about.")
    ] = None
    attestation: Annotated[
        Attestation | None, Field(description="On the field `topics`: how the source treats it.")
    ] = None


class DraftUtterance(Draft):
    """One that is there already, by its `id`, or a new one, by its `label`."""

    id: RecordId | None = None
    label: Line | None = None


AccordingTo = Annotated[
    Slug | None,
    Field(
        description="The source (id or slug) that the values of claimable fields in this body "
        "come from: each becomes a preferred claim of it. May be left out where the record cites "
        "one source alone."
    ),
]
OptionalSlug = Annotated[
    Slug | None,
    Field(description="A readable address, made from the title or name where it is left out."),
]
ExternalIds = tuple[ExternalId, ...]

OWN_FIELDS: dict[RecordKind, dict[str, Any]] = {
    K.PARTY: {"external_ids": (ExternalIds, ())},
    K.TOPIC: {},
    K.SOURCE: {"external_ids": (ExternalIds, ())},
    K.OFFICIAL: {"identifiers": (ExternalIds, ())},
    K.POSITION: {
        "claims": (tuple[DraftClaim, ...], ()),
        "external_ids": (ExternalIds, ()),
        "according_to": (AccordingTo, None),
    },
    K.VISIT: {
        "claims": (tuple[DraftClaim, ...], ()),
        "external_ids": (ExternalIds, ()),
        "according_to": (AccordingTo, None),
    },
    K.MEETING: {
        "duration_minutes": (Minutes | None, None),
        "duration_qualifier": (DurationQualifier | None, None),
        "topics": (tuple[TopicCode, ...], ()),
        "claims": (tuple[DraftClaim, ...], ()),
        "external_ids": (ExternalIds, ()),
        "according_to": (AccordingTo, None),
    },
    K.STATEMENT: {
        "utterance": (DraftUtterance | None, None),
        "external_ids": (ExternalIds, ()),
    },
    K.COMMITMENT: {
        "predecessors": (tuple[neutral.Lineage, ...], ()),
        "claims": (tuple[DraftClaim, ...], ()),
        "external_ids": (ExternalIds, ()),
        "according_to": (AccordingTo, None),
    },
}
"""What each draft has otherwise than the neutral record, or beside it."""

LEFT_OUT = {"id", "identifiers", "duration", "lineage"}
"""Fields of neutral records that drafts have not, or otherwise."""

NEUTRAL: dict[RecordKind, type[neutral.AnyRecord]] = {
    each.kind_of_record: each for each in get_args(neutral.AnyRecord)
}


def draft_model(kind: RecordKind) -> type[Draft]:
    record, read = NEUTRAL[kind], BY_KIND[kind].read
    fields: dict[str, Any] = {}
    for name, field in record.model_fields.items():
        if name not in LEFT_OUT:
            default = ... if field.is_required() else field.get_default(call_default_factory=True)
            fields[name] = (field.rebuild_annotation(), default)
    if "slug" in fields:
        fields["slug"] = (OptionalSlug, None)
    fields |= OWN_FIELDS[kind]
    for name, (annotation, default) in fields.items():
        described = read.model_fields.get(name)
        if described is not None and name != "slug":
            said = Field(description=described.description, examples=described.examples)
            fields[name] = (Annotated[annotation, said], default)
    name = f"{read.__name__.removesuffix('Read')}Create"
    model: type[Draft] = create_model(
        name, __base__=Draft, __doc__=f"What makes a {kind}.", **fields
    )
    return model


DRAFTS: dict[RecordKind, type[Draft]] = {kind: draft_model(kind) for kind in NEUTRAL}

WRITE_ONLY = {"according_to"}


def form_of(kind: RecordKind, document: Json) -> dict[str, Json]:
    """A published document in the form in which it would be written. Unknown values are left
    out; parts have their ids.
    """
    shown = {name: document[name] for name in DRAFTS[kind].model_fields if name in document}
    return {
        name: lean(value, DRAFTS[kind].model_fields[name].annotation)
        for name, value in shown.items()
        if value is not None
    }


def lean(value: Json, annotation: Any) -> Json:
    """A value without what is derived: cards become slugs, dates their EDTF texts."""
    if isinstance(value, list):
        return [lean(each, annotation) for each in value]
    if not isinstance(value, dict):
        return value
    if "edtf" in value:
        return value["edtf"]
    if "slug" in value:
        return value["slug"]
    model = next(models_in(annotation))
    return {
        name: lean(value[name], field.annotation)
        for name, field in model.model_fields.items()
        if value.get(name) is not None
    }


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a value of this annotation may be; no field of ours has two."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def optional(annotation: Any) -> Any:
    """The annotation with null, which in a patch removes."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType) and type(None) in get_args(annotation):
        return annotation
    return annotation | None if origin is not Annotated else Union[annotation, None]  # noqa: UP007


def patch_model(kind: RecordKind) -> type[Draft]:
    """What a patch may hold: for the documentation, since what counts is the merged record."""
    draft = DRAFTS[kind]
    fields: dict[str, Any] = {
        name: (
            Annotated[optional(field.rebuild_annotation()), Field(description=field.description)],
            None,
        )
        for name, field in draft.model_fields.items()
        if name not in {"slug", "code"}
    }
    name = f"{draft.__name__.removesuffix('Create')}Patch"
    model: type[Draft] = create_model(
        name,
        __base__=Draft,
        __doc__=f"What changes a {kind} (RFC 7396): null removes; an element of an array that "
        "names the `id` of one which is there is merged into it, and what is not named goes.",
        **fields,
    )
    return model


PATCHES: dict[RecordKind, type[Draft]] = {kind: patch_model(kind) for kind in NEUTRAL}
