# One image for every role: `docker run coach-actions web|worker|relay|flower|migrate`.
# The Python that the tests run on, and the Node that tools/client.sh brings.
ARG PYTHON_VERSION=3.11
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS client
WORKDIR /src/client
COPY client/package.json client/package-lock.json client/.npmrc ./
RUN npm ci
COPY client ./
RUN npm run build

FROM node:${NODE_VERSION}-slim AS docs
WORKDIR /src/docs
COPY docs/package.json docs/package-lock.json docs/.npmrc ./
RUN npm ci
COPY docs ./
RUN npm run build

FROM python:${PYTHON_VERSION}-slim AS build
RUN python -m venv /opt/coach
WORKDIR /src
COPY requirements-image.lock ./
RUN /opt/coach/bin/pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes --requirement requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY server server
COPY workers workers
# The lock has what builds the project: nothing else is downloaded.
RUN /opt/coach/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .
COPY --from=client /src/client/.dist /opt/coach/client
COPY --from=docs /src/docs/.dist /opt/coach/docs
RUN /opt/coach/bin/python -m whitenoise.compress --quiet /opt/coach/client && \
    /opt/coach/bin/python -m whitenoise.compress --quiet /opt/coach/docs

FROM python:${PYTHON_VERSION}-slim
# Flower keeps its state in the home; the other roles write nothing.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/coach coach
COPY --from=build /opt/coach /opt/coach
ENV PATH=/opt/coach/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    COACH_ENV=production \
    COACH_HOME=/var/lib/coach \
    COACH_CLIENT_DIR=/opt/coach/client \
    COACH_DOCS_DIR=/opt/coach/docs
WORKDIR /var/lib/coach
USER coach
ENTRYPOINT ["coach"]
CMD ["--help"]
