"""The labelled data, which is not part of the repository: $HUNE_SHARED, or a folder `shared` beside it."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[2] / "shared"
_GIVEN = Path(os.environ["HUNE_SHARED"]) if "HUNE_SHARED" in os.environ else _BESIDE
SHARED: Path | None = _GIVEN if (_GIVEN / "data").is_dir() else None
