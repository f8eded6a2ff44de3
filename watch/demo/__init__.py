"""The small world of `hune demo`: a town's worth of invented outlets, sixty days, one crisis, no network.

In comes `now`; out comes a world that is the same for the same `now`, to the byte.

1. `outlets.OUTLETS` says who publishes; `written.load` reads what they publish (texts/*.jsonl, written by hand).
2. `rhythm` says when: texts of the plot at their hour, the others spread over days as people write.
3. `world.World.build(now)` puts them together; `feeds` writes the feeds as they stand at a moment.
4. `server.DemoServer` serves them on loopback, on a clock that the demo moves; `config.config_text` is the
   sources.toml that reads them; `timeline.moments(now)` says when the demo ticks the real pipeline.

Nothing here imports another room, and the pipeline does not know that the world is a stage.
"""
