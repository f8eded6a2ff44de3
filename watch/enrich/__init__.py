"""Understanding what was read: items without labels (or with labels of old models and queries) come in; brands,
sentiment, topics, language, spam and stories go out.

In this order, a batch at a time: which brands and topics each item matches and what the classifier says of it
(understand), which story it tells (stories); then one transaction (write) keeps items, topics, mentions and tallies.
The labels' version names models *and* queries, so that a new model or a new brand relabels by itself, newest first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from watch.enrich import write
from watch.enrich.understand import Classifier, Labels, understand
from watch.store import Store, brands, heartbeats, items, mentions
from watch.store.mentions import Carrier
from watch.store.tables import Item

__all__ = ["BATCH", "Classifier", "Labels", "enrich_new"]
log = logging.getLogger(__name__)
BATCH = 500


def enrich_new(store: Store, classifier: Classifier, now: datetime, *, stop: Callable[[], bool] = bool) -> int:
    """Label every item that waits, a batch a transaction; how many were labelled comes back.

    `stop` is asked between batches. An item that the models choke on is tried alone, and after three tries left
    out with the reason (`Item.quarantined`), so that others flow.
    """
    done, seen = 0, set[int]()
    labels: Labels | None = None
    while not stop():
        with store.reading() as session:
            current = Labels.of(classifier, brands.active(session), brands.topics(session))
            batch = items.to_label(session, current.version, BATCH)
            carriers = mentions.carriers(session, batch)
        again = {item.id or 0 for item in batch if not item.attempts} & seen
        # Another process labels with other queries or models: going on would undo each other's work for ever.
        if not batch or again or (labels is not None and labels.version != current.version):
            break
        labels = current
        seen |= {item.id or 0 for item in batch}
        done += _label(store, labels, batch, carriers, now)
    with store.session() as session:
        heartbeats.beat(session, "label", now)
    return done


def _label(store: Store, labels: Labels, batch: Sequence[Item], carriers: Mapping[int, Carrier], now: datetime) -> int:
    try:
        labelled = understand(labels, batch, carriers)
        write.keep(store, labels.version, labelled, now, asked=labels.brand_ids.values())
    except Exception as error:
        if len(batch) > 1:
            log.exception("label items=%d outcome=crashed then=one-by-one", len(batch))
            return sum(_label(store, labels, [item], carriers, now) for item in batch)
        log.exception("label item=%s outcome=crashed", batch[0].id)
        write.stumble(store, batch[0], str(error) or type(error).__name__)
        return 0
    log.info("label items=%d mentions=%d", len(labelled), sum(len(one.mentions) for one in labelled))
    return len(labelled)
