# syntax=docker/dockerfile:1

# What is needed to make the environment stays in this stage.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /build

# The dependencies change less often than the program, so they have a layer of their own.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/chancery \
    && /opt/chancery/bin/pip install --require-hashes --only-binary :all: -r requirements.lock \
    && python -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes -r requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seed_data seed_data
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/chancery/bin/pip install --no-deps dist/*.whl \
    && /opt/chancery/bin/pip check \
    && /opt/chancery/bin/pip uninstall --yes pip


FROM python:3.13-slim

LABEL org.opencontainers.image.title="Chancery" \
      org.opencontainers.image.description="The diplomatic record as an API" \
      org.opencontainers.image.licenses="MIT"

ENV PATH="/opt/chancery/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHANCERY_HOST=0.0.0.0 \
    CHANCERY_PORT=8000 \
    CHANCERY_DATABASE_URL=sqlite:////data/chancery.db

# A fixed id, so that the files in a mounted volume keep their owner from image to image.
RUN groupadd --gid 10001 chancery \
    && useradd --uid 10001 --gid chancery --no-create-home --home-dir /data --shell /usr/sbin/nologin chancery \
    && install --directory --owner chancery --group chancery /data

COPY --from=build /opt/chancery /opt/chancery

WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['CHANCERY_PORT'] + '/livez', timeout=2)"]

CMD ["chancery", "serve", "--prepare"]
