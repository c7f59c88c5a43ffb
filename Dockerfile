# Verbatim as a container: `docker compose up -d --build`, see README. Nothing is compiled and nothing is installed with
# apt: the locked wheels are put into a virtual environment, which is all that the second stage takes.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/verbatim
COPY requirements.txt ./
RUN python -m pip --python /opt/verbatim/bin/python install --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY config ./config
COPY bot ./bot
RUN python -m pip --python /opt/verbatim/bin/python install --no-deps --no-build-isolation .
RUN /opt/verbatim/bin/verbatim check

FROM python:3.13-slim-bookworm
# A number, so that the owner of a mounted folder can be named from outside: chown 10001 data
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin verbatim
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/verbatim /opt/verbatim
ENV PATH=/opt/verbatim/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PTB_TIMEDELTA=true
ENV DATA_DIR=/data WEB_HOST=0.0.0.0 WEB_PORT=8080
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=1m --timeout=10s --start-period=2m --retries=3 \
  CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ['WEB_PORT']), timeout=8); c.request('GET', '/health'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["verbatim"]
CMD ["run"]
