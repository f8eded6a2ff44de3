"""The values that cross rooms: frozen, plain, free of SQL, HTTP and models.

All datetimes are aware and in UTC. Rows of the store are in `watch.store.tables`.
"""

from watch.model.labelling import (
    SENTIMENTS,
    Evidence,
    Match,
    Prediction,
    Sentiment,
    Span,
    TextToLabel,
)
from watch.model.noticing import (
    Severity,
    Spike,
    SpikeState,
    Tally,
)
from watch.model.reading import (
    Derived,
    Entries,
    Entry,
    NotModified,
    Outcome,
    Page,
    Polled,
    Request,
    Rests,
    SourceSpec,
    Validators,
)
from watch.model.telling import (
    BrandDay,
    Coverage,
    Digest,
    IncidentLine,
    Language,
    Line,
    Message,
)

__all__ = [
    "SENTIMENTS",
    "BrandDay",
    "Coverage",
    "Derived",
    "Digest",
    "Entries",
    "Entry",
    "Evidence",
    "IncidentLine",
    "Language",
    "Line",
    "Match",
    "Message",
    "NotModified",
    "Outcome",
    "Page",
    "Polled",
    "Prediction",
    "Request",
    "Rests",
    "Sentiment",
    "Severity",
    "SourceSpec",
    "Span",
    "Spike",
    "SpikeState",
    "Tally",
    "TextToLabel",
    "Validators",
]
