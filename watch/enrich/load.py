"""Which models label: the shipped ones, over them the version that corrections made, over that a heavier tone."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watch.enrich.heavier import load
from watch.enrich.installed import Installed, base_of
from watch.errors import ModelError

if TYPE_CHECKING:
    from watch.config import LabelsConfig
    from watch.enrich.understand import Classifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A classifier, the version of this installation in it (None: the shipped one), and why another is not."""

    classifier: Classifier
    version: str | None = None
    note: str | None = None


def load_installed(models: Path, labels: LabelsConfig | None, installed: Installed | None) -> Loaded:
    """The classifier of an installation. Raises ModelError when the shipped models, or the heavier one, are wrong.

    A version that was made from other shipped models, or is damaged, is left aside with a note: labels that people
    have corrected are better than none at all.
    """
    try:
        over = installed.made_from(base_of(models)) if installed else None
        if over is not None:
            return Loaded(load(models, labels, over=over), over.name)
    except ModelError as error:
        note = f"{error}; the shipped models label until `hune train all --corrections`"
        loaded = Loaded(load(models, labels), note=note)
        log.warning("models outcome=shipped reason=%s", note)
        return loaded
    return Loaded(load(models, labels))
