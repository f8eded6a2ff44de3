"""The rows, one module a stretch of the river: reading, labelling, noticing, telling, people.

Times are UTC. A `managed` row comes from sources.toml and is read-only elsewhere; `active` turns false when
the file no longer declares it, so that history keeps its names.
"""

from watch.store.tables.labelling import (
    Brand,
    Correction,
    ItemTopic,
    Mention,
    Overruled,
    Story,
    StoryMark,
    Tally,
    Topic,
)
from watch.store.tables.noticing import AlertRule, Incident, IncidentStep
from watch.store.tables.people import ApiKey, Heartbeat, Person, Setting, SignIn
from watch.store.tables.reading import Item, Poll, Robots, Sighting, Source
from watch.store.tables.telling import (
    Board,
    BoardItem,
    Channel,
    Delivery,
    DigestIssue,
    DigestPlan,
    Goal,
    OptOut,
)

__all__ = [
    "AlertRule",
    "ApiKey",
    "Board",
    "BoardItem",
    "Brand",
    "Channel",
    "Correction",
    "Delivery",
    "DigestIssue",
    "DigestPlan",
    "Goal",
    "Heartbeat",
    "Incident",
    "IncidentStep",
    "Item",
    "ItemTopic",
    "Mention",
    "OptOut",
    "Overruled",
    "Person",
    "Poll",
    "Robots",
    "Setting",
    "Sighting",
    "SignIn",
    "Source",
    "Story",
    "StoryMark",
    "Tally",
    "Topic",
]
