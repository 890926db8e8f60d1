FROM docker.io/python:3.12-slim-bookworm AS python

FROM python AS python-build-stage
ARG BUILD_ENVIRONMENT=production
RUN apt-get update && apt-get install --no-install-recommends -y \
  # dependencies for building packages
  build-essential \
  # a database's client

  libpq-dev
COPY ./requirements.txt ./requirements/${BUILD_ENVIRONMENT}.txt
RUN pip wheel --wheel-dir /usr/src/app/wheels \
  -r requirements/${BUILD_ENVIRONMENT}.txt

FROM python AS python-run-stage
ARG BUILD_ENVIRONMENT=production
ARG APP_HOME=/app
ENV BUILD_ENV=${BUILD_ENVIRONMENT}
WORKDIR ${APP_HOME}
RUN addgroup --system django && adduser --system --ingroup django django
COPY --from=python-build-stage /usr/src/app/wheels /wheels/
RUN pip install --no-cache-dir --no-index --find-links=/wheels/ /wheels/* && rm -rf /wheels/
COPY --chown=django:django scripts/start.sh /entrypoint
RUN sed -i 's/\r$//g' /entrypoint
RUN chmod +x /entrypoint
COPY --chown=django:django . ${APP_HOME}
RUN chown -R django:django ${APP_HOME}
USER django
ENTRYPOINT ["/entrypoint"]
# has app/src/index.js entrypoint
# lacks wheels/dep.whl
# config c.Env.includes('BUILD_ENV=production')
