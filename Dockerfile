# One image for every role: `docker run coach-actions web|worker|relay|flower|migrate`.
# The Python that the tests run on.
ARG PYTHON_VERSION=3.11

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

FROM python:${PYTHON_VERSION}-slim
# Flower keeps its state in the home; the other roles write nothing.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/coach coach
COPY --from=build /opt/coach /opt/coach
ENV PATH=/opt/coach/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    COACH_ENV=production \
    COACH_HOME=/var/lib/coach
WORKDIR /var/lib/coach
USER coach
ENTRYPOINT ["coach"]
CMD ["--help"]
