# docker build -t graphviz_backprop . && docker run --rm -p 8000:8000 graphviz_backprop

FROM python:3.13-slim AS builder
WORKDIR /app
COPY requirements.txt requirements-node.txt package.json package-lock.json .npmrc ./
RUN pip install --no-cache-dir --require-hashes -r requirements-node.txt && npm ci --omit=dev
RUN python -m venv --without-pip /venv && pip --python /venv install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN python -m tools.bundle
RUN python -m compileall -q app.py graphviz_backprop

FROM python:3.13-slim
# What Graphviz's wheel counts on the system for, and a font.
RUN apt-get update && apt-get install -y --no-install-recommends libpangocairo-1.0-0 && rm -rf /var/lib/apt/lists/*
COPY --from=builder /venv /venv
COPY --from=builder /app /app
WORKDIR /app
USER nobody
ENV HOST=0.0.0.0 PORT=8000 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["/venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["/venv/bin/python", "app.py"]
