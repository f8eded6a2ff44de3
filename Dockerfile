# syntax=docker/dockerfile:1
# Two stages: what builds stays behind. Run it with a read-only root and one volume:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -v hune:/data -p 127.0.0.1:8765:8765 hune
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
# For a heavier model of your own ([labels] in sources.toml), an image on top of this one:
#   FROM hune
#   USER root
#   RUN pip install --no-cache-dir 'onnxruntime>=1.20,<1.29' 'tokenizers>=0.21'
#   USER 10001:10001
COPY requirements.lock ./
RUN python -m venv /opt/hune \
    && /opt/hune/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE sources.toml ./
COPY watch ./watch
COPY api ./api
COPY models ./models
RUN /opt/hune/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Hune" \
      org.opencontainers.image.description="Self-hosted social listening and competitive watch" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hune \
    && install -d -o hune -g hune /data
COPY --from=build /opt/hune /opt/hune
ENV PATH=/opt/hune/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HUNE_CONFIG=/data/sources.toml \
    HUNE_DATABASE=sqlite:////data/hune.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8765/healthz', timeout=4)"]
CMD ["hune", "run", "--host", "0.0.0.0"]
