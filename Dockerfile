# The image that compose.yaml runs: the front end is built in one stage, the platform installed in the next.
FROM python:3.11-slim AS built
WORKDIR /src
COPY . .
RUN python -m venv .venv \
 && .venv/bin/pip install --quiet -c constraints.txt -e '.[build]' \
 && .venv/bin/python tools/node.py

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/wenze wenze
WORKDIR /opt/wenze
COPY --from=built --chown=root:root /src /opt/wenze
RUN rm -rf .venv .git && pip install --quiet -c constraints.txt -e '.[office]'
USER wenze
VOLUME /var/lib/wenze
EXPOSE 8440
CMD ["wenze", "serve", "--host", "0.0.0.0"]
