"""What is measured, in the order in which it is told."""

from benchmarks.run import Stage
from benchmarks.stages import (
    bulk,
    computed,
    export,
    filters,
    front,
    imports,
    joined,
    memory,
    mixed,
    pages,
    reads,
    relations,
    rename,
    search,
    startup,
)

STAGES: dict[str, Stage] = {
    each.STAGE.name: each.STAGE
    for each in (
        front,
        reads,
        pages,
        filters,
        search,
        mixed,
        relations,
        computed,
        joined,
        bulk,
        imports,
        export,
        rename,
        memory,
        startup,
    )
}
