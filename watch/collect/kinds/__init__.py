"""The kinds of sources, one module each (see `watch.collect.registry.Collector`)."""
