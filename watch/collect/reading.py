"""What runs in the children: a page read by its collector, under the limits of the operating system."""

from __future__ import annotations

import contextlib
import gc
from dataclasses import replace

from watch.collect import registry
from watch.collect.storable import storable
from watch.errors import FailureKind, ParseError
from watch.model import Entries, Page, SourceSpec

Read = Entries | tuple[FailureKind, str]
"""Entries, or the kind and sentence of a ParseError (which would not survive the way between processes)."""


def read(source: SourceSpec, page: Page) -> Read:
    """The entries of `page`, storable. Never raises ParseError; what else a collector raises is `parse` too."""
    try:
        found = registry.reader(source.kind)(source, page)
        return replace(found, entries=tuple(map(storable, found.entries)))
    except ParseError as error:
        return error.kind, error.message
    except MemoryError:
        return "parse", "reading the answer takes more memory than it may"
    except RecursionError:
        return "parse", "the answer is nested too deeply"
    except Exception as error:  # a bug of a collector must cost one source, not the sweep
        return "parse", f"the answer cannot be read ({type(error).__name__}: {error})"[:300]


def confine(memory: int) -> None:
    """Bind this process to `memory` bytes of address space; where the system knows no such limit, do nothing."""
    # What was imported stays: looking through it for rubbish at every feed takes a seventh of the time.
    gc.freeze()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_within(source: SourceSpec, page: Page, seconds: int) -> Read:
    """`read`, in at most `seconds` of CPU more than this process has used so far; past them, it is killed."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    return read(source, page)
