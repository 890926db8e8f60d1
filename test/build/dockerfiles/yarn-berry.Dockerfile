FROM node:18 AS dependencies
WORKDIR /opt/app
COPY --link package.json .yarnrc.yml yarn.lock ./
COPY --link .yarn/ .yarn/
RUN yarn workspaces focus --production

FROM node:18
WORKDIR /opt/app
COPY --link --from=dependencies --chown=1000:1000 /opt/app/ ./
COPY --link --chown=1000:1000 --chmod=755 scripts/start.sh /usr/local/bin/start
USER 1000
ENTRYPOINT ["start"]
# has opt/app/node_modules/dep/index.js opt/app/.yarn/releases/yarn.cjs
# owner usr/local/bin/start 1000
# mode usr/local/bin/start 755
