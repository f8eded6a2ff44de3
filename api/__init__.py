"""The service: a FastAPI application over the store; JSON under /api/v1, pages beside it.

`api.app.create_app` puts it together; `api.server.Server` listens. Nothing here trains, fetches or sends.
"""
