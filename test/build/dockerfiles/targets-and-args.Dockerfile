# syntax=docker/dockerfile:1
ARG BASE=busybox
ARG TAG=${MAJOR:-1}.36
FROM ${BASE}:${TAG:-latest} AS dev
RUN echo dev > /stage
FROM dev AS test
RUN exit 3
FROM dev AS release
ARG TAG
ARG TAGGED=app-${TAG}
ENV TAGGED=$TAGGED SHORT=${TAGGED#app-} FIRST=${TAGGED%%.*}
RUN echo release > /stage
ONBUILD RUN echo child
FROM release
MAINTAINER somebody <somebody@example.com>
# text stage release
# config c.Env.includes('SHORT=1.36') && c.Env.includes('FIRST=app-1')
